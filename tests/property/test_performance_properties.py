"""Whatever is recorded: figures are those of independent definitions, and threads and journals make no difference."""

from itertools import pairwise
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import tradeworthy as tw
from support.journal_notes import START_NS, ListedJournal, Writer
from tradeworthy.core.clock import HOUR_NS, MINUTE_NS, rfc3339
from tradeworthy.monitoring import LatencyMetrics, PerformanceConfig, TradeMetrics, difference_interval
from tradeworthy.monitoring.latency_metrics import percentile
from tradeworthy.monitoring.run_chances import run_chance
from tradeworthy.risk import longest_loss_run_probability
from tradeworthy.validation import (
    average_loss,
    average_win,
    drawdowns,
    longest_losing_streak,
    longest_winning_streak,
    profit_factor,
    wilson_interval,
    win_rate,
)

MONEY = st.floats(-1e6, 1e6).map(lambda pnl: round(pnl, 2))
TRADES = st.lists(st.tuples(MONEY, st.sampled_from(["stop", "target", "signal"]), st.integers(0, 40)), max_size=60)
CAPITAL = 1e9


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=200), st.floats(0.0, 1.0))
def test_percentiles_are_numpys_by_linear_interpolation(values: list[float], level: float) -> None:
    expected = float(np.percentile(values, 100.0 * level, method="linear"))
    assert percentile(sorted(values), level) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(0.0, 1e5), min_size=1, max_size=120), st.integers(1, 50))
def test_the_p95_is_that_of_the_latest(values: list[float], size: int) -> None:
    metrics = LatencyMetrics({"latest": size, "fewest": 1})
    for one in values:
        metrics.record("data_fetch", one)
    found, latest = metrics.reading("data_fetch"), values[-size:]
    assert found.p95_ms == pytest.approx(float(np.percentile(latest, 95)), rel=1e-9, abs=1e-9)
    assert (found.count, found.max_ms) == (len(values), max(values))
    assert found.over_budget == sum(one > 450.0 for one in latest)


@given(st.lists(MONEY, min_size=1, max_size=80))
def test_measures_of_trades_are_those_of_validation(results: list[float]) -> None:
    metrics = TradeMetrics({"capital": CAPITAL})
    for one in results:
        metrics.record(one)
    found = metrics.reading()
    assert found.all.won.share == win_rate(results)
    assert found.longest_winning_streak == longest_winning_streak(results)
    assert found.longest_losing_streak == longest_losing_streak(results)
    for mine, theirs in (
        (found.profit_factor, profit_factor(results)), (found.average_win, average_win(results)),
        (found.average_loss, average_loss(results)),
    ):  # fmt: skip
        assert mine == (None if theirs is None else pytest.approx(theirs, rel=1e-9))
    equity = CAPITAL + np.concatenate(([0.0], np.cumsum(results)))
    falls = drawdowns(equity, np.arange(len(equity)))
    assert falls is not None
    assert found.drawdown.deepest == pytest.approx(falls.money, abs=1e-3)
    assert found.drawdown.deepest_fraction == pytest.approx(falls.fraction, abs=1e-9)
    assert found.drawdown.current == pytest.approx(float(equity.max() - equity[-1]), abs=1e-3)
    runs = [0]
    for one in results:
        runs.append(
            runs[-1] + 1 if one > 0 and runs[-1] >= 0 else 1 if one > 0 else 0 if not one else min(runs[-1], 0) - 1
        )
    assert found.streak == runs[-1]


@given(st.integers(1, 60), st.integers(0, 300), st.floats(0.0, 1.0))
def test_chances_of_a_run_are_those_of_risk(run: int, n: int, loss: float) -> None:
    assert run_chance(run, n, loss) == pytest.approx(longest_loss_run_probability(run, n, loss), abs=1e-12)


@pytest.mark.parametrize("n", [5_001, 20_000, 300_000])
@pytest.mark.parametrize("loss", [0.001, 0.3, 0.5, 0.62, 0.9, 0.97, 1.0])
def test_chances_of_a_run_in_many_trades_are_those_of_risk(n: int, loss: float) -> None:
    for run in (1, 2, 5, 9, 14, 20, 33, 70, 200, 1_000):
        assert run_chance(run, n, loss) == pytest.approx(longest_loss_run_probability(run, n, loss), abs=1e-7), run


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.5, 0.999))
def test_intervals_of_shares_are_wilsons(wins: int, more: int, confidence: float) -> None:
    n = wins + more
    metrics = TradeMetrics(PerformanceConfig(confidence=confidence))
    for number in range(n):
        metrics.record(1.0 if number < wins else -1.0)
    found = metrics.reading().all.won.interval
    expected = binomtest(wins, n).proportion_ci(confidence, method="wilson")
    assert found == wilson_interval(wins, n, confidence)
    assert found is not None
    assert [found.low, found.high] == pytest.approx([expected.low, expected.high], abs=1e-9)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_difference_of_shares_lies_in_its_interval_and_turns_with_its_sides(a: int, b: int, c: int, d: int) -> None:
    found, turned = difference_interval(a, a + b, c, c + d), difference_interval(c, c + d, a, a + b)
    assert found.low <= a / (a + b) - c / (c + d) <= found.high
    assert [found.low, found.high] == pytest.approx([-turned.high, -turned.low])


@settings(max_examples=25)
@given(TRADES, st.integers(2, 5))
def test_it_makes_no_difference_for_counts_which_thread_tells_what(
    trades: list[tuple[float, str, int]], workers: int
) -> None:
    def told(one: tw.PerformanceMonitor, some: list[tuple[float, str, int]]) -> None:
        for pnl, reason, hour in some:
            one.record_trade(pnl=pnl, exit_reason=reason, at=START_NS + hour * HOUR_NS)
            one.record_signal(acted_on=pnl > 0, reason=reason, bias_correct=hour % 2 == 0)

    plain, threaded = tw.PerformanceMonitor(), tw.PerformanceMonitor()
    told(plain, trades)
    threads = [Thread(target=told, args=(threaded, trades[place::workers])) for place in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one, other = plain.summary(), threaded.summary()
    assert one.signals == other.signals
    assert one.trades.all.won == other.trades.all.won
    for mine, theirs in (
        (one.trades.by_hour, other.trades.by_hour),
        (one.trades.exit_reasons, other.trades.exit_reasons),
    ):
        assert {key: (of.won, of.lost) for key, of in mine.items()} == {
            key: (of.won, of.lost) for key, of in theirs.items()
        }
    assert one.trades.all.pnl == pytest.approx(other.trades.all.pnl, abs=1e-3)


def record_day(hour: int) -> str:
    """The day, in UTC, of a trade so many hours after the start."""
    return rfc3339(START_NS + hour * HOUR_NS)[:10]


@settings(max_examples=40)
@given(TRADES, st.lists(st.sampled_from(["", "gate", "sizing"]), max_size=30), st.lists(st.integers(0, 90), max_size=4))
def test_telling_by_calls_is_reading_a_journal_of_the_same(
    trades: list[tuple[float, str, int]], signals: list[str], cuts: list[int]
) -> None:
    writer, now = Writer(), START_NS + 60 * HOUR_NS
    writer.started(simulated=True)
    called = tw.PerformanceMonitor(config={"capital": 10_000.0, "currency": "EUR"}, clock=lambda: now)
    for pnl, reason, hour in trades:
        writer.closed(pnl, reason, START_NS + hour * HOUR_NS + 7 * MINUTE_NS)
        called.record_trade(pnl=pnl, exit_reason=reason, at=START_NS + hour * HOUR_NS + 7 * MINUTE_NS)
    for number, check in enumerate(signals):
        if check:
            writer.refused(check)
        else:
            writer.sent(f"order {number}", START_NS)
        called.record_signal(acted_on=not check, reason=check, at=START_NS)
    writer.bar(60, 1.0)
    journal = ListedJournal()
    followed = tw.PerformanceMonitor(journal)
    for start, end in pairwise([0, *sorted(cuts), len(writer.events)]):
        journal.events += writer.events[len(journal.events) : max(end, start)]
        followed.catch_up()
    one, other = called.summary(), followed.summary()
    assert one.trades == other.trades
    assert one.signals == other.signals
    for day in sorted({record_day(hour) for _, _, hour in trades}):
        assert called.daily_report(day).summary.trades == followed.daily_report(day).summary.trades
