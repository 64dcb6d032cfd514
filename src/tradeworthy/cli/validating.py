"""`tradeworthy validate`: compute with a progress bar, write the report, then show the answer."""

from pathlib import Path

from rich.console import Console

from tradeworthy.api.reporting import write_report
from tradeworthy.api.validation import validate
from tradeworthy.cli.progress import Bar
from tradeworthy.reports.console import show
from tradeworthy.settings.books import TEMPLATES
from tradeworthy.settings.desk_folder import DeskFolder


def run_validation(
    book: str,
    data: Path | None,
    trades: Path | None,
    columns: dict[str, str],
    timezone: str | None,
    months: int | None,
    as_of: str | None,
    seed: int | None,
    out: Path | None,
) -> int:
    """The exit code of the book's verdict."""
    with Bar() as bar:
        record = validate(
            book, data=data, trades=trades, months=months, as_of=as_of, seed=seed, columns=columns, timezone=timezone,
            progress=bar,
        )  # fmt: skip
        bar.update("writing the report", 0, 1)
        desk = DeskFolder(Path() if trades is not None or book in TEMPLATES else Path(book).parent)
        folder = write_report(record, desk.reports, out=out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show(record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True)
    return record.judgement.verdict.exit_code
