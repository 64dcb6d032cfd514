"""A journal in PostgreSQL: how it is opened, how it is held for one desk, and what its errors mean."""

from typing import Final

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from tradeworthy.adapters.journals.chain import Link
from tradeworthy.core.errors import JournalError

_LOCK: Final = 0x7457_6A4C
"""The first half of the advisory lock; the second half is the schema, so that every schema may hold one journal."""

_CONNECTING: Final[dict[str, str | int]] = {
    "application_name": "tradeworthy journal",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds: a server that went silent is an error, not a wait without end
}

_MEANINGS: Final = {
    "53100": "the server's disk is full; stop trading, make room and start again",
    "53": "the server has run out of something ({error}); stop trading, give it more and start again",
    "25006": "the server only reads (a replica, or set so); stop trading and name the server that writes",
    "42501": "the user may not write there; give that right and start again",
    "23": "another program has written to it; stop trading, close that program and start again",
    "XX": "the server found its data damaged ({error}); stop trading and restore the database from a backup",
    "58": "the server's disk does not take it ({error}); stop trading, look after the server and start again",
}


class PostgresPlace:
    """Fulfils `Place` for a database on a server."""

    def __init__(self, url: URL) -> None:
        self._url = url

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self._url.set(drivername="postgresql").render_as_string(hide_password=True)

    @property
    def mending(self) -> str:
        """What the server's own backups are for."""
        return "restore the database from a backup"

    def sentence(self, error: SQLAlchemyError | OSError) -> str:
        """By the SQLSTATE of the error."""
        original = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(original, "sqlstate", None) or ""
        said = " ".join(str(original).split())
        for known, meaning in _MEANINGS.items():
            if state.startswith(known):
                return meaning.format(error=said)
        return f"{said}; stop trading, see that the URL is right and the server answers, and start again"

    def marked(self) -> Link:
        """Nothing is noted outside of the server, whose own log is not cut short in silence."""
        return Link()

    def mark(self, link: Link) -> None:
        """Nothing to do."""

    def release(self) -> None:
        """The lock went with the connection."""


def connect(url: URL, place: PostgresPlace) -> Connection:
    """A connection that holds the journal's lock and commits durably. Raises JournalError and SQLAlchemyError."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), poolclass=StaticPool, connect_args=dict(_CONNECTING)
    )
    connection = engine.connect()
    try:
        _hold(connection, place)
    except (JournalError, SQLAlchemyError):
        connection.close()
        engine.dispose()
        raise
    return connection


def _hold(connection: Connection, place: PostgresPlace) -> None:
    connection.execute(text("SET synchronous_commit TO on"))
    connection.execute(text("SET idle_session_timeout TO 0"))
    held = connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK}, hashtext(current_schema()))")).scalar()
    fsync = connection.execute(text("SHOW fsync")).scalar()
    connection.commit()
    if not held:
        raise JournalError(
            f"{place.name}: another process has this journal open; stop that desk first, as two on one journal would "
            "both trade"
        )
    if fsync != "on":
        raise JournalError(f"{place.name}: the server runs with fsync off, so nothing on it is durable; set fsync = on")
