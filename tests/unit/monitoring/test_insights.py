"""What is found in a record, and what is not."""

import numpy as np
import pytest

from tradeworthy.monitoring import (
    Finding,
    Insight,
    LatencyMetrics,
    PerformanceConfig,
    SignalQualityMetrics,
    TradeMetrics,
)
from tradeworthy.monitoring.insight_questions import insights_of
from tradeworthy.monitoring.insights import fewest_until


def asked(
    trades: TradeMetrics | None = None,
    signals: SignalQualityMetrics | None = None,
    latency: LatencyMetrics | None = None,
) -> dict[str, Insight]:
    """Answers by question."""
    found = insights_of(
        (latency or LatencyMetrics()).readings(), (trades or TradeMetrics()).reading(),
        (signals or SignalQualityMetrics()).reading(), PerformanceConfig(),
    )  # fmt: skip
    return {one.question: one for one in found}


def hours_told(*hours: tuple[int, int, int]) -> TradeMetrics:
    """(hour, wins, trades) each, wins and losses taking turns as far as they go."""
    metrics = TradeMetrics()
    for hour, wins, n in hours:
        for number in range(n):
            metrics.record(1.0 if number * wins // n != (number + 1) * wins // n else -1.0, "x", hour)
    return metrics


HOURS = "Is there an hour of the day that wins more or less than the others?"
RUNS = "Do losses come in longer runs than luck gives?"
AWAY = "Does one reason turn most signals away?"
BIAS = "Is the bias of signals better or worse than a coin?"


def test_an_empty_record_has_no_answer_to_any_question() -> None:
    found = asked()
    assert set(found) == {HOURS, RUNS, AWAY, BIAS}
    assert {one.finding for one in found.values()} == {Finding.NOT_ENOUGH_DATA}
    assert found[RUNS].sentence == "not enough data: 0 trades, 20 are needed"
    assert found[RUNS].would_change == "20 trades more"


def test_nineteen_trades_however_bad_are_not_enough() -> None:
    found = asked(hours_told((9, 0, 19), (14, 19, 19)))
    assert found[HOURS].finding is Finding.NOT_ENOUGH_DATA


def test_an_hour_that_loses_is_found_with_its_counts_and_what_would_change_it() -> None:
    found = asked(hours_told((9, 60, 100), (14, 5, 40)))[HOURS]
    assert found.finding is Finding.FOUND
    assert found.counts["hour"] in {9, 14}
    assert found.interval is not None
    further = int(found.would_change.split()[2].replace(",", ""))
    hour = found.counts["hour"]
    wins = (60, 5 + further) if hour == 14 else (60, 5)
    n = (100, 40 + further) if hour == 14 else (100 + further, 40)
    after = asked(hours_told((9, wins[0], n[0]), (14, wins[1], n[1])))
    assert after[HOURS].finding is not Finding.FOUND or after[HOURS].counts["hour"] != hour


def test_hours_that_win_alike_give_no_insight() -> None:
    assert asked(hours_told((9, 22, 40), (14, 20, 40)))[HOURS].finding is Finding.NOTHING_FOUND


def test_losses_in_one_long_run_are_found() -> None:
    metrics = TradeMetrics()
    for number in range(200):
        metrics.record(-1.0 if 50 <= number < 75 or number % 2 else 1.0)
    assert asked(metrics)[RUNS].finding is Finding.FOUND


def test_all_trades_lost_or_none_is_no_run_to_wonder_at() -> None:
    for result in (1.0, -1.0):
        metrics = TradeMetrics()
        for _ in range(30):
            metrics.record(result)
        assert asked(metrics)[RUNS].finding is Finding.NOTHING_FOUND


def test_a_reason_that_turns_most_signals_away_is_found() -> None:
    signals = SignalQualityMetrics()
    for number in range(100):
        signals.record(acted_on=number < 20, reason="" if number < 20 else "likely_trap")
    found = asked(signals=signals)[AWAY]
    assert found.finding is Finding.FOUND
    assert dict(found.counts) == {"turned_away": 80, "signals": 100}
    assert "'likely_trap' turned 80 of 100 signals away, 80.0%" in found.sentence


@pytest.mark.parametrize(("right", "finding"), [(50, Finding.NOTHING_FOUND), (75, Finding.FOUND), (20, Finding.FOUND)])
def test_a_bias_is_held_against_a_coin(right: int, finding: Finding) -> None:
    signals = SignalQualityMetrics()
    for number in range(100):
        signals.record_bias(number < right)
    found = asked(signals=signals)[BIAS]
    assert found.finding is finding
    assert found.to_dict()["evidence"]["counts"] == {"right": right, "judged": 100}


@pytest.mark.parametrize(
    ("slow", "finding"), [(4, Finding.NOTHING_FOUND), (8, Finding.NOTHING_FOUND), (30, Finding.FOUND)]
)
def test_a_budget_is_broken_where_more_than_one_in_twenty_is_shown_to_be_late(slow: int, finding: Finding) -> None:
    latency = LatencyMetrics()
    for number in range(100):
        latency.record("data_fetch", 1_000.0 if number < slow else 10.0)
    found = asked(latency=latency)["Does data_fetch keep its budget?"]
    assert found.finding is finding
    bound = int(found.would_change.split()[0])
    latency = LatencyMetrics()
    for number in range(100):
        latency.record("data_fetch", 1_000.0 if number < bound else 10.0)
    assert asked(latency=latency)["Does data_fetch keep its budget?"].finding is not finding


def test_luck_alone_is_seldom_taken_for_an_insight() -> None:
    random, false = np.random.default_rng(3), 0
    for _ in range(300):
        trades, signals = TradeMetrics(), SignalQualityMetrics()
        for result, hour in zip(random.normal(size=400), random.integers(0, 8, 400), strict=True):
            trades.record(float(result), "x", int(hour))
            signals.record_bias(bool(random.integers(0, 2)))
        false += any(one.finding is Finding.FOUND for one in asked(trades, signals).values())
    assert false <= 18  # three questions at 1% each: 9 of 300 expected, 18 in one case of a hundred or so


@pytest.mark.parametrize(("bound", "count"), [(1, 1), (2, 2), (7, 7), (64, 64), (99_999, 99_999), (10**6, None)])
def test_the_fewest_further_events_are_found(bound: int, count: int | None) -> None:
    assert fewest_until(lambda k: k >= bound) == count
