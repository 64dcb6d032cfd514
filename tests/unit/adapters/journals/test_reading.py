"""Looking into a journal that somebody else holds: what is durable is seen, nothing is written, damage is told."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.journaling import event, events
from tradeworthy.adapters.journals.moving import archive_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of 1,300 events, closed."""
    path = tmp_path / "a journal?.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events(1, 1300))
        journal.save_snapshot(Snapshot(700, 1, b"state"))
    return path


def sequences(found: list[Envelope]) -> list[int]:
    """Their sequences."""
    return [one.sequence for one in found]


def test_a_closed_journal_is_read_and_not_a_file_is_made_or_changed(path: Path) -> None:
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    reader = read_journal(path)
    assert list(reader.read()) == events(1, 1300)
    assert list(reader.read(1299)) == events(1299, 1300)
    assert list(reader.read(1301)) == list(reader.read(5000)) == []
    assert reader.tail(3) == events(1298, 1300)
    assert reader.last_sequence() == 1300
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_what_a_desk_writes_is_seen_as_soon_as_it_is_durable_and_the_desk_is_not_held_up(path: Path) -> None:
    reader = read_journal(path)
    assert reader.last_sequence() == 1300
    with closing(open_journal(path)) as journal:
        for last in range(1301, 1340):
            reading = reader.read(1000)
            assert next(reading).sequence == 1000
            journal.append([event(last)])
            assert reader.last_sequence() == last
            assert reader.tail(1) == [event(last)]
            assert sequences(list(reading))[-1] == last
        assert reader.tail(2000) == events(1, 1339)
    assert reader.tail(1) == [event(1339)]


def test_a_journal_of_a_killed_desk_is_read(path: Path) -> None:
    child = os.fork()
    if child == 0:
        try:
            open_journal(path).append(events(1301, 1310))
        finally:
            os._exit(0)  # without closing anything
    os.waitpid(child, 0)
    assert path.with_name(path.name + "-wal").exists()
    assert read_journal(path).tail(10) == events(1301, 1310)
    with closing(open_journal(path)) as journal:
        assert journal.last_sequence() == 1310


def test_the_last_events_of_a_kind_are_found_however_far_back(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        order = Envelope(
            sequence=1301, account="paper", strategy="A", kind="order", event_time_ns=1, receive_time_ns=1,
            source="test", body={},
        )  # fmt: skip
        journal.append([order])
        journal.append(events(1302, 6000))
    reader = read_journal(path)
    assert sequences(reader.tail(5, ["order"])) == [1301]
    assert sequences(reader.tail(2, ["order", "bar"])) == [5999, 6000]
    assert reader.tail(2, ["none"]) == []


def test_events_that_were_archived_are_not_here_any_more(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        archive_journal(journal, path.with_name("archive.sqlite"))
    reader = read_journal(path)
    assert sequences(reader.tail(5000)) == list(range(701, 1301))
    with pytest.raises(InputError, match=r"events up to 700 were moved to .*archive.sqlite"):
        next(reader.read(700))
    assert read_journal(path.with_name("archive.sqlite")).tail(1) == [event(700)]


@pytest.mark.parametrize("column", ["data", "chain"])
def test_a_damaged_event_is_named_and_those_after_it_can_still_be_seen(path: Path, column: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE events SET {column} = zeroblob(32) WHERE sequence = 17")  # noqa: S608 - ours
    reader = read_journal(path)
    with pytest.raises(JournalError, match="event 17 is damaged or missing; stop trading"):
        list(reader.read())
    assert reader.tail(100) == events(1201, 1300)


def test_what_is_no_journal_of_this_version_is_told(tmp_path: Path, path: Path) -> None:
    with pytest.raises(InputError, match="there is no such journal"):
        read_journal(tmp_path / "none.sqlite")
    (tmp_path / "text").write_text("text " * 1000)
    with pytest.raises(JournalError, match="no SQLite database"):
        read_journal(tmp_path / "text")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(InputError, match=r"has schema 99.*update tradeworthy"):
        read_journal(path)
    with pytest.raises(InputError, match="no journal can be kept there"):
        read_journal("mysql://me@host/db")
