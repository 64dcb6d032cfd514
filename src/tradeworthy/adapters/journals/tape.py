"""Every event of a journal as it lies in the tables, through its archives, held against the chain and not decoded."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from psycopg import Error as PostgresError
from sqlalchemy.exc import DBAPIError

from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.reading import JournalReader, read_journal
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import head_of
from tradeworthy.core.version import EVENT_SCHEMA

_ROWS: Final = 4096
"""In memory at a time."""
_DAMAGE: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_ERROR")


@dataclass(frozen=True, slots=True)
class Part:
    """A journal or an archive, and what it begins after."""

    reader: JournalReader
    floor: Link


@dataclass(frozen=True, slots=True)
class Parts:
    """The journal and its archives, the oldest first; missing: the archive that was not found, empty where all were."""

    all: tuple[Part, ...]
    missing: str = ""

    @property
    def floor(self) -> Link:
        """What the oldest part begins after."""
        return self.all[0].floor


@dataclass(frozen=True, slots=True)
class Break:
    """The first event at which the journal is not whole, and how it shows."""

    sequence: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """Events one after another: their stored bytes, and the chain after each."""

    data: list[bytes]
    chains: list[bytes]


class Tape:
    """Reads events once, in order, a page at a time; ends at the last, or at the first that is not whole.

    link: the place of the last event that was read. broken: why it ended before the end. newer: the first event of a
    schema that this version does not know, 0 without one.
    """

    def __init__(self, parts: Parts, begin: Link) -> None:
        self.link = begin
        self.broken: Break | None = None
        self.newer = 0
        self._parts = parts.all

    def __iter__(self) -> Iterator[Page]:
        """Pages of whole events. Raises JournalError where the database cannot be reached."""
        for number, part in enumerate(self._parts):
            after = self._parts[number + 1].floor if number + 1 < len(self._parts) else None
            if after is None or self.link.sequence < after.sequence:
                yield from self._part(part, after.sequence if after else None)
            if self.broken is None and after is not None and self.link.sequence == after.sequence:
                self._check_seam(part, after)
            if self.broken is not None:
                return

    def _part(self, part: Part, end: int | None) -> Iterator[Page]:
        while self.broken is None and (end is None or self.link.sequence < end):
            left = _ROWS if end is None else min(_ROWS, end - self.link.sequence)
            try:
                rows = part.reader.stored(self.link.sequence + 1, left)
            except JournalError as error:
                if not is_damage(error):
                    raise
                self._breaks("cannot be read: what is stored there is damaged")
                return
            if not rows:
                if end is not None:
                    self._breaks(f"and those up to {end} are not in {part.reader.name}, which ends before them")
                return
            page = self._whole(rows)
            if page.data:
                yield page

    def _whole(self, rows: Sequence[Sequence[object]]) -> Page:
        """The rows up to the first that is not whole."""
        sequence, chain, wrong = self.link.sequence, self.link.chain, ""
        data: list[bytes] = []
        chains: list[bytes] = []
        for place, stored, kept in rows:
            if place != sequence + 1 or type(stored) is not bytes:
                wrong = _how(place, stored, kept, sequence + 1)
                break
            found = sha256(chain + stored).digest()
            if found != kept:
                wrong = _how(place, stored, kept, sequence + 1)
                break
            wrong = self._wrong_head(stored, sequence + 1)
            if wrong:
                break
            sequence, chain = sequence + 1, found
            data.append(stored)
            chains.append(found)
        self.link = Link(sequence, chain)
        if wrong:
            self._breaks(wrong)
        return Page(data, chains)

    def _wrong_head(self, stored: bytes, sequence: int) -> str:
        head = head_of(stored)
        if head is None:
            return "is no event, though the chain goes through it: it was written by something else"
        if head.sequence != sequence:
            return f"says of itself that it is event {head.sequence}: it stands in another's place"
        if head.schema > EVENT_SCHEMA and not self.newer:
            self.newer = sequence
        return ""

    def _check_seam(self, part: Part, after: Link) -> None:
        if after.chain != self.link.chain:
            self.broken = Break(
                after.sequence, f"does not end {part.reader.name} with the hash on which the next part goes on"
            )

    def _breaks(self, sentence: str) -> None:
        self.broken = Break(self.link.sequence + 1, sentence)


def parts_of(where: str | Path, folders: Sequence[Path]) -> Parts:
    """The journal at `where` and every archive that it goes on after.

    folders: where an archive is looked for that does not lie where the journal says. Raises as `read_journal` does.
    """
    reader = read_journal(where)
    floor, archive = reader.floor()
    found = [Part(reader, floor)]
    while floor.sequence:
        path = _archive(archive, folders)
        if path is None:
            return Parts(tuple(reversed(found)), archive)
        reader = read_journal(path)
        before, further = reader.floor()
        if before.sequence >= floor.sequence:  # another journal lies under that name
            return Parts(tuple(reversed(found)), archive)
        floor, archive = before, further
        found.append(Part(reader, floor))
    return Parts(tuple(reversed(found)))


def is_damage(error: JournalError | InputError) -> bool:
    """Whether a file or database cannot be read for what is in it, and not because it cannot be reached."""
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return True
    original = cause.orig if isinstance(cause, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", None)  # none where it came from decoding what was read
        return name is None or name.startswith(_DAMAGE)
    return isinstance(original, PostgresError) and (original.sqlstate or "").startswith("XX")


def _archive(place: str, folders: Sequence[Path]) -> Path | None:
    named = Path(place)
    candidates = [named, *(folder / named for folder in folders), *(folder / named.name for folder in folders)]
    return next((one for one in candidates if one.is_file()), None)


def _how(place: object, stored: object, kept: object, expected: int) -> str:
    if isinstance(place, int) and place > expected:
        return "is missing" if place == expected + 1 else f"and those up to {place - 1} are missing"
    if place != expected or not isinstance(stored, bytes) or not isinstance(kept, bytes):
        return "is no event as it was written"
    return "does not follow on the one before it: its bytes or its hash were changed"
