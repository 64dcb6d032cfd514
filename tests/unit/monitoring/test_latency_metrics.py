"""Latencies by stage."""

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.monitoring import LatencyMetrics, LatencyStatus, PerformanceConfig, Stage
from tradeworthy.monitoring.latency_metrics import LatencyRing, shown_ms


def test_a_stage_within_its_budget_says_so() -> None:
    metrics = LatencyMetrics()
    for number in range(100):
        metrics.record("data_fetch", 300.0 + number)
    found = metrics.reading("data_fetch")
    assert found.status is LatencyStatus.WITHIN_BUDGET
    assert (found.count, found.max_ms, found.mean_ms) == (100, 399.0, 349.5)
    assert found.p95_ms == pytest.approx(394.05)
    assert found.sentence == "data_fetch: P95 394 ms, within its budget of 450 ms (latest 100)"


def test_a_p95_exactly_at_its_budget_is_within_it_and_above_it_is_not() -> None:
    metrics = LatencyMetrics({"fewest": 1, "order_execution_ms_p95": 300.0})
    metrics.record("order_execution", 300.0)
    assert metrics.reading("order_execution").status is LatencyStatus.WITHIN_BUDGET
    metrics.record("order_execution", 301.0)
    assert metrics.reading("order_execution").status is LatencyStatus.OVER_BUDGET


def test_a_stage_that_nothing_was_recorded_of_is_not_measured() -> None:
    found = LatencyMetrics().reading("pipeline")
    assert found.status is LatencyStatus.NOT_MEASURED
    assert found.p95_ms is None
    assert found.sentence == 'pipeline: not measured: nothing was tracked; call track_latency("pipeline", start)'


def test_nineteen_latencies_make_no_p95_to_judge_and_twenty_do() -> None:
    metrics = LatencyMetrics()
    for _ in range(19):
        metrics.record("signal_generation", 500.0)
    assert metrics.reading("signal_generation").status is LatencyStatus.NOT_ENOUGH_DATA
    metrics.record("signal_generation", 500.0)
    assert metrics.reading("signal_generation").status is LatencyStatus.OVER_BUDGET


def test_percentiles_are_of_the_latest_and_counts_of_all() -> None:
    metrics = LatencyMetrics({"latest": 20})
    for number in [9_000.0] * 50 + [10.0] * 20:
        metrics.record("data_fetch", number)
    found = metrics.reading("data_fetch")
    assert (found.count, found.latest, found.p95_ms, found.max_ms, found.over_budget) == (70, 20, 10.0, 9_000.0, 0)


def test_a_ring_keeps_no_more_than_its_size() -> None:
    ring = LatencyRing(3)
    for number in range(10):
        ring.add(float(number))
    assert ring.ordered() == [7.0, 8.0, 9.0]


@pytest.mark.parametrize("name", ["data", "", None, 3, Stage])
def test_an_unknown_stage_is_told_with_those_there_are(name: object) -> None:
    with pytest.raises(InputError, match="one of data_fetch, signal_generation, order_execution, pipeline"):
        LatencyMetrics().record(name, 1.0)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), True, "5"])
def test_what_is_no_time_is_refused_and_not_counted(value: float) -> None:
    metrics = LatencyMetrics()
    with pytest.raises(InputError, match="milliseconds"):
        metrics.record("data_fetch", value)
    assert metrics.count("data_fetch") == 0


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"fewest": 0}, "fewest must be a whole number from 1"),
        ({"fewest": 20, "latest": 10}, "20 can never be there"),
        ({"data_fetch_ms_p95": 0}, "data_fetch_ms_p95 must be above zero"),
        ({"win_rate_min": 45}, "win_rate_min is a fraction"),
        ({"confidence": None}, "confidence must be a finite number"),
        ({"capital": 1e-12}, "capital must be at least"),
        ({"capital": float("nan")}, "capital must be a finite number"),
        ({"zone": "Mars/Base"}, "not a time zone"),
        ({"zone": 3}, "zone must be text"),
        ({"budget": 3}, "config has no 'budget'; its fields are data_fetch_ms_p95"),
        ("fast", "a dict of its fields"),
    ],
)
def test_a_config_that_makes_no_sense_is_told_in_one_sentence(config: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        LatencyMetrics(config)  # type: ignore[arg-type]  # on purpose


def test_limits_may_be_switched_off() -> None:
    config = PerformanceConfig(drawdown_max=None, daily_loss_max=None, win_rate_min=None, losses_in_row_max=None)
    assert config.drawdown_max is None


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0.01155, "0.01 ms"), (12.34, "12.3 ms"), (450.0, "450 ms"), (2.0, "2 ms"), (12345.6, "12,346 ms")],
)
def test_times_are_shown_with_three_digits_or_so(milliseconds: float, text: str) -> None:
    assert shown_ms(milliseconds) == text
