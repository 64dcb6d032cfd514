"""Where an error of one, a flipped sign or a missing correction would pass unseen."""

from dataclasses import replace

import numpy as np
import pytest

from support.samples import history, r_of
from tradeworthy.core.clock import DAY_NS, WEEK_NS
from tradeworthy.core.verdict import StrategyVerdict
from tradeworthy.validation.bar_returns import second_opinion
from tradeworthy.validation.bootstrap_loops import resample_sums, resample_trades
from tradeworthy.validation.comparison import compare, paths_for
from tradeworthy.validation.judgement import judge_strategies, percent
from tradeworthy.validation.pooling import pool
from tradeworthy.validation.samples import TradeSample, Window


def test_an_interval_reaches_further_on_the_side_that_luck_does_not() -> None:
    """Rare large wins: luck lifts a mean far more than it lowers it, so the true change may be far below what is seen."""
    skewed = np.where(np.random.default_rng(0).random(400) < 0.1, 6.0, -0.5)
    change = compare(skewed, skewed[:15], name="x", tests=1).mean_r
    assert change.interval is not None
    assert change.difference is not None
    assert change.difference - change.interval.low > 1.3 * (change.interval.high - change.difference)


def test_own_intervals_do_not_widen_when_more_strategies_are_looked_at() -> None:
    alone = compare(r_of(60, 0.1, 1), r_of(12, 0.1, 2), name="x", tests=1)
    among = compare(r_of(60, 0.1, 1), r_of(12, 0.1, 2), name="x", tests=4)
    assert alone.mean_r.interval == among.mean_r.interval


def test_no_interval_reaches_beyond_what_a_measure_can_be() -> None:
    for seed in range(20):
        for change in compare(r_of(60, 0.1, seed), r_of(3, 0.1, 100 + seed), name="x", tests=1, paths=1_000).measures:
            if change.interval is None or change.baseline is None:
                continue
            low, high = change.baseline + change.interval.low, change.baseline + change.interval.high
            if change.name == "win_rate":
                assert -1e-12 <= low <= high <= 1 + 1e-12
            if change.name in {"profit_factor", "max_drawdown_r", "average_win_r"}:
                assert low >= -1e-12


def test_false_alarms_with_twenty_trades_before_are_neither_too_many_nor_none() -> None:
    """Without the widening 8.6% of these would alarm, without the baseline's own error far more."""
    alarms = 0
    for seed in range(500):
        r = r_of(40, 0.1, 50_000 + seed)
        alarms += compare(r[:20], r[20:], name="x", tests=1, paths=1_000, seed=seed).p_lower <= 0.05
    assert 0.01 <= alarms / 500 <= 0.05 + 2 * 0.0097  # two standard errors


def test_a_chance_is_never_exactly_none_or_one() -> None:
    found = compare(r_of(200, 0.3, 1), np.full(30, -1.0), name="x", tests=1, paths=1_000)
    assert found.p_lower == pytest.approx(1 / 1_001)
    assert found.p_upper == 1.0


def test_serial_dependence_makes_the_null_wider() -> None:
    runs = np.repeat(r_of(60, 0.0, 3), 6)
    mixed = np.random.default_rng(0).permutation(runs)
    in_runs, apart = (compare(r, r[:30], name="x", tests=1).simultaneous for r in (runs, mixed))
    assert in_runs.high - in_runs.low > 1.3 * (apart.high - apart.low)


def test_drawdown_is_compared_with_spans_as_long_as_the_window() -> None:
    baseline = r_of(2_000, 0.05, 1)
    drawdown = compare(baseline, r_of(10, 0.05, 2), name="x", tests=1).measures[5]
    assert drawdown.baseline is not None
    assert drawdown.baseline < 6


def test_more_tests_are_given_the_paths_to_reach_their_level() -> None:
    assert paths_for(1_000, 100, 0.05, 500) == 40_000
    assert paths_for(10_000, 16, 0.05, 500) == 10_000
    assert paths_for(10_000, 1, 0.05, 400_000) == 1_000


def test_a_better_window_is_adjusted_for_the_others_too() -> None:
    base = compare(r_of(400, 0.3, 1), r_of(20, 0.3, 2), name="x", tests=2, paths=1_000)
    better = replace(base, p_lower=0.9, p_upper=0.03, power=0.9)
    verdicts = judge_strategies({"a": better, "b": replace(base, p_upper=0.5, power=0.9)}, {"a": 1.0, "b": 1.0})
    assert verdicts["a"].verdict is StrategyVerdict.HOLDS
    assert judge_strategies({"a": better}, {"a": 1.0})["a"].verdict is StrategyVerdict.IMPROVED


def test_a_trade_that_closes_as_the_window_begins_belongs_before_it_everywhere() -> None:
    start = 100 * WEEK_NS
    window = Window(start, start + 13 * WEEK_NS + DAY_NS)
    before = np.arange(1, 41, dtype=np.int64) * 2 * WEEK_NS
    times = np.concatenate((before, [start, start + 1, window.end_ns, window.end_ns + 1]))
    sample = TradeSample("a", np.sort(times), np.linspace(-1, 1, len(times)), 0, int(times.max()))
    assert len(sample.baseline(window)) == 41
    assert len(sample.current(window)) == 2
    found = pool([sample], window, level=0.05, paths=1_000, seed=0)
    assert found is not None
    assert found.window_trades == 2
    assert found.trades == 43
    assert found.now == pytest.approx(float(sample.current(window).mean()))


def test_the_first_trade_counts_even_if_it_closed_as_soon_as_one_could() -> None:
    sample, window = history("a", r_of(60, 0.1, 1), r_of(5, 0.1, 2))
    early = TradeSample("a", sample.exit_time, sample.r, int(sample.exit_time[0]), sample.ends_ns)
    found = pool([early], window, level=0.05, paths=1_000, seed=0)
    assert found is not None
    assert found.trades == 65


def test_strategies_with_one_trade_each_are_pooled_with_the_rest() -> None:
    good, window = history("good", r_of(60, 0.6, 1), r_of(5, 0.6, 2))
    losers = [history(f"loser {i}", np.array([-3.0]), np.empty(0))[0] for i in range(25)]
    found = pool([good, *losers], window, level=0.05, paths=2_000, seed=0)
    assert found is not None
    assert found.trades == 90
    assert found.probability < 0.5


def test_equal_trades_do_not_make_a_strategy_certain() -> None:
    good, window = history("good", r_of(60, 0.2, 1), r_of(5, 0.2, 2))
    pair = history("pair", np.array([-1.0, -1.0]), np.empty(0))[0]
    found = pool([good, pair], window, level=0.05, paths=2_000, seed=0)
    assert found is not None
    assert found.strategy_means["pair"] > -0.9


def test_a_history_that_never_lost_is_not_certain_to_win() -> None:
    sample, window = history("a", np.full(18, 0.05), np.full(4, 0.06))
    found = pool([sample], window, level=0.05, paths=4_000, seed=0)
    assert found is not None
    assert found.probability < 0.95
    assert found.interval.low < 0


def test_weeks_in_which_nothing_closed_are_no_evidence() -> None:
    window = Window(100 * WEEK_NS, 113 * WEEK_NS)
    times = 99 * WEEK_NS + np.arange(40, dtype=np.int64)
    sample = TradeSample("a", times, r_of(40, 0.5, 1), 0, 113 * WEEK_NS)
    assert pool([sample], window, level=0.05, paths=1_000, seed=0) is None


def test_an_edge_of_zero_is_called_fit_no_more_often_than_promised() -> None:
    fit = missed = 0
    for seed in range(150):
        samples, window = [], Window(0, 0)
        for i in range(8):
            sample, window = history(f"s{i}", r_of(18, 0.0, 1_000 * seed + i), r_of(2, 0.0, 1_000 * seed + 500 + i))
            samples.append(sample)
        found = pool(samples, window, level=0.05, paths=1_000, seed=seed)
        assert found is not None
        fit += found.probability >= 0.95
        missed += not found.interval.low <= 0.0 <= found.interval.high
    assert fit / 150 <= 0.09
    assert missed / 150 <= 0.11


def test_the_book_that_goes_on_as_it_is_would_be_fit_after_the_weeks_it_was_told() -> None:
    sample, window = history("a", r_of(120, 0.1, 4), r_of(10, 0.1, 5))
    found = pool([sample], window, level=0.05, paths=4_000, seed=0)
    assert found is not None
    assert found.weeks_to_decide is not None
    assert (found.weeks_to_decide > 0) == (found.probability < 0.95)


def test_the_second_opinion_agrees_with_plain_means_and_leaves_warm_up_and_window_out() -> None:
    times = np.arange(1, 1_001, dtype=np.int64) * DAY_NS
    r = np.random.default_rng(0).normal(0.01, 0.1, 1_000)
    r[:50] = 0.0
    sample = TradeSample("a", np.empty(0, np.int64), np.empty(0), 50 * DAY_NS, 1_000 * DAY_NS, times, r)
    found = second_opinion(sample, Window(900 * DAY_NS, 1_000 * DAY_NS), seed=0)
    assert found is not None
    assert found.baseline == pytest.approx(r[50:900].mean())
    assert found.now == pytest.approx(r[900:].mean())
    assert found.interval.low < found.now - found.baseline < found.interval.high
    worse = TradeSample(
        "a", sample.exit_time, sample.r, 50 * DAY_NS, 1_000 * DAY_NS, times, np.where(times > 900 * DAY_NS, -0.2, r)
    )
    lost = second_opinion(worse, Window(900 * DAY_NS, 1_000 * DAY_NS), seed=0)
    assert lost is not None
    assert lost.p_lower < 0.01


def test_blocks_wrap_round_the_end_and_have_the_mean_length_asked_for() -> None:
    x = np.zeros(10)
    x[0] = 1.0
    window, baseline = np.empty((2, 40_000, 6))
    resample_trades(x, 3, 1, 50.0, np.uint64(1), window, baseline)
    assert window[:, 0].mean() == pytest.approx(0.1, abs=0.004)  # starts at 8, 9 and 0 reach the first place
    marks = np.arange(2_000.0)
    running = np.stack((np.arange(2_001.0), np.concatenate(([0.0], np.cumsum(marks)))), axis=1)
    out = np.empty((8_000, 2))
    resample_sums(running, 400, 0, 2.0, np.uint64(2), out)
    assert (out[:, 0] == 400).all()
    theory = np.var(marks) * 400 * (2 * 2.0 - 1)  # blocks of geometric length 2: mean square over mean is 3
    assert np.var(out[:, 1]) == pytest.approx(theory, rel=0.06)


@pytest.mark.parametrize(
    ("chance", "shown"),
    [(0.9997, "99.97%"), (0.0003, "0.03%"), (0.9496, "94.96%"), (0.4996, "49.96%"), (0.5, "50.0%"), (0.95, "95.0%")],
)
def test_no_chance_is_rounded_across_what_decides(chance: float, shown: str) -> None:
    assert percent(chance, 10_000) == shown


def test_a_need_that_is_already_met_is_never_named() -> None:
    short = 0
    for seed in range(30):
        baseline = r_of(1_500, 0.3, seed)
        needed = compare(baseline, r_of(9, 0.3, 1), name="x", tests=3, paths=1_000, seed=seed).trades_needed
        assert needed is not None
        again = compare(baseline, r_of(needed, 0.3, 1), name="x", tests=3, paths=1_000, seed=seed)
        if again.power < 0.8:
            short += 1
            assert again.trades_needed is not None
            assert again.trades_needed > needed
    assert short > 3


def spread_over(r: np.ndarray, weeks: int) -> tuple[TradeSample, Window]:
    """One trade a week or more, spread evenly; the second half of the weeks is the window."""
    times = (np.arange(len(r)) * (weeks / len(r)) * WEEK_NS).astype(np.int64) + DAY_NS
    window = Window(weeks // 2 * WEEK_NS, weeks * WEEK_NS)
    return TradeSample("a", times, r, 0, weeks * WEEK_NS), window


def test_the_pools_difference_has_the_error_of_two_independent_means() -> None:
    r = np.random.default_rng(3).normal(0.0, 1.0, 800)
    sample, window = spread_over(r, 400)
    found = pool([sample], window, level=0.05, paths=8_000, seed=0)
    assert found is not None
    assert found.difference is not None
    half = (found.difference.high - found.difference.low) / 2
    assert half == pytest.approx(1.96 * np.sqrt(1 / 400 + 1 / 400), rel=0.12)


def test_the_pools_interval_reaches_further_on_the_side_that_luck_does_not() -> None:
    rng = np.random.default_rng(5)
    skewed = np.where(rng.random(420) < 0.06, 8.0, -0.5)
    sample, _ = spread_over(skewed, 210)
    found = pool([sample], Window(200 * WEEK_NS, 210 * WEEK_NS), level=0.05, paths=8_000, seed=0)
    assert found is not None
    assert found.difference is not None
    assert found.now is not None
    assert found.baseline is not None
    seen = found.now - found.baseline
    assert seen - found.difference.low > 1.2 * (found.difference.high - seen)


def test_weeks_that_follow_each_other_leave_the_pool_more_doubt() -> None:
    runs = np.repeat(r_of(50, 0.0, 3), 8)
    mixed = np.random.default_rng(0).permutation(runs)
    wide, narrow = (
        pool([spread_over(r, 400)[0]], Window(387 * WEEK_NS, 400 * WEEK_NS), level=0.05, paths=4_000, seed=0)
        for r in (runs, mixed)
    )
    assert wide is not None
    assert narrow is not None
    assert wide.interval.high - wide.interval.low > 1.4 * (narrow.interval.high - narrow.interval.low)


def test_strategies_weigh_as_much_as_they_trade() -> None:
    many, window = history("many", np.full(600, -0.2) + r_of(600, 0.0, 1), r_of(20, -0.2, 2))
    few = history("few", r_of(60, 0.6, 3), r_of(2, 0.6, 4))[0]
    found = pool([many, few], window, level=0.05, paths=1_000, seed=0)
    assert found is not None
    every = np.concatenate((many.r, few.r))
    assert found.mean_r == pytest.approx(float(every.mean()), abs=0.03)


def test_a_degraded_pool_from_few_weeks_is_as_rare_as_promised() -> None:
    alarms = 0
    for seed in range(300):
        sample, _ = spread_over(np.random.default_rng(seed).normal(0.1, 1.0, 40), 20)
        found = pool([sample], Window(12 * WEEK_NS, 20 * WEEK_NS), level=0.05, paths=1_000, seed=seed)
        assert found is not None
        assert found.p_lower is not None
        alarms += found.p_lower <= 0.05
    assert alarms / 300 <= 0.05 + 2 * 0.0126  # two standard errors


def test_the_second_opinions_interval_reaches_further_on_the_side_that_luck_does_not() -> None:
    times = np.arange(1, 601, dtype=np.int64) * DAY_NS
    r = np.where(np.random.default_rng(1).random(600) < 0.05, 2.0, -0.05)
    sample = TradeSample("a", np.empty(0, np.int64), np.empty(0), 0, 600 * DAY_NS, times, r)
    found = second_opinion(sample, Window(570 * DAY_NS, 600 * DAY_NS), seed=0)
    assert found is not None
    seen = found.now - found.baseline
    assert seen - found.interval.low > 1.2 * (found.interval.high - seen)
