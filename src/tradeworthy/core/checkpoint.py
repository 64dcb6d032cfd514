"""A signed statement of what a journal held at a moment, short enough for somebody outside to keep."""

from hashlib import sha256
from typing import Annotated, Final

import msgspec

from tradeworthy.core.clock import from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.hash_tree import Frontier
from tradeworthy.core.version import CHECKPOINT_SCHEMA

_KIND: Final = "journal-checkpoint"
Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""32 bytes in hexadecimal."""


class NewerCheckpoint(InputError):  # noqa: N818 - reads as what it is at the place where it is caught
    """A newer version of tradeworthy made it."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The journal of `desk` held `size` events at `time` (RFC 3339), and these were they.

    root: of the tree of RFC 6962 over the stored bytes of events 1 to `size`. peaks: roots of its complete subtrees, the
    largest first, from which the tree goes on. chain: the journal's own hash after event `size`. before: SHA-256 of the
    line before this one in the desk's file, empty in the first. fingerprint: of the public key. signature: Ed25519 over
    everything else; all of them hexadecimal.
    """

    schema: int = CHECKPOINT_SCHEMA
    kind: str = _KIND
    desk: str
    size: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    root: Hash
    chain: Hash
    peaks: tuple[Hash, ...]
    time: str
    before: Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{64})?\Z")]
    public_key: Hash
    fingerprint: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    signature: Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{128})?\Z")] = ""

    def signed_bytes(self) -> bytes:
        """What the signature is over: JSON with sorted keys, without spaces, the signature empty."""
        return msgspec.json.encode(msgspec.structs.replace(self, signature=""), order="sorted")

    def line(self) -> bytes:
        """The one form in which it is written, without the newline."""
        return msgspec.json.encode(self)

    def frontier(self) -> Frontier:
        """The tree, to go on from."""
        return Frontier(self.size, [bytes.fromhex(one) for one in self.peaks])


class _Version(msgspec.Struct):
    schema: int
    kind: str


def checkpoint_from(line: bytes, where: str) -> Checkpoint:
    """The checkpoint in a line, whose signature nobody has looked at yet. where: what to call it.

    Raises InputError for what is none, does not agree with itself, or was made by a newer version.
    """
    try:
        version = msgspec.json.decode(line, type=_Version)
        if version.kind == _KIND and version.schema > CHECKPOINT_SCHEMA:
            raise NewerCheckpoint(
                f"{where}: schema {version.schema}, and this version reads up to {CHECKPOINT_SCHEMA}; update tradeworthy"
            )
        found = msgspec.json.decode(line, type=Checkpoint)
        root = found.frontier().root()
        from_rfc3339(found.time)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{where}: not a checkpoint ({error})") from error
    if found.line() != line or found.kind != _KIND or found.schema < 1:
        raise InputError(f"{where}: not a checkpoint as it was written")
    if root.hex() != found.root or fingerprint_of(found.public_key) != found.fingerprint:
        raise InputError(f"{where}: not a checkpoint that agrees with itself")
    return found


def fingerprint_of(public_key: str) -> str:
    """What people compare: the first 16 bytes of SHA-256 over the raw public key, in hexadecimal."""
    return sha256(bytes.fromhex(public_key)).hexdigest()[:32]
