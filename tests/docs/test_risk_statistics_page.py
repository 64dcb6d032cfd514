"""The page of risk statistics has a row for each of them."""

from pathlib import Path

import pytest

from tradeworthy import risk

PAGE = (Path(__file__).parents[2] / "docs" / "risk-statistics.md").read_text()
FILES = (
    "betting",
    "closed_forms",
    "contributions",
    "correlations",
    "exceptions_of_var",
    "generalised_pareto",
    "intervals",
    "loss_measures",
    "loss_models",
    "loss_runs",
    "markov",
    "model_backtest",
    "shortfall_test",
    "shrinkage",
    "simulation",
    "simulation_error",
    "student_fit",
    "tail_intervals",
    "volatility_filter",
    "walk_drawdown",
)
NAMES = [name for name in risk.__all__ if getattr(risk, name).__module__.rsplit(".", 1)[-1] in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_its_row(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_no_row_is_left_of_what_is_gone() -> None:
    methods = {str(method) for method in risk.LossMethod}
    rows = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")}
    assert rows - methods == set(NAMES)
