"""The page of the performance monitor names what there is."""

import re
import time
from dataclasses import fields
from pathlib import Path

import pytest

import tradeworthy as tw
from tradeworthy.monitoring import PerformanceConfig, Stage
from tradeworthy.monitoring.performance_metrics import PREFIX, metrics_of

PAGE = (Path(__file__).parents[2] / "docs" / "performance-monitor.md").read_text()


@pytest.mark.parametrize("name", [one.name for one in fields(PerformanceConfig) if one.init])
def test_every_field_of_the_config_is_told(name: str) -> None:
    assert name.removesuffix("_ms_p95") in PAGE


@pytest.mark.parametrize("stage", list(Stage))
def test_the_budgets_told_are_those_that_hold(stage: Stage) -> None:
    budgets = "P95 of `data_fetch`, `signal_generation`, `order_execution`, `pipeline` | 450, 150, 300, 900 ms"
    assert budgets in PAGE
    place = list(Stage).index(stage)
    assert PerformanceConfig().budget_ms(stage) == [450, 150, 300, 900][place]


def test_every_metric_is_told_and_none_that_is_not_there() -> None:
    monitor = tw.PerformanceMonitor(config={"capital": 1_000.0})
    monitor.track_latency("pipeline", time.time())
    monitor.record_trade(pnl=-1.0)
    monitor.record_signal(acted_on=True, bias_correct=True)
    names = {
        one.name.removeprefix(PREFIX) + ("_total" if one.type == "counter" else "")
        for one in metrics_of(monitor.standing())
    }
    table = PAGE.partition("before each)")[2].partition("What was not measured")[0]
    cells = " ".join(line.split("|")[1] for line in table.splitlines()[1:] if line.startswith("|"))
    told = set(re.findall(r"`([a-z_]+)", cells)) - {"_sum", "_count"}
    assert told == names | {"up", "journal_events_total"}
