"""Levels of volatility week by week."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.core.clock import DAY_NS, from_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.risk.level_timeline import by_week, weekly_levels
from tradeworthy.risk.volatility_levels import LEVELS

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def closes(days: list[int]) -> np.ndarray:
    """Moments at noon of days counted from a Monday."""
    return np.array([from_datetime(MONDAY + timedelta(days=day, hours=12)) for day in days], np.int64)


def test_a_week_has_the_level_of_most_of_its_bars_and_of_two_the_wilder() -> None:
    found = weekly_levels(closes([0, 1, 2, 7, 8, 14, 15, 21]), [2, 2, 4, 1, 3, 3, 3, 0])
    assert found.since == ("2024-01-01", "2024-01-08", "2024-01-22")
    assert [str(one) for one in found.level] == ["medium", "high", "very_low"]
    assert found.until == "2024-01-29"


def test_a_bar_that_closes_as_a_week_begins_belongs_to_the_week_before() -> None:
    moments = np.array([from_datetime(MONDAY), from_datetime(MONDAY) + 1], np.int64)
    assert weekly_levels(moments, [0, 4]).since == ("2023-12-25", "2024-01-01")


def test_unknown_levels_do_not_count_and_a_week_without_bars_goes_on_as_before() -> None:
    found = weekly_levels(closes([0, 7, 28, 35]), [-1, 3, 3, 0])
    assert (found.since, found.until) == (("2024-01-08", "2024-02-05"), "2024-02-12")
    assert by_week(found.since, found.level, found.until, "2024-01-01", "2024-02-19") == [None, 3, 3, 3, 3, 0, None]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_change_points_say_every_week_again(states: list[int]) -> None:
    moments = closes([7 * week + 3 for week in range(len(states))])
    found = weekly_levels(moments, states)
    last = (MONDAY + timedelta(weeks=len(states))).date().isoformat()
    assert found.until == last
    assert by_week(found.since, found.level, found.until, "2024-01-01", last) == states
    assert all(a != b for a, b in zip(found.level, found.level[1:], strict=False))
    assert len(found.level) == 1 + int(np.count_nonzero(np.diff(states)))


def test_later_bars_change_no_week_before() -> None:
    rng = np.random.default_rng(3)
    moments = from_datetime(MONDAY) + np.arange(1, 400) * DAY_NS // 6
    states = rng.integers(0, 5, len(moments))
    whole, part = (weekly_levels(moments[:n], states[:n]) for n in (len(moments), 210))  # 210 bars are five weeks
    assert whole.since[: len(part.since)] == part.since
    assert whole.level[: len(part.level)] == part.level


@pytest.mark.parametrize("levels", [[1], [5, 1], [-2, 1], [-1, -1]])
def test_what_are_no_levels_is_refused(levels: list[int]) -> None:
    with pytest.raises(InputError, match="level"):
        weekly_levels(closes([0, 1]), levels)
    assert len(LEVELS) == 5
