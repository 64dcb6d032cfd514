"""Realised volatility by three estimators, and the five levels it is sorted into."""

import math
from dataclasses import replace

import numpy as np
import pytest

from support.volatility_chains import bars_of, two_states
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import Estimator, VolatilityLevel, VolatilityThresholds, realised_volatility
from tradeworthy.risk.realised_ranges import bar_variances
from tradeworthy.risk.volatility_levels import LEVELS, least_bars

CALM = bars_of(np.full(700, 0.002))


@pytest.mark.parametrize("estimator", Estimator)
def test_every_estimator_finds_the_volatility_that_was_planted(estimator: Estimator) -> None:
    found = float(np.sqrt(np.nanmean(bar_variances(bars_of(np.full(20_000, 0.002)), estimator))))
    # sixty steps a bar hide part of its range (Garman, Klass 1980, section 3), the more so the more the range counts
    assert 0.0016 < found < 0.00205
    assert estimator is not Estimator.CLOSE_TO_CLOSE or found == pytest.approx(0.002, rel=0.02)


def test_a_bar_by_hand() -> None:
    bars = replace(
        CALM.slice(0, 2),
        open=np.array([100.0, 101.0]),
        high=np.array([100.0, 104.0]),
        low=np.array([100.0, 100.0]),
        close=np.array([100.0, 103.0]),
    )
    gap, width, body = math.log(1.01), math.log(1.04), math.log(103 / 101)
    wanted = {
        "close_to_close": math.log(1.03) ** 2,
        "parkinson": gap**2 + width**2 / (4 * math.log(2)),
        "garman_klass": gap**2 + 0.5 * width**2 - (2 * math.log(2) - 1) * body**2,
    }
    for estimator, value in wanted.items():
        assert realised_volatility(bars, 1, estimator)[1] == pytest.approx(math.sqrt(value), rel=1e-12)
        assert math.isnan(realised_volatility(bars, 1, estimator)[0])


def test_a_value_depends_on_its_window_and_on_nothing_before_it() -> None:
    whole, part = realised_volatility(CALM, 24), realised_volatility(CALM.slice(300, 400), 24)
    np.testing.assert_array_equal(whole[324:400], part[24:])
    assert np.isnan(part[:24]).all()


def test_levels_of_a_planted_market_are_those_that_were_planted() -> None:
    bars, states = two_states(12_000, 3, stay=0.995)
    thresholds = VolatilityThresholds.frozen_on(bars.slice(0, 6_000), 24, quantiles=(0.05, 0.1, 0.9, 0.95))
    middle = math.sqrt(0.001 * 0.004)
    halves = replace(thresholds, cuts=(middle / 1e6, middle / 1e5, middle, 1.0))
    levels = halves.levels(bars)
    same = np.lib.stride_tricks.sliding_window_view(states, 25)
    settled = np.flatnonzero(same.min(axis=1) == same.max(axis=1)) + 24
    assert len(settled) > 8_000
    assert np.mean((levels[settled] == 3) == (states[settled] == 1)) > 0.999


def test_frozen_thresholds_give_each_level_its_share_of_the_bars_they_were_frozen_on() -> None:
    bars, _ = two_states(8_000, 1)
    thresholds = VolatilityThresholds.frozen_on(bars, quantiles=(0.2, 0.4, 0.6, 0.8))
    counts = np.bincount(thresholds.levels(bars)[24:], minlength=5)
    np.testing.assert_allclose(counts / counts.sum(), 0.2, atol=0.001)
    assert thresholds.readings == 8_000 - 24
    assert thresholds.until_ns == bars.close_time[-1]
    assert LEVELS[0] is VolatilityLevel.VERY_LOW


def test_a_market_that_stands_still_is_very_low_and_no_error() -> None:
    still = bars_of(np.zeros(600))
    thresholds = VolatilityThresholds.frozen_on(still)
    assert thresholds.cuts == (0.0, 0.0, 0.0, 0.0)
    assert set(thresholds.levels(still)[24:]) == {0}
    assert set(thresholds.levels(CALM)[24:]) == {4}


def test_stillness_after_movement_is_exactly_none() -> None:
    volatility = realised_volatility(bars_of(np.repeat([0.01, 0.0], 100)), 24)
    assert volatility[99] > 0
    assert (volatility[124:] == 0.0).all()


def test_bars_of_one_price_are_measured_by_their_closes() -> None:
    closes = replace(CALM, close_only=True)
    np.testing.assert_array_equal(realised_volatility(closes), realised_volatility(CALM, 24, "close_to_close"))
    with pytest.raises(InputError, match="one price each"):
        realised_volatility(closes, 24, "parkinson")


def test_too_few_bars_are_counted_in_the_answer() -> None:
    assert least_bars(24) == 481
    VolatilityThresholds.frozen_on(CALM.slice(0, 481))
    with pytest.raises(NotEnoughData, match="at least 481 bars, and there are 480"):
        VolatilityThresholds.frozen_on(CALM.slice(0, 480))


def test_what_cannot_be_asked() -> None:
    for n in (0, -1, 2.5, "24", True):
        with pytest.raises(InputError, match="whole number of bars"):
            realised_volatility(CALM, n)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="choose one of garman_klass, parkinson, close_to_close"):
        realised_volatility(CALM, 24, "yang_zhang")
    for quantiles in ((0.3, 0.1, 0.7, 0.9), (0.0, 0.1, 0.2, 0.3), (0.1, 0.2, 0.3, 1.0), (0.1, 0.2, 0.3), None, 0.5):
        with pytest.raises(InputError, match="four quantiles"):
            VolatilityThresholds.frozen_on(CALM, quantiles=quantiles)  # type: ignore[arg-type]
