"""Lines of checkpoints: how they are made, and that none can be changed, moved or taken out unseen."""

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from support.audited import added, desk_of, put, rechained, rows_of, signed
from support.journaling import event
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.api.audit_result import Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.checkpoints import checkpoint_journal
from tradeworthy.api.genuine_checkpoints import known_checkpoints
from tradeworthy.core.checkpoint import Checkpoint
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import encode
from tradeworthy.settings.desk_folder import DeskFolder

WHOLE, TAMPERED, _ = Wholeness


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Events 1 to 12, vouched for at 5 and at 9."""
    return desk_of(tmp_path / "desk", 5, 9, unsigned=3)


def test_every_byte_of_the_checkpoints_counts(desk: Path) -> None:
    path = desk / "checkpoints.jsonl"
    data = path.read_bytes()
    first = data.index(b"\n")
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 7]) + data[at + 1 :])
        line = f"line {1 if at <= first else 2}"
        if data[at - 9 : at] == b'"schema":':
            with pytest.raises(InputError, match=f"{line}.*update tradeworthy"):
                known_checkpoints(DeskFolder(desk))
            continue
        assert line in known_checkpoints(DeskFolder(desk)).findings[0].sentence, at
        assert at % 100 or audit_journal(desk).verdict is TAMPERED, at


def test_lines_of_checkpoints_that_were_removed_or_moved_are_found(desk: Path) -> None:
    signed(desk)
    path = desk / "checkpoints.jsonl"
    one, two, three = path.read_bytes().splitlines(keepends=True)
    for changed in ([one, three], [two, three], [two, one, three], [one, one, two, three]):
        path.write_bytes(b"".join(changed))
        assert audit_journal(desk).verdict is TAMPERED
    path.write_bytes(one + two)
    assert audit_journal(desk).verdict is WHOLE  # the newest may go unseen, and that is said
    assert any("removed later ones" in one for one in audit_journal(desk).not_proven)


def test_a_line_that_says_the_same_in_other_letters_is_not_the_one_that_was_written(desk: Path) -> None:
    path = desk / "checkpoints.jsonl"
    whole = path.read_bytes()
    one, two = whole.splitlines()
    fields = msgspec.json.decode(two)
    for other in (
        two.replace(b":", b": ", 1),
        msgspec.json.encode(dict(reversed(fields.items()))),
        two.replace(fields["signature"].encode(), fields["signature"].upper().encode()),
        two + b" ",
    ):
        path.write_bytes(one + b"\n" + other + b"\n")
        assert "line 2: not a checkpoint" in audit_journal(desk).sentence
    path.write_bytes(whole)
    assert audit_journal(desk).verdict is WHOLE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"size": 8, "peaks": ("00" * 32,)}, "agrees with itself"),
        ({"fingerprint": "00" * 16}, "agrees with itself"),
        ({"peaks": ()}, "complete subtrees"),
        ({"time": "yesterday"}, "not a moment"),
        ({"schema": 0}, "as it was written"),
        ({"kind": "something"}, "as it was written"),
    ],
)
def test_a_signature_does_not_make_a_checkpoint_of_what_cannot_be(
    desk: Path, fields: dict[str, object], said: str
) -> None:
    sentence = by_hand(desk, **fields)
    assert "line 3: not a checkpoint" in sentence
    assert said in sentence


def test_a_checkpoint_of_fewer_events_after_one_of_more_is_found(desk: Path) -> None:
    first = msgspec.json.decode((desk / "checkpoints.jsonl").read_bytes().splitlines()[0])
    same = {name: first[name] for name in ("size", "root", "chain", "peaks")}
    assert "line 3: it vouches for fewer events than the line before it" in by_hand(desk, **same)


def by_hand(desk: Path, **fields: object) -> str:
    """What is said when a holder of the key adds a line like the last one, but for these fields."""
    path = desk / "checkpoints.jsonl"
    last = path.read_bytes().splitlines()[-1]
    one = msgspec.json.decode(last, type=Checkpoint)
    one = msgspec.structs.replace(one, **{**fields, "before": sha256(last).hexdigest()})
    one = msgspec.structs.replace(one, signature=SigningKey(desk / "keys").sign(one.signed_bytes()))
    path.write_bytes(path.read_bytes() + one.line() + b"\n")
    audit = audit_journal(desk)
    assert audit.verdict is TAMPERED
    return audit.sentence


def test_a_line_that_a_crash_tore_is_told_and_taken_away_by_the_next_checkpoint(desk: Path) -> None:
    path = desk / "checkpoints.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:100])
    assert "line 3: not a checkpoint" in audit_journal(desk).sentence
    assert "`tradeworthy audit checkpoint` takes it away" in audit_journal(desk).sentence
    assert signed(desk).size == 12
    assert path.read_bytes().startswith(whole)
    assert audit_journal(desk).verdict is WHOLE


def test_lost_hashes_are_made_again_with_the_next_checkpoint(desk: Path) -> None:
    path = desk / "checkpoints.hashes"
    signed(desk)
    whole = path.read_bytes()
    added(desk, 13, 20)
    path.unlink()
    signed(desk)
    assert path.read_bytes()[: 12 * 32] == whole
    assert len(path.read_bytes()) == 20 * 32
    assert audit_journal(desk).verdict is WHOLE
    added(desk, 21, 22)
    path.unlink()
    rows = rows_of(desk)
    data = [row[1] for row in rows]
    data[2] = encode(event(3, "changed"))
    forged = rechained(data)
    put(desk, [*forged[:19], *rows[19:]])  # where the last checkpoint ends all seems as it was
    made = checkpoint_journal(desk)
    assert made.checkpoint is None
    assert "event 20 does not follow" in made.sentence
    put(desk, forged)
    made = checkpoint_journal(desk)
    assert made.checkpoint is None
    assert "the first 20 events are not those that the last checkpoint vouches for" in made.sentence


def test_files_from_outside_that_hold_nothing_are_refused(desk: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    with pytest.raises(InputError, match="there is no such file of checkpoints"):
        audit_journal(desk, against=copy)
    copy.write_bytes(b"")
    with pytest.raises(InputError, match="there is no checkpoint in it"):
        audit_journal(desk, against=copy)
    copy.write_bytes(b"{}\n")
    with pytest.raises(InputError, match="bring the copy as it was kept"):
        audit_journal(desk, against=copy)
    line = (desk / "checkpoints.jsonl").read_bytes().splitlines()[0]
    one = msgspec.json.decode(line, type=Checkpoint)
    copy.write_bytes(msgspec.structs.replace(one, time="2026-01-01T00:00:00Z").line() + b"\n")
    with pytest.raises(InputError, match="whose signature is wrong"):
        audit_journal(desk, against=copy)


def test_only_what_came_since_is_read_for_a_checkpoint_and_nothing_is_signed_twice(desk: Path) -> None:
    assert signed(desk).size == 12
    again = checkpoint_journal(desk)
    assert (again.is_new, again.checkpoint is not None and again.checkpoint.size) == (False, 12)
    assert len((desk / "checkpoints.jsonl").read_bytes().splitlines()) == 3
    put(desk, rows_of(desk)[:11])
    assert "event 12 is not the one" in checkpoint_journal(desk).sentence
