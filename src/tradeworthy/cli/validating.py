"""`tradeworthy validate`: compute with a progress bar, write the report, then show the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.reporting import write_report
from tradeworthy.api.validation import validate
from tradeworthy.cli.progress import Bar
from tradeworthy.reports.console import show
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.shipped import TEMPLATES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line; None where the settings decide."""

    book: str | None
    data: Path | None
    trades: Path | None
    columns: Mapping[str, str]
    timezone: str | None
    repair: bool
    months: int | None
    as_of: str | None
    seed: int | None
    out: Path | None

    @property
    def desk(self) -> DeskFolder:
        """Where the settings stand; the current folder for a book that ships and for trades."""
        if self.book is None or self.book in TEMPLATES:
            return DeskFolder(Path())
        return DeskFolder(settings_file(Path(self.book)).parent)


def run_validation(wanted: Wanted) -> int:
    """The exit code of the book's verdict."""
    with Bar() as bar:
        record = validate(
            wanted.book, data=wanted.data, trades=wanted.trades, months=wanted.months, as_of=wanted.as_of, seed=wanted.seed,
            columns=wanted.columns, timezone=wanted.timezone, repair=wanted.repair, progress=bar,
        )  # fmt: skip
        bar.update("writing the report", 0, 1)
        folder = write_report(record, wanted.desk.reports, out=wanted.out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show(record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)
    return record.judgement.verdict.exit_code
