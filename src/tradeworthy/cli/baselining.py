"""`tradeworthy baseline`: save, show and compare."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.baselines import load_baseline, save_baseline
from tradeworthy.api.validation import validate
from tradeworthy.cli.progress import Bar
from tradeworthy.cli.validating import desk_of
from tradeworthy.reports.baseline_console import show_baseline, show_changes


@dataclass(frozen=True, slots=True)
class SaveAsked:
    """What was asked for on the command line; None where the settings decide."""

    book: str | None
    data: Path | None
    trades: Path | None
    columns: Mapping[str, str]
    timezone: str | None
    repair: bool
    as_of: str | None


def run_save(asked: SaveAsked) -> None:
    """Validate, store, and say what the validation said: a baseline of a book that is not fit is no recommendation."""
    with Bar() as bar:
        record = validate(
            asked.book, data=asked.data, trades=asked.trades, columns=asked.columns, timezone=asked.timezone,
            repair=asked.repair, as_of=asked.as_of, progress=bar,
        )  # fmt: skip
    path = save_baseline(record, desk_of(asked.book).root)
    console = Console(highlight=False)
    _path, found = load_baseline(path)
    show_baseline(path, found, console)
    console.print(f"\nWrote {path}", soft_wrap=True, markup=False)


def run_show(which: str, desk: Path, *, json: bool) -> None:
    """Print one."""
    path, found = load_baseline(which, desk)
    if json:
        sys.stdout.write(path.read_text(encoding="utf-8"))
        return
    show_baseline(path, found, Console(highlight=False))


def run_diff(before: str, after: str, desk: Path) -> int:
    """1 where a validation against the older one would refuse the newer one's book or data."""
    old_path, old = load_baseline(before, desk)
    new_path, new = load_baseline(after, desk)
    changed = show_changes((old_path, old), (new_path, new), Console(highlight=False))
    return 1 if changed else 0
