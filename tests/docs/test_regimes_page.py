"""docs/regimes.md names every key of the answer, every option, and every name of regimes."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from support.volatility_chains import two_states
from tradeworthy import risk
from tradeworthy.api.volatility_impact import VolatilityImpactAnalyzer
from tradeworthy.risk import Estimator, VolatilityLevel

PAGE = (Path(__file__).parents[2] / "docs" / "regimes.md").read_text()
HOMES = ("realised_ranges", "volatility_levels", "level_transitions", "clustering_tests", "switching")


def keys(part: Any) -> Iterator[str]:
    """Every key, however deep."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield str(key)
            yield from keys(value)
    elif isinstance(part, list):
        for one in part:
            yield from keys(one)


def test_every_key_of_the_answer_is_described() -> None:
    market, _ = two_states(3_000, 1)
    parameters = {"fast": 5, "slow": 20, "stop_atr": 2.0, "target_atr": 3.0}
    found = set(keys(VolatilityImpactAnalyzer().analyze_volatility_impact(parameters, market)))
    assert len(found) > 70
    for key in found:
        assert f"`{key}`" in PAGE, key


def test_every_option_level_and_estimator_is_described() -> None:
    options = set(inspect.signature(VolatilityImpactAnalyzer).parameters)
    for name in (*options, *VolatilityLevel, *Estimator):
        assert f"`{name}`" in PAGE, name


def test_every_function_of_regimes_is_on_the_page() -> None:
    names = [one for one in risk.__all__ if getattr(risk, one).__module__.split(".")[-1] in HOMES]
    functions = [one for one in names if inspect.isfunction(getattr(risk, one))]
    assert len(functions) == 5
    for name in (*functions, "VolatilityThresholds"):
        assert f"`{name}" in PAGE, name
