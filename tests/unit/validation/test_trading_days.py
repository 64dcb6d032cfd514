"""Daily returns of an equity curve: where days are cut, what they start from, and how many a year has."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tradeworthy import validation
from tradeworthy.core.clock import DAY_NS, HOUR_NS, from_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trading_days import DailyReturns


def at(*parts: int) -> int:
    """A moment in UTC."""
    return from_datetime(datetime(*parts, tzinfo=UTC))  # type: ignore[misc,arg-type]


def days_of(
    equity: list[float], times: list[int], start: float | None = None, zone: str = "UTC", hour: int = 0
) -> DailyReturns:
    """Of a curve that has some."""
    found = validation.daily_returns(equity, times, start, zone, hour)
    assert found is not None
    return found


def test_the_last_close_of_a_day_counts_and_midnight_belongs_to_the_day_that_ends() -> None:
    times = [at(2024, 1, 1, 12), at(2024, 1, 2, 0), at(2024, 1, 2, 1), at(2024, 1, 2, 23)]
    found = days_of([100.0, 110.0, 50.0, 121.0], times, 100.0)
    np.testing.assert_allclose(found.returns, [0.1, 0.1])
    np.testing.assert_array_equal(found.date.astype("datetime64[D]").astype(str), ["2024-01-01", "2024-01-02"])


def test_without_a_start_the_first_close_is_where_counting_begins() -> None:
    times = [at(2024, 1, 1, 12), at(2024, 1, 1, 13), at(2024, 1, 2, 13)]
    np.testing.assert_allclose(days_of([100.0, 110.0, 99.0], times).returns, [0.1, -0.1])
    np.testing.assert_allclose(days_of([100.0, 110.0, 99.0], times, 50.0).returns, [1.2, -0.1])


def test_a_day_of_new_york_begins_at_five_in_the_afternoon_summer_and_winter() -> None:
    winter, summer = at(2024, 1, 10, 22), at(2024, 7, 10, 21)
    for cut in (winter, summer):
        found = days_of([100.0, 101.0], [cut, cut + HOUR_NS], 100.0, "America/New_York", 17)
        np.testing.assert_allclose(found.returns, [0.0, 0.01])
        whole = days_of([100.0, 101.0], [cut + HOUR_NS, cut + DAY_NS], 100.0, "America/New_York", 17)
        np.testing.assert_allclose(whole.returns, [0.01])


def test_a_day_that_begins_in_the_evening_is_dated_by_the_morrow() -> None:
    found = days_of([100.0], [at(2024, 1, 31, 23)], None, "America/New_York", 17)
    assert str(found.date.astype("datetime64[D]")[0]) == "2024-02-01"


def test_periods_a_year_are_counted_on_the_calendar() -> None:
    every_day = [at(2023, 1, 1, 12) + i * DAY_NS for i in range(400)]
    weekdays = [time for time in every_day if datetime.fromtimestamp(time / 1e9, UTC).weekday() < 5]
    assert days_of([1.0] * 400, every_day).periods == pytest.approx(365.25)
    assert days_of([1.0] * len(weekdays), weekdays).periods == pytest.approx(365.25 * 5 / 7, rel=0.005)
    assert days_of([1.0], every_day[:1]).periods is None


def test_months_are_those_of_the_calendar_in_parts_at_both_ends() -> None:
    times = [at(2024, 1, 30, 12), at(2024, 1, 31, 12), at(2024, 2, 1, 12), at(2024, 2, 29, 12), at(2024, 3, 1, 12)]
    np.testing.assert_allclose(days_of([110.0, 120.0, 60.0, 90.0, 99.0], times, 100.0).monthly(), [0.2, -0.25, 0.1])


def test_a_ruined_account_and_one_without_a_close_have_no_returns() -> None:
    assert validation.daily_returns([100.0, 0.0, 100.0], [0, 1, 2]) is None
    assert validation.daily_returns([-1.0, 100.0], [0, 1], 100.0) is None
    assert validation.daily_returns([], []) is None


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(InputError, match="not a time zone"):
        validation.daily_returns([1.0], [0], zone="Mars/Base")
