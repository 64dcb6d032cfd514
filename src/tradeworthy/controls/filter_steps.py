"""The checks of the adaptive filters, compiled: one step a check, each giving its state and what it compared.

A state is a `CheckState`; required and actual are the two numbers compared, NaN where there is none.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.controls import filters as at
from tradeworthy.controls.edge_steps import reached
from tradeworthy.controls.refusals import Refusal
from tradeworthy.indicators.compiling import compiled

Rules = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

Check = tuple[int, float, float]
"""State, required, actual."""

NOT_APPLICABLE, PASSED = int(at.CheckState.NOT_APPLICABLE), int(at.CheckState.PASSED)
REFUSED, MISSING, OFF = int(at.CheckState.REFUSED), int(at.CheckState.MISSING), int(at.CheckState.OFF)
HAS_BIAS, HAS_TRAP = int(at.FilterInput.BIAS), int(at.FilterInput.TRAP)
HAS_OPEN_INTEREST, HAS_VOLATILITY = int(at.FilterInput.OPEN_INTEREST), int(at.FilterInput.VOLATILITY)

ALLOWED = int(Refusal.NONE)
BIAS_TOO_WEAK, BIAS_MISSING = int(Refusal.BIAS_TOO_WEAK), int(Refusal.BIAS_MISSING)
LIKELY_TRAP, TRAP_MISSING = int(Refusal.LIKELY_TRAP), int(Refusal.TRAP_MISSING)
INSUFFICIENT_OI, OI_MISSING = int(Refusal.INSUFFICIENT_OI), int(Refusal.OI_MISSING)
VOLATILITY_TOO_HIGH, VOLATILITY_MISSING = int(Refusal.VOLATILITY_TOO_HIGH), int(Refusal.VOLATILITY_MISSING)


@compiled()
def strictness(minute: int, rules: Rules) -> float:
    """How much more is asked at a minute of the exchange's day; 1 for -1 and when switched off.

    A window holds from its time until the next one's, the last to the end of the day. A decision before the first
    window can only be carried out in it, so the first one's strictness holds for it.
    """
    if rules[at.SESSION] == 0.0 or minute < 0:
        return 1.0
    strict = rules[at.FIRST_WINDOW + 1]
    for window in range(1, int(rules[at.WINDOWS])):
        if minute >= rules[at.FIRST_WINDOW + 2 * window]:
            strict = rules[at.FIRST_WINDOW + 2 * window + 1]
    return float(strict)


@compiled()
def bias_check(bias: float, strict: float, applies: int, rules: Rules) -> Check:
    """The bias must be at least base x strictness, and never more than 1: strictness asks for more, it forbids nothing."""
    required = min(rules[at.BIAS_BASE] * strict, 1.0)
    if rules[at.BIAS] == 0.0:
        return OFF, required, bias
    if applies & HAS_BIAS == 0:
        return NOT_APPLICABLE, required, math.nan
    if not 0.0 <= bias <= 1.0:
        return MISSING, required, bias
    return (PASSED if reached(bias, required) else REFUSED), required, bias


@compiled()
def trap_check(trap: float, strict: float, applies: int, rules: Rules) -> Check:
    """The probability of a trap must be at most base / strictness."""
    required = min(rules[at.TRAP_BASE] / strict, 1.0)
    if rules[at.TRAP] == 0.0:
        return OFF, required, trap
    if applies & HAS_TRAP == 0:
        return NOT_APPLICABLE, required, math.nan
    if not 0.0 <= trap <= 1.0:
        return MISSING, required, trap
    return (PASSED if reached(required, trap) else REFUSED), required, trap


@compiled()
def open_interest_check(oi_delta: float, side: int, applies: int, rules: Rules) -> Check:
    """Open interest must change the decision's way: up for a long, down for a short, and by the least change.

    A change of exactly zero confirms nothing. What is compared is side x change.
    """
    required, actual = rules[at.OPEN_INTEREST_LEAST], side * oi_delta
    if rules[at.OPEN_INTEREST] == 0.0:
        return OFF, required, actual
    if applies & HAS_OPEN_INTEREST == 0:
        return NOT_APPLICABLE, required, math.nan
    if not math.isfinite(oi_delta):
        return MISSING, required, actual
    return (PASSED if actual > 0.0 and actual >= required else REFUSED), required, actual


@compiled()
def volatility_check(level: int, applies: int, rules: Rules) -> Check:
    """The `VolatilityLevel` must be below the refused one; UNKNOWN is missing."""
    required, actual = rules[at.VOLATILITY_REFUSED], float(level)
    if rules[at.VOLATILITY] == 0.0:
        return OFF, required, actual
    if applies & HAS_VOLATILITY == 0:
        return NOT_APPLICABLE, required, math.nan
    if level <= 0:
        return MISSING, required, actual
    return (PASSED if actual < required else REFUSED), required, actual


@compiled()
def refuses(state: int) -> bool:
    """Whether a check stops the decision."""
    return state == REFUSED or state == MISSING  # noqa: PLR1714 - compiled: a set would be built for every check


@compiled()
def filter_decision(
    minute: int, bias: float, trap: float, oi_delta: float, level: int, side: int, applies: int, rules: Rules
) -> tuple[bool, int]:
    """Whether a decision passes, and the `Refusal` of the first check that refuses it (0: none).

    Order: bias, trap, open interest, volatility. applies: the `FilterInput` that the instrument should have.
    """
    strict = strictness(minute, rules)
    state = bias_check(bias, strict, applies, rules)[0]
    if refuses(state):
        return False, BIAS_TOO_WEAK if state == REFUSED else BIAS_MISSING
    state = trap_check(trap, strict, applies, rules)[0]
    if refuses(state):
        return False, LIKELY_TRAP if state == REFUSED else TRAP_MISSING
    state = open_interest_check(oi_delta, side, applies, rules)[0]
    if refuses(state):
        return False, INSUFFICIENT_OI if state == REFUSED else OI_MISSING
    state = volatility_check(level, applies, rules)[0]
    if refuses(state):
        return False, VOLATILITY_TOO_HIGH if state == REFUSED else VOLATILITY_MISSING
    return True, ALLOWED


_F = "Array(float64, 1, 'C', True, aligned=True)"
_I = "Array(int64, 1, 'C', True, aligned=True)"


@compiled(f"void({_I}, {_F}, {_F}, {_F}, {_I}, {_I}, {_F}, int64, int64[::1])")
def filter_loop(
    minute: Whole,
    bias: Floats,
    trap: Floats,
    oi_delta: Floats,
    level: Whole,
    side: Whole,
    rules: Rules,
    applies: int,
    out_codes: Whole,
) -> None:
    """Fills `out_codes` (k,) with the `Refusal` of each decision; all columns have shape (k,)."""
    for k in range(len(out_codes)):
        _, out_codes[k] = filter_decision(minute[k], bias[k], trap[k], oi_delta[k], level[k], side[k], applies, rules)
