"""Some events of a journal with what proves them to somebody who has no journal: paths to the root of a signed checkpoint."""

from base64 import b64decode, b64encode
from typing import Annotated, Final

import msgspec

from tradeworthy.core.checkpoint import Checkpoint, Hash, checkpoint_from
from tradeworthy.core.errors import InputError
from tradeworthy.core.hash_paths import is_consistent, is_included
from tradeworthy.core.hash_tree import leaf_hash
from tradeworthy.core.version import PROOF_SCHEMA

_KIND: Final = "journal-proof"


class ProvenEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """data: the bytes of the event as they are stored (msgpack), in base64; path: its audit path, from the leaf up."""

    sequence: Annotated[int, msgspec.Meta(ge=1, le=2**62)]
    data: str
    path: Annotated[tuple[Hash, ...], msgspec.Meta(max_length=64)]

    def stored(self) -> bytes:
        """The bytes. Raises ValueError for what is no base64, and for another spelling of the same bytes."""
        data = b64decode(self.data, validate=True)
        if b64encode(data).decode() != self.data:
            raise ValueError(f"the data of event {self.sequence} are not spelled as they were written")
        return data


class Earlier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An older checkpoint, and what shows that the journal of the newer one begins with the events of this one."""

    checkpoint: Checkpoint
    path: Annotated[tuple[Hash, ...], msgspec.Meta(max_length=130)]


class JournalProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `tradeworthy audit prove` writes. The checkpoint's signature is over its own fields, not over the rest."""

    schema: int = PROOF_SCHEMA
    kind: str = _KIND
    public_key: Hash
    checkpoint: Checkpoint
    events: tuple[ProvenEvent, ...]
    earlier: tuple[Earlier, ...] = ()

    def wrong_events(self) -> list[int]:
        """Sequences of events whose bytes or path do not lead to the checkpoint's root."""
        root, size = bytes.fromhex(self.checkpoint.root), self.checkpoint.size
        return [
            one.sequence
            for one in self.events
            if not is_included(leaf_hash(one.stored()), one.sequence - 1, size, root, _hashes(one.path))
        ]

    def wrong_earlier(self) -> list[Checkpoint]:
        """Older checkpoints that the newer one does not begin with."""
        root, size = bytes.fromhex(self.checkpoint.root), self.checkpoint.size
        return [
            one.checkpoint
            for one in self.earlier
            if not is_consistent(one.checkpoint.size, bytes.fromhex(one.checkpoint.root), size, root, _hashes(one.path))
        ]


class _Version(msgspec.Struct):
    schema: int
    kind: str


def proof_from(data: bytes, where: str) -> JournalProof:
    """The proof in a file, which nobody has looked at yet. Raises InputError for what is none, or of a newer version."""
    try:
        version = msgspec.json.decode(data, type=_Version)
        if version.kind != _KIND:
            raise InputError(f"{where}: not a proof of events; name a file that `tradeworthy audit prove` wrote")
        if version.schema > PROOF_SCHEMA:
            raise InputError(
                f"{where}: schema {version.schema}, and this version reads up to {PROOF_SCHEMA}; update tradeworthy"
            )
        proof = msgspec.json.decode(data, type=JournalProof)
        for event in proof.events:
            event.stored()
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{where}: not a proof of events ({error}); bring it as it was written") from error
    for one in (proof.checkpoint, *(earlier.checkpoint for earlier in proof.earlier)):
        checkpoint_from(one.line(), f"{where}: the checkpoint of {one.size} events")
    if not proof.events:
        raise InputError(f"{where}: there is no event in it to prove")
    return proof


def _hashes(path: tuple[str, ...]) -> list[bytes]:
    return [bytes.fromhex(one) for one in path]
