"""RSI and Bollinger bands."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from support.plain_bands import plain_bands
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.rsi_bollinger import RsiBollinger

STRATEGIES = st.builds(
    RsiBollinger,
    rsi_period=st.integers(1, 9),
    oversold=st.sampled_from([20.0, 35.0, 45.0]),
    overbought=st.sampled_from([55.0, 65.0, 80.0]),
    band_period=st.integers(2, 12),
    band_width=st.sampled_from([0.3, 1.0, 1.5]),
    atr_period=st.integers(1, 15),
    stop_atr=st.sampled_from([None, 1.5]),
    target_atr=st.sampled_from([None, 2.5]),
    exit_at_middle=st.booleans(),
)
MOVES = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


def bars_of(moves: list[tuple[int, int, int]]) -> Bars:
    """Bars whose closes move by whole ticks, so that ties and flat stretches happen."""
    close = 100.0 + np.cumsum([move for move, _, _ in moves])
    before = np.concatenate(([100.0], close[:-1]))
    high = np.maximum(close, before) + [up for _, up, _ in moves]
    low = np.minimum(close, before) - [down for _, _, down in moves]
    opened = np.arange(len(moves), dtype=np.int64) * HOUR_NS
    shape = random_walk(1)
    return Bars(shape.instrument, shape.timeframe, opened, opened + HOUR_NS, before, high, low, close)


@settings(max_examples=150)
@given(STRATEGIES, MOVES)
def test_decisions_are_those_of_the_plain_version(strategy: RsiBollinger, moves: list[tuple[int, int, int]]) -> None:
    bars = bars_of(moves)
    plain = plain_bands(strategy, bars.high.tolist(), bars.low.tolist(), bars.close.tolist())
    ours = strategy.decisions(bars).columns(len(bars))
    for i in range(4):
        np.testing.assert_allclose(ours[i], [row[i] for row in plain], rtol=1e-9)


@settings(max_examples=60)
@given(STRATEGIES, st.integers(0, 10**6))
def test_fed_live_it_decides_as_it_did_over_columns(strategy: RsiBollinger, seed: int) -> None:
    bars, stream = random_walk(250, seed), strategy.stream()
    columns = strategy.decisions(bars).columns(len(bars))
    for i in range(len(bars)):
        said = stream.update(float(bars.high[i]), float(bars.low[i]), float(bars.close[i]))
        row = [said.enter, said.leave, said.stop_distance, said.target_distance]
        np.testing.assert_array_equal(row, [column[i] for column in columns])


@settings(max_examples=40)
@given(STRATEGIES, st.integers(0, 10**6), st.integers(30, 290))
def test_no_decision_changes_when_the_future_does(strategy: RsiBollinger, seed: int, cut: int) -> None:
    bars = random_walk(300, seed)
    whole, part = strategy.decisions(bars).until(cut), strategy.decisions(bars.slice(0, cut))
    for name in ("bar", "enter", "leave", "stop_distance", "target_distance"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(part, name))


@settings(max_examples=40)
@given(STRATEGIES, st.integers(0, 10**6))
def test_a_market_on_its_head_gives_the_mirrored_decisions(strategy: RsiBollinger, seed: int) -> None:
    bars = random_walk(300, seed)
    top = 4.0
    turned = Bars(
        bars.instrument, bars.timeframe, bars.open_time, bars.close_time, top - bars.open, top - bars.low, top - bars.high,
        top - bars.close,
    )  # fmt: skip
    mirrored = RsiBollinger(
        strategy.rsi_period, 100 - strategy.overbought, 100 - strategy.oversold, strategy.band_period, strategy.band_width,
        strategy.atr_period, strategy.stop_atr, strategy.target_atr, strategy.exit_at_middle,
    )  # fmt: skip
    ours, theirs = strategy.decisions(bars), mirrored.decisions(turned)
    np.testing.assert_array_equal(ours.bar, theirs.bar)
    np.testing.assert_array_equal(ours.enter, -theirs.enter)
    np.testing.assert_array_equal(ours.leave, np.array([0, 2, 1, 3])[theirs.leave])


def test_a_long_is_left_at_the_middle_and_a_short_too() -> None:
    result = run_backtest(random_walk(4_000), RsiBollinger(7, 35, 65, 12, 1.2))
    bars, trades = result.bars, result.trades
    assert {trade.reason for trade in trades[:-1]} == {"signal"}
    assert {trade.side for trade in trades} == {"long", "short"}
    for trade in trades[:-1]:
        decided = trade.exit_index - 1
        middle = bars.close[decided - 11 : decided + 1].mean()
        assert trade.side.sign * (bars.close[decided] - middle) >= -1e-9


def test_nothing_is_entered_where_nothing_moved() -> None:
    moves = [(-1, 0, 0)] * 10 + [(0, 0, 0)] * 60
    strategy = RsiBollinger(3, 30, 70, 5, 1.0, 3)
    late = strategy.decisions(bars_of(moves))
    assert not late.enter[late.bar > 14].any()


def test_warming_up_takes_as_long_as_it_says() -> None:
    strategy = RsiBollinger(5, band_period=9, atr_period=3)
    assert strategy.warm_up == 10
    assert RsiBollinger(20, band_period=9).warm_up == 21
    with pytest.raises(NotEnoughData, match="needs 10 bars"):
        run_backtest(random_walk(10), strategy)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"rsi_period": 0}, "rsi_period must be a whole number"),
        ({"band_period": 1}, "band_period must be 2 bars or more"),
        ({"oversold": 70, "overbought": 30}, "0 < oversold < overbought < 100"),
        ({"overbought": 100}, "0 < oversold < overbought < 100"),
        ({"oversold": math.nan}, "oversold must be a finite number"),
        ({"band_width": 0}, "band_width must be above zero"),
        ({"stop_atr": -1}, "stop_atr must be above zero"),
    ],
)
def test_an_impossible_parameter_is_named_with_its_range(arguments: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        RsiBollinger(**arguments)  # type: ignore[arg-type]
