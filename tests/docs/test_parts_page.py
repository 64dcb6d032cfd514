"""docs/parts.md: its snippets print what stands behind them, and its tables hold every field."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import tradeworthy
from support.hand_clock import HandClock
from support.warm import python
from tradeworthy import AdaptiveSignalFilter, RiskCalibrationEngine, controls
from tradeworthy.controls import Refusal, RiskProfile

PAGE = (Path(__file__).parents[2] / "docs" / "parts.md").read_text()
SNIPPETS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PARTS = (
    "AdaptiveSignalFilter", "BiasStrengthFilter", "DrawdownProtection", "DynamicCooldown", "OIConfirmationFilter",
    "RiskCalibrationEngine", "StreakBasedRiskManager", "TimeBasedRiskManager", "TimeOfDayAnalyzer", "TrapProbabilityFilter",
    "VolatilityBasedRiskManager", "VolatilityRegimeDetector",
)  # fmt: skip


def rows(head: str) -> list[str]:
    """Every name in the first column of the table that begins so."""
    table = PAGE.split(f"| {head} |")[1].split("\n\n")[0]
    return re.findall(r"`(\w+)[`(]", " ".join(line.split("|")[1] for line in table.splitlines()[2:]))


@pytest.mark.parametrize("code", SNIPPETS)
def test_a_snippet_prints_what_stands_behind_it(code: str, tmp_path: Path) -> None:
    done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    expected = re.findall(r"^(?:print|before_an_entry).*\)\s+# (.+)$", code, re.MULTILINE)
    printed = done.stdout.splitlines()
    assert len(printed) == len(expected)
    for line, behind in zip(printed, expected, strict=True):
        assert re.fullmatch(re.escape(behind).replace(re.escape("..."), ".+"), line)


@pytest.mark.parametrize("name", PARTS)
def test_every_part_is_shown_and_can_be_had_from_both_places(name: str) -> None:
    assert getattr(tradeworthy, name) is getattr(controls, name)
    assert any(f"{name}(" in code for code in SNIPPETS)


def test_every_field_of_a_profile_and_of_an_answer_is_described() -> None:
    assert set(rows("field of `RiskProfile`")) == {field.name for field in fields(RiskProfile)}
    answer = AdaptiveSignalFilter(clock=HandClock()).evaluate_signal({})
    assert set(rows("answer")) == set(answer)


def test_every_call_of_the_engine_is_described() -> None:
    offered = {name for name in dir(RiskCalibrationEngine) if not name.startswith("_")}
    assert set(rows("call")) | {"permission", "position_size"} == offered


@pytest.mark.parametrize("reason", [one for one in Refusal if "_" in one.name and one.value > Refusal.FILTERED])
def test_every_reason_is_described(reason: Any) -> None:
    assert f"`{reason.name.lower()}`" in PAGE
