"""The page of the performance monitor names what there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from tradeworthy.monitoring import PerformanceConfig, Stage

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
