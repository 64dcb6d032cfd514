"""Falls and growth of an equity curve by hand, and in their corners."""

import numpy as np
import pytest

from tradeworthy import validation
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError

EQUITY = [100.0, 120.0, 90.0, 110.0, 130.0, 1_000.0, 900.0, 950.0]
TIMES = np.arange(8) * DAY_NS


def test_the_largest_fall_and_when_it_was() -> None:
    found = validation.drawdowns(EQUITY, TIMES)
    assert found is not None
    assert found.fraction == pytest.approx(0.25)
    assert (found.peak_ns, found.trough_ns, found.recovered_ns) == (DAY_NS, 2 * DAY_NS, 4 * DAY_NS)


def test_the_largest_fall_in_money_can_be_another_one() -> None:
    found = validation.drawdowns(EQUITY, TIMES)
    assert found is not None
    assert found.money == 100.0
    assert found.recovery_factor == 8.5


def test_time_under_water_runs_from_the_peak_until_it_is_reached_again() -> None:
    found = validation.drawdowns(EQUITY, TIMES)
    assert found is not None
    assert found.longest_under_water_ns == 3 * DAY_NS


def test_time_under_water_runs_to_the_end_where_the_peak_is_never_reached_again() -> None:
    found = validation.drawdowns([*EQUITY, 940.0, 999.0], np.arange(10) * DAY_NS)
    assert found is not None
    assert found.longest_under_water_ns == 4 * DAY_NS


def test_a_peak_that_is_held_is_dry() -> None:
    found = validation.drawdowns([100.0, 100.0, 100.0, 90.0, 100.0], np.arange(5) * DAY_NS)
    assert found is not None
    assert found.longest_under_water_ns == 2 * DAY_NS
    assert found.peak_ns == 2 * DAY_NS


def test_the_ulcer_index_is_the_root_mean_square_under_water() -> None:
    found = validation.drawdowns([100.0, 90.0, 80.0, 110.0], np.arange(4))
    assert found is not None
    assert found.ulcer_index == pytest.approx(np.sqrt((0.1**2 + 0.2**2) / 4))


def test_a_curve_that_never_falls_has_no_peak_to_name() -> None:
    found = validation.drawdowns([1.0, 2.0, 2.0], [0, 1, 2])
    assert found is not None
    assert (found.fraction, found.money, found.longest_under_water_ns, found.ulcer_index) == (0.0, 0.0, 0, 0.0)
    assert (found.peak_ns, found.trough_ns, found.recovered_ns, found.recovery_factor) == (None, None, None, None)
    assert validation.drawdowns([], []) is None


def test_a_curve_below_zero_has_lost_more_than_everything() -> None:
    found = validation.drawdowns([100.0, -50.0], [0, 1])
    assert found is not None
    assert found.fraction == 1.5
    assert validation.cagr([100.0, -50.0, 100.0], [0, 1, DAY_NS]) is None


def test_growth_a_year_is_compound_and_by_the_calendar() -> None:
    two_years = int(2 * 365.25 * DAY_NS)
    assert validation.cagr([100.0, 121.0], [0, two_years]) == pytest.approx(0.1)
    assert validation.cagr([100.0, 121.0], [0, 730 * DAY_NS], year_days=365) == pytest.approx(0.1)
    assert validation.cagr([100.0, 90.0, 121.0], [5, 6, 5 + two_years]) == pytest.approx(0.1)


def test_growth_without_time_or_past_all_numbers_is_none() -> None:
    assert validation.cagr([100.0, 110.0], [3, 3]) is None
    assert validation.cagr([100.0, 110.0], [3, 4]) is None
    assert validation.cagr([100.0], [3]) is None
    assert validation.cagr([], []) is None


@pytest.mark.parametrize(
    ("equity", "times", "sentence"),
    [
        ([1.0, float("nan")], [0, 1], "NaN"),
        ([1.0, float("inf")], [0, 1], "infinite"),
        ([[1.0]], [0], "one column"),
        ([0.0, 1.0], [0, 1], "above zero"),
        ([1.0, 1.0], [0], "one time for each value"),
        ([1.0, 1.0], [1, 0], "oldest first"),
    ],
)
def test_a_curve_that_is_none_is_refused(equity: list[float], times: list[int], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        validation.drawdowns(equity, times)
    with pytest.raises(InputError, match=sentence):
        validation.cagr(equity, times)
    with pytest.raises(InputError, match=sentence):
        validation.daily_returns(equity, times)
