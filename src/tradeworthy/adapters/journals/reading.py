"""Looking into a journal that somebody else may be writing, without holding it and without writing anything."""

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from tradeworthy.adapters.journals import snapshots
from tradeworthy.adapters.journals.chain import Link, Row
from tradeworthy.adapters.journals.opening import postgres_url
from tradeworthy.adapters.journals.postgres_place import PostgresPlace
from tradeworthy.adapters.journals.rows import PAGE, floor_of, last_of, page_from
from tradeworthy.adapters.journals.schema import schema_of
from tradeworthy.adapters.journals.sqlite_place import sqlite_sentence
from tradeworthy.adapters.journals.tables import EVENTS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import Envelope, decode
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.core.version import JOURNAL_SCHEMA, PACKAGE_VERSION

_WIDER: Final = 4
"""How many times further back `tail` looks when it has found too few."""


class JournalReader:
    """Reads what is durable by now, a page at a time; a writer is neither held up nor kept from tidying its log."""

    def __init__(self, name: str, engine: Callable[[], Engine], sentence: Callable[[SQLAlchemyError], str]) -> None:
        self.name = name
        self._engine = engine
        self._sentence = sentence
        with self._reading() as connection:
            found = schema_of(connection, name)
        if found != JOURNAL_SCHEMA:
            raise InputError(
                f"{name}: this journal has schema {found}, and tradeworthy {PACKAGE_VERSION} looks into {JOURNAL_SCHEMA}; "
                + ("update tradeworthy" if found > JOURNAL_SCHEMA else "start the desk once, which brings it forward")
            )

    def last_sequence(self) -> int:
        """The sequence of the last durable event, as of now; 0 for a new journal."""
        return self._ends()[1]

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """Events from `start` on up to the last one, oldest first, each held against its checksum.

        Raises InputError where `start` lies before the events that are still in the journal; JournalError at the first
        damaged one.
        """
        return map(decode, self.whole_from(start))

    def whole_from(self, start: int) -> Iterator[bytes]:
        """The same events as the bytes that lie there."""
        link: Link | None = None
        while True:
            with self._reading() as connection:
                link = link or self._link_before(connection, start)
                rows = page_from(connection, link.sequence + 1) if link else []
            if link is None or not rows:
                return
            for row in rows:
                link = self._after(link, row)
                yield bytes(row.data)  # type: ignore[call-overload]  # whole rows hold bytes

    def tail(self, count: int, kinds: Collection[str] = ()) -> list[Envelope]:
        """The last `count` events, oldest first; of these kinds alone where some are given."""
        first, last = self._ends()
        span = max(count, PAGE)
        while True:
            start = max(first, last - span + 1)
            chosen = (one for one in self.read(start) if not kinds or one.kind in kinds)
            found = deque(chosen, maxlen=count)
            if len(found) == count or start == first:
                return list(found)
            span *= _WIDER

    def floor(self) -> tuple[Link, str]:
        """What the journal begins after, and the archive that holds what was before; the beginning where nothing was moved."""
        with self._reading() as connection:
            return floor_of(connection)

    def stored(self, start: int, limit: int) -> Sequence[Sequence[object]]:
        """Rows (sequence, data, chain) from `start` on as they lie there, held against nothing; at most `limit`, and none
        after damage of the file.

        Raises JournalError where the row at `start` cannot be read.
        """
        query = select(EVENTS).order_by(EVENTS.c.sequence)
        with self._reading() as connection:
            try:
                return connection.execute(query.where(EVENTS.c.sequence >= start).limit(limit)).all()
            except SQLAlchemyError:
                connection.rollback()
            rows = [*connection.execute(query.where(EVENTS.c.sequence >= start).limit(1))]
            with suppress(SQLAlchemyError):
                for sequence in range(start + 1, start + limit if rows else start):
                    rows += connection.execute(query.where(EVENTS.c.sequence == sequence)).all()
            return rows

    def first_stored(self) -> int | None:
        """The smallest sequence of a row, whatever the journal says that it begins with; None without any."""
        with self._reading() as connection:
            found = connection.execute(select(func.min(EVENTS.c.sequence))).scalar()
        return found if found is None else int(found)

    def snapshots(self) -> list[Snapshot]:
        """Those that agree with their digests, oldest first."""
        with self._reading() as connection:
            return snapshots.all_whole(connection)

    def damaged_snapshot(self) -> int:
        """The sequence of a snapshot that does not agree with its digest; 0 where all do."""
        with self._reading() as connection:
            return snapshots.damaged_sequence(connection)

    def _ends(self) -> tuple[int, int]:
        """The first event that is here, and the last."""
        with self._reading() as connection:
            floor, _ = floor_of(connection)
            last = last_of(connection, floor)
        if last is None:
            raise self._damaged("the last event")
        return floor.sequence + 1, last.sequence

    def _link_before(self, connection: Connection, start: int) -> Link | None:
        """The place before `start`; None where the journal does not go that far."""
        floor, archive = floor_of(connection)
        if start <= floor.sequence:
            raise InputError(
                f"{self.name}: events up to {floor.sequence} were moved to {archive}; read them there, and here from "
                f"{floor.sequence + 1} on"
            )
        if start == floor.sequence + 1:
            return floor
        rows = page_from(connection, start - 1, 1)
        if not rows:
            return None
        if rows[0].sequence != start - 1 or not isinstance(rows[0].chain, bytes):
            raise self._damaged(f"event {start - 1}")
        return Link(start - 1, rows[0].chain)

    def _after(self, link: Link, row: Row) -> Link:
        following = row.follows(link)
        if following is None:
            raise self._damaged(f"event {link.sequence + 1}")
        return following

    def _damaged(self, what: str) -> JournalError:
        return JournalError(
            f"{self.name}: {what} is damaged or missing; stop trading and restore the journal from a backup"
        )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One moment of the journal."""
        engine = self._engine()
        try:
            with engine.connect() as connection:
                yield connection
                connection.rollback()
        except SQLAlchemyError as error:
            raise JournalError(f"{self.name}: cannot be read: {self._sentence(error)}") from error
        except UnicodeDecodeError as error:  # SQLite hands on the damaged text of its own tables
            raise JournalError(
                f"{self.name}: cannot be read: the file is damaged; stop trading and restore it from a backup"
            ) from error
        finally:
            engine.dispose()


def read_journal(where: str | Path) -> JournalReader:
    """The journal at a path or a `postgresql://` URL, to look into while a desk may be writing to it.

    Raises InputError where there is none, or one of another schema; JournalError for one that cannot be read.
    """
    if isinstance(where, str) and "://" in where:
        url = postgres_url(where)
        place = PostgresPlace(url)
        asked = {"application_name": "tradeworthy journal reader", "connect_timeout": 10}
        server = url.set(drivername="postgresql+psycopg")
        return JournalReader(
            place.name, lambda: create_engine(server, poolclass=NullPool, connect_args=asked), place.sentence
        )
    path = Path(where).resolve()
    if not path.is_file():
        raise InputError(f"{path}: there is no such journal; a desk that trades makes one")
    return JournalReader(str(path), lambda: _read_only(path), sqlite_sentence)


def _read_only(path: Path) -> Engine:
    """A file whose log is gone was closed in order: it is opened as one that nobody changes, so that no log is made.

    Asked anew for every page, so that a desk which begins meanwhile is seen at the next one.
    """
    closed = not path.with_name(path.name + "-wal").exists()
    address = f"file:{quote(str(path))}?mode=ro" + ("&immutable=1" if closed else "")
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True, timeout=5), poolclass=NullPool)
