"""PerformanceMonitor over HTTP, as Prometheus reads it."""

import logging
import math
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

import tradeworthy as tw
from support.journal_notes import START_NS, Writer
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.monitoring import PerformanceHealth

PREFIX = "tradeworthy_performance_"
Found = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def text_at(address: str) -> str:
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
        assert answer.status == 200
        return str(answer.read().decode())


def scraped(address: str) -> Found:
    """By name and labels, as Prometheus' own parser reads it."""
    return {
        (one.name.removeprefix(PREFIX), tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text_at(address))
        for one in family.samples
    }


@pytest.fixture
def monitor() -> Iterator[tw.PerformanceMonitor]:
    """A monitor of calls whose port is freed in the end."""
    one = tw.PerformanceMonitor(config={"capital": 1_000.0, "currency": "USD", "port": 0})
    yield one
    one.stop_monitoring()


def told(monitor: tw.PerformanceMonitor) -> None:
    for _ in range(25):
        monitor.track_latency("data_fetch", time.time() - 0.1)
    monitor.record_trade(pnl=-42.0, exit_reason="stop")
    monitor.record_trade(pnl=65.0, exit_reason="target")
    monitor.record_trade(pnl=0.0)
    monitor.record_signal(acted_on=True)
    monitor.record_signal(acted_on=False, reason="bias_too_weak", bias_correct=True)


def test_what_is_scraped_is_what_the_monitor_says(monitor: tw.PerformanceMonitor) -> None:
    told(monitor)
    found, said = scraped(monitor.start_monitoring()), monitor.get_performance_summary()
    latency = said["latency"]["data_fetch"]
    stage = ("stage", "data_fetch")
    assert found["latency_seconds", (("quantile", "0.95"), stage)] == pytest.approx(latency["p95_ms"] / 1e3, rel=1e-12)
    assert found["latency_seconds", (("quantile", "0.5"), stage)] == pytest.approx(latency["p50_ms"] / 1e3, rel=1e-12)
    assert found["latency_seconds_count", (stage,)] == 25
    assert found["latency_seconds_sum", (stage,)] == pytest.approx(25 * latency["mean_ms"] / 1e3, rel=1e-12)
    assert found["latency_budget_seconds", (stage,)] == pytest.approx(0.45)
    trades = {result: found["trades_total", (("result", result),)] for result in ("won", "lost", "flat")}
    assert trades == {"won": 1, "lost": 1, "flat": 1}
    assert found["pnl", (("currency", "USD"),)] == 23.0
    assert found["win_rate_ratio", ()] == said["trades"]["win_rate"]
    assert found["win_rate_bound_ratio", (("bound", "high"),)] == said["trades"]["win_rate_interval"]["high"]
    assert found["drawdown_ratio", ()] == 0.0
    assert found["drawdown_deepest_ratio", ()] == pytest.approx(0.042)
    assert found["signals_total", (("outcome", "acted_on"),)] == 1
    assert found["signals_total", (("outcome", "turned_away"),)] == 1
    assert found["bias_accuracy_ratio", ()] == 1.0
    states = {state.value: found["health", (("state", state.value),)] for state in PerformanceHealth}
    assert states == {**dict.fromkeys(states, 0.0), said["health"]["status"]: 1.0}
    assert found["check_failed", (("check", "data_fetch_p95"),)] == 0.0
    assert found["up", ()] == 1


def test_what_was_not_measured_is_absent_and_no_figure_is_nan(monitor: tw.PerformanceMonitor) -> None:
    names = {name for name, _ in scraped(monitor.start_monitoring())}
    measured = {"up", "as_of_timestamp_seconds", "latency_budget_seconds", "trades_total", "signals_total", "health"}
    assert names == measured
    told(monitor)
    found = scraped(monitor.start_monitoring())
    assert ("latency_seconds_count", (("stage", "pipeline"),)) not in found
    assert ("check_failed", (("check", "pipeline_p95"),)) not in found
    assert all(math.isfinite(value) for value in found.values())


def test_without_capital_there_is_no_drawdown() -> None:
    monitor = tw.PerformanceMonitor(config={"port": 0})
    monitor.record_trade(pnl=-1.0)
    try:
        names = {name for name, _ in scraped(monitor.start_monitoring())}
    finally:
        monitor.stop_monitoring()
    assert not {name for name in names if "drawdown" in name}
    assert "win_rate_ratio" in names


def test_each_scrape_asks_anew(monitor: tw.PerformanceMonitor) -> None:
    address = monitor.start_monitoring()
    for number in range(1, 4):
        monitor.record_trade(pnl=1.0)
        assert scraped(address)["trades_total", (("result", "won"),)] == number


def test_starting_twice_is_one_server_and_stopping_frees_the_port_and_ends_the_thread() -> None:
    monitor = tw.PerformanceMonitor(config={"port": 0})
    before = set(threading.enumerate())
    with ThreadPoolExecutor(8) as pool:
        addresses = set(pool.map(lambda _: monitor.start_monitoring(), range(8)))
    assert len(addresses) == 1
    address = addresses.pop()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/metrics", address)
    monitor.stop_monitoring()
    monitor.stop_monitoring()
    assert set(threading.enumerate()) <= before
    with pytest.raises(URLError):
        text_at(address)
    port = int(address.rsplit(":", 1)[1].partition("/")[0])
    again = tw.PerformanceMonitor(config={"port": port})
    assert again.start_monitoring() == address
    again.stop_monitoring()


def test_a_port_that_is_taken_is_one_sentence_that_names_it_and_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monitor = tw.PerformanceMonitor(config={"port": port})
        with pytest.raises(
            InputError, match=rf'port {port} of 127.0.0.1 is taken; choose another, such as config={{"port'
        ):
            monitor.start_monitoring()
        monitor.stop_monitoring()
    monitor.start_monitoring()
    monitor.stop_monitoring()


def test_a_host_that_is_none_of_this_machine_is_told() -> None:
    monitor = tw.PerformanceMonitor(config={"port": 0, "host": "192.0.2.1"})
    with pytest.raises(InputError, match=r"192\.0\.2\.1: metrics cannot be served there"):
        monitor.start_monitoring()


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"port": -1}, "port must be a whole number from 0 to 65,535, not -1"),
        ({"port": 65_536}, "port must be a whole number from 0 to 65,535"),
        ({"port": "9108"}, "port must be a whole number"),
        ({"port": True}, "port must be a whole number"),
        ({"host": ""}, "host must name an address"),
        ({"host": "é..a"}, "host must name an address"),
        ({"host": "a" * 254}, "host must name an address"),
        ({"host": "127\0"}, "host must name an address"),
        ({"host": 7}, "host must be text, not 7"),
    ],
)
def test_a_port_or_host_that_is_none_is_told(config: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        tw.PerformanceMonitor(config=config)


def test_a_damaged_journal_is_up_0_and_no_figure_of_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer = Writer()
    writer.started()
    for hour in range(1, 9):
        writer.bar(hour, 1.1)
        writer.closed(-50.0, "stop", START_NS + hour * HOUR_NS)
    events = writer.events
    journal = open_journal(tmp_path / "journal.sqlite")
    journal.append(events[:6])
    monitor = tw.PerformanceMonitor(tmp_path, config={"port": 0})
    address = monitor.start_monitoring()
    assert scraped(address)["journal_events_total", ()] == 6
    journal.append(events[6:])
    journal.close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as file:
        file.execute("UPDATE events SET data = x'00' WHERE sequence = 10")
        file.commit()
    with caplog.at_level(logging.ERROR, "tradeworthy.performance"):
        assert [scraped(address), scraped(address)] == [{("up", ()): 0.0}] * 2
    monitor.stop_monitoring()
    assert len(caplog.messages) == 1
    with pytest.raises(JournalError, match=re.escape(caplog.messages[0])):
        monitor.get_health_status()


def test_many_scrapes_at_once_while_calls_come_in(monitor: tw.PerformanceMonitor) -> None:
    address = monitor.start_monitoring()
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(monitor.record_trade, pnl=1.0) for _ in range(200)]
        texts = [pool.submit(text_at, address) for _ in range(24)]
    assert all(one.exception() is None for one in calls)
    assert all(f"{PREFIX}up 1.0" in one.result() for one in texts)
    assert scraped(address)["trades_total", (("result", "won"),)] == 200


def test_names_are_those_that_prometheus_asks_for(monitor: tw.PerformanceMonitor) -> None:
    """The rules of its own linter: base units, help for everything, counters that end in _total, no type in a name."""
    told(monitor)
    families = list(text_string_to_metric_families(text_at(monitor.start_monitoring())))
    assert len(families) > 10
    for family in families:
        assert re.fullmatch(r"tradeworthy_performance_[a-z0-9]+(_[a-z0-9]+)*", family.name), family.name
        assert family.documentation
        assert not re.search(r"milli|_ms(_|$)|percent|minutes|counter|gauge|summary", family.name), family.name
        names = {one.name for one in family.samples}
        assert (family.type == "counter") == all(one.endswith("_total") for one in names), family.name
        assert len({tuple(sorted(one.labels.items())) for one in family.samples if one.name == family.name}) <= 20
