"""What a proof shows to somebody without the journal, and that no other events can be put into it."""

import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support import plain_merkle
from support.audited import added, desk_of, put, rechained, rows_of, signed
from support.journaling import event
from tradeworthy.adapters.files.public_key import is_signed_by
from tradeworthy.api.audit_proofs import MOST_EVENTS, audit_proof, prove_events
from tradeworthy.api.audit_result import Wholeness
from tradeworthy.core.errors import InputError, JournalError, OutputError
from tradeworthy.core.events import encode

WHOLE, TAMPERED, COULD_NOT_TELL = Wholeness


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Events 1 to 13, vouched for at 5 and at 11."""
    return desk_of(tmp_path / "desk", 5, 11, unsigned=2)


@pytest.fixture
def proof(desk: Path, tmp_path: Path) -> Path:
    """Of events 6 to 8, far from the desk."""
    path, _ = prove_events(6, 8, desk, to=tmp_path / "proof.json")
    shutil.rmtree(desk)
    return path


def changed(proof: Path, **fields: Any) -> Path:
    """The proof with other fields, in a file beside it."""
    path = proof.with_name("changed.json")
    path.write_bytes(msgspec.json.encode({**msgspec.json.decode(proof.read_bytes()), **fields}))
    return path


def test_a_proof_holds_without_the_journal_and_says_what_it_leaves_open(proof: Path) -> None:
    audit = audit_proof(proof)
    assert (audit.verdict, audit.events, audit.vouched) == (WHOLE, 3, 11)
    assert "events 6 to 8 stood so in the journal of 'desk'" in audit.proven[0]
    assert "is the desk's: compare it" in audit.not_proven[0]
    told = audit_proof(proof, key=audit.fingerprint)
    assert told.verdict is WHOLE
    assert not any("compare it" in one for one in told.not_proven)
    assert audit_proof(proof, key="0" * 64).verdict is TAMPERED


def test_a_proof_holds_by_the_plain_words_of_the_standard(proof: Path) -> None:
    read = msgspec.json.decode(proof.read_bytes())
    at = read["checkpoint"]
    assert is_signed_by(
        read["public_key"], msgspec.json.encode({**at, "signature": ""}, order="sorted"), at["signature"]
    )
    for one in read["events"]:
        data = b64decode(one["data"])
        assert data == encode(event(one["sequence"]))
        path = [bytes.fromhex(found) for found in one["path"]]
        leaf = plain_merkle.mth([data])
        assert plain_merkle.inclusion_holds(leaf, one["sequence"] - 1, at["size"], bytes.fromhex(at["root"]), path)


def test_every_byte_of_a_proof_counts(proof: Path) -> None:
    whole = proof.read_bytes()
    read = msgspec.json.decode(whole)
    compact = msgspec.json.encode(read)
    for at in range(len(compact)):
        other = compact[:at] + bytes([compact[at] ^ 1 << at % 7]) + compact[at + 1 :]
        proof.write_bytes(other)
        try:
            audit = audit_proof(proof)
        except InputError:
            continue
        assert audit.verdict is TAMPERED, other[at - 20 : at + 20]


def test_events_that_were_changed_moved_or_put_in_are_named(proof: Path) -> None:
    read = msgspec.json.decode(proof.read_bytes())
    one, two, three = read["events"]
    forged = {**two, "data": b64encode(encode(event(7, "a better price"))).decode()}
    for events, named in (
        ([one, forged, three], 7),
        ([{**one, "sequence": 7}, two], 7),
        ([{**one, "path": one["path"][:-1]}], 6),
        ([{**one, "data": two["data"], "path": two["path"]}], 6),
        ([{**one, "data": b64encode(b"nothing").decode()}], 6),
    ):
        audit = audit_proof(changed(proof, events=events))
        assert audit.verdict is TAMPERED
        assert audit.findings[0].first == named
    with pytest.raises(InputError, match="no event in it"):
        audit_proof(changed(proof, events=[]))


def test_a_proof_shows_how_the_journal_grew_from_a_checkpoint_that_was_kept(desk: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes((desk / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)[0])
    signed(desk)
    plain, _ = prove_events(2, 2, desk, to=tmp_path / "plain.json")
    untold = audit_proof(plain, against=kept)
    assert untold.verdict is COULD_NOT_TELL
    assert "does not show how the journal grew" in untold.sentence
    path, proof = prove_events(2, 2, desk, to=tmp_path / "proof.json", against=kept)
    assert (proof.checkpoint.size, [one.checkpoint.size for one in proof.earlier]) == (13, [5])
    audit = audit_proof(path, against=kept)
    assert audit.verdict is WHOLE
    assert "that journal begins with the events of the checkpoint" in audit.proven[1]
    assert len(audit.not_proven) == 1
    read = msgspec.json.decode(path.read_bytes())
    read["earlier"][0]["path"][0] = "00" * 32
    audit = audit_proof(changed(path, earlier=read["earlier"]), against=kept)
    assert audit.verdict is TAMPERED
    assert "does not begin with the events" in audit.sentence


def test_another_journal_with_the_same_key_and_size_is_told_from_the_kept_one(desk: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes((desk / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)[-1])
    for name in ("checkpoints.jsonl", "checkpoints.hashes", "journal.sqlite.witness"):
        (desk / name).unlink()
    put(desk, rechained(encode(event(number, "another past")) for number in range(1, 12)))
    signed(desk)
    path, _ = prove_events(1, 3, desk, to=tmp_path / "proof.json")
    assert audit_proof(path).verdict is WHOLE
    audit = audit_proof(path, against=kept)
    assert audit.verdict is TAMPERED
    assert "of other events" in audit.sentence
    kept.write_bytes(kept.read_bytes().replace(b'"desk":"desk"', b'"desk":"else"'))
    with pytest.raises(InputError, match="not as it was signed"):
        audit_proof(path, against=kept)


def test_what_cannot_be_proved_is_one_sentence(desk: Path, tmp_path: Path) -> None:
    for first, last in ((0, 3), (4, 3), (1, MOST_EVENTS + 1)):
        with pytest.raises(InputError, match="cannot be proved"):
            prove_events(first, last, desk)
    with pytest.raises(InputError, match="no checkpoint vouches for event 12"):
        prove_events(12, 12, desk)
    with pytest.raises(InputError, match="ends with event 13"):
        prove_events(12, 14, desk)
    path, _ = prove_events(1, 11, desk, to=tmp_path / "p.json")
    with pytest.raises(OutputError, match="overwrites nothing"):
        prove_events(1, 11, desk, to=path)
    with pytest.raises(InputError, match="there is no such proof"):
        audit_proof(tmp_path / "none.json")
    with pytest.raises(InputError, match="not a proof of events"):
        audit_proof(changed(path, kind="something"))
    with pytest.raises(InputError, match=r"schema 2.*update tradeworthy"):
        audit_proof(changed(path, schema=2))
    put(desk, rechained(encode(event(number, "other")) for number in range(1, 12)))
    with pytest.raises(JournalError, match="so nothing was proved"):
        prove_events(3, 3, desk)


def test_many_events_and_sizes_prove_alike(tmp_path: Path) -> None:
    desk = desk_of(tmp_path / "desk", 1)
    for size in range(2, 18):
        added(desk, size, size)
        signed(desk)
        path, proof = prove_events(1, size, desk, to=tmp_path / f"{size}.json", against=desk / "checkpoints.jsonl")
        assert audit_proof(path, against=desk / "checkpoints.jsonl").verdict is WHOLE
        assert len(proof.earlier) == size - 1
    assert len(rows_of(desk)) == 17
