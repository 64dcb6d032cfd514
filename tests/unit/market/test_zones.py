"""Wall-clock time against the standard library's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tradeworthy.core.clock import HOUR_NS, from_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.market.zones import day_index, to_local, to_utc

ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_three_years_stands_where_zoneinfo_puts_it(zone: str) -> None:
    first = from_datetime(datetime(2010, 12, 30, 0, 30, tzinfo=UTC))
    hours = first + HOUR_NS * np.arange(3 * 8766, dtype=np.int64)
    walls = [datetime.fromtimestamp(hour / 1e9, ZoneInfo(zone)).replace(tzinfo=UTC) for hour in hours.tolist()]
    assert to_local(hours, zone).tolist() == [from_datetime(wall) for wall in walls]
    back = to_utc(to_local(hours, zone), zone)
    again = np.concatenate(([False], np.isin(to_local(hours, zone)[1:], to_local(hours, zone)[:-1])))
    assert (back == hours)[~again].all()  # an hour that the clocks show twice is taken the first time


def utc(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text + "+00:00"))


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2024-03-10T01:59", "2024-03-10T06:59"),
        ("2024-03-10T02:00", "2024-03-10T07:00"),  # skipped: after the change
        ("2024-03-10T02:30", "2024-03-10T07:30"),
        ("2024-03-10T03:00", "2024-03-10T07:00"),
        ("2024-11-03T01:30", "2024-11-03T05:30"),  # twice: the first time
        ("2024-11-03T02:00", "2024-11-03T07:00"),
    ],
)
def test_a_time_that_clocks_skip_or_repeat_has_one_meaning(wall: str, moment: str) -> None:
    got = to_utc(np.array([utc(wall)], np.int64), "America/New_York")
    assert got.tolist() == [utc(moment)]


def test_no_times_are_no_times() -> None:
    none = np.zeros(0, np.int64)
    assert len(to_local(none, "UTC")) == len(to_utc(none, "UTC")) == 0


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "America"])
def test_a_zone_that_is_none_is_refused_by_its_name(zone: str) -> None:
    with pytest.raises(InputError, match="is not a time zone; use a name such as UTC"):
        to_local(np.zeros(1, np.int64), zone)


def test_the_trading_day_begins_at_five_in_new_york_whatever_the_season() -> None:
    moments = [utc(f"2024-0{month}") for month in ("1-16T21:59", "1-16T22:00", "7-16T20:59", "7-16T21:00")]
    days = day_index(np.array(moments, np.int64), "America/New_York", 17)
    assert np.diff(days).tolist() == [1, 181, 1]
