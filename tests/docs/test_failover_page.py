"""Every rule, word and default of the failover machines stands in docs/failover.md."""

import re
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from tradeworthy.core import errors
from tradeworthy.core.clock import HOUR_NS, MINUTE_NS, SECOND_NS
from tradeworthy.core.errors import BrokerError
from tradeworthy.live import (
    ActionKind,
    Arrival,
    BreakerPhase,
    BreakerRules,
    ClockRules,
    FreshnessLimits,
    Health,
    LivenessRules,
    Mode,
    ScopeKind,
    SessionRules,
    action_for,
)

PAGE = (Path(__file__).parents[2] / "docs" / "failover.md").read_text()
ROWS = {cells[1].strip(): cells[2:-1] for line in PAGE.splitlines() if len(cells := line.split("|")) > 3}
UNITS = {"h": HOUR_NS, "min": MINUTE_NS, "s": SECOND_NS}


def written(default: str) -> float:
    """`30 s` as nanoseconds, `3` as itself."""
    number, _, unit = default.strip().partition(" ")
    return float(number) * UNITS.get(unit, 1)


@pytest.mark.parametrize("record", [BreakerRules, SessionRules, ClockRules])
def test_every_rule_is_described_with_its_default_and_nothing_else_is(record: type[Any]) -> None:
    table = PAGE.split(f"| field of `{record.__name__}` |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE)
    assert {name: written(default) for name, default in rows} == {
        field.name: getattr(record(), field.name) for field in fields(record)
    }


@pytest.mark.parametrize("record", [LivenessRules, FreshnessLimits])
def test_every_limit_of_stale_data_is_described_with_its_default(record: type[Any]) -> None:
    for field in fields(record):
        default = ROWS[f"`{record.__name__}.{field.name}`"][0].strip()
        value = getattr(record(), field.name)
        assert (default == "none" and not value) or written(default) == value


@pytest.mark.parametrize("words", [Mode, Health, Arrival])
def test_every_word_has_its_row(words: type[StrEnum]) -> None:
    assert [word for word in words if f"`{word}`" not in ROWS] == []


@pytest.mark.parametrize("words", [BreakerPhase, ScopeKind, ActionKind])
def test_every_other_word_is_said(words: type[StrEnum]) -> None:
    assert [word for word in words if word.value not in PAGE] == []


@pytest.mark.parametrize("verdict", list(Arrival))
def test_what_is_done_with_each_bar_is_what_is_described(verdict: Arrival) -> None:
    _, kept, traded = (cell.strip() for cell in ROWS[f"`{verdict}`"])
    assert (kept, traded) == ("yes" if verdict.keeps else "no", "yes" if verdict.trades else "no")


@pytest.mark.parametrize("mode", list(Mode))
def test_which_modes_allow_entries_is_what_is_described(mode: Mode) -> None:
    assert ROWS[f"`{mode}`"][0].strip() == ("yes" if mode.allows_entries else "no")


def test_every_class_of_failure_is_described_with_its_action() -> None:
    section = PAGE.split("## Failures of a broker")[1].split("\n## ")[0]
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, BrokerError)]
    assert len(kinds) == 8
    for kind in (*kinds, TimeoutError, ConnectionError, ConnectionRefusedError):
        row = next(line for line in section.splitlines() if line.startswith("| `") and f"`{kind.__name__}`" in line)
        action = action_for(kind("x"))
        assert row.split("|")[2].strip().startswith(f"`{action.kind}`")
        assert ("by client id" in row) == action.asks_first
        if action.wait_seconds:
            assert f"{action.wait_seconds:g} s" in row
