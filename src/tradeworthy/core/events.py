"""The envelope in which every event of a desk is journaled, and its bytes.

Times are integer nanoseconds UTC. The body is the event's own record, already made of plain types. Bytes are msgpack;
a NaN or infinity anywhere is refused, because the JSON form would silently turn it into null.
"""

from typing import Final

import msgspec

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import not_finite
from tradeworthy.core.version import EVENT_SCHEMA


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event: which schema, which place in the journal, whose, when it happened and when we heard of it."""

    schema: int = EVENT_SCHEMA
    sequence: int
    account: str
    strategy: str
    kind: str
    event_time_ns: int
    receive_time_ns: int
    source: str
    body: dict[str, object]


class Head(msgspec.Struct, frozen=True, gc=False):
    """What can be asked of an event of any schema, older or newer: which one it is, and which of them it follows."""

    schema: int
    sequence: int


def encode(envelope: Envelope) -> bytes:
    """Msgpack bytes. Raises InputError for a number that is not finite."""
    missing = not_finite(envelope.body, "body")
    if missing:
        raise InputError(f"an event may not hold it: {missing}; write the reason why the number is missing instead")
    return msgspec.msgpack.encode(envelope)


def decode(data: bytes) -> Envelope:
    """The envelope in `data`. Raises InputError for damaged bytes or a schema newer than this version knows."""
    try:
        envelope = msgspec.msgpack.decode(data, type=Envelope)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:  # the last for names of fields
        raise InputError(f"not an event of this journal: {error}") from error
    if not 1 <= envelope.schema <= EVENT_SCHEMA:
        raise InputError(
            f"event {envelope.sequence} has schema {envelope.schema}, this version reads 1 to {EVENT_SCHEMA}; "
            "update tradeworthy"
        )
    return envelope


def head_of(data: bytes) -> Head | None:
    """Schema and sequence of an event, of whatever version; None for bytes that are no event. The rest is only passed over."""
    try:
        return _HEADS.decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None


_HEADS: Final = msgspec.msgpack.Decoder(Head)
