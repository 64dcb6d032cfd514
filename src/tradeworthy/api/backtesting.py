"""Report a backtest: its record, and the folder with report.json, the trades and the page."""

from collections.abc import Sequence
from pathlib import Path

from tradeworthy.appraisal.backtest_record import BacktestRecord
from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.packaged import packaged_file
from tradeworthy.reports.backtest_page import render_backtest
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import BacktestReport, to_json
from tradeworthy.reports.trades_csv import trade_rows
from tradeworthy.strategies.level_nearness import near_levels


def backtest_report(result: Result, *, bounds: bool = False, notes: Sequence[str] = ()) -> BacktestRecord:
    """Everything a report says of a result, as one record; `.to_dict()` is what stands in report.json.

    bounds: also with stop first and with target first wherever one bar held both. notes: assumptions of your own.
    """
    near = near_levels(result.decisions, result.bars)
    return record_of(result, bounds=bounds, notes=(*notes, *near))


def write_backtest(
    result: Result | BacktestRecord,
    reports: str | Path = "reports",
    *,
    out: str | Path | None = None,
    bounds: bool = False,
    notes: Sequence[str] = (),
) -> Path:
    """Write report.json, trades.csv and the page into a dated folder in `reports`, or into `out`; gives it.

    `latest` in `reports` points at the newest. bounds, notes: as in `backtest_report`, for a result that is no record yet.
    Raises OutputError when the folder cannot be made or has something in it, and then leaves nothing behind.
    """
    record = result if isinstance(result, BacktestRecord) else backtest_report(result, bounds=bounds, notes=notes)
    written = now_ns() // 1_000_000_000 * 1_000_000_000
    report = BacktestReport(generated_at=rfc3339(written), backtest=record)
    files: dict[str, bytes | Path] = {
        "report.json": to_json(report),
        "trades.csv": trade_rows(record),
        "index.html": render_backtest(report),
        "plotly.min.js": packaged_file("plotly", "package_data", "plotly.min.js"),
    }
    return write_folder(Path(reports), "backtest", written, files, None if out is None else Path(out))
