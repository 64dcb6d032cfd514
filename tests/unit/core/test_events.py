"""The envelope's bytes: there and back, and what is refused."""

import math

import msgspec
import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope, decode, encode, head_of
from tradeworthy.core.version import EVENT_SCHEMA


def envelope(body: dict[str, object], schema: int = EVENT_SCHEMA) -> Envelope:
    return Envelope(
        schema=schema, sequence=7, account="paper", strategy="EUR_USD_D", kind="fill", event_time_ns=1, receive_time_ns=2,
        source="test", body=body,
    )  # fmt: skip


def test_an_event_comes_back_as_it_went() -> None:
    event = envelope({"price": 1.25, "units": -3, "tags": ["a", "b"], "nested": {"deep": [1, None, True]}})
    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"x": math.nan}, r"body\.x"),
        ({"x": {"y": math.inf}}, r"body\.x\.y"),
        ({"x": [0.0, {"z": -math.inf}]}, r"body\.x\[1\]\.z"),
        ({"x": (1, math.nan)}, r"body\.x\[1\]"),
    ],
)
def test_a_number_that_is_not_finite_is_refused_where_it_stands(body: dict[str, object], path: str) -> None:
    with pytest.raises(InputError, match=path):
        encode(envelope(body))


@pytest.mark.parametrize("schema", [0, EVENT_SCHEMA + 1])
def test_an_event_of_a_schema_unknown_here_is_refused(schema: int) -> None:
    with pytest.raises(InputError, match=f"event 7 has schema {schema}"):
        decode(encode(envelope({}, schema)))


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"\xff", msgspec.msgpack.encode({"sequence": 1}), msgspec.msgpack.encode([1, 2]),
        encode(envelope({})).replace(b"schema", b"sch\xffma"),
    ],
)  # fmt: skip
def test_damaged_bytes_are_said_to_be_no_event(damage: bytes) -> None:
    with pytest.raises(InputError, match="not an event"):
        decode(damage)


def test_an_event_cut_short_is_refused_at_every_length() -> None:
    whole = encode(envelope({"price": 1.25}))
    for length in range(len(whole)):
        with pytest.raises(InputError):
            decode(whole[:length])


def test_an_event_of_any_schema_says_which_one_it_is() -> None:
    head = head_of(encode(envelope({"x": 1}, EVENT_SCHEMA + 5)))
    assert head is not None
    assert (head.schema, head.sequence) == (EVENT_SCHEMA + 5, 7)
    whole = encode(envelope({"x": [1, "two"]}))
    for damaged in (b"", b"\x01", whole[:-1], whole + b"\x00", whole.replace(b"schema", b"sch\xffma")):
        assert head_of(damaged) is None
