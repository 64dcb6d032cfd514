"""Which schema a journal has, and how an older one is brought to that of this version."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.version import JOURNAL_SCHEMA, PACKAGE_VERSION

_FOLDER: Final = Path(__file__).with_name("migrations")
_TABLE: Final = "alembic_version"
_VERSIONS: Final = text("SELECT version_num FROM alembic_version")


def schema_of(connection: Connection, name: str) -> int:
    """The schema of the tables; 0 where there are none. Raises InputError for tables that are no journal's."""
    tables = set(inspect(connection).get_table_names())
    rows = connection.execute(_VERSIONS).scalars().all() if _TABLE in tables else []
    if not rows and not tables & {"events", "snapshots", "archives"}:
        return 0
    if len(rows) != 1 or not str(rows[0]).isdecimal() or "events" not in tables:
        raise InputError(f"{name}: its tables are not those of a journal; name another file or database")
    return int(rows[0])


def migrate(connection: Connection, name: str) -> None:
    """Bring the tables to the schema of this version, all steps or none.

    Raises InputError for a journal of a newer version.
    """
    found = schema_of(connection, name)
    if found > JOURNAL_SCHEMA:
        raise InputError(
            f"{name}: this journal has schema {found}, and tradeworthy {PACKAGE_VERSION} reads up to {JOURNAL_SCHEMA}; "
            "update tradeworthy"
        )
    if found < JOURNAL_SCHEMA:
        _upgrade(connection, name)
    connection.commit()


def _upgrade(connection: Connection, name: str) -> None:
    from alembic import command  # takes long to import, and is needed once in the life of a journal
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, str(JOURNAL_SCHEMA))
    except CommandError as error:
        connection.rollback()
        raise JournalError(f"{name}: its tables cannot be brought to schema {JOURNAL_SCHEMA} ({error})") from error
