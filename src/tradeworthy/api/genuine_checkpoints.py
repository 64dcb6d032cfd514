"""The checkpoints that are known of a desk's journal, from its folder and from outside, and whose word they are."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tradeworthy.adapters.files.checkpoint_file import CheckpointFile, KeptLine, outside_checkpoints
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.public_key import is_signed_by
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.api.audit_result import Finding
from tradeworthy.core.checkpoint import Checkpoint, fingerprint_of
from tradeworthy.core.errors import InputError
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.loading import load


@dataclass(frozen=True, slots=True)
class Known:
    """kept: genuine ones of the folder, by size. outside: genuine ones from elsewhere. fingerprint: of the key they were
    held against; sure: whether that is known to be the desk's, from its key, from `key`, or from an outside copy."""

    kept: tuple[Checkpoint, ...]
    outside: tuple[Checkpoint, ...]
    findings: tuple[Finding, ...]
    fingerprint: str
    sure: bool

    @property
    def all(self) -> list[Checkpoint]:
        """Every one that counts, the smallest first."""
        return sorted({*self.kept, *self.outside}, key=lambda one: (one.size, one.line()))


def known_checkpoints(folder: DeskFolder, against: Path | None = None, key: str | None = None) -> Known:
    """What the desk's folder holds, and the file `against`.

    key: the desk's public key or its fingerprint; default: that of the folder. Raises InputError for a file from outside
    that holds none, damaged ones or those of another desk, for a key that is none, and for checkpoints of a newer version.
    """
    lines = CheckpointFile(folder.checkpoints).lines()
    outside = outside_checkpoints(against) if against else []
    for one in outside:
        if not is_genuine(one):
            raise InputError(
                f"{against}: a checkpoint of {one.size} events whose signature is wrong; bring the copy as kept"
            )
    trusted = given_key(key) if key else _key_of(folder)
    sure = trusted is not None or bool(outside)
    fingerprint = (
        trusted or _first_key(outside) or _first_key([one.checkpoint for one in lines if one.checkpoint]) or ""
    )
    findings = [*_foreign(outside, fingerprint, folder, against)]
    findings += _wrong_lines(lines, fingerprint)
    kept = [one.checkpoint for one in lines if one.checkpoint and is_genuine(one.checkpoint)]
    kept = sorted((one for one in kept if one.fingerprint == fingerprint), key=lambda one: one.size)
    ours = [one for one in outside if one.fingerprint == fingerprint]
    return Known(tuple(kept), tuple(ours), tuple(findings), fingerprint, sure)


def is_genuine(checkpoint: Checkpoint) -> bool:
    """Whether the key that it names signed it as it stands."""
    return is_signed_by(checkpoint.public_key, checkpoint.signed_bytes(), checkpoint.signature)


def given_key(key: str) -> str:
    """The fingerprint of a public key, or the fingerprint itself. Raises InputError for anything else."""
    found = key.strip().lower()
    if re.fullmatch(r"[0-9a-f]{32}", found):
        return found
    if re.fullmatch(r"[0-9a-f]{64}", found):
        return fingerprint_of(found)
    raise InputError(f"--key {key}: give the public key (64 hexadecimal digits) or its fingerprint (32)")


def desk_named(folder: DeskFolder) -> str:
    """What the desk is called: by its settings, or as it last said of itself, or by its folder."""
    if folder.settings.is_file():
        return load(folder.settings, os.environ).desk.name
    with suppress(InputError):  # no desk ran here, or its status is damaged
        name = StatusFile(folder.status).read()[0].get("name")
        if isinstance(name, str) and name:
            return name
    return folder.root.resolve().name


def _key_of(folder: DeskFolder) -> str | None:
    public = SigningKey(folder.keys).existing()
    return None if public is None else fingerprint_of(public)


def _first_key(checkpoints: Sequence[Checkpoint]) -> str | None:
    return checkpoints[0].fingerprint if checkpoints else None


def _foreign(
    outside: Sequence[Checkpoint], fingerprint: str, folder: DeskFolder, against: Path | None
) -> Iterator[Finding]:
    for one in outside:
        if one.fingerprint == fingerprint:
            continue
        name = desk_named(folder)
        if one.desk != name:
            raise InputError(
                f"{against}: a checkpoint of the desk {one.desk!r}, signed with key {one.fingerprint}, and this is {name!r} "
                f"with key {fingerprint}; bring one of this desk"
            )
        yield Finding(
            f"{against}: the checkpoint of {one.time} is signed with key {one.fingerprint}, and this desk's key is "
            f"{fingerprint}: the key was replaced, and with it everything here may have been; if you replaced it yourself, "
            "name the old one with --key"
        )


def _wrong_lines(lines: Sequence[KeptLine], fingerprint: str) -> Iterator[Finding]:
    before, size = "", 0
    for line in lines:
        where, one = f"checkpoints.jsonl, line {line.number}", line.checkpoint
        if one is None:
            torn = (
                "; it is not ended: after a crash, `tradeworthy audit checkpoint` takes it away" if line.is_torn else ""
            )
            yield Finding(line.problem + torn)
        elif not is_genuine(one):
            yield Finding(f"{where}: it was changed after it was signed, or signed by nobody")
        elif one.fingerprint != fingerprint:
            yield Finding(
                f"{where}: signed with key {one.fingerprint}, and this desk's key is {fingerprint}; if you replaced the key "
                "yourself, name the old one with --key"
            )
        elif one.before != before:
            yield Finding(f"{where}: it does not follow on the line before it: lines were removed, added or moved")
        elif one.size < size:
            yield Finding(f"{where}: it vouches for fewer events than the line before it")
        before, size = line.sha256, one.size if one else size
