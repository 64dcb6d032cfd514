"""A journal that was touched is found out, and the first bad event named."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec
import pytest

from support.audited import added, desk_of, put, rechained, rows_of, signed, without_witness
from support.journaling import event, events
from tradeworthy.adapters.journals.copies import backup_journal, restore_journal
from tradeworthy.adapters.journals.moving import archive_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.audit_result import Audit, Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.checkpoints import checkpoint_journal
from tradeworthy.core.errors import InputError, TradeworthyError
from tradeworthy.core.events import encode
from tradeworthy.core.snapshot import Snapshot

WHOLE, TAMPERED, COULD_NOT_TELL = Wholeness


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Events 1 to 12, vouched for at 5 and at 9."""
    return desk_of(tmp_path / "desk", 5, 9, unsigned=3)


def found_at(desk: Path, sequence: int) -> Audit:
    """The audit, which has to say that this is the first bad event."""
    audit = audit_journal(desk)
    assert audit.verdict is TAMPERED, audit
    assert (audit.findings[0].first, audit.findings[0].last) == (sequence, sequence), audit.findings
    assert f"{sequence}" in audit.sentence
    return audit


def answer(desk: Path) -> Audit | None:
    """None where it is refused with a sentence."""
    with suppress(TradeworthyError):
        return audit_journal(desk)
    return None


def test_a_whole_journal_says_what_is_proven_and_what_is_not(desk: Path) -> None:
    audit = audit_journal(desk)
    assert (audit.verdict, audit.events, audit.vouched, audit.checkpoints) == (WHOLE, 12, 9, 2)
    assert audit.findings == ()
    assert "events 1 to 9 are byte for byte what was signed" in audit.proven[0]
    assert "events 10 to 12 hang together by their chain" in audit.proven[1]
    assert "rewrote events 10 to 12" in audit.not_proven[0]
    assert "has the desk's key" in audit.not_proven[1]
    assert audit.to_dict()["verdict"] == "WHOLE"


def test_an_audit_writes_nothing_and_holds_nobody_up(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        assert audit_journal(desk).verdict is WHOLE
        journal.append(events(13, 14))
        assert signed(desk).size == 14
        assert audit_journal(desk).vouched == 14
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    audit_journal(desk)
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("column", ["data", "chain"])
@pytest.mark.parametrize("sequence", range(1, 13))
def test_a_changed_event_or_hash_is_named(desk: Path, sequence: int, column: str) -> None:
    with closing(sqlite3.connect(desk / "journal.sqlite")) as connection, connection:
        stored = {
            "data": "SELECT data FROM events WHERE sequence = ?",
            "chain": "SELECT chain FROM events WHERE sequence = ?",
        }
        written = {
            "data": "UPDATE events SET data = ? WHERE sequence = ?",
            "chain": "UPDATE events SET chain = ? WHERE sequence = ?",
        }
        [old] = connection.execute(stored[column], (sequence,)).fetchone()
        connection.execute(written[column], (old[:-1] + bytes([old[-1] ^ 1]), sequence))
    found_at(desk, sequence)


def test_a_change_anywhere_in_the_file_is_found_or_changes_no_event(tmp_path: Path) -> None:
    desk = desk_of(tmp_path / "desk", 2)
    journal, whole = desk / "journal.sqlite", rows_of(desk)
    data = journal.read_bytes()
    spans = {row[0]: range(data.index(row[1]), data.index(row[2]) + 32) for row in whole}
    inside = {at: sequence for sequence, span in spans.items() for at in span}
    for at in sorted({*inside, *range(0, 100, 7), *range(100, len(data), 307)}):
        journal.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        audit = answer(desk)
        if at in inside:
            assert audit is not None, at
            assert (audit.verdict, audit.findings[0].first) == (TAMPERED, inside[at]), at
        assert audit is None or audit.verdict is TAMPERED or rows_of(desk) == whole, at


@pytest.mark.parametrize("sequence", range(1, 13))
def test_a_removed_event_is_named(desk: Path, sequence: int) -> None:
    put(desk, [row for row in rows_of(desk) if row[0] != sequence])
    found_at(desk, sequence)


@pytest.mark.parametrize("sequence", range(1, 10))
@pytest.mark.parametrize("is_renumbered", [False, True])
def test_a_removed_event_is_named_though_the_chain_was_made_anew(
    desk: Path, sequence: int, is_renumbered: bool
) -> None:
    data = [row[1] for row in rows_of(desk) if row[0] != sequence]
    if is_renumbered:
        data = [
            encode(event(number, body=msgspec.msgpack.decode(one)["body"])) for number, one in enumerate(data, start=1)
        ]
    put(desk, rechained(data))
    without_witness(desk)
    found_at(desk, sequence)


@pytest.mark.parametrize("sequence", range(1, 12))
def test_two_events_that_were_swapped_are_found_at_the_first(desk: Path, sequence: int) -> None:
    rows = rows_of(desk)
    left, right = rows[sequence - 1], rows[sequence]
    rows[sequence - 1 : sequence + 1] = [(sequence, *right[1:]), (sequence + 1, *left[1:])]
    put(desk, rows)
    found_at(desk, sequence)
    put(desk, rechained(row[1] for row in rows))
    found_at(desk, sequence)


@pytest.mark.parametrize("sequence", range(1, 13))
def test_an_added_event_is_named(desk: Path, sequence: int) -> None:
    rows = rows_of(desk)
    new = (sequence, encode(event(sequence, "never happened")), bytes(32))
    moved = [(number + 1, data, chain) for number, data, chain in rows[sequence - 1 :]]
    put(desk, [*rows[: sequence - 1], new, *moved])
    found_at(desk, sequence)
    if sequence <= 9:
        put(desk, rechained(row[1] for row in [*rows[: sequence - 1], new, *moved]))
        found_at(desk, sequence)


def test_rows_before_the_first_event_and_far_behind_the_last_are_found(desk: Path) -> None:
    rows = rows_of(desk)
    put(desk, [(-4, b"x", b"y"), *rows])
    assert "a row -4 stands before the first event 1" in audit_journal(desk).sentence
    put(desk, [*rows, (1000, b"x", b"y")])
    assert "those up to 999 are missing" in found_at(desk, 13).sentence


@pytest.mark.parametrize("left", range(12))
def test_a_journal_that_was_cut_off_is_found_at_the_first_event_that_is_gone(desk: Path, left: int) -> None:
    put(desk, rows_of(desk)[:left])
    found_at(desk, left + 1)
    if left < 9:
        without_witness(desk)
        audit = found_at(desk, left + 1)
        assert audit.vouched == (5 if left >= 5 else 0)


def test_a_journal_that_was_put_back_whole_is_found(desk: Path, tmp_path: Path) -> None:
    old = desk_of(tmp_path / "old", 7)  # the same events, as a copy of that moment would hold them
    for name in ("journal.sqlite", "journal.sqlite.witness"):
        shutil.copy(old / name, desk / name)
    assert "vouches for 9" in found_at(desk, 8).sentence
    added(desk, 8, 20, "another past")
    found_at(desk, 8)
    made = checkpoint_journal(desk)
    assert made.checkpoint is None
    assert "event 9 is not the one" in made.sentence


def test_a_restored_backup_is_told_as_the_loss_that_it_is(desk: Path) -> None:
    backup_journal(desk / "journal.sqlite", desk / "backup.sqlite")
    added(desk, 13, 15)
    signed(desk)
    for path in desk.glob("journal.sqlite*"):
        path.unlink()
    assert "the journal is gone" in found_at(desk, 1).sentence
    restore_journal(desk / "backup.sqlite", desk / "journal.sqlite")
    found_at(desk, 13)


def test_the_witness_vouches_for_the_last_event_until_it_is_changed_too(desk: Path) -> None:
    data = [row[1] for row in rows_of(desk)]
    put(desk, rechained([*data[:11], encode(event(12, "a better price"))]))
    assert "the witness noted" in found_at(desk, 12).sentence
    without_witness(desk)
    audit = audit_journal(desk)
    assert audit.verdict is WHOLE
    assert "rewrote events 10 to 12" in audit.not_proven[0]  # no checkpoint vouches for them, and that is said


def test_a_rewrite_without_the_key_is_found_and_named(desk: Path) -> None:
    data = [row[1] for row in rows_of(desk)]
    data[6] = encode(event(7, "a better price"))
    put(desk, rechained(data))
    without_witness(desk)
    audit = found_at(desk, 7)
    assert audit.vouched == 5
    assert "events 1 to 5 are byte for byte" in audit.proven[0]
    (desk / "checkpoints.hashes").unlink()
    audit = audit_journal(desk)
    assert (audit.findings[0].first, audit.findings[0].last) == (6, 8)  # as narrow as the tree of the checkpoint tells
    assert "one of the events 6 to 8" in audit.sentence
    put(desk, rechained([*(encode(event(number)) for number in range(1, 9)), encode(event(9, "a better price"))]))
    audit = audit_journal(desk)
    assert (audit.findings[0].first, audit.findings[0].last) == (9, 9)


def test_hashes_that_were_changed_along_do_not_mislead(desk: Path) -> None:
    data = [row[1] for row in rows_of(desk)]
    data[6] = encode(event(7, "a better price"))
    put(desk, rechained(data))
    hashes = (desk / "checkpoints.hashes").read_bytes()
    (desk / "checkpoints.hashes").write_bytes(bytes(32) + hashes[32:])
    audit = audit_journal(desk)
    assert (audit.findings[0].first, audit.findings[0].last) == (6, 8)


def test_only_a_copy_outside_shows_what_a_holder_of_the_key_did(desk: Path, tmp_path: Path) -> None:
    outside = tmp_path / "kept-by-the-auditor.jsonl"
    outside.write_bytes((desk / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)[-1])
    data = [row[1] for row in rows_of(desk)]
    data[3] = encode(event(4, "a better price"))
    put(desk, rechained(data))
    without_witness(desk)
    for name in ("checkpoints.jsonl", "checkpoints.hashes"):
        (desk / name).unlink()
    signed(desk)
    assert audit_journal(desk).verdict is WHOLE
    audit = audit_journal(desk, against=outside)
    assert audit.verdict is TAMPERED
    assert (audit.findings[0].first, audit.findings[0].last) == (1, 8)


def test_an_outside_copy_that_fits_closes_what_the_key_leaves_open(desk: Path, tmp_path: Path) -> None:
    signed(desk)
    outside = tmp_path / "copy.jsonl"
    shutil.copy(desk / "checkpoints.jsonl", outside)
    audit = audit_journal(desk, against=outside)
    assert (audit.verdict, audit.checkpoints) == (WHOLE, 3)
    assert not any("key" in one for one in audit.not_proven)


def test_without_a_checkpoint_nobody_can_tell(desk: Path) -> None:
    (desk / "checkpoints.jsonl").unlink()
    audit = audit_journal(desk)
    assert audit.verdict is COULD_NOT_TELL
    assert "12 events hang together, and no checkpoint is known" in audit.sentence
    put(desk, [row for row in rows_of(desk) if row[0] != 4])
    found_at(desk, 4)


def test_with_a_lost_key_nobody_can_tell_unless_it_is_named(desk: Path, tmp_path: Path) -> None:
    key = (desk / "keys" / "signing.key").rename(tmp_path / "hidden")
    audit = audit_journal(desk)
    assert audit.verdict is COULD_NOT_TELL
    assert "the desk's key is gone" in audit.sentence
    line = msgspec.json.decode((desk / "checkpoints.jsonl").read_bytes().splitlines()[0])
    for name in (line["fingerprint"], line["public_key"].upper()):
        assert audit_journal(desk, key=name).verdict is WHOLE
    copy = tmp_path / "copy.jsonl"
    shutil.copy(desk / "checkpoints.jsonl", copy)
    assert audit_journal(desk, against=copy).verdict is WHOLE
    assert audit_journal(desk, key="0" * 32).verdict is TAMPERED
    with pytest.raises(InputError, match="the key that signed the checkpoints so far is gone"):
        checkpoint_journal(desk)
    with pytest.raises(InputError, match="give the public key"):
        audit_journal(desk, key="mine")
    assert not key.with_name("signing.key").exists()
    assert not (desk / "keys" / "signing.key").exists()


def test_checkpoints_of_another_key_do_not_count(desk: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    shutil.copy(desk / "checkpoints.jsonl", copy)
    shutil.rmtree(desk / "keys")
    for name in ("checkpoints.jsonl", "checkpoints.hashes"):
        (desk / name).unlink()
    data = [encode(event(number, "all invented")) for number in range(1, 13)]
    put(desk, rechained(data))
    without_witness(desk)
    signed(desk)  # with a key of the forger
    assert audit_journal(desk).verdict is WHOLE
    audit = audit_journal(desk, against=copy)
    assert audit.verdict is TAMPERED
    assert "the key was replaced" in audit.sentence
    mixed = copy.read_bytes() + (desk / "checkpoints.jsonl").read_bytes()
    (desk / "checkpoints.jsonl").write_bytes(mixed)
    assert "line 1: signed with key" in audit_journal(desk).sentence


def test_a_checkpoint_of_another_desk_is_refused(desk: Path, tmp_path: Path) -> None:
    other = desk_of(tmp_path / "other", 4)
    with pytest.raises(InputError, match=r"a checkpoint of the desk 'other'.*this is 'desk'"):
        audit_journal(desk, against=other / "checkpoints.jsonl")
    for name in ("checkpoints.jsonl", "checkpoints.hashes"):
        shutil.copy(other / name, desk / name)
    audit = audit_journal(desk)
    assert audit.verdict is TAMPERED
    assert "checkpoints.jsonl, line 1: signed with key" in audit.sentence


def test_archived_events_are_followed_and_counted(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.save_snapshot(Snapshot(4, 1, b"four"))
        archive_journal(journal, desk / "old.sqlite")
        journal.append(events(13, 14))
        journal.save_snapshot(Snapshot(11, 1, b"eleven"))
        (desk / "archives").mkdir()
        archive_journal(journal, desk / "archives" / "older.sqlite")
    (desk / "old.sqlite").rename(desk / "archives" / "old.sqlite")  # found there too
    assert signed(desk).size == 14
    audit = audit_journal(desk)
    assert (audit.verdict, audit.events, audit.vouched) == (WHOLE, 14, 14)
    archive = desk / "archives" / "old.sqlite"
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE events SET data = data || x'00' WHERE sequence = 2")
    found_at(desk, 2)
    archive.rename(desk / "gone")
    audit = audit_journal(desk)
    assert audit.verdict is COULD_NOT_TELL
    assert "old.sqlite, which is not there" in audit.sentence
    assert "events 5 to 14" in audit.proven[0]  # the signed chain vouches for what is here
    assert "events 1 to 4" in audit.not_proven[0]
    added(desk, 15, 16)
    assert signed(desk).size == 16  # a checkpoint goes on from the one before


def test_an_archive_that_was_made_anew_is_found(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.save_snapshot(Snapshot(6, 1, b"six"))
        archive_journal(journal, desk / "old.sqlite")
    data = [encode(event(number, "invented")) for number in range(1, 7)]
    with closing(sqlite3.connect(desk / "old.sqlite")) as connection, connection:
        connection.execute("DELETE FROM events")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rechained(data))
    found_at(desk, 1)
    (desk / "checkpoints.jsonl").unlink()
    audit = found_at(desk, 6)  # without a checkpoint the seam still shows it
    assert "with the hash on which the next part goes on" in audit.sentence


def test_another_journal_under_the_name_of_an_archive_is_not_followed(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.save_snapshot(Snapshot(6, 1, b"six"))
        archive_journal(journal, desk / "old.sqlite")
    shutil.copy(desk / "journal.sqlite", desk / "old.sqlite")
    assert audit_journal(desk).verdict is COULD_NOT_TELL


def test_a_damaged_snapshot_is_found(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.save_snapshot(Snapshot(6, 1, b"six"))
    assert audit_journal(desk).verdict is WHOLE
    with closing(sqlite3.connect(desk / "journal.sqlite")) as connection, connection:
        connection.execute("UPDATE snapshots SET data = x'00'")
    assert "the snapshot after event 6" in audit_journal(desk).sentence


def test_a_journal_of_a_newer_version_asks_for_that_version(desk: Path) -> None:
    with closing(sqlite3.connect(desk / "journal.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(InputError, match=r"schema 99.*update tradeworthy"):
        audit_journal(desk)


def test_an_event_of_a_newer_version_is_no_tampering(tmp_path: Path) -> None:
    desk = desk_of(tmp_path / "desk", 3)
    newer = msgspec.msgpack.encode(msgspec.structs.replace(event(4), schema=2))
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.append_bytes([newer])
    signed(desk)
    with pytest.raises(InputError, match="event 4 was written by a newer version"):
        audit_journal(desk)


@pytest.mark.parametrize("bytes_that_are_none", [b"\x01", encode(event(4)).replace(b"schema", b"sch\xffma")])
def test_bytes_that_are_no_event_are_found_though_they_are_chained(tmp_path: Path, bytes_that_are_none: bytes) -> None:
    desk = desk_of(tmp_path / "desk", 3)
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.append_bytes([bytes_that_are_none])
    assert "is no event" in found_at(desk, 4).sentence
    made = checkpoint_journal(desk)
    assert made.checkpoint is None


def test_a_journal_that_is_not_there_or_empty_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such journal"):
        audit_journal(tmp_path)
    open_journal(tmp_path / "journal.sqlite").close()
    assert audit_journal(tmp_path).verdict is COULD_NOT_TELL
    with pytest.raises(InputError, match="no event yet"):
        checkpoint_journal(tmp_path)
    assert not (tmp_path / "checkpoints.jsonl").exists()
