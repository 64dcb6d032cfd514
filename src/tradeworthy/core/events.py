"""The envelope in which every event of a desk is journaled, and its bytes.

Times are integer nanoseconds UTC. The body is the event's own record, already made of plain types. Bytes are msgpack;
a NaN or infinity anywhere is refused, because the JSON form would silently turn it into null.
"""

import math
from collections.abc import Mapping

import msgspec

from tradeworthy.core.errors import InputError
from tradeworthy.core.version import EVENT_SCHEMA

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


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


def _refuse_nan(value: object, path: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"an event may not hold {value} ({path}): write the reason why the number is missing instead")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_nan(inner, f"{path}.{key}")
    if isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            _refuse_nan(inner, f"{path}[{place}]")


def encode(envelope: Envelope) -> bytes:
    """Msgpack bytes. Raises InputError for a number that is not finite."""
    _refuse_nan(envelope.body, "body")
    return msgspec.msgpack.encode(envelope)


def decode(data: bytes) -> Envelope:
    """The envelope in `data`. Raises InputError for damaged bytes or a schema newer than this version knows."""
    try:
        envelope = msgspec.msgpack.decode(data, type=Envelope)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(f"not an event of this journal: {error}") from error
    if not 1 <= envelope.schema <= EVENT_SCHEMA:
        raise InputError(
            f"event {envelope.sequence} has schema {envelope.schema}, this version reads 1 to {EVENT_SCHEMA}; "
            "update tradeworthy"
        )
    return envelope
