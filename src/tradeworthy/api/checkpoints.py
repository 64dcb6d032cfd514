"""Make a signed checkpoint of a desk's journal, out of what came since the one before."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tradeworthy.adapters.files.checkpoint_file import CheckpointFile, KeptLine
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.adapters.journals.tape import Parts, Tape, parts_of
from tradeworthy.api.genuine_checkpoints import desk_named, is_genuine
from tradeworthy.api.journals import journal_of
from tradeworthy.core.checkpoint import Checkpoint, fingerprint_of
from tradeworthy.core.clock import SECOND_NS, now_ns, rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, TradeworthyError
from tradeworthy.core.hash_tree import Frontier, leaf_hash
from tradeworthy.settings.desk_folder import DeskFolder

_LOOK: Final = "run `tradeworthy audit verify`"


@dataclass(frozen=True, slots=True)
class CheckpointMade:
    """checkpoint: the newest, None where the journal is not what the one before it vouched for; is_new: whether it was made
    now. sentence: for a person."""

    checkpoint: Checkpoint | None
    is_new: bool
    sentence: str


def checkpoint_journal(
    desk: str | Path = ".", *, where: str | Path | None = None, name: str | None = None
) -> CheckpointMade:
    """Sign what the journal holds now and add it to `checkpoints.jsonl`; the desk may be running.

    Only what came since the last checkpoint is read, and held against the chain from there. where, name: of the journal and
    the desk, default: as its settings say. The key is made when there is neither a key nor a checkpoint. Raises InputError
    where there is no journal or no event, where the key is lost or is not the one of the last checkpoint, and where an
    archive is needed and missing; OutputError and JournalError as they come.
    """
    folder = DeskFolder(Path(desk))
    source = journal_of(desk) if where is None else where
    if not read_journal(source).last_sequence():
        raise InputError(f"{folder.root}: the journal holds no event yet that a checkpoint could vouch for")
    called = desk_named(folder) if name is None else name
    file = CheckpointFile(folder.checkpoints)
    with file.held():
        return _made(folder, file, parts_of(source, archive_folders(folder, source)), called)


def desk_checkpoint(desk: Path, where: str | Path, name: str) -> tuple[str, bool]:
    """The same for a desk that ends: what to say, and whether all is well."""
    try:
        made = checkpoint_journal(desk, where=where, name=name)
    except TradeworthyError as error:
        return str(error), False
    return made.sentence, made.checkpoint is not None


def first_checkpoint(desk: Path, where: str | Path, name: str) -> tuple[str, bool]:
    """The same for a desk that begins. One that cannot sign trades all the same; one whose journal is not what was signed has
    forgotten something, or was told something that did not happen, and does not begin: InputError."""
    try:
        made = checkpoint_journal(desk, where=where, name=name)
    except TradeworthyError as error:
        return str(error), False
    if made.checkpoint is None:
        raise InputError(
            f"{desk}: the journal is not what this desk has signed, {made.sentence.removeprefix('no checkpoint: ')}; when you "
            "know why, move checkpoints.jsonl and checkpoints.hashes away and start again"
        )
    return made.sentence, True


def archive_folders(folder: DeskFolder, where: str | Path) -> list[Path]:
    """Where archives may lie that are not where the journal says."""
    beside = [] if isinstance(where, str) and "://" in where else [Path(where).resolve().parent]
    return [folder.root, folder.root / "archives", *beside]


def _made(folder: DeskFolder, file: CheckpointFile, parts: Parts, name: str) -> CheckpointMade:
    lines = [line for line in file.lines() if not line.is_torn]
    key = SigningKey(folder.keys)
    last = _last(lines, key)
    size = last.size if last else 0
    anew = (
        file.leaf_count() < size and not parts.missing
    )  # the hashes were lost: they are made again from the first event
    begin = Link(size, bytes.fromhex(last.chain)) if last and not anew else Link()
    if begin.sequence < parts.floor.sequence:
        raise InputError(
            f"{parts.missing}: the archive with the events up to {parts.floor.sequence} is not there, and a checkpoint needs "
            "them; bring it, into archives/"
        )
    if not _stands(parts, begin):
        return _refused(f"event {begin.sequence} is not the one that the last checkpoint vouches for, or is gone")
    tree = last.frontier() if last and not anew else Frontier()
    tape, leaves = Tape(parts, begin), bytearray()
    for page in tape:
        hashes = [leaf_hash(data) for data in page.data]
        tree.extend(hashes)
        leaves += b"".join(hashes)
    if tape.broken:
        return _refused(f"event {tape.broken.sequence} {tape.broken.sentence}")
    if last and tree.size == size and tree.root().hex() == last.root:
        return CheckpointMade(last, False, f"no event has come since the checkpoint of {last.time}: {_told(last)}")
    if last and anew and not _begins(leaves, last):
        return _refused(f"the first {counted(size, 'event')} are not those that the last checkpoint vouches for")
    signed = _signed(key, name, tree, tape.link, lines[-1].sha256 if lines else "")
    file.append(signed, begin.sequence, bytes(leaves))
    return CheckpointMade(signed, True, _told(signed))


def _last(lines: list[KeptLine], key: SigningKey) -> Checkpoint | None:
    if not lines:
        return None
    public, last = key.existing(), lines[-1].checkpoint
    if public is None:
        raise InputError(
            f"{key.path}: the key that signed the checkpoints so far is gone; restore it, or move checkpoints.jsonl away to begin "
            "anew with another"
        )
    if last is None or not is_genuine(last) or last.public_key != public:
        raise InputError(
            f"checkpoints.jsonl, line {lines[-1].number}: not signed by this desk's key as it stands; {_LOOK}, and move the file "
            "away to begin anew"
        )
    return last


def _stands(parts: Parts, link: Link) -> bool:
    """Whether the journal has this place."""
    for part in reversed(parts.all):
        if part.floor.sequence == link.sequence:
            return part.floor.chain == link.chain
        if part.floor.sequence < link.sequence:
            rows = part.reader.stored(link.sequence, 1)
            return bool(rows) and (rows[0][0], rows[0][2]) == (link.sequence, link.chain)
    return False


def _begins(leaves: bytearray, last: Checkpoint) -> bool:
    """Whether the tree of the last checkpoint is the beginning of this one."""
    tree = Frontier()
    tree.extend(bytes(leaves[at : at + 32]) for at in range(0, last.size * 32, 32))
    return tree.size == last.size and tree.root().hex() == last.root


def _signed(key: SigningKey, name: str, tree: Frontier, link: Link, before: str) -> Checkpoint:
    public, moment = key.public(), rfc3339(now_ns() // SECOND_NS * SECOND_NS)

    def of(signature: str) -> Checkpoint:
        return Checkpoint(
            desk=name, size=tree.size, root=tree.root().hex(), chain=link.chain.hex(),
            peaks=tuple(one.hex() for one in tree.peaks()), time=moment, before=before, public_key=public,
            fingerprint=fingerprint_of(public), signature=signature,
        )  # fmt: skip

    return of(key.sign(of("").signed_bytes()))


def _refused(why: str) -> CheckpointMade:
    return CheckpointMade(None, False, f"no checkpoint: {why}; {_LOOK}")


def _told(checkpoint: Checkpoint) -> str:
    return f"{counted(checkpoint.size, 'event')}, root {checkpoint.root[:16]}, signed with key {checkpoint.fingerprint}"
