"""Is the journal of a desk what it was? Every event, every checkpoint, and where the first bad thing is."""

from collections.abc import Iterator
from pathlib import Path

from tradeworthy.adapters.files.checkpoint_file import CheckpointFile
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.tape import Parts, is_damage, parts_of
from tradeworthy.adapters.journals.witness import noted_beside
from tradeworthy.api.audit_result import Audit, Finding, Wholeness
from tradeworthy.api.audit_walk import Walk, first_changed, walked
from tradeworthy.api.checkpoints import archive_folders
from tradeworthy.api.genuine_checkpoints import Known, known_checkpoints
from tradeworthy.api.journals import journal_of
from tradeworthy.core.checkpoint import Checkpoint
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.version import EVENT_SCHEMA
from tradeworthy.settings.desk_folder import DeskFolder


def audit_journal(desk: str | Path = ".", *, against: str | Path | None = None, key: str | None = None) -> Audit:
    """Read the journal and its archives from end to end, whether the desk runs or not, and hold it against checkpoints.

    against: a file of checkpoints that was kept elsewhere. key: the desk's public key or its fingerprint, where the folder's own
    is not to be believed, or is lost. Raises InputError where there is no journal, or one of a newer version, and for what
    `known_checkpoints` refuses; JournalError where the database cannot be reached.
    """
    folder, where = DeskFolder(Path(desk)), journal_of(desk)
    known = known_checkpoints(folder, Path(against) if against else None, key)
    is_file = not (isinstance(where, str) and "://" in where)
    noted = noted_beside(Path(where).resolve()) if is_file else None  # before the events: a running desk adds to both
    if is_file and known.all and known.all[-1].size and not Path(where).exists():
        return _gone(known, known.all[-1])
    try:
        parts = parts_of(where, archive_folders(folder, where))
        walk = walked(parts, known.all, noted)
        others = tuple(_beside_the_events(parts, walk, noted))
    except JournalError as error:
        if not is_damage(error):
            raise
        return _unreadable(known, error)
    events = _bad_events(parts, CheckpointFile(folder.checkpoints), known, walk)
    findings = (*events, *known.findings, *others)
    if findings:
        return _tampered(known, walk, findings)
    if walk.newer:
        raise InputError(
            f"event {walk.newer} was written by a newer version (this one reads events of schema 1 to {EVENT_SCHEMA}); update "
            "tradeworthy"
        )
    return _answer(parts, known, walk)


def _bad_events(parts: Parts, file: CheckpointFile, known: Known, walk: Walk) -> tuple[Finding, ...]:
    """At most one: the first bad event, as exactly as it can be told."""
    gone = None if walk.broken else next((one for one in known.all if one.size > walk.end), None)
    if not (walk.wrong or walk.broken or gone):
        return ()
    exact = first_changed(parts, file, known.all, walk.end)
    if exact:
        one = next(one for one in known.all if one.size >= exact)
        return (Finding(f"event {exact} is not the one that the checkpoint of {one.time} vouches for", exact, exact),)
    if walk.wrong:
        first, past = walk.suspects
        among = f"event {first}" if first == past else f"one of the events {first} to {past}"
        return (Finding(f"{among} is not what the checkpoint of {walk.wrong.time} vouches for", first, past),)
    if walk.broken:
        at = walk.broken.sequence
        return (Finding(f"event {at} {walk.broken.sentence}", at, at),)
    return (_cut_off(walk, gone, known.all[-1]),) if gone else ()


def _cut_off(walk: Walk, gone: Checkpoint, last: Checkpoint) -> Finding:
    return Finding(
        f"{_span(walk.end + 1, last.size)} gone: the journal ends with event {walk.end}, and the checkpoint of {gone.time} "
        f"vouches for {gone.size:,}; it was cut off, or an older copy was put in its place",
        walk.end + 1, walk.end + 1,
    )  # fmt: skip


def _beside_the_events(parts: Parts, walk: Walk, noted: Link | None) -> Iterator[Finding]:
    if walk.is_unwitnessed and noted:
        yield Finding(f"event {noted.sequence} is not the one that the witness noted", noted.sequence, noted.sequence)
    if noted and noted.sequence > walk.end and not walk.broken:
        yield Finding(
            f"{_span(walk.end + 1, noted.sequence)} gone: the witness noted that it was acknowledged",
            walk.end + 1, walk.end + 1,
        )  # fmt: skip
    for part in parts.all:
        first = part.reader.first_stored()
        if first is not None and first <= part.floor.sequence:
            yield Finding(
                f"{part.reader.name}: a row {first} stands before the first event {part.floor.sequence + 1}; it was added",
                max(first, 0), max(first, 0),
            )  # fmt: skip
        damaged = part.reader.damaged_snapshot()
        if damaged:
            yield Finding(f"{part.reader.name}: the snapshot after event {damaged} is not as it was written")


def _span(first: int, last: int) -> str:
    return f"event {first} is" if first == last else f"events {first} to {last} are"


def _gone(known: Known, last: Checkpoint) -> Audit:
    finding = Finding(
        f"the journal is gone, and the checkpoint of {last.time} vouches for {counted(last.size, 'event')}", 1, 1
    )
    return _without_events(known, finding)


def _unreadable(known: Known, error: JournalError) -> Audit:
    return _without_events(known, Finding(f"it can no longer be read as a journal: {error}", 1, 1))


def _without_events(known: Known, finding: Finding) -> Audit:
    return Audit(
        Wholeness.TAMPERED, finding.sentence, (finding, *known.findings), (), ("any event of the journal",),
        checkpoints=len(known.all), fingerprint=known.fingerprint,
    )  # fmt: skip


def _tampered(known: Known, walk: Walk, findings: tuple[Finding, ...]) -> Audit:
    vouched = min(walk.vouched, max((findings[0].first or walk.vouched + 1) - 1, 0))
    proven = (_vouched_for(known, 1, vouched),) if vouched and known.sure else ()
    return Audit(
        Wholeness.TAMPERED, findings[0].sentence, findings, proven,
        ("who did it and when: a failing disk, a restored backup and a forger look alike", _REST),
        walk.end, vouched, len(known.all), known.fingerprint,
    )  # fmt: skip


def _answer(parts: Parts, known: Known, walk: Walk) -> Audit:
    first = parts.floor.sequence + 1
    proven = [_vouched_for(known, first, walk.vouched)] if walk.vouched >= first else []
    if walk.end > walk.vouched:
        begin = max(walk.vouched + 1, first)
        proven.append(f"{_these(begin, walk.end)} hang together by their chain, which a failing disk would have broken")
    open_questions = [*_unproven(parts, known, walk)]
    why = _why_not(parts, known, walk)
    if why:
        verdict, sentence = Wholeness.COULD_NOT_TELL, why
    else:
        verdict = Wholeness.WHOLE
        sentence = f"{counted(walk.end, 'event')}, held against {counted(len(known.all), 'checkpoint')}"
    return Audit(
        verdict, sentence, (), tuple(proven), tuple(open_questions), walk.end, walk.vouched, len(known.all), known.fingerprint
    )  # fmt: skip


def _why_not(parts: Parts, known: Known, walk: Walk) -> str:
    """Why it cannot be told; empty where it can."""
    if not known.all:
        return (
            f"{counted(walk.end, 'event')} hang together, and no checkpoint is known: make one with `tradeworthy audit "
            "checkpoint`, or bring one with --against"
        )
    if not known.sure:
        return (
            "the desk's key is gone, so nobody knows whether the checkpoints are the desk's own; restore keys/signing.key, or "
            "name the key with --key"
        )
    if parts.missing:
        return f"events up to {parts.floor.sequence} were moved to {parts.missing}, which is not there; bring it, into archives/"
    return ""


def _vouched_for(known: Known, first: int, last: int) -> str:
    return (
        f"{_these(first, last)} {'are' if last > first else 'is'} byte for byte what was signed with key {known.fingerprint}: "
        "none changed, removed, added or moved"
    )


def _unproven(parts: Parts, known: Known, walk: Walk) -> Iterator[str]:
    if parts.missing:
        yield f"{_these(1, parts.floor.sequence)}: nobody has looked at them"
    if walk.end > walk.vouched:
        begin = max(walk.vouched, parts.floor.sequence) + 1
        yield (
            f"that nobody rewrote {_these(begin, walk.end)}, with the chain, or removed later ones: no checkpoint vouches for them"
        )
    elif known.all:
        yield "that no later events were removed, with the checkpoints after them"
    outside = max((one.size for one in known.outside), default=0)
    if outside < walk.end and known.all:
        yield (
            f"that nobody who has the desk's key made {_these(outside + 1, walk.end)} anew, checkpoints included: a copy of the "
            "newest checkpoint kept elsewhere shows that (--against)"
        )
    yield _REST


def _these(first: int, last: int) -> str:
    return f"event {first:,}" if first == last else f"events {first:,} to {last:,}"


_REST = "that what the desk wrote down was true when it was written"
