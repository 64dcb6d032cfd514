"""All strategies together."""

from dataclasses import replace

import numpy as np
import pytest

from support.samples import history, r_of
from tradeworthy.validation.pooling import Pool, effective_strategies, pool
from tradeworthy.validation.samples import TradeSample, Window


def pooled(*means: float, now: float | None = None, trades: int = 300) -> Pool:
    """The pool of strategies with these edges; `now` is the edge in the window."""
    samples: list[TradeSample] = []
    window = Window(0, 0)
    for i, mean in enumerate(means):
        sample, window = history(f"s{i}", r_of(trades, mean, i), r_of(30, mean if now is None else now, 100 + i))
        samples.append(sample)
    found = pool(samples, window, level=0.05, paths=4_000, seed=0)
    assert found is not None
    return found


def test_a_book_that_earns_is_seen_to_earn() -> None:
    found = pooled(0.3, 0.3, 0.3)
    assert found.probability > 0.99
    assert found.interval.low > 0
    assert found.weeks_to_decide == 0


def test_a_book_that_loses_is_seen_to_lose() -> None:
    found = pooled(-0.2, -0.2, -0.2)
    assert found.probability < 0.01
    assert found.weeks_to_decide is None


def test_a_book_that_stopped_earning_everywhere_is_seen_as_degraded() -> None:
    assert pooled(0.4, 0.4, 0.4, now=-0.7).p_lower == pytest.approx(0.0, abs=0.01)
    unchanged = pooled(0.4, 0.4, 0.4).p_lower
    assert unchanged is not None
    assert unchanged > 0.05


def test_strategies_are_drawn_towards_each_other_and_stay_between() -> None:
    found = pooled(0.5, 0.0, 0.0)
    plain = float(np.concatenate((r_of(300, 0.5, 0), r_of(30, 0.5, 100))).mean())
    assert found.mean_r < found.strategy_means["s0"] < plain
    assert found.between_strategies_sd > 0


def test_the_pooled_mean_of_alike_strategies_is_the_mean_of_all_trades() -> None:
    every = np.concatenate([np.concatenate((r_of(300, 0.1, i), r_of(30, 0.1, 100 + i))) for i in range(3)])
    found = pooled(0.1, 0.1, 0.1)
    assert found.mean_r == pytest.approx(float(every.mean()), abs=0.01)
    assert found.trades == 990


def test_strategies_that_move_together_leave_more_doubt_than_strategies_that_do_not() -> None:
    one, window = history("a", r_of(300, 0.05, 1), r_of(30, 0.05, 2))
    copies = [TradeSample(name, one.exit_time, one.r, one.first_ns, one.ends_ns) for name in "abcd"]
    others = [history(name, r_of(300, 0.05, 10 + i), r_of(30, 0.05, 20 + i))[0] for i, name in enumerate("abcd")]
    together = pool(copies, window, level=0.05, paths=4_000, seed=0)
    apart = pool(others, window, level=0.05, paths=4_000, seed=0)
    assert together is not None
    assert apart is not None
    ratio = (together.interval.high - together.interval.low) / (apart.interval.high - apart.interval.low)
    assert 1.5 < ratio < 2.6  # four copies are as sure as one, four strangers twice as sure


def test_an_empty_window_leaves_the_comparison_open() -> None:
    sample, window = history("a", r_of(300, 0.1, 1), np.empty(0))
    found = pool([sample], window, level=0.05, paths=1_000, seed=0)
    assert found is not None
    assert (found.window_trades, found.now, found.difference, found.p_lower) == (0, None, None, None)


def test_too_few_trades_are_no_pool() -> None:
    sample, window = history("a", r_of(15, 0.1, 1), r_of(3, 0.1, 2))
    assert pool([sample], window, level=0.05, paths=1_000, seed=0) is None
    assert pool([], window, level=0.05, paths=1_000, seed=0) is None


def test_the_same_seed_gives_the_same_pool() -> None:
    assert pooled(0.1, 0.2) == pooled(0.1, 0.2)


def test_strategies_that_close_the_same_weeks_alike_amount_to_one_and_strangers_to_their_number() -> None:
    one, window = history("a", r_of(300, 0.1, 1), r_of(20, 0.1, 2))
    others = [history(name, r_of(300, 0.1, seed), r_of(20, 0.1, seed))[0] for name, seed in (("b", 3), ("c", 4))]
    assert effective_strategies([one, replace(one, strategy="twin")], window) == pytest.approx(1.0, abs=1e-6)
    assert effective_strategies([one, *others], window) == pytest.approx(3.0, abs=0.1)
    assert effective_strategies([one], window) is None
    few, _ = history("few", r_of(5, 0.1, 5), r_of(20, 0.1, 6))
    assert effective_strategies([one, few], window) is None
