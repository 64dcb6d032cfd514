"""`tradeworthy validate`: compute with a progress bar, write the report, then show the answer."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.records import sign_validation
from tradeworthy.api.reporting import write_report
from tradeworthy.api.validation import validate
from tradeworthy.appraisal.record import Validation
from tradeworthy.cli.progress import Bar
from tradeworthy.core.errors import OutputError
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
    baseline: str | None
    force: bool

    @property
    def desk(self) -> DeskFolder:
        """Where reports, baselines and records go."""
        return desk_of(self.book)

    @property
    def on_record(self) -> bool:
        """Whether there is a desk of its own that the answer is signed for."""
        return self.trades is None and self.book not in TEMPLATES


def desk_of(book: str | None) -> DeskFolder:
    """Where the settings stand; the current folder for a book that ships and for trades."""
    if book is None or book in TEMPLATES:
        return DeskFolder(Path())
    return DeskFolder(settings_file(Path(book)).parent)


def run_validation(wanted: Wanted) -> int:
    """The exit code of the book's verdict."""
    with Bar() as bar:
        record = validate(
            wanted.book, data=wanted.data, trades=wanted.trades, months=wanted.months, as_of=wanted.as_of, seed=wanted.seed,
            columns=wanted.columns, timezone=wanted.timezone, repair=wanted.repair, baseline=wanted.baseline,
            force=wanted.force, progress=bar,
        )  # fmt: skip
        bar.update("writing the report", 0, 1)
        folder = write_report(record, wanted.desk.reports, out=wanted.out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show(record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)
    if wanted.on_record:
        _sign(record, folder, wanted)
    return record.judgement.verdict.exit_code


def _sign(record: Validation, folder: Path, wanted: Wanted) -> None:
    """A desk that cannot be written to gets its answer all the same, and is told that no record vouches for it."""
    try:
        path = sign_validation(record, folder, wanted.desk.root, as_of=wanted.as_of is not None)
    except OutputError as error:
        sys.stderr.write(f"No signed record was written: {error}\n")
        return
    Console(highlight=False).print(f"Signed record: {path}", soft_wrap=True, markup=False)
