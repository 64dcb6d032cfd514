"""A strategy that sees only the past is never accused; one that peeks where it is cut always is."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support.leaks import RuleStrategy, crosses, mean_before
from tradeworthy.backtest.lookahead import find_lookahead
from tradeworthy.backtest.lookahead_report import Answer, FoundBy
from tradeworthy.backtest.other_futures import Future, with_other_future
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.strategies.ma_cross import MaCrossover

SEEDS = st.integers(0, 10**6)


def causal(period: int, memory: float, threshold: float, odd: int) -> RuleStrategy:
    """A random rule over windows, sums, records and recursion, all of the past."""

    def rule(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        x = np.log(bars.close)
        slow = np.empty(len(x))
        for i, price in enumerate(x):
            slow[i] = price if i == 0 else memory * slow[i - 1] + (1 - memory) * price
        line = x - slow - threshold * (np.maximum.accumulate(x) - np.minimum.accumulate(x))
        side = crosses(line) + crosses(bars.close - mean_before(bars.close, period))
        side = np.clip(np.where(np.arange(len(x)) % odd == 0, 0, side), -1, 1)
        side[: period + 1] = 0
        return side, np.cumsum(bars.high - bars.low) / np.arange(1, len(x) + 1)

    return RuleStrategy(rule, warm_up=period + 1)


@settings(max_examples=60)
@given(SEEDS, st.integers(2, 30), st.floats(0.5, 0.99), st.floats(-0.2, 0.2), st.integers(2, 9), st.booleans())
def test_a_strategy_that_sees_only_the_past_is_never_accused(
    seed: int, period: int, memory: float, threshold: float, odd: int, flat: bool
) -> None:
    bars = random_walk_bars(300, seed)
    if flat:
        bars = replace(bars, open=bars.close, high=bars.close, low=bars.close, close_only=True)
    report = find_lookahead(causal(period, memory, threshold, odd), bars, cuts=40, seed=seed)
    assert report.answer is not Answer.LOOKS_AHEAD
    assert report.change is None
    assert not report.rounded


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 30), st.integers(1, 60), st.integers(1, 30))
def test_the_moving_average_cross_is_never_accused(seed: int, fast: int, more: int, atr: int) -> None:
    strategy = MaCrossover(fast, fast + more, atr, stop_atr=1.5, target_atr=2.5)
    report = find_lookahead(strategy, random_walk_bars(400, seed), cuts=40, seed=seed)
    assert report.change is None
    assert report.stream.bar is None
    assert report.warm_up.entries in {None, report.warm_up.stated}


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 25), st.booleans())
def test_a_stop_that_knows_a_later_close_is_always_found_with_its_distance(
    seed: int, ahead: int, refuses: bool
) -> None:
    bars = random_walk_bars(300, seed)

    def rule(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        known = np.concatenate((bars.close[ahead:], np.full(min(ahead, len(bars)), -1.0)))
        return crosses(bars.close - mean_before(bars.close)), known + 2.0

    report = find_lookahead(RuleStrategy(rule, fewest=300 if refuses else 0), bars, cuts=40, seed=seed)
    assume(report.decisions > 10)
    assert report.change is not None
    assert (report.change.ahead, report.change.settled) == (ahead, ahead)
    assert report.change.found_by is (FoundBy.REPLACED if refuses else FoundBy.CUT_OFF)


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 79), st.sampled_from(Future), st.booleans())
def test_another_future_is_valid_bars_with_the_same_past_and_other_prices(
    seed: int, cut: int, future: Future, flat: bool
) -> None:
    bars = random_walk_bars(80, seed)
    bars = replace(bars, volume=np.arange(80.0))
    if flat:
        bars = replace(bars, open=bars.close, high=bars.close, low=bars.close, close_only=True)
    other = with_other_future(bars, cut, future, seed)
    assert len(other) == 80
    np.testing.assert_array_equal(other.close_time, bars.close_time)
    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(other, name)[:cut], getattr(bars, name)[:cut])
    if future is Future.MIRRORED:
        np.testing.assert_allclose(other.close[cut:] * bars.close[cut:], bars.close[cut - 1] ** 2)
    else:
        moves, others = (np.abs(np.diff(np.log(one.close[cut - 1 :]))) for one in (bars, other))
        np.testing.assert_allclose(np.sort(others), np.sort(moves), atol=1e-12)
    if flat:
        np.testing.assert_array_equal(other.high, other.low)
