"""What each adaptive filter says of an entry of the desk, in the order in which `filter_decision` asks them."""

import math

from tradeworthy.controls.filters import CheckState, FilterInput, Filters
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.outcomes import Outcome, not_applicable
from tradeworthy.controls.signal_checks import (
    BiasStrengthFilter,
    OIConfirmationFilter,
    SignalCheck,
    TrapProbabilityFilter,
    volatility_check_of,
)


def filter_outcomes(
    filters: Filters,
    minute: int,
    side: int,
    level: VolatilityLevel,
    applies: FilterInput,
    *,
    bias: float = math.nan,
    trap: float = math.nan,
    oi_delta: float = math.nan,
) -> tuple[Outcome, ...]:
    """Every filter with what it requires and what it found. minute: of the exchange's day, -1 where its windows do not apply.
    side: 1 or -1. applies: the inputs that the instrument should have; NaN is one that is missing."""
    from tradeworthy.controls.filter_steps import strictness

    strict = float(strictness(minute, filters.packed()))
    checks = (
        BiasStrengthFilter(filters.bias_base, enabled=filters.bias).check(
            bias, strict, applies=FilterInput.BIAS in applies
        ),
        TrapProbabilityFilter(filters.trap_base, enabled=filters.trap).check(
            trap, strict, applies=FilterInput.TRAP in applies
        ),
        OIConfirmationFilter(filters.open_interest_least, enabled=filters.open_interest).check(
            oi_delta, side, applies=FilterInput.OPEN_INTEREST in applies
        ),
        volatility_check_of(filters, level, applies=FilterInput.VOLATILITY in applies),
    )
    return tuple(_outcome(one) for one in checks)


def _outcome(check: SignalCheck) -> Outcome:
    name = f"filter: {check.check.replace('_', ' ')}"
    if check.state is CheckState.OFF:
        return Outcome(name, CheckState.OFF, actual="off")
    if check.state is CheckState.NOT_APPLICABLE:
        return not_applicable(name, "the instrument has no such input")
    return Outcome(name, check.state, _shown(check.required), _shown(check.actual), check.refusal.words)


def _shown(value: float | str | None) -> str:
    if value is None:
        return "unknown"
    return value if isinstance(value, str) else f"{value:.6g}"
