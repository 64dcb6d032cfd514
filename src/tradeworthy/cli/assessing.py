"""`tradeworthy risk`: assess, write the report, then show the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.risk_assessment import RiskAssessment
from tradeworthy.api.risk_reporting import write_risk
from tradeworthy.cli.progress import Bar
from tradeworthy.core.errors import InputError
from tradeworthy.reports.risk_console import show_risk
from tradeworthy.risk.score_record import DrawdownLevel
from tradeworthy.settings.desk_folder import settings_file

_CODES = {
    DrawdownLevel.LOW: 0, DrawdownLevel.MODERATE: 0, DrawdownLevel.HIGH: 1, DrawdownLevel.VERY_HIGH: 1,
    DrawdownLevel.INSUFFICIENT_DATA: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RiskAsked:
    """What was asked for on the command line; None where nothing was said."""

    book: str | None
    data: Path | None
    trades: Path | None
    columns: Mapping[str, str]
    timezone: str | None
    limit: float
    horizon: int
    risk_per_trade: float | None
    paths: int
    stress: Path | None
    seed: int
    out: Path | None


def run_risk(asked: RiskAsked) -> int:
    """0 for LOW and MODERATE, 1 for HIGH and VERY HIGH, 3 where the data do not suffice for a score."""
    if asked.trades is not None and (asked.book is not None or asked.data is not None):
        raise InputError("trades are assessed without a book and its bars: leave out the one or the other")
    if asked.data is not None and not asked.data.is_dir():
        raise InputError(f"{asked.data}: there is no such folder; name one with bars in it")
    assessment = RiskAssessment(
        limit=asked.limit, horizon=asked.horizon, max_risk_per_trade=asked.risk_per_trade, paths=asked.paths,
        seed=asked.seed, stress_file=asked.stress,
    )  # fmt: skip
    with Bar() as bar:
        if asked.trades is not None:
            found = assessment.run(trades=asked.trades, columns=asked.columns, timezone=asked.timezone, progress=bar)
        else:
            book = asked.book or str(settings_file(Path("tradeworthy.toml")))
            found = assessment.run(book, asked.data, columns=asked.columns, timezone=asked.timezone, progress=bar)
        bar.update("writing the report", 0, 1)
        folder = write_risk(found.record, out=asked.out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show_risk(found.record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)
    return _CODES[found.record.score.level]
