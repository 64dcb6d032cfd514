"""Each filter at its edges, and what applies to whom."""

import math
from dataclasses import fields, replace
from datetime import time
from typing import Any

import numpy as np
import pytest

from tradeworthy.controls import CheckState, FilterInput, Filters, Refusal, VolatilityLevel, filter_codes, filter_steps
from tradeworthy.core.errors import InputError

NAN = math.nan
RULES = Filters().packed()
ALL = int(FilterInput.ALL)
GOOD: dict[str, Any] = {"minute": 660, "bias": 0.9, "trap": 0.1, "oi_delta": 5.0, "level": 2, "side": 1}


def decided(applies: int = ALL, filters: Filters | None = None, **changes: Any) -> Refusal:
    """The refusal of a decision that would pass but for the changes."""
    row = {**GOOD, **changes}
    passed, code = filter_steps.filter_decision(**row, applies=applies, rules=(filters or Filters()).packed())
    assert passed == (code == 0)
    return Refusal(code)


@pytest.mark.parametrize(
    ("clock", "strict"),
    [("00:00", 1.3), ("09:14", 1.3), ("09:15", 1.3), ("10:29", 1.3), ("10:30", 1.0), ("11:59", 1.0), ("12:00", 0.8),
     ("13:59", 0.8), ("14:00", 1.1), ("15:14", 1.1), ("15:15", 1.5), ("15:29", 1.5), ("15:30", 1.5), ("23:59", 1.5)],
)  # fmt: skip
def test_each_window_has_its_strictness(clock: str, strict: float) -> None:
    hour, minute = map(int, clock.split(":"))
    assert filter_steps.strictness(hour * 60 + minute, RULES) == strict


def test_strictness_is_one_where_windows_do_not_apply_or_are_off() -> None:
    assert filter_steps.strictness(-1, RULES) == 1.0
    assert filter_steps.strictness(930, Filters(session=False).packed()) == 1.0


@pytest.mark.parametrize(
    ("minute", "required"), [(560, 0.78), (640, 0.6), (730, 0.48), (850, 0.66), (920, 0.9), (-1, 0.6)]
)
def test_the_bias_must_reach_base_times_strictness(minute: int, required: float) -> None:
    assert decided(minute=minute, bias=required) == Refusal.NONE
    assert decided(minute=minute, bias=required - 1e-6) == Refusal.BIAS_TOO_WEAK
    state, asked, actual = filter_steps.bias_check(0.95, filter_steps.strictness(minute, RULES), ALL, RULES)
    assert (state, actual) == (CheckState.PASSED, 0.95)
    assert asked == pytest.approx(required)


@pytest.mark.parametrize(
    ("minute", "most"), [(560, 0.5), (640, 0.65), (730, 0.8125), (850, 0.65 / 1.1), (920, 0.65 / 1.5), (-1, 0.65)]
)
def test_the_chance_of_a_trap_must_stay_within_base_over_strictness(minute: int, most: float) -> None:
    assert decided(minute=minute, trap=most, bias=1.0) == Refusal.NONE
    assert decided(minute=minute, trap=most + 1e-6, bias=1.0) == Refusal.LIKELY_TRAP


def test_strictness_never_asks_for_more_than_a_full_bias() -> None:
    strict = Filters(bias_base=0.8)
    assert decided(filters=strict, minute=920, bias=1.0) == Refusal.NONE
    assert decided(filters=strict, minute=920, bias=0.999) == Refusal.BIAS_TOO_WEAK
    assert filter_steps.trap_check(1.0, 0.5, ALL, RULES)[:2] == (CheckState.PASSED, 1.0)


@pytest.mark.parametrize(("oi_delta", "side", "passes"), [(5.0, 1, True), (5.0, -1, False), (-5.0, -1, True),
     (-5.0, 1, False), (0.0, 1, False), (0.0, -1, False), (1e-12, 1, True)])  # fmt: skip
def test_open_interest_must_change_the_decisions_way(oi_delta: float, side: int, passes: bool) -> None:
    assert decided(oi_delta=oi_delta, side=side) == (Refusal.NONE if passes else Refusal.INSUFFICIENT_OI)


def test_open_interest_may_have_to_change_by_a_least_amount() -> None:
    least = Filters(open_interest_least=100.0)
    assert decided(filters=least, oi_delta=100.0) == Refusal.NONE
    assert decided(filters=least, oi_delta=99.0) == Refusal.INSUFFICIENT_OI
    assert decided(filters=least, oi_delta=-100.0, side=-1) == Refusal.NONE


def test_volatility_is_left_to_the_sizes_unless_the_filter_is_on() -> None:
    assert decided(level=4) == Refusal.NONE
    on = Filters(volatility=True)
    names = {level: decided(filters=on, level=int(level)).name for level in VolatilityLevel}
    assert list(names.values()) == ["VOLATILITY_MISSING", "NONE", "NONE", "NONE", "VOLATILITY_TOO_HIGH"]
    sooner = Filters(volatility=True, volatility_refused=VolatilityLevel.HIGH)
    assert decided(filters=sooner, level=3) == Refusal.VOLATILITY_TOO_HIGH


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"bias": NAN}, Refusal.BIAS_MISSING), ({"trap": NAN}, Refusal.TRAP_MISSING), ({"oi_delta": NAN}, Refusal.OI_MISSING),
     ({"oi_delta": math.inf}, Refusal.OI_MISSING), ({"bias": 85.0}, Refusal.BIAS_MISSING),
     ({"bias": -0.9}, Refusal.BIAS_MISSING), ({"trap": -0.1}, Refusal.TRAP_MISSING), ({"trap": 40.0}, Refusal.TRAP_MISSING)],
)  # fmt: skip
def test_what_should_be_there_and_is_missing_or_impossible_refuses(change: dict[str, Any], refusal: Refusal) -> None:
    assert decided(**change) == refusal


@pytest.mark.parametrize(
    ("name", "flag", "switch"),
    [("bias", FilterInput.BIAS, "bias"), ("trap", FilterInput.TRAP, "trap"),
     ("oi_delta", FilterInput.OPEN_INTEREST, "open_interest"), ("level", FilterInput.VOLATILITY, "volatility")],
)  # fmt: skip
def test_what_does_not_apply_or_is_off_does_not_refuse(name: str, flag: FilterInput, switch: str) -> None:
    on = Filters(volatility=True)
    missing: dict[str, Any] = {name: 0 if name == "level" else NAN}
    assert decided(filters=on, **missing) != Refusal.NONE
    assert decided(int(~flag & FilterInput.ALL), on, **missing) == Refusal.NONE
    off: dict[str, Any] = {"volatility": True, switch: False}
    assert decided(filters=Filters(**off), **missing) == Refusal.NONE


def test_a_check_says_whether_it_passed_refused_missed_was_off_or_does_not_apply() -> None:
    on = Filters(volatility=True).packed()
    off = Filters(bias=False, trap=False, open_interest=False).packed()
    states = [
        (filter_steps.bias_check(bias, 1.0, applies, rules)[0], filter_steps.trap_check(trap, 1.0, applies, rules)[0],
         filter_steps.open_interest_check(change, 1, applies, rules)[0],
         filter_steps.volatility_check(level, applies, rules)[0])
        for bias, trap, change, level, applies, rules in [
            (0.9, 0.1, 1.0, 2, ALL, on), (0.1, 0.9, -1.0, 4, ALL, on), (NAN, NAN, NAN, 0, ALL, on),
            (0.1, 0.9, -1.0, 4, ALL, off), (0.1, 0.9, -1.0, 4, 0, on), (0.1, 0.9, -1.0, 4, 0, off),
        ]
    ]  # fmt: skip
    expected = [CheckState.PASSED, CheckState.REFUSED, CheckState.MISSING, CheckState.OFF, CheckState.NOT_APPLICABLE]
    assert states == [(state,) * 4 for state in [*expected, CheckState.OFF]]


def test_the_first_check_that_refuses_is_named() -> None:
    bad: dict[str, Any] = {"bias": 0.1, "trap": 0.9, "oi_delta": -1.0, "level": 4}
    on = Filters(volatility=True)
    seen = []
    for name, good in [("none", 0), ("bias", 0.9), ("trap", 0.1), ("oi_delta", 1.0), ("level", 3)]:
        bad.update({name: good} if name != "none" else {})
        seen.append(decided(filters=on, **bad).name)
    assert seen == ["BIAS_TOO_WEAK", "LIKELY_TRAP", "INSUFFICIENT_OI", "VOLATILITY_TOO_HIGH", "NONE"]


def test_columns_of_decisions_are_filtered_row_by_row() -> None:
    codes = filter_codes(
        Filters(), [600, 600, 600, -1], [1, 1, -1, -1], bias=[0.78, 0.7, 0.8, NAN], trap=[0.5, 0.5, 0.5, 0.1],
        oi_delta=[1, 1, 1, -1],
    )  # fmt: skip
    assert [Refusal(int(code)).name for code in codes] == ["NONE", "BIAS_TOO_WEAK", "INSUFFICIENT_OI", "BIAS_MISSING"]


def test_a_column_that_is_not_given_does_not_apply() -> None:
    assert filter_codes(Filters(volatility=True), [-1, 900], [1, -1]).tolist() == [0, 0]
    levels = filter_codes(Filters(volatility=True), [-1, -1], [1, 1], level=[4, 1])
    assert levels.tolist() == [Refusal.VOLATILITY_TOO_HIGH, 0]
    assert filter_codes(Filters(), [], []).tolist() == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"minute": [1, 2], "side": [1]}, "side must be one column of 2 values"),
     ({"minute": [1], "side": [1], "bias": [0.1, 0.2]}, "bias must be one column of 1 values"),
     ({"minute": [1.5], "side": [1]}, "minute must hold whole numbers"),
     ({"minute": [[1]], "side": [1]}, "minute must be one column"),
     ({"minute": [1], "side": [1], "level": [0.5]}, "level must hold whole numbers")],
)  # fmt: skip
def test_columns_that_do_not_fit_are_refused(columns: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        filter_codes(Filters(), **columns)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"session": 1}, "session must be True or False"),
        ({"bias_base": 1.1}, "bias_base must be"),
        ({"bias_base": NAN}, "bias_base must be"),
        ({"trap_base": -0.1}, "trap_base must be"),
        ({"trap_base": True}, "trap_base must be"),
        ({"open_interest_least": -1.0}, "open_interest_least must be"),
        ({"volatility_refused": 1}, "volatility_refused must be HIGH or EXTREME"),
        ({"windows": ()}, "windows must be a tuple"),
        ({"windows": [(time(9), 1.0)]}, "windows must be a tuple"),
        ({"windows": (time(9), 1.0)}, "windows must hold pairs"),
        ({"windows": (("9:15", 1.0),)}, "a time of windows must be a time of day"),
        ({"windows": ((time(9), 0.0),)}, "a strictness of windows must be"),
        ({"windows": ((time(9), 1.0), (time(9), 1.2))}, r"the times of windows \(minutes\) must rise"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=f"filters: {words}"):
        Filters(**change)


OTHER: dict[str, Any] = {
    "windows": ((time(9, 16), 1.3), *Filters().windows[1:]), "bias_base": 0.5, "trap_base": 0.5,
    "open_interest_least": 2.0, "volatility_refused": VolatilityLevel.HIGH,
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Filters)])
def test_every_field_reaches_the_compiled_rules_in_a_place_of_its_own(name: str) -> None:
    usual = Filters()
    changed = replace(usual, **{name: OTHER.get(name, not getattr(usual, name))}).packed()
    assert np.count_nonzero(changed != RULES) == 1


def test_other_exchanges_have_other_windows() -> None:
    rules = Filters(windows=((time(9, 30), 1.2), (time(15, 30), 2.0))).packed()
    assert [filter_steps.strictness(m, rules) for m in (0, 929, 930, 1439)] == [1.2, 1.2, 2.0, 2.0]
    assert filter_steps.strictness(700, Filters(windows=((time(9, 30), 0.9),)).packed()) == 0.9
