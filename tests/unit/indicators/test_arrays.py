"""Array forms against plain arithmetic, and what they refuse."""

import math

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy import indicators
from tradeworthy.core.errors import InputError

CLOSE = random_walk(400, 3).close


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_sma_is_the_exact_mean_of_each_window(n: int) -> None:
    ours = indicators.sma(CLOSE, n)
    assert np.isnan(ours[: n - 1]).all()
    exact = [math.fsum(CLOSE[i - n + 1 : i + 1]) / n for i in range(n - 1, len(CLOSE))]
    np.testing.assert_allclose(ours[n - 1 :], exact, rtol=1e-14)


def test_sma_does_not_drift_over_a_million_bars() -> None:
    x = np.concatenate((np.full(10, 1e9), np.random.default_rng(0).random(1_000_000)))
    assert indicators.sma(x, 10)[-1] == pytest.approx(math.fsum(x[-10:]) / 10, rel=1e-15)


def test_ema_agrees_with_pandas_when_seeded_by_the_first_value() -> None:
    pandas = pytest.importorskip("pandas")  # a dependency of arch, so always there
    theirs = pandas.Series(CLOSE).ewm(span=20, adjust=False).mean().to_numpy()
    np.testing.assert_allclose(indicators.ema(CLOSE, 20, seed="first"), theirs, rtol=1e-12)


def test_ema_starts_at_the_mean_of_the_first_values() -> None:
    ours = indicators.ema(CLOSE, 5)
    assert np.isnan(ours[:4]).all()
    assert ours[4] == pytest.approx(CLOSE[:5].mean())
    assert ours[5] == pytest.approx(ours[4] + (CLOSE[5] - ours[4]) / 3)


def test_rsi_is_100_when_everything_rises_0_when_it_falls_and_50_when_nothing_moves() -> None:
    rising = np.arange(1.0, 40.0)
    assert indicators.rsi(rising, 14)[-1] == 100.0
    assert indicators.rsi(rising[::-1], 14)[-1] == 0.0
    assert indicators.rsi(np.ones(40), 14)[-1] == 50.0


def test_simple_atr_is_the_mean_of_the_last_true_ranges() -> None:
    bars = random_walk(60, 1)
    before = np.concatenate(([bars.close[0]], bars.close[:-1]))
    ranges = np.maximum(bars.high, before) - np.minimum(bars.low, before)
    ranges[0] = bars.high[0] - bars.low[0]
    ours = indicators.atr(bars.high, bars.low, bars.close, 14, smoothing="simple")
    assert ours[40] == pytest.approx(ranges[27:41].mean())


def test_bollinger_bands_with_the_sample_deviation_are_wider() -> None:
    population, sample = indicators.bollinger(CLOSE, 20), indicators.bollinger(CLOSE, 20, ddof=1)
    ratio = (sample.upper - sample.middle)[50] / (population.upper - population.middle)[50]
    assert ratio == pytest.approx(math.sqrt(20 / 19))


def test_indicators_can_be_chained_over_their_warm_up() -> None:
    inner = indicators.sma(CLOSE, 10)
    assert int(np.isnan(indicators.sma(inner, 5)).sum()) == 13


def test_a_hole_in_the_middle_is_refused_with_its_place() -> None:
    holed = CLOSE.copy()
    holed[7] = np.nan
    with pytest.raises(InputError, match="NaN at position 7"):
        indicators.sma(holed, 3)


def test_a_period_longer_than_the_column_gives_no_number() -> None:
    assert np.isnan(indicators.sma(CLOSE[:5], 6)).all()
    assert np.isnan(indicators.atr(CLOSE[:5], CLOSE[:5], CLOSE[:5], 6)).all()


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_an_impossible_period_is_refused(n: int) -> None:
    with pytest.raises(InputError, match="whole number of bars"):
        indicators.sma(CLOSE, n)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(InputError, match="columns differ in length"):
        indicators.atr(CLOSE, CLOSE, CLOSE[:-1], 14)
