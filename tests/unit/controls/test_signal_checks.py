"""Each check of a signal by itself: what it takes, what it refuses, and what it says."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tradeworthy.controls import (
    BiasStrengthFilter,
    CheckState,
    Filters,
    OIConfirmationFilter,
    Refusal,
    TrapProbabilityFilter,
    VolatilityLevel,
)
from tradeworthy.controls.signal_checks import SignalCheck, side_of, volatility_check_of
from tradeworthy.core.errors import InputError


def test_a_check_says_what_it_compared() -> None:
    found = BiasStrengthFilter(0.5).check(0.55, strictness=1.2)
    assert found.to_dict() == {
        "check": "bias_strength",
        "required": 0.6,
        "actual": 0.55,
        "passed": False,
        "reason": "bias_too_weak",
    }
    assert TrapProbabilityFilter(0.6).check(0.5, strictness=1.2) == SignalCheck(
        "trap_probability", CheckState.PASSED, 0.5, 0.5
    )


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -0.1, 1.1, 85, np.float32("nan"), Decimal("NaN")])
def test_what_is_no_share_is_missing(value: Any) -> None:
    assert BiasStrengthFilter().check(value).refusal is Refusal.BIAS_MISSING
    assert TrapProbabilityFilter().check(value).refusal is Refusal.TRAP_MISSING


@pytest.mark.parametrize("value", [0.7, np.float32(0.7), np.float64(0.7), Decimal("0.7"), 1])
def test_numbers_of_any_kind_are_understood(value: Any) -> None:
    assert BiasStrengthFilter().check(value).passed


@pytest.mark.parametrize("value", ["0.7", True, [0.7], {"a": 1}, np.array([0.7, 0.8]), np.ma.masked])
def test_what_is_no_number_is_told(value: Any) -> None:
    for asked in (BiasStrengthFilter().check, TrapProbabilityFilter().check, OIConfirmationFilter().check):
        with pytest.raises(InputError, match="must be a finite number, not"):
            asked(value)


@pytest.mark.parametrize(
    ("change", "side", "refusal"),
    [
        (1, "long", Refusal.NONE), (-1, "long", Refusal.INSUFFICIENT_OI), (0, "long", Refusal.INSUFFICIENT_OI),
        (-1, "short", Refusal.NONE), (1, "sell", Refusal.INSUFFICIENT_OI), (0, "short", Refusal.INSUFFICIENT_OI),
        (None, "long", Refusal.OI_MISSING), (math.nan, "short", Refusal.OI_MISSING),
    ],
)  # fmt: skip
def test_open_interest_counts_in_the_direction_of_the_signal(change: Any, side: str, refusal: Refusal) -> None:
    assert OIConfirmationFilter().check(change, side).refusal is refusal


def test_open_interest_may_be_asked_for_a_least_change() -> None:
    asked = OIConfirmationFilter(least=1000)
    assert [asked.check(change).passed for change in (999.9, 1000)] == [False, True]
    assert asked.check(-1500, "short").to_dict()["actual"] == 1500.0


@pytest.mark.parametrize("side", ["up", "", 2, None, True, 0])
def test_a_side_is_long_or_short(side: Any) -> None:
    with pytest.raises(InputError, match="side must be long or short, not"):
        side_of(side)


def test_sides_are_understood_in_the_words_of_orders() -> None:
    assert [side_of(side) for side in ("LONG", "Buy", 1, "short", " sell ", -1)] == [1, 1, 1, -1, -1, -1]


def test_what_is_off_or_does_not_apply_is_said_and_never_passed() -> None:
    off, foreign = BiasStrengthFilter(enabled=False).check(0.9), OIConfirmationFilter().check(None, applies=False)
    assert off.to_dict() == {"check": "bias_strength", "state": "OFF"}
    assert foreign.to_dict() == {"check": "oi_confirmation", "state": "NOT APPLICABLE"}
    assert (off.ran, off.passed, off.reason, foreign.passed) == (False, False, "", False)


def test_volatility_is_compared_by_its_word() -> None:
    rules = Filters(volatility=True, volatility_refused=VolatilityLevel.HIGH)
    found = [volatility_check_of(rules, level, applies=True) for level in VolatilityLevel]
    assert [one.reason for one in found] == [
        "volatility_missing", "", "", "volatility_too_high", "volatility_too_high",
    ]  # fmt: skip
    assert (found[4].required, found[4].actual, found[0].actual) == ("below HIGH", "EXTREME", None)
    assert not volatility_check_of(rules, VolatilityLevel.UNKNOWN, applies=False).ran


@pytest.mark.parametrize("strictness", [0, -1, math.nan, "1.3", 11])
def test_strictness_is_a_number_near_one(strictness: Any) -> None:
    with pytest.raises(InputError, match=r"strictness must be a number of at least 0.1 and at most 10"):
        BiasStrengthFilter().check(0.9, strictness)


@pytest.mark.parametrize(("part", "word"), [(BiasStrengthFilter, "bias_base"), (TrapProbabilityFilter, "trap_base")])
@pytest.mark.parametrize("base", [-0.1, 1.1, math.nan, "x", True])
def test_a_base_is_a_share(part: Any, word: str, base: Any) -> None:
    with pytest.raises(InputError, match=f"{word} must be a number of at least 0 and at most 1"):
        part(base)
