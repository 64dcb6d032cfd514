"""PerformanceMonitor, told call by call."""

import json
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import numpy as np
import pytest

import tradeworthy as tw
from tradeworthy import monitoring
from tradeworthy.core.clock import DAY_NS, HOUR_NS, SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.monitoring import PerformanceHealth

MORNING = 1_772_611_200_000_000_000  # 2026-03-04T08:00:00Z


class Hands:
    """A clock that is set by hand."""

    def __init__(self, now: int = MORNING) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def test_it_is_one_class_wherever_it_is_imported_from() -> None:
    assert tw.PerformanceMonitor is monitoring.PerformanceMonitor


def test_nothing_told_is_not_healthy_and_says_why() -> None:
    monitor = tw.PerformanceMonitor(config={"capital": 1_000.0})
    assert monitor.get_health_status() == (
        PerformanceHealth.DEGRADED, ["nothing has been measured yet, so nothing is known to be well"],
    )  # fmt: skip
    assert {one.result.value for one in monitor.health().checks} == {"NOT RUN"}


def test_a_latency_is_the_time_since_its_start_by_the_clock_given() -> None:
    clock = Hands()
    monitor = tw.PerformanceMonitor(clock=clock)
    assert monitor.track_latency("data_fetch", MORNING - 250_000_000) == 250.0
    assert monitor.track_latency("data_fetch", MORNING / SECOND_NS - 1.0) == pytest.approx(1_000.0, abs=1e-3)
    start = datetime(2026, 3, 4, 7, 59, 59, tzinfo=UTC)
    assert monitor.track_latency("order_execution", start) == 1_000.0
    assert monitor.summary().latency[monitoring.Stage.DATA_FETCH].count == 2


@pytest.mark.parametrize("read", [time.time, time.time_ns, time.perf_counter, time.perf_counter_ns, time.monotonic])
def test_a_start_may_be_of_any_clock_of_the_host(read: Any) -> None:
    monitor = tw.PerformanceMonitor()
    found = [monitor.track_latency("pipeline", read()) for _ in range(20)]
    assert min(found) >= 0.0
    assert len(set(found)) > 1


def test_a_clock_may_say_seconds_or_a_datetime() -> None:
    moment = datetime(2026, 3, 4, 8, tzinfo=UTC)
    for clock in (lambda: moment, lambda: MORNING / SECOND_NS):
        monitor = tw.PerformanceMonitor(clock=clock)
        assert monitor.track_latency("data_fetch", moment - timedelta(milliseconds=120)) == pytest.approx(
            120.0, abs=1e-3
        )


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (MORNING + 1_001, "lies in the future; take it before the work"),
        (datetime(2026, 3, 4, 8, 0, 1, tzinfo=UTC), "lies in the future"),
        (MORNING - DAY_NS - 1, "over a day before now"),
        (12.5, "over a day before now"),
        (datetime(2026, 3, 4, 7), "has no time zone and so names no moment"),  # noqa: DTZ001 - naive on purpose
        ("08:00", "start must be an aware datetime"),
        (float("nan"), "start must be a finite number"),
        (True, "start must be a finite number"),
        (None, "start must be a finite number"),
        (-5, "start must be an aware datetime"),
        (1e300, "start must be an aware datetime"),
    ],
)
def test_a_start_that_is_none_is_refused_in_one_sentence(start: object, sentence: str) -> None:
    monitor = tw.PerformanceMonitor(clock=Hands())
    before = monitor.get_performance_summary()
    with pytest.raises(InputError, match=sentence):
        monitor.track_latency("data_fetch", start)
    assert monitor.get_performance_summary() == before


def test_a_start_of_this_very_moment_is_no_future_however_floats_are_rounded() -> None:
    clock = Hands()
    monitor = tw.PerformanceMonitor(clock=clock)
    for _ in range(200):
        clock.now += 1_234_567
        assert 0.0 <= monitor.track_latency("data_fetch", clock.now / SECOND_NS) < 1e-3


def test_a_broker_whose_clock_is_a_little_ahead_is_believed() -> None:
    monitor = tw.PerformanceMonitor(clock=Hands())
    monitor.record_trade(pnl=1.0, at=MORNING + 50_000_000)
    assert monitor.get_performance_summary()["trades"]["total_trades"] == 1


def test_an_unknown_latency_names_those_there_are() -> None:
    with pytest.raises(InputError, match="there is no latency 'fetch'; it is one of data_fetch, signal_generation"):
        tw.PerformanceMonitor().track_latency("fetch", time.time())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda one: one.record_trade(pnl=float("nan")), "pnl must be a finite number, not nan"),
        (lambda one: one.record_trade(pnl=True), "pnl must be"),
        (lambda one: one.record_trade(pnl="5"), "pnl must be a finite number, not '5'"),
        (lambda one: one.record_trade(pnl=1.0, exit_reason=7), "exit_reason must be text, not 7"),
        (lambda one: one.record_trade(pnl=1.0, at=datetime(2026, 3, 4)), "has no time zone"),  # noqa: DTZ001 - naive on purpose
        (
            lambda one: one.record_trade(pnl=1.0, at=MORNING + 61 * SECOND_NS),
            "at 2026-03-04T08:01:01Z lies in the future",
        ),
        (lambda one: one.record_signal(acted_on="no"), "acted_on must be True or False"),
        (lambda one: one.record_signal(acted_on=True, reason=None), "reason must be text"),
        (lambda one: one.record_bias(1), "correct must be True or False"),
        (lambda one: one.generate_daily_report("2026-03-05"), "2026-03-05 has not come yet; it is 2026-03-04 in UTC"),
        (lambda one: one.generate_daily_report("Monday"), "day must be a date such as 2026-03-04"),
        (lambda one: one.generate_daily_report(MORNING), "day must be a date"),
        (lambda one: one.generate_daily_report(datetime(2026, 3, 4, tzinfo=UTC)), "day must be a date"),
    ],
)
def test_what_cannot_be_recorded_is_told_in_one_sentence_and_changes_nothing(call: Any, sentence: str) -> None:
    monitor = tw.PerformanceMonitor(clock=Hands())
    monitor.record_trade(pnl=5.0, exit_reason="target")
    before = monitor.get_performance_summary()
    with pytest.raises(InputError, match=sentence) as told:
        call(monitor)
    assert "\n" not in str(told.value)
    assert monitor.get_performance_summary() == before


@pytest.mark.parametrize("journal", ["", 5, True, b"journal.sqlite", object()])
def test_a_journal_that_is_none_is_refused(journal: Any) -> None:
    with pytest.raises(InputError, match="journal must be a desk's folder, or the path or URL"):
        tw.PerformanceMonitor(journal)


def test_a_clock_that_is_no_function_is_refused() -> None:
    with pytest.raises(InputError, match="clock must be a function"):
        tw.PerformanceMonitor(clock=5)  # type: ignore[arg-type]  # on purpose


def test_numbers_of_numpy_are_numbers() -> None:
    monitor = tw.PerformanceMonitor()
    monitor.record_trade(pnl=np.float64(3.5), exit_reason="target")
    monitor.record_signal(acted_on=np.bool_(True))  # type: ignore[arg-type]  # a bool all the same
    found = monitor.get_performance_summary()
    assert (found["trades"]["total_pnl"], found["signals"]["acted_on"]) == (3.5, 1)
    json.dumps(found)


def test_hours_and_days_are_those_of_the_zone() -> None:
    clock = Hands(MORNING + 12 * HOUR_NS)  # 20:00 UTC on 4 March is 01:30 on 5 March in India
    monitor = tw.PerformanceMonitor(config={"zone": "Asia/Kolkata"}, clock=clock)
    monitor.record_trade(pnl=5.0, exit_reason="target")
    assert list(monitor.get_performance_summary()["trades"]["win_rate_by_hour"]) == ["01"]
    assert monitor.generate_daily_report()["day"] == "2026-03-05"
    assert monitor.generate_daily_report("2026-03-04")["trades"]["total_trades"] == 0


def test_a_day_begins_with_the_account_of_the_day_before() -> None:
    clock = Hands()
    monitor = tw.PerformanceMonitor(config={"capital": 1_000.0}, clock=clock)
    monitor.record_trade(pnl=-500.0, exit_reason="stop")
    clock.now += DAY_NS
    monitor.record_trade(pnl=-20.0, exit_reason="stop")
    daily = next(one for one in monitor.health().checks if one.name == "daily_loss")
    assert daily.actual == pytest.approx(20.0 / 500.0)
    assert monitor.daily_report("2026-03-04").summary.trades.all.pnl == -500.0


def test_the_report_is_a_page_that_says_what_was_not_checked() -> None:
    monitor = tw.PerformanceMonitor(config={"currency": "USD"}, clock=Hands())
    for pnl in (120.0, -80.0):
        monitor.record_trade(pnl=pnl, exit_reason="stop")
    lines = monitor.generate_daily_report()["text"].splitlines()
    assert lines[0] == "2026-03-04 (UTC): HEALTHY"
    assert lines[1] == (
        "  not checked: data_fetch_p95, signal_generation_p95, order_execution_p95, pipeline_p95, drawdown, daily_loss, win_rate"
    )
    assert "  2 trades, 1 won (50%), +40.00 USD" in lines
    assert "  by stop: 2 trades, 1 won (50%), +40.00 USD" in lines


def test_only_the_newest_days_are_kept() -> None:
    clock = Hands()
    monitor = tw.PerformanceMonitor(config={"days": 3}, clock=clock)
    for _ in range(5):
        monitor.record_signal(acted_on=True)
        clock.now += DAY_NS
    assert monitor.generate_daily_report("2026-03-07")["signals"]["total_signals"] == 1
    with pytest.raises(InputError, match="2026-03-05 is not kept any more; the oldest day is 2026-03-06"):
        monitor.generate_daily_report("2026-03-05")
    monitor.record_signal(acted_on=True, at=MORNING)
    assert monitor.get_performance_summary()["signals"]["total_signals"] == 6


@pytest.mark.parametrize(
    ("results", "config", "health", "words"),
    [
        ([-100.0], {}, "CRITICAL", "daily loss: 10.0%"),
        ([-60.0], {}, "DEGRADED", "daily loss: 6.0%"),
        ([-60.0], {"daily_loss_max": None}, "HEALTHY", ""),
        ([-100.0], {"daily_loss_max": None}, "DEGRADED", "drawdown: 10.0% below the high"),
        ([-200.0], {"daily_loss_max": None}, "CRITICAL", "drawdown: 20.0% below the high"),
        ([300.0, -129.0], {}, "HEALTHY", ""),
        ([-0.1] * 5, {}, "DEGRADED", "losses in a row: 5 up to now"),
        ([-0.1] * 10, {}, "CRITICAL", "losses in a row: 10 up to now"),
        ([-0.1] * 10 + [0.0], {}, "HEALTHY", ""),
        ([1.0, -0.1, -0.1, -0.1] * 25, {}, "DEGRADED", "win rate: 25.0% of 100 (95% interval 17.5% to 34.3%)"),
        ([1.0, -0.1, -0.1] * 6, {}, "HEALTHY", ""),
    ],
)
def test_limits_make_an_issue_and_twice_the_limit_a_crisis(
    results: list[float], config: dict[str, Any], health: str, words: str
) -> None:
    monitor = tw.PerformanceMonitor(config={"capital": 1_000.0, **config}, clock=Hands())
    for pnl in results:
        monitor.record_trade(pnl=pnl, exit_reason="x")
    found, issues = monitor.get_health_status()
    assert found == health
    assert (words in issues[0]) if words else issues == []


@pytest.mark.parametrize(("ms", "health"), [(300, "HEALTHY"), (301, "DEGRADED"), (600, "CRITICAL")])
def test_a_budget_is_broken_past_it(ms: int, health: str) -> None:
    monitor = tw.PerformanceMonitor(clock=Hands())
    for _ in range(20):
        monitor.track_latency("order_execution", MORNING - ms * 1_000_000)
    assert monitor.get_health_status()[0] == health


def test_the_worst_issue_stands_first() -> None:
    monitor = tw.PerformanceMonitor(config={"capital": 1_000.0}, clock=Hands())
    for _ in range(20):
        monitor.track_latency("order_execution", MORNING - 400_000_000)
    monitor.record_trade(pnl=-300.0)
    issues = monitor.get_health_status()[1]
    assert issues[0].startswith("drawdown: 30.0%")
    assert issues[-1].startswith("order_execution: P95 400 ms")


def test_calls_from_many_threads_are_all_counted() -> None:
    monitor = tw.PerformanceMonitor()

    def work(number: int) -> None:
        for place in range(400):
            monitor.track_latency("data_fetch", time.perf_counter())
            monitor.record_trade(pnl=1.0 if place % 4 else -1.0, exit_reason=f"reason {number % 3}")
            monitor.record_signal(acted_on=place % 2 == 0, reason="later")
            if place % 100 == 0:
                monitor.get_health_status()
                monitor.get_performance_summary()

    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [Thread(target=work, args=(number,)) for number in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        sys.setswitchinterval(switching)
    found = monitor.get_performance_summary()
    assert (found["trades"]["total_trades"], found["trades"]["winning_trades"]) == (2_400, 1_800)
    assert found["signals"]["acted_on"] == 1_200
    assert found["latency"]["data_fetch"]["count"] == 2_400
    assert [one["trades"] for one in found["trades"]["exit_reasons"].values()] == [800, 800, 800]
    assert found["trades"]["total_pnl"] == 1_200.0


def test_memory_stays_where_it_was_however_many_calls_come() -> None:
    clock = Hands()
    monitor = tw.PerformanceMonitor(config={"latest": 100, "days": 5}, clock=clock)

    def calls(count: int) -> None:
        for number in range(count):
            clock.now += SECOND_NS * 600
            monitor.track_latency("data_fetch", clock.now - number % 1_000_000)
            monitor.record_trade(pnl=float(number % 7 - 3), exit_reason=f"reason {number}")
            monitor.record_signal(acted_on=False, reason=f"reason {number}")

    calls(3_000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        calls(15_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 300_000  # what 5 days hold was made anew; 15,000 of anything would be over a megabyte
    assert monitor.get_performance_summary()["trades"]["total_trades"] == 18_000
