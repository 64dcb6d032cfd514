"""Journals of other versions: an older one is brought to the schema of this one step by step, a newer one is left alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from support.journaling import event
from tradeworthy.adapters.journals import schema, sqlite_place
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.adapters.journals.tables import METADATA
from tradeworthy.adapters.journals.witness import Witness
from tradeworthy.core.errors import InputError
from tradeworthy.core.version import JOURNAL_SCHEMA

FOLDER = Path(schema.__file__).with_name("migrations")


def steps() -> Config:
    """The steps as Alembic takes them."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def connected(path: Path) -> Iterator[Connection]:
    """A connection to a file, closed with its engine."""
    connection = sqlite_place.connect(path)
    try:
        yield connection
    finally:
        connection.close()
        connection.engine.dispose()


def first_journal(path: Path) -> None:
    """A journal as the first version of all made it, without any event."""
    Witness(path).close()
    config = steps()
    with connected(path) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "1")
        connection.commit()


def columns(connection: Connection) -> dict[str, list[tuple[str, bool]]]:
    """By table, its columns and whether they may be empty."""
    look = inspect(connection)
    tables = sorted(set(look.get_table_names()) - {"alembic_version"})
    return {table: [(one["name"], bool(one["nullable"])) for one in look.get_columns(table)] for table in tables}


def test_the_steps_go_from_the_first_schema_to_that_of_this_version_one_by_one() -> None:
    found = [one.revision for one in ScriptDirectory.from_config(steps()).walk_revisions()]
    assert found == [str(number) for number in range(JOURNAL_SCHEMA, 0, -1)]


def test_a_journal_of_the_first_version_is_brought_to_the_tables_that_this_version_reads(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    first_journal(path)
    with closing(open_journal(path)) as journal:
        assert journal.append([event(1), event(2)]) == 2
    with closing(open_journal(path)) as journal:
        assert [one.sequence for one in journal.read()] == [1, 2]
    with connected(path) as connection:
        assert schema.schema_of(connection, "it") == JOURNAL_SCHEMA
        wanted = {
            table.name: [(one.name, bool(one.nullable)) for one in table.columns] for table in METADATA.sorted_tables
        }
        assert columns(connection) == dict(sorted(wanted.items()))


def test_a_journal_of_a_newer_version_is_left_as_it_is_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append([event(1)])
    newer = JOURNAL_SCHEMA + 1
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update alembic_version set version_num = ?", (str(newer),))
    before = path.read_bytes()
    words = f"this journal has schema {newer}, and tradeworthy .* {JOURNAL_SCHEMA}"
    with pytest.raises(InputError, match=words):
        open_journal(path)
    with pytest.raises(InputError, match=words):
        read_journal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", ["drop table events", "update alembic_version set version_num = 'x'"])
def test_tables_that_are_no_journals_are_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "journal.sqlite"
    open_journal(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(change)
    with pytest.raises(InputError, match="its tables are not those of a journal"):
        open_journal(path)
