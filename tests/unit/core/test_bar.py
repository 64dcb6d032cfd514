"""Names of timeframes, and where a day may be cut."""

import pytest

from tradeworthy.core.bar import DayCut, Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS, WEEK_NS
from tradeworthy.core.errors import InputError


@pytest.mark.parametrize(
    ("text", "frame"),
    [("H4", "H4"), ("4h", "H4"), (" d ", "D"), ("1D", "D"), ("D1", "D"), ("day", "D"), ("15m", "M15"), ("30min", "M30"),
     ("w1", "W"), ("H12", "H12")],
)  # fmt: skip
def test_a_timeframe_is_known_by_every_name_that_files_give_it(text: str, frame: str) -> None:
    assert Timeframe.parse(text) is Timeframe(frame)


@pytest.mark.parametrize("text", ["", "H3", "M", "H", "D2", "MN1", "HH1", "EUR", "60"])
def test_what_is_no_timeframe_is_refused_with_the_ones_there_are(text: str) -> None:
    with pytest.raises(InputError, match="use one of M1, M5"):
        Timeframe.parse(text)


@pytest.mark.parametrize(
    ("frame", "length"),
    [("M1", MINUTE_NS), ("M30", 30 * MINUTE_NS), ("H12", 12 * HOUR_NS), ("D", DAY_NS), ("W", WEEK_NS)],
)
def test_a_timeframe_is_as_long_as_its_name_says(frame: str, length: int) -> None:
    assert Timeframe(frame).length_ns == length


@pytest.mark.parametrize("hour", [-1, 24, 99])
def test_a_day_is_not_cut_at_an_hour_that_no_clock_shows(hour: int) -> None:
    with pytest.raises(InputError, match="0 to 23"):
        DayCut("UTC", hour)


def test_a_day_cut_says_where_it_is() -> None:
    assert str(DayCut("America/New_York", 17)) == "17:00 America/New_York"
    assert str(DayCut("")) == "as in the file"
