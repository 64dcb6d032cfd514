"""Time as integers inside and RFC 3339 outside."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.core.clock import from_datetime, from_rfc3339, now_ns, rfc3339, to_datetime


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_793_369_700_000_000_000, "2026-10-30T14:15:00Z"),
        (1_500_000_000, "1970-01-01T00:00:01.500000Z"),
        (7, "1970-01-01T00:00:00.000000007Z"),
        (1_500_000_007, "1970-01-01T00:00:01.500000007Z"),
        (-1_000_000_000, "1969-12-31T23:59:59Z"),
    ],
)
def test_a_moment_is_written_with_its_zone_and_only_the_fractions_it_has(time_ns: int, text: str) -> None:
    assert rfc3339(time_ns) == text
    assert from_rfc3339(text) == time_ns


@given(st.integers(-(2**61), 2**62))
def test_what_was_written_is_read_to_the_last_nanosecond(time_ns: int) -> None:
    assert from_rfc3339(rfc3339(time_ns)) == time_ns


@pytest.mark.parametrize("text", ["", "2024-07-01", "2024-07-01T00:00:00", "2024-07-01T00:00:00.-5Z", "Z", "nowZ"])
def test_what_is_no_moment_in_utc_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_rfc3339(text)


def test_a_datetime_of_another_zone_names_the_same_moment() -> None:
    there = datetime(2024, 7, 1, 17, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=-4)))
    moment = from_datetime(there)
    assert rfc3339(moment) == "2024-07-01T21:00:00.250000Z"
    assert to_datetime(moment) == there


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        from_datetime(datetime(2024, 7, 1))  # noqa: DTZ001 - the point of the test


def test_now_is_between_two_looks_at_the_wall() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert before < to_datetime(now_ns()) < datetime.now(UTC) + timedelta(seconds=1)
