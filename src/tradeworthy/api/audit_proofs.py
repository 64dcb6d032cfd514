"""Prove some events of a journal to somebody who does not have it, and check such a proof."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tradeworthy.adapters.files.checkpoint_file import outside_checkpoints
from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.adapters.journals.tape import Parts, Tape, parts_of
from tradeworthy.api.audit_result import Audit, Finding, Wholeness
from tradeworthy.api.checkpoints import archive_folders
from tradeworthy.api.genuine_checkpoints import Known, given_key, is_genuine, known_checkpoints
from tradeworthy.api.journals import journal_of
from tradeworthy.core.checkpoint import Checkpoint
from tradeworthy.core.clock import folder_stamp, now_ns
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, JournalError, OutputError
from tradeworthy.core.events import head_of
from tradeworthy.core.hash_paths import HashTree
from tradeworthy.core.hash_tree import leaf_hash
from tradeworthy.core.journal_proof import Earlier, JournalProof, ProvenEvent, proof_from
from tradeworthy.settings.desk_folder import DeskFolder

MOST_EVENTS = 10_000
"""In one proof."""


def prove_events(
    first: int,
    last: int,
    desk: str | Path = ".",
    *,
    to: str | Path | None = None,
    against: str | Path | None = None,
    key: str | None = None,
) -> tuple[Path, JournalProof]:
    """Write events `first` to `last` with their inclusion proofs, the newest checkpoint that vouches for them, and its key.

    to: default `proofs/<UTC>-<first>-<last>.json` in the desk's folder. against: checkpoints that the reader of the proof
    holds; it then shows too that the journal begins with theirs. Raises InputError where no checkpoint vouches for the
    events or an archive is missing; JournalError where the journal is not what the checkpoint vouches for; OutputError where
    the file exists or cannot be written.
    """
    folder, where = DeskFolder(Path(desk)), journal_of(desk)
    if not 1 <= first <= last or last - first >= MOST_EVENTS:
        raise InputError(
            f"events {first} to {last} cannot be proved; name at most {MOST_EVENTS:,} events, from 1 on, as 10-20"
        )
    known = known_checkpoints(folder, Path(against) if against else None, key)
    parts = parts_of(where, archive_folders(folder, where))
    if parts.missing:
        raise InputError(f"{parts.missing}: this archive is needed, and is not there; bring it, into archives/")
    newest = _vouching(known, last, parts)
    tree, chosen = _read(parts, newest, first, last)
    proof = JournalProof(
        public_key=newest.public_key, checkpoint=newest, events=tuple(_proven(tree, newest, first, chosen)),
        earlier=tuple(_earlier(tree, newest, known)),
    )  # fmt: skip
    return _written(folder, to, f"{first}-{last}", proof), proof


def audit_proof(path: str | Path, *, against: str | Path | None = None, key: str | None = None) -> Audit:
    """Check a proof without the journal and without the desk. key: the desk's public key or fingerprint, as it told you
    before. against: checkpoints of the desk that you kept. Raises InputError for a file that is no proof."""
    proof = _proof_at(Path(path))
    held = outside_checkpoints(Path(against)) if against else []
    if not all(map(is_genuine, held)):
        raise InputError(f"{against}: a checkpoint in it is not as it was signed; bring the copy as it was kept")
    findings, at = tuple(_wrong(proof, held, given_key(key) if key else "")), proof.checkpoint
    if findings:
        nothing = ("anything: a proof of which a part is wrong proves nothing",)
        return Audit(
            Wholeness.TAMPERED, findings[0].sentence, findings, (), nothing, checkpoints=1, fingerprint=at.fingerprint
        )
    untold = next((one for one in held if not _is_shown(proof, one)), None)
    verdict, sentence = Wholeness.WHOLE, f"{counted(len(proof.events), 'event')} of {at.desk!r}, proven by {_told(at)}"
    if untold:
        verdict = Wholeness.COULD_NOT_TELL
        sentence = (
            f"the proof does not show how the journal grew from {_told(untold)}; have it made with --against that one"
        )
    return Audit(
        verdict, sentence, (), tuple(_shown(proof)), tuple(_not_shown(proof, held, key)), len(proof.events), at.size, 1,
        at.fingerprint,
    )  # fmt: skip


def _vouching(known: Known, last: int, parts: Parts) -> Checkpoint:
    end = parts.all[-1].reader.last_sequence()
    if last > end:
        raise InputError(f"the journal ends with event {end}, so event {last} cannot be proved")
    newest = max((one for one in known.all if one.size >= last), key=lambda one: one.size, default=None)
    if newest is None:
        raise InputError(f"no checkpoint vouches for event {last}; make one with `tradeworthy audit checkpoint`")
    return newest


def _read(parts: Parts, newest: Checkpoint, first: int, last: int) -> tuple[HashTree, list[bytes]]:
    """The tree of the checkpoint, and the bytes of the events that are wanted."""
    leaves, chosen, begin = bytearray(), [], 0
    tape = Tape(parts, parts.floor)
    for page in tape:
        leaves += b"".join(leaf_hash(data) for data in page.data)
        chosen += page.data[max(first - 1 - begin, 0) : max(last - begin, 0)]
        begin += len(page.data)
        if begin >= newest.size:
            break
    tree = HashTree([bytes(leaves[: newest.size * 32])])
    if tree.size < newest.size or tree.root().hex() != newest.root:
        raise JournalError(
            f"the journal is not what the checkpoint of {newest.time} vouches for, so nothing was proved; run `tradeworthy "
            "audit verify`"
        )
    return tree, chosen


def _proven(tree: HashTree, newest: Checkpoint, first: int, chosen: list[bytes]) -> Iterator[ProvenEvent]:
    for sequence, data in enumerate(chosen, start=first):
        path = tuple(one.hex() for one in tree.inclusion(sequence - 1, newest.size))
        yield ProvenEvent(sequence=sequence, data=b64encode(data).decode(), path=path)


def _earlier(tree: HashTree, newest: Checkpoint, known: Known) -> Iterator[Earlier]:
    for one in known.outside:
        if one != newest:
            path = tuple(found.hex() for found in tree.consistency(one.size, newest.size))
            yield Earlier(checkpoint=one, path=path)


def _written(folder: DeskFolder, to: str | Path | None, span: str, proof: JournalProof) -> Path:
    path = Path(to) if to else folder.root / "proofs" / f"{folder_stamp(now_ns())}-{span}.json"
    data = msgspec.json.format(msgspec.json.encode(proof), indent=1) + b"\n"
    try:
        return write_new(path.parent, data, [path.name])
    except FileExistsError as error:
        raise OutputError(f"{path}: there is a file already, and a proof overwrites nothing; name another") from error
    except OSError as error:
        raise OutputError(
            f"{path}: the proof cannot be written there ({error.strerror}); name another place"
        ) from error


def _proof_at(path: Path) -> JournalProof:
    try:
        return proof_from(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such proof; `tradeworthy audit prove` writes one") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _wrong(proof: JournalProof, held: list[Checkpoint], key: str) -> Iterator[Finding]:
    at = proof.checkpoint
    if proof.public_key != at.public_key or not is_genuine(at):
        yield Finding(f"the checkpoint of {at.time} was changed after it was signed, or signed by nobody")
    trusted = key or next((one.fingerprint for one in held), at.fingerprint)
    if at.fingerprint != trusted:
        yield Finding(f"the checkpoint is signed with key {at.fingerprint}, and not with {trusted}")
    for sequence in proof.wrong_events():
        yield Finding(f"event {sequence} does not lead to the root of the checkpoint", sequence, sequence)
    for one in proof.events:
        yield from _wrong_place(one)
    for old in proof.wrong_earlier():
        yield Finding(f"the journal does not begin with the events of {_told(old)}")
    for kept in held:
        if kept.size == at.size and kept.root != at.root:
            yield Finding(f"{_told(kept)} that was kept is of other events than {_told(at)} in the proof")


def _is_shown(proof: JournalProof, held: Checkpoint) -> bool:
    """Whether the proof leads from this checkpoint to its own."""
    known = {(one.size, one.root) for one in (proof.checkpoint, *(old.checkpoint for old in proof.earlier))}
    return (held.size, held.root) in known


def _wrong_place(one: ProvenEvent) -> Iterator[Finding]:
    head = head_of(one.stored())
    if head is None:
        yield Finding(
            f"event {one.sequence} is none: its bytes were written by something else", one.sequence, one.sequence
        )
    elif head.sequence != one.sequence:
        yield Finding(
            f"event {one.sequence} says of itself that it is event {head.sequence}", one.sequence, one.sequence
        )


def _shown(proof: JournalProof) -> Iterator[str]:
    first, last, at = proof.events[0].sequence, proof.events[-1].sequence, proof.checkpoint
    events = f"event {first:,}" if first == last else f"events {first:,} to {last:,}"
    yield f"{events} stood so in the journal of {at.desk!r} that was signed with key {at.fingerprint}: {_told(at)}"
    for one in proof.earlier:
        yield f"that journal begins with the events of {_told(one.checkpoint)}"


def _not_shown(proof: JournalProof, held: list[Checkpoint], key: str | None) -> Iterator[str]:
    if not key and not held:
        yield (
            f"that key {proof.checkpoint.fingerprint} is the desk's: compare it with what the desk told you, or give it with "
            "--key"
        )
    if not held:
        yield "that the desk shows everybody the same journal: a checkpoint that you kept shows it (--against)"
    yield "anything about events that are not in the file, and whether what the desk wrote down was true"


def _told(checkpoint: Checkpoint) -> str:
    return f"the checkpoint of {checkpoint.time} ({counted(checkpoint.size, 'event')})"
