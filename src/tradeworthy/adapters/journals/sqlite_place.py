"""A journal in a SQLite file: how it is opened, how it is held for one desk, and what its errors mean."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.witness import Witness
from tradeworthy.core.errors import JournalError

PRAGMAS: Final = (
    "busy_timeout = 5000",  # milliseconds to wait for a backup that holds the file for a moment
    "synchronous = FULL",  # every commit is flushed
    "fullfsync = ON",  # macOS: through the disk's own cache too; Linux does that anyway
    "checkpoint_fullfsync = ON",
)

_MEANINGS: Final = {
    "SQLITE_FULL": "the disk is full, or the file has reached its greatest size; stop trading, make room and start again",
    "SQLITE_IOERR": "the disk does not take it ({error}); stop trading, look after the disk and start again",
    "SQLITE_READONLY": "it may not be written; stop trading, give the desk's user the right to write there and start again",
    "SQLITE_CANTOPEN": "the file cannot be opened; give the desk's user the right to read and write there",
    "SQLITE_BUSY": "another program holds it locked; stop trading, close that program and start again",
    "SQLITE_LOCKED": "another program holds it locked; stop trading, close that program and start again",
    "SQLITE_CORRUPT": "the file is damaged; stop trading and restore it from a backup with restore_journal",
    "SQLITE_NOTADB": "the file is no SQLite database, or its beginning is damaged; restore it from a backup with "
    "restore_journal",
    "SQLITE_CONSTRAINT": "another program has written to it; stop trading, close that program and start again",
}


class SqlitePlace:
    """Fulfils `Place` for a file, with its witness beside it."""

    def __init__(self, path: Path, witness: Witness) -> None:
        self.path = path
        self.witness = witness

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    @property
    def mending(self) -> str:
        """Restore or cut, with the calls that do it."""
        return (
            "restore it from a backup with restore_journal, or give up what came later with "
            f"cut_journal({self.name!r}, after={{whole}})"
        )

    def sentence(self, error: SQLAlchemyError | OSError) -> str:
        """By SQLite's own name of the error."""
        return sqlite_sentence(error)

    def marked(self) -> Link:
        """What the witness noted."""
        found = self.witness.read()
        if found is None:
            raise JournalError(
                f"{self.witness.path}: damaged, so nobody can tell whether {self.path.name} is all there; check its last "
                "event against the broker, and accept it with cut_journal"
            )
        return found

    def mark(self, link: Link) -> None:
        """Note it in the witness."""
        self.witness.note(link)

    def release(self) -> None:
        """Let go of the witness."""
        self.witness.close()


def sqlite_sentence(error: SQLAlchemyError | OSError | sqlite3.Error) -> str:
    """What went wrong with a SQLite file, and what to do."""
    original = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(original, "sqlite_errorname", "") or ""
    for known, meaning in _MEANINGS.items():
        if name.startswith(known):
            return meaning.format(error=name)
    said = original.strerror if isinstance(original, OSError) else str(original)
    return f"{said}; stop trading, mend that and start again"


def engine_of(path: Path) -> Engine:
    """One connection to a SQLite file, durable commits, transactions begun by us and never by the driver."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.Error as error:
            connection.close()
            raise JournalError(f"{path}: cannot be opened: {sqlite_sentence(error)}") from error

    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def connect(path: Path) -> Connection:
    """A connection in WAL mode. Raises SQLAlchemyError, and JournalError where the file system cannot do WAL."""
    engine = engine_of(path)
    raw = engine.raw_connection()
    try:
        mode = _mode(raw.cursor())
    except sqlite3.Error as error:
        engine.dispose()
        raise JournalError(f"{path}: cannot be opened: {sqlite_sentence(error)}") from error
    raw.close()
    if mode != "wal":
        engine.dispose()
        raise JournalError(f"{path}: no write-ahead log can be kept there ({mode}); put the journal on a local disk")
    return engine.connect()


def _mode(cursor: DBAPICursor) -> object:
    cursor.execute("PRAGMA journal_mode = WAL")
    found = cursor.fetchone()
    cursor.close()
    return found[0] if found else None
