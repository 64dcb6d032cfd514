"""A journal in a database, the same code for each of them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import Connection, insert
from sqlalchemy.exc import SQLAlchemyError

from tradeworthy.adapters.journals import snapshots
from tradeworthy.adapters.journals.chain import Link, Row
from tradeworthy.adapters.journals.place import Place
from tradeworthy.adapters.journals.rows import PAGE, floor_of, last_of, page_from, whole_until
from tradeworthy.adapters.journals.tables import EVENTS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import Envelope, decode, encode
from tradeworthy.core.snapshot import Snapshot

TAIL: Final = 1000
"""How many of the last events are held against their chain at every opening."""

_INSERT: Final = insert(EVENTS)


class SqlJournal:
    """Fulfils `ports.Journal`. Made by `open_journal`, which has migrated the tables; may be used from several threads."""

    def __init__(self, connection: Connection, place: Place) -> None:
        """Check the last events. Raises JournalError where some are damaged or missing."""
        self.place = place
        self._connection = connection
        self._lock = threading.RLock()
        self._broken = ""
        self._closed = False
        with self._reading():
            self._floor, self._archive = floor_of(connection)
        self._end = self._checked_end()

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`. One commit, flushed to the disk, for the whole batch."""
        with self._lock:
            expected = range(self._end.sequence + 1, self._end.sequence + 1 + len(batch))
            for envelope, sequence in zip(batch, expected, strict=True):
                if envelope.sequence != sequence:
                    raise InputError(
                        f"{self.place.name}: event {envelope.sequence} cannot be appended, the next one is {sequence}; "
                        "nothing of the batch was written; halt, as somebody counts wrongly"
                    )
            return self.append_bytes([encode(envelope) for envelope in batch])

    def append_bytes(self, events: Sequence[bytes]) -> int:
        """Append events that are encoded already and bear the next sequences, as copies of a journal do."""
        with self._lock:
            link, rows = self._end, []
            for data in events:
                link = link.after(data)
                rows.append({"sequence": link.sequence, "data": data, "chain": link.chain})
            if rows:
                with self.writing("append an event") as connection:
                    connection.execute(_INSERT, rows if len(rows) > 1 else rows[0])
                    connection.commit()
                    self.place.mark(link)
                self._end = link
            return self._end.sequence

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """See `ports.Journal`. At most 500 events are in memory."""
        self._still_open()
        if start <= self._floor.sequence:
            raise InputError(
                f"{self.place.name}: events up to {self._floor.sequence} were moved to {self._archive}; "
                f"read them there, and here from {self._floor.sequence + 1} on"
            )
        return (decode(data) for data in self.whole_from(start))

    def last_sequence(self) -> int:
        """See `ports.Journal`."""
        return self._end.sequence

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """See `ports.Journal`. The two newest are kept."""
        with self._lock:
            with self._reading() as connection:
                newest = snapshots.newest_sequence(connection)
            if not newest <= snapshot.sequence <= self._end.sequence or snapshot.sequence <= 0:
                raise InputError(
                    f"{self.place.name}: a snapshot after event {snapshot.sequence} cannot be kept; the newest snapshot is "
                    f"after event {newest} and the last event is {self._end.sequence}"
                )
            with self.writing("save a snapshot") as connection:
                snapshots.keep(connection, snapshot)
                connection.commit()

    def load_snapshot(self) -> Snapshot | None:
        """See `ports.Journal`."""
        with self._reading() as connection:
            found = snapshots.newest_whole(connection, self._floor.sequence)
        if found is None and self._floor.sequence:
            raise JournalError(
                f"{self.place.name}: no snapshot is whole that stands for the events up to {self._floor.sequence}, which "
                f"were moved to {self._archive}; restore the journal from a backup"
            )
        return found

    def check(self) -> int:
        """Hold every event and snapshot against its checksum and return the last sequence.

        Raises JournalError that names the first damaged one.
        """
        for _ in self.whole_from(self._floor.sequence + 1):
            pass
        with self._reading() as connection:
            damaged = snapshots.damaged_sequence(connection)
        if damaged:
            raise JournalError(
                f"{self.place.name}: the snapshot after event {damaged} is damaged, all events are whole; save a new one"
            )
        return self._end.sequence

    def close(self) -> None:
        """See `ports.Journal`."""
        with self._lock:
            if not self._closed:
                self._closed = True
                with suppress(SQLAlchemyError):  # a lost connection is closed already
                    self._connection.close()
                    self._connection.engine.dispose()
                self.place.release()

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """The connection, for one transaction; unless that is seen to its end, nothing more is written."""
        with self._lock:
            self._usable()
            self._broken = "a write was interrupted"
            try:
                yield self._connection
            except (SQLAlchemyError, OSError) as error:
                self._broken = self.place.sentence(error)
                with suppress(SQLAlchemyError):
                    self._connection.rollback()
                raise JournalError(f"{self.place.name}: cannot {what}: {self._broken}") from error
            self._broken = ""

    def floor(self) -> Link:
        """What the journal begins after: the beginning, or the last event that was moved to an archive."""
        return self._floor

    def end(self) -> Link:
        """The place of the last event."""
        return self._end

    def archive(self) -> str:
        """Where the events before the first one here were moved to; empty where none were."""
        return self._archive

    def begin_after(self, floor: Link, archive: str) -> None:
        """Take over that the events up to `floor` lie in an archive."""
        self._floor, self._archive = floor, archive
        if self._end.sequence < floor.sequence:
            self._end = floor

    def _usable(self) -> None:
        if self._closed:
            raise JournalError(f"{self.place.name}: this journal was closed; open it again")
        if self._broken:
            raise JournalError(
                f"{self.place.name}: an earlier write failed ({self._broken}), so what it holds is not known; "
                "stop trading and open it again"
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock:
            if self._closed:
                self._usable()
            try:
                yield self._connection
                self._connection.rollback()
            except SQLAlchemyError as error:
                with suppress(SQLAlchemyError):
                    self._connection.rollback()
                raise JournalError(f"{self.place.name}: cannot be read: {self.place.sentence(error)}") from error

    def whole_from(self, start: int) -> Iterator[bytes]:
        """The bytes of events from `start` on, each held against the chain. Raises JournalError at the first damaged one."""
        link = self._link_at(start - 1)
        while link.sequence < self._end.sequence:
            for row in self._page(link.sequence + 1):
                following = row.follows(link)
                if following is None:
                    raise self._damaged()
                link = following
                yield bytes(row.data)  # type: ignore[call-overload]  # whole rows hold bytes

    def _page(self, start: int, limit: int = PAGE) -> list[Row]:
        with self._lock:
            self._still_open()
            try:
                found = page_from(self._connection, start, limit)
                self._connection.rollback()
            except SQLAlchemyError as error:
                raise self._damaged() from error
        if not found and start <= self._end.sequence:
            raise self._damaged()
        return found

    def _still_open(self) -> None:
        if self._closed:
            self._usable()

    def _link_at(self, sequence: int) -> Link:
        if sequence <= self._floor.sequence:
            return self._floor
        if sequence >= self._end.sequence:
            return self._end
        row = self._page(sequence, 1)[0]
        if row.sequence != sequence or not isinstance(row.chain, bytes):
            raise self._damaged()
        return Link(sequence, row.chain)

    def _checked_end(self) -> Link:
        try:
            end = last_of(self._connection, self._floor)
            self._connection.rollback()
        except SQLAlchemyError as error:
            raise self._damaged() from error
        marked = self.place.marked()
        if end is None:
            raise self._damaged()
        if end.sequence < marked.sequence:
            raise self._missing(marked)
        self._end = end
        for _ in self.whole_from(max(self._floor.sequence + 1, end.sequence - TAIL + 1)):
            pass
        if marked.sequence > self._floor.sequence and self._link_at(marked.sequence) != marked:
            raise JournalError(
                f"{self.place.name}: event {marked.sequence} is not the one that was acknowledged, so this is another "
                "journal or a changed one; restore the right file"
            )
        return end

    def _damaged(self) -> JournalError:
        """What to raise when some event is not whole: looks for the first such one."""
        with suppress(SQLAlchemyError):
            self._connection.rollback()
        whole = whole_until(self._connection, self._floor).sequence
        return JournalError(
            f"{self.place.name}: event {whole + 1} is damaged or missing, and the events up to {whole} are whole; "
            + self.place.mending.format(whole=whole)
        )

    def _missing(self, marked: Link) -> JournalError:
        whole = whole_until(self._connection, self._floor).sequence
        return JournalError(
            f"{self.place.name}: events up to {marked.sequence} were acknowledged, and only those up to {whole} are there "
            "and whole; " + self.place.mending.format(whole=whole)
        )
