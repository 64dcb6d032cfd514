"""The one place where a journal is opened, by path or by URL."""

import os
from contextlib import ExitStack, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tradeworthy.adapters.journals import postgres_place, sqlite_place
from tradeworthy.adapters.journals.place import Place
from tradeworthy.adapters.journals.postgres_place import PostgresPlace
from tradeworthy.adapters.journals.schema import migrate
from tradeworthy.adapters.journals.sql_journal import SqlJournal
from tradeworthy.adapters.journals.sqlite_place import SqlitePlace, sqlite_sentence
from tradeworthy.adapters.journals.witness import Witness, flush_folder
from tradeworthy.core.errors import InputError, JournalError


def open_journal(where: str | Path) -> SqlJournal:
    """The journal at a path (SQLite, made if it is not there) or a `postgresql://` URL, held for this process alone.

    An older schema is brought to that of this version, and the last 1,000 events are held against their chain. Raises
    InputError for a URL of another kind, tables that are no journal's and a schema of a newer version; JournalError for a
    journal that another process holds, that cannot be written, or that is damaged or shorter than what was acknowledged.
    """
    if isinstance(where, str) and "://" in where:
        return _open_postgres(where)
    return open_sqlite(Path(where))


def file_of(where: str | Path) -> Path:
    """The path of a journal in a file, with links followed. Raises InputError for a URL."""
    if isinstance(where, str) and "://" in where:
        raise InputError(f"{where.split('://')[0]}://: this is done to a journal in a file; use the server's own tools")
    return Path(where).resolve()


def open_sqlite(where: Path) -> SqlJournal:
    """The journal in a file, made if it is not there."""
    path = where.resolve()  # by whatever name it comes, one file has one witness
    try:
        witness = _hold(path)
    except OSError as error:
        raise JournalError(
            f"{path}: no journal can be kept there ({error.strerror}); name a folder that the desk's user may write to"
        ) from error
    with ExitStack() as undoing:
        undoing.callback(witness.close)
        if not os.access(path, os.W_OK):  # SQLite would say so at the first write, when a desk has begun already
            raise JournalError(f"{path}: it may not be written; give the desk's user the right to write there")
        try:
            connection = sqlite_place.connect(path)
            undoing.callback(_part, connection)
            journal = _opened(connection, SqlitePlace(path, witness))
        except SQLAlchemyError as error:
            raise JournalError(f"{path}: cannot be opened: {sqlite_sentence(error)}") from error
        except UnicodeDecodeError as error:  # SQLite hands on the damaged text of its own tables
            raise JournalError(
                f"{path}: cannot be opened: the file is damaged; stop trading and restore it from a backup"
            ) from error
        undoing.pop_all()
    return journal


def _opened(connection: Connection, place: Place) -> SqlJournal:
    migrate(connection, place.name)
    return SqlJournal(connection, place)


def _part(connection: Connection) -> None:
    with suppress(SQLAlchemyError):  # what made us give up is said already
        connection.close()
        connection.engine.dispose()


def _hold(path: Path) -> Witness:
    """Take the lock and see that the file is there, made with mode 600 if this is a new journal."""
    was_there = path.exists()  # asked first: who makes a journal makes its witness before it
    if was_there and not path.with_name(path.name + ".witness").exists():
        raise JournalError(
            f"{path}: its witness {path.name}.witness is missing, so nobody can tell whether its last events are there; "
            "bring that file too, or, for a backup, use restore_journal"
        )
    witness = Witness(path)
    with ExitStack() as undoing:
        undoing.callback(witness.close)
        if not path.exists():
            _begin(path, witness)
        undoing.pop_all()
    return witness


def _begin(path: Path, witness: Witness) -> None:
    noted = witness.read()
    if noted is None or noted.sequence:
        raise JournalError(
            f"{path}: the journal is gone, and its witness {witness.path.name} is there still; restore it from a "
            "backup with restore_journal, or move the witness away to begin a new journal"
        )
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    flush_folder(path.parent)


def postgres_url(where: str) -> URL:
    """The URL of a journal on a server. Raises InputError for any other."""
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise InputError("this is no URL of a database; write postgresql://user:password@host/database") from error
    if url.drivername not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise InputError(
            f"{url.drivername}://: no journal can be kept there; name a path, or postgresql://user:password@host/database"
        )
    return url.set(drivername="postgresql")


def _open_postgres(where: str) -> SqlJournal:
    url = postgres_url(where)
    place = PostgresPlace(url)
    with ExitStack() as undoing:
        try:
            connection = postgres_place.connect(url, place)
            undoing.callback(_part, connection)
            journal = _opened(connection, place)
        except SQLAlchemyError as error:
            raise JournalError(f"{place.name}: cannot be opened: {place.sentence(error)}") from error
        undoing.pop_all()
    return journal
