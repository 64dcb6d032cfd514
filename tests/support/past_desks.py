"""Desks with a past: run in folders, killed in the middle, gone on with, and their journals looked into."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from support.kept_in_memory import MemoryJournal
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.api.desk_running import RunResult, RunWanted, prepared, run_desk
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.settings.shipped import template

BOOK = "\n[strategies.".join(template("fx-daily").split("\n[strategies.")[:4])
"""Three of its strategies."""


class Ear:
    """Hears what a run says, and pulls the plug at the nth note of a kind (0: never)."""

    def __init__(self, plug: int = 0, kind: NoteKind = NoteKind.ORDER) -> None:
        self.notes: list[Tell] = []
        self._plug, self._kind = plug, kind

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`."""
        del time_ns
        self.notes.append(tell)
        self._plug -= tell.kind is self._kind
        if self._plug == 0 and tell.kind is self._kind:
            raise KeyboardInterrupt


def run_book(folder: Path, text: str = BOOK, *, days: int = 90, ear: Ear | None = None, **fields: Any) -> RunResult:
    """Trade the book in the folder, from 300 days before the newest bar on, or go on where it was left."""
    folder.mkdir(exist_ok=True)
    (folder / "tradeworthy.toml").write_text(text)
    first = prepared(RunWanted(folder, span_ns=300 * DAY_NS)).start_ns
    return run_desk(RunWanted(folder, start_ns=first, end_ns=first + days * DAY_NS, **fields), ear or Ear())


def changed(text: str, **values: str) -> str:
    """The book with these settings, each of which stands in it as a comment."""
    for name, value in values.items():
        table = r"\{" if value.startswith("{") else ""
        text, count = re.subn(rf"(?m)^# {name} = {table}.*$", f"{name} = {value}", text, count=1)
        assert count == 1, name
    return text


class MemoryRecords:
    """A journal in memory, as a past is read from it."""

    def __init__(self, journal: MemoryJournal) -> None:
        self.name = "memory"
        self._events = journal.events

    def last_sequence(self) -> int:
        """See `Records`."""
        return len(self._events)

    def whole_from(self, start: int) -> Iterator[bytes]:
        """See `Records`."""
        return iter(self._events[start - 1 :])

    def floor(self) -> tuple[Link, str]:
        """See `Records`."""
        return Link(), ""

    def snapshots(self) -> Sequence[Snapshot]:
        """See `Records`."""
        return ()
