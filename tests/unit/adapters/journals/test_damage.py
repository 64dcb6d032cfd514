"""Journals in files that were damaged, cut short, filled up, copied about or made by others."""

import os
import re
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from support.journaling import event, events
from tradeworthy.adapters.journals.copies import backup_journal, restore_journal
from tradeworthy.adapters.journals.moving import archive_journal, cut_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.errors import InputError, JournalError, OutputError, TradeworthyError
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.core.version import JOURNAL_SCHEMA


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of 40 events and two snapshots, closed."""
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events(1, 40))
        journal.save_snapshot(Snapshot(10, 1, b"ten"))
        journal.save_snapshot(Snapshot(20, 1, b"twenty"))
    return path


def change(path: Path, statement: str) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def in_use(path: Path, to: Path) -> Path:
    """The files as a crash would leave them: copied from under a journal that is open and has written to its log."""
    with closing(open_journal(path)) as journal:
        for sequence in range(41, 81):
            journal.append([event(sequence, "late " * 100)])
        to.mkdir()
        for ending in ("", "-wal", ".witness"):
            shutil.copy(path.with_name(path.name + ending), to)
    return to / path.name


@pytest.mark.parametrize(
    ("damage", "whole"),
    [
        ("UPDATE events SET data = zeroblob(length(data)) WHERE sequence = 40", 39),
        ("UPDATE events SET data = CAST(x'ff' || data AS TEXT) WHERE sequence = 17", 16),
        ("UPDATE events SET data = 'text' WHERE sequence = 17", 16),
        ("UPDATE events SET chain = zeroblob(32) WHERE sequence = 17", 16),
        ("UPDATE events SET chain = 3 WHERE sequence = 40", 39),
        ("DELETE FROM events WHERE sequence = 1", 0),
        ("DELETE FROM events WHERE sequence = 23", 22),
    ],
)
def test_a_damaged_row_is_located_at_opening(path: Path, damage: str, whole: int) -> None:
    change(path, damage)
    with pytest.raises(
        JournalError, match=f"event {whole + 1} is damaged or missing, and the events up to {whole} are whole"
    ):
        open_journal(path)


@pytest.mark.parametrize("missing", ["> 38", "> 0"])
def test_acknowledged_events_that_are_gone_are_missed(path: Path, missing: str) -> None:
    change(path, f"DELETE FROM events WHERE sequence {missing}")  # noqa: S608 - no stranger's words
    whole = 38 if "38" in missing else 0
    with pytest.raises(
        JournalError, match=f"up to 40 were acknowledged, and only those up to {whole} are there and whole"
    ):
        open_journal(path)


def test_old_damage_is_found_by_reading_and_by_checking(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events(1, 2100))
    change(path, "UPDATE events SET data = zeroblob(length(data)) WHERE sequence = 700")
    with closing(open_journal(path)) as journal:
        for use in (journal.check, lambda: list(journal.read())):
            with pytest.raises(
                JournalError, match="event 700 is damaged or missing, and the events up to 699 are whole"
            ):
                use()
        assert list(journal.read(701)) == events(701, 2100)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, 0.999])
def test_a_log_cut_short_never_loses_what_was_acknowledged_in_silence(path: Path, tmp_path: Path, kept: float) -> None:
    crashed = in_use(path, tmp_path / "crash")
    log = crashed.with_name(crashed.name + "-wal")
    os.truncate(log, int(log.stat().st_size * kept))
    with pytest.raises(JournalError, match="up to 80 were acknowledged, and only those up to") as told:
        open_journal(crashed)
    whole = int(re.findall(r"only those up to (\d+)", str(told.value))[0])
    assert 40 <= whole < 80
    assert f"cut_journal({str(crashed)!r}, after={whole})" in str(told.value)
    cut_journal(crashed, after=whole)
    with closing(open_journal(crashed)) as journal:
        assert journal.last_sequence() == whole
        assert journal.append([event(whole + 1)]) == whole + 1


def test_a_whole_log_is_taken_up(path: Path, tmp_path: Path) -> None:
    with closing(open_journal(in_use(path, tmp_path / "crash"))) as journal:
        assert journal.last_sequence() == 80


@pytest.mark.parametrize("pages", [1, 3])
def test_a_torn_file_is_refused_with_what_is_whole(path: Path, pages: int) -> None:
    with closing(open_journal(path)) as journal:
        journal.append([event(sequence, "long " * 300) for sequence in range(41, 81)])
    os.truncate(path, path.stat().st_size - pages * 4096)
    with pytest.raises(JournalError, match=r"damaged.*(restore it from a backup|are whole)"):
        open_journal(path)


@pytest.mark.parametrize("keep_size", [True, False])
def test_a_file_that_is_no_database_is_refused(path: Path, keep_size: bool) -> None:
    path.write_bytes(b"not a journal" * (path.stat().st_size // 13 if keep_size else 1))
    with pytest.raises(JournalError, match=r"cannot be opened: .*restore it from a backup"):
        open_journal(path)


def test_an_emptied_file_is_not_a_new_journal(path: Path) -> None:
    path.write_bytes(b"")
    with pytest.raises(JournalError, match="up to 40 were acknowledged, and only those up to 0 are there"):
        open_journal(path)


def test_a_journal_that_is_gone_is_not_begun_again(path: Path) -> None:
    path.unlink()
    with pytest.raises(
        JournalError, match=r"the journal is gone, and its witness journal\.sqlite\.witness is there still"
    ):
        open_journal(path)


def test_a_journal_without_its_witness_or_with_a_damaged_one_is_refused(path: Path) -> None:
    witness = path.with_name("journal.sqlite.witness")
    noted = witness.read_bytes()
    witness.write_bytes(bytes(len(noted)))
    with pytest.raises(JournalError, match=r"damaged, so nobody can tell whether journal\.sqlite is all there"):
        open_journal(path)
    witness.unlink()
    with pytest.raises(JournalError, match=r"its witness journal\.sqlite\.witness is missing"):
        open_journal(path)
    cut_journal(path, after=40)
    with closing(open_journal(path)) as journal:
        assert list(journal.read()) == events(1, 40)


def test_another_journal_in_its_place_is_noticed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(open_journal(other)) as journal:
        journal.append(events(1, 45, "other"))
    shutil.copy(other, path)
    with pytest.raises(JournalError, match="event 40 is not the one that was acknowledged"):
        open_journal(path)


def test_a_newer_schema_is_refused_and_tables_of_others_are_too(path: Path, tmp_path: Path) -> None:
    change(path, f"UPDATE alembic_version SET version_num = '{JOURNAL_SCHEMA + 1}'")  # noqa: S608 - our own number
    with pytest.raises(
        InputError, match=f"has schema {JOURNAL_SCHEMA + 1}, and tradeworthy .* reads up to {JOURNAL_SCHEMA}"
    ):
        open_journal(path)
    other = tmp_path / "other.sqlite"
    other.with_name("other.sqlite.witness").touch()
    change(other, "CREATE TABLE events (name TEXT)")
    with pytest.raises(InputError, match="its tables are not those of a journal"):
        open_journal(other)
    with pytest.raises(InputError, match="no journal can be kept there; name a path, or postgresql://"):
        open_journal("mysql://desk@host/db")


def test_the_files_are_for_the_owner_alone(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        journal.append([event(41)])
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
    assert set(modes) == {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.sqlite.witness"}
    assert set(modes.values()) == {0o600}


def test_one_file_under_two_names_is_one_journal(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path)
    with closing(open_journal(path)), pytest.raises(JournalError, match="another process has this journal open"):
        open_journal(tmp_path / "link")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "journal", tmp_path / "none" / "journal"):
        with pytest.raises(JournalError, match="no journal can be kept there"):
            open_journal(place)


def test_a_file_that_may_not_grow_halts_and_keeps_what_was_acknowledged(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        with journal.writing("be limited") as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 12")
            connection.rollback()
        last = fill_up(path, journal.append)
        with pytest.raises(JournalError, match="an earlier write failed"):
            journal.append([event(last + 1)])
        assert journal.last_sequence() == last
    with closing(open_journal(path)) as journal:
        assert journal.check() == last
        assert journal.append([event(last + 1)]) == last + 1


def test_a_disk_that_takes_no_more_halts_and_keeps_what_was_acknowledged(path: Path) -> None:
    with closing(open_journal(path)) as journal, files_of_at_most(100_000):
        last = fill_up(path, journal.append, "the disk does not take it|the disk is full")
    with closing(open_journal(path)) as journal:
        assert journal.last_sequence() >= last
        assert [one.sequence for one in journal.read()] == list(range(1, journal.last_sequence() + 1))


def fill_up(path: Path, append: Callable[[list[Envelope]], int], said: str = "the disk is full") -> int:
    """Append until it halts; the last sequence that was acknowledged."""
    done = [40]

    def fill() -> None:
        while True:
            done.append(append([event(done[-1] + 1, "fill " * 200)]))

    with pytest.raises(JournalError, match=f"{re.escape(str(path))}: cannot append an event: ({said}).*stop trading"):
        fill()
    return done[-1]


def interrupted(connection: Connection) -> None:
    """A write that comes as far as a change without a commit."""
    connection.exec_driver_sql("DELETE FROM events")
    raise KeyboardInterrupt


def test_after_an_interrupted_write_nothing_is_written_until_the_journal_is_opened_again(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        with pytest.raises(KeyboardInterrupt), journal.writing("be interrupted") as connection:
            interrupted(connection)
        with pytest.raises(JournalError, match=r"an earlier write failed \(a write was interrupted\)"):
            journal.append([event(41)])
    with closing(open_journal(path)) as journal:
        assert list(journal.read()) == events(1, 40)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process may grow past `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_damaged_snapshot_gives_way_to_the_one_before(path: Path) -> None:
    change(path, "UPDATE snapshots SET data = x'00' WHERE sequence = 20")
    with closing(open_journal(path)) as journal:
        assert journal.load_snapshot() == Snapshot(10, 1, b"ten")
        with pytest.raises(JournalError, match="the snapshot after event 20 is damaged, all events are whole"):
            journal.check()


def test_without_a_whole_snapshot_archived_events_are_missed(path: Path, tmp_path: Path) -> None:
    with closing(open_journal(path)) as journal:
        assert archive_journal(journal, tmp_path / "archive") == 20
    change(path, "UPDATE snapshots SET data = x'00'")
    with closing(open_journal(path)) as journal, pytest.raises(JournalError, match="no snapshot is whole"):
        journal.load_snapshot()


def test_a_cut_keeps_the_old_files_and_the_snapshots_that_still_hold(path: Path) -> None:
    old = path.read_bytes()
    with pytest.raises(InputError, match="it holds whole events from 1 to 40; cut it after 40, or earlier"):
        cut_journal(path, after=41)
    kept = cut_journal(path, after=15)
    assert old in [found.read_bytes() for found in kept]
    with closing(open_journal(path)) as journal:
        assert journal.load_snapshot() == Snapshot(10, 1, b"ten")
        assert journal.append([event(16, "new")]) == 16
        assert list(journal.read(15)) == [event(15), event(16, "new")]
        with pytest.raises(JournalError, match="another process has this journal open"):
            cut_journal(path, after=15)


def test_a_backup_of_a_journal_in_use_is_restored_elsewhere_and_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    backup, restored = tmp_path / "backup.sqlite", tmp_path / "restored.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events(41, 50))
        assert backup_journal(path, backup) == 50
        assert journal.append([event(51)]) == 51
    assert restore_journal(backup, restored) == 50
    with closing(open_journal(restored)) as journal:
        assert list(journal.read()) == events(1, 50)
        assert journal.load_snapshot() == Snapshot(20, 1, b"twenty")
    with pytest.raises(OutputError, match="something of a journal is there already; move it away first"):
        restore_journal(backup, path)
    with pytest.raises(OutputError, match="a backup overwrites nothing; name another"):
        backup_journal(path, backup)
    with pytest.raises(InputError, match="there is no journal to back up"):
        backup_journal(tmp_path / "none", tmp_path / "new")
    with pytest.raises(InputError, match="there is no backup to restore"):
        restore_journal(tmp_path / "none", tmp_path / "new")
    assert not list(tmp_path.glob("*.partial"))


def test_neither_a_backup_nor_a_restored_journal_is_made_of_damage(path: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    backup_journal(path, backup)
    for damaged in (path, backup):
        change(damaged, "DELETE FROM events WHERE sequence = 30")
    with pytest.raises(JournalError, match="event 30 is damaged or missing, so no copy was made"):
        backup_journal(path, tmp_path / "new")
    with pytest.raises(JournalError, match="event 30 is damaged or missing, so no copy was made"):
        restore_journal(backup, tmp_path / "new")
    assert not list(tmp_path.glob("new*"))


def test_damage_anywhere_in_the_description_of_the_tables_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events(1, 5))
    whole = path.read_bytes()
    said = []
    for place in [place for place in range(100, 4_096, 7) if whole[place]]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :])
        for beside in path.parent.glob("journal.sqlite-*"):
            beside.unlink()
        try:
            with closing(open_journal(path)) as journal:
                assert [*journal.read(1)] == events(1, 5)
        except TradeworthyError as error:
            said.append(str(error))
    assert len(said) > 50
    assert not any("\n" in one for one in said)
