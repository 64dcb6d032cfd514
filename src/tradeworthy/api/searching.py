"""Report a search over parameters: the folder with report.json and the page."""

from collections.abc import Sequence
from pathlib import Path

from tradeworthy.appraisal.search_recording import SearchRecord, search_record
from tradeworthy.backtest.sweep_result import SweepResult
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.packaged import packaged_file
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import SearchReport, to_json
from tradeworthy.reports.search_page import render_search
from tradeworthy.settings.desk_folder import DeskFolder


def write_search(
    result: SweepResult | SearchRecord,
    reports: str | Path | None = None,
    *,
    by: str = "sharpe",
    out: str | Path | None = None,
    terms: Sequence[str] = (),
) -> Path:
    """Write report.json and the page into a dated folder in `reports`, `latest` pointing at it, or into `out`; gives it.

    reports: those of the desk that was searched where None, and for a record `reports` in the working folder. by: the
    measure that ranks the sets. terms: what they were traded under, in your words. Raises InputError for an unknown
    measure, OutputError when the folder cannot be made or has something in it.
    """
    desk = result.desk if isinstance(result, SweepResult) else None
    parent = Path(reports) if reports is not None else DeskFolder(desk or Path()).reports
    record = result if isinstance(result, SearchRecord) else search_record(result, by, tuple(terms))
    written = now_ns() // 1_000_000_000 * 1_000_000_000
    report = SearchReport(generated_at=rfc3339(written), search=record)
    files: dict[str, bytes | Path] = {
        "report.json": to_json(report),
        "index.html": render_search(report),
        "plotly.min.js": packaged_file("plotly", "package_data", "plotly.min.js"),
    }
    return write_folder(parent, "sweep", written, files, None if out is None else Path(out))
