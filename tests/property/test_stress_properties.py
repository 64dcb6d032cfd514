"""Strained bars are bars, whatever the factors; factors of one change no digit; one seed gives one set of bytes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from support.plain_stress import plain_stress
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.scenarios import Scenario, Shock
from tradeworthy.risk.stress_scenarios import realised_factors, stressed_bars

factors = st.floats(0.05, 8.0)
shocks = st.none() | st.builds(
    Shock, st.floats(-60.0, 60.0).filter(lambda x: abs(x) > 0.01), st.floats(0.0, 1.0), st.none() | st.integers(1, 9)
)
scenarios = st.builds(
    Scenario, st.just("any"), factors, st.floats(0.0, 4.0), factors, st.none() | factors, shocks, st.integers(2, 300),
    st.none() | st.floats(1.0, 40.0),
)  # fmt: skip


def one_price(bars: Bars) -> Bars:
    """The same market, known by its closes alone."""
    return replace(bars, open=bars.close, high=bars.close, low=bars.close, close_only=True)


@given(st.integers(10, 400), st.integers(0, 50), scenarios, st.booleans())
@settings(max_examples=60)
def test_strained_bars_are_valid_and_keep_their_times(n: int, seed: int, scenario: Scenario, closes: bool) -> None:
    bars = random_walk(n, seed)
    bars = one_price(bars) if closes else bars
    made = stressed_bars(bars, scenario, seed)  # Bars check themselves
    assert np.array_equal(made.open_time, bars.open_time)
    assert min(made.low.min(), made.open.min()) > 0.0
    if closes:
        assert np.array_equal(made.high, made.low)
        assert np.array_equal(made.open, made.close)
    again = stressed_bars(bars, scenario, seed)
    assert again.data_hash == made.data_hash


@given(st.integers(10, 400), st.integers(0, 50), scenarios, st.booleans())
@settings(max_examples=60)
def test_strained_bars_are_those_of_the_plain_version(n: int, seed: int, scenario: Scenario, closes: bool) -> None:
    bars = random_walk(n, seed)
    bars = one_price(bars) if closes else bars
    shock = scenario.shock
    shock = None if shock is None else replace(shock, bar=n // 2 if shock.bar is None else shock.bar)
    scenario = replace(scenario, block=None, shock=shock)
    made = stressed_bars(bars, scenario, seed)
    found = np.column_stack((made.open, made.high, made.low, made.close))
    assert found == pytest.approx(np.array(plain_stress(bars, scenario)), rel=1e-9)


@given(st.integers(10, 300), st.integers(0, 50), st.integers(2, 300), st.booleans())
@settings(max_examples=30)
def test_factors_of_one_give_the_same_bars_to_the_last_digit(n: int, seed: int, stretch: int, closes: bool) -> None:
    bars = random_walk(n, seed)
    bars = one_price(bars) if closes else bars
    assert stressed_bars(bars, Scenario("none", trend_bars=stretch), seed).data_hash == bars.data_hash


@given(st.integers(0, 30), factors, st.floats(0.05, 4.0))
@settings(max_examples=25)
def test_volatility_and_trend_grow_by_their_factors(seed: int, volatility: float, trend: float) -> None:
    bars = random_walk_bars(4_000, seed)
    scenario = Scenario("both", volatility=volatility, trend=trend)
    grown, drifted = realised_factors(bars, stressed_bars(bars, scenario, seed), scenario.trend_bars)
    assert grown == pytest.approx(volatility, rel=1e-9)
    assert drifted == pytest.approx(trend, rel=1e-9)


@given(st.integers(0, 30), st.floats(1.0, 8.0))
@settings(max_examples=25)
def test_plain_returns_ranges_and_gaps_grow_with_volatility(seed: int, volatility: float) -> None:
    """Measured without our own split into trend and deviation: one bar of a hundred is a trend's, so 2% is enough."""
    bars = random_walk_bars(4_000, seed)
    made = stressed_bars(bars, Scenario("wild", volatility=volatility), seed)

    def spread(one: Bars) -> np.ndarray:
        gaps = np.log(one.open[1:] / one.close[:-1])
        return np.array([np.diff(np.log(one.close)).std(), gaps.std(), np.log(one.high / one.low)[1:].mean()])

    assert spread(made) / spread(bars) == pytest.approx(np.full(3, volatility), rel=0.02)


@given(st.integers(0, 30), st.floats(0.2, 3.0))
@settings(max_examples=20)
def test_every_stretch_ends_the_trend_times_as_far_away(seed: int, trend: float) -> None:
    bars = random_walk(1_001, seed)
    made = stressed_bars(bars, Scenario("trending", trend=trend), seed)
    old, new = (np.log(one.close[::100] / one.close[0]) for one in (bars, made))
    assert new == pytest.approx(trend * old, abs=1e-9)


@given(st.integers(0, 30))
@settings(max_examples=20)
def test_signs_and_order_of_deviations_stay_and_with_them_autocorrelation(seed: int) -> None:
    bars = random_walk_bars(3_000, seed)
    made = stressed_bars(bars, Scenario("wild", volatility=3.0, trend=3.0), seed)
    old, new = (np.diff(np.log(one.close)) for one in (bars, made))
    assert new == pytest.approx(3.0 * old, abs=1e-9)
    for lag in (1, 5, 20):
        assert np.corrcoef(new[lag:], new[:-lag])[0, 1] == pytest.approx(np.corrcoef(old[lag:], old[:-lag])[0, 1])


@given(st.integers(0, 30), st.floats(2.0, 50.0))
@settings(max_examples=20)
def test_redrawn_deviations_are_those_of_the_bars(seed: int, block: float) -> None:
    bars = random_walk(2_000, seed)
    scenario = Scenario("redrawn", block=block, trend_bars=10_000)
    one, other = stressed_bars(bars, scenario, 1), stressed_bars(bars, scenario, 2)
    assert one.data_hash != other.data_hash
    drift = np.log(bars.close[-1] / bars.close[0]) / (len(bars) - 1)
    old, new = (np.diff(np.log(some.close)) - drift for some in (bars, one))
    near = np.abs(np.sort(old)[np.clip(np.searchsorted(np.sort(old), new), 1, len(old) - 1)] - new)
    before = np.abs(np.sort(old)[np.clip(np.searchsorted(np.sort(old), new), 1, len(old) - 1) - 1] - new)
    assert np.minimum(near, before).max() < 1e-9


@given(
    st.integers(0, 30), st.floats(-50.0, 80.0).filter(lambda x: abs(x) > 0.1), st.floats(0.0, 1.0), st.integers(1, 99)
)
@settings(max_examples=30)
def test_a_shock_moves_its_bars_open_by_its_size_and_leaves_the_rest_of_it(
    seed: int, percent: float, recovery: float, place: int
) -> None:
    bars = random_walk(100, seed)
    made = stressed_bars(bars, Scenario("shock", shock=Shock(percent, recovery, place)), seed)
    assert made.open[place] == pytest.approx(bars.open[place] * (1 + percent / 100))
    left = (1 + percent / 100) ** (1 - recovery)
    assert made.close[place:] == pytest.approx(bars.close[place:] * left)
    assert np.array_equal(made.close[:place], bars.close[:place])
    before = stressed_bars(bars, Scenario("shock", shock=Shock(percent, recovery, place - 100)), seed)
    assert before.data_hash == made.data_hash


@given(st.floats(max_value=-100.0, allow_nan=False))
def test_a_shock_that_leaves_no_price_is_refused(percent: float) -> None:
    with pytest.raises(InputError, match=r"leaves no price above zero|finite"):
        Shock(percent)
