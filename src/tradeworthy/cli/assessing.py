"""`tradeworthy risk`: assess, write the report, then show the answer."""

import os
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
from tradeworthy.settings.loading import settings_named
from tradeworthy.settings.tree import RiskSettings

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
    limit: float | None
    horizon: int | None
    risk_per_trade: float | None
    paths: int | None
    stress: Path | None
    seed: int | None
    out: Path | None


def run_risk(asked: RiskAsked) -> int:
    """0 for LOW and MODERATE, 1 for HIGH and VERY HIGH, 3 where the data do not suffice for a score."""
    if asked.trades is not None and (asked.book is not None or asked.data is not None):
        raise InputError("trades are assessed without a book and its bars: leave out the one or the other")
    if asked.data is not None and not asked.data.is_dir():
        raise InputError(f"{asked.data}: there is no such folder; name one with bars in it")
    if asked.trades is None and asked.data is None and (asked.columns or asked.timezone is not None):
        raise InputError(
            "--column and --timezone say how the files of --data or --trades are read; a book's own bars are read as its settings "
            "say, by data.columns and data.timezone"
        )
    book = asked.book or str(settings_file(Path("tradeworthy.toml")))
    own = _over(RiskSettings() if asked.trades is not None else settings_named(book, os.environ)[0].risk, asked)
    assessment = RiskAssessment(
        limit=own.limit, horizon=own.horizon, max_risk_per_trade=own.risk_per_trade, paths=own.paths, seed=own.seed,
        stress_file=asked.stress,
    )  # fmt: skip
    with Bar() as bar:
        if asked.trades is not None:
            found = assessment.run(trades=asked.trades, columns=asked.columns, timezone=asked.timezone, progress=bar)
        else:
            found = assessment.run(book, asked.data, columns=asked.columns, timezone=asked.timezone, progress=bar)
        bar.update("writing the report", 0, 1)
        folder = write_risk(found.record, out=asked.out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show_risk(found.record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)
    return _CODES[found.record.score.level]


def _over(own: RiskSettings, asked: RiskAsked) -> RiskSettings:
    """What the command line said wins over the settings; `RiskAssessment` says what is wrong with it."""
    said = {name: getattr(asked, name) for name in RiskSettings.model_fields}
    return own.model_copy(update={name: one for name, one in said.items() if one is not None})
