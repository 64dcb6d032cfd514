"""The checks of a signal one by one, each usable alone; what they compare is compiled in `filter_steps`."""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tradeworthy.controls.filters import CheckState, FilterInput, Filters
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.ranges import require_number
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown

_SIDES = {"long": 1, "buy": 1, "1": 1, "short": -1, "sell": -1, "-1": -1}
_FLOATS = (float, Decimal)
_RAN = frozenset({CheckState.PASSED, CheckState.REFUSED, CheckState.MISSING})


@dataclass(frozen=True, slots=True)
class SignalCheck:
    """One check: what it required, what it found (None where that is unknown), and why it refuses (NONE: it does not)."""

    check: str
    state: CheckState
    required: float | str | None
    actual: float | str | None
    refusal: Refusal = Refusal.NONE

    @property
    def ran(self) -> bool:
        """False for one that is switched off, or has nothing to say about the instrument."""
        return self.state in _RAN

    @property
    def passed(self) -> bool:
        """Whether it ran and found nothing against the signal."""
        return self.state is CheckState.PASSED

    @property
    def reason(self) -> str:
        """`bias_too_weak` and the like; empty where it does not refuse."""
        return self.refusal.name.lower() if self.refusal else ""

    def to_dict(self) -> dict[str, Any]:
        """{check, required, actual, passed, reason}; of one that did not run {check, state} with OFF or NOT APPLICABLE."""
        if not self.ran:
            return {"check": self.check, "state": self.state.name.replace("_", " ")}
        found = {"check": self.check, "required": self.required, "actual": self.actual, "passed": self.passed}
        return {**found, "reason": self.reason}


class BiasStrengthFilter:
    """A bias must be at least base x strictness: `BiasStrengthFilter(0.6).check(0.7, strictness=1.3)`.

    base: from 0 to 1. enabled: off says nothing and refuses nothing. Raises InputError for arguments that cannot be used.
    """

    def __init__(self, base: float = 0.6, *, enabled: bool = True) -> None:
        self._rules = Filters(bias_base=base, bias=enabled).packed()

    def required(self, strictness: float = 1.0) -> float:
        """The least strength, never more than 1."""
        return float(self._asked(math.nan, _strict(strictness), applies=False)[1])

    def check(self, bias_strength: object, strictness: float = 1.0, *, applies: bool = True) -> SignalCheck:
        """None, NaN, and what is no share from 0 to 1, is missing and refused; not applies: the instrument has no bias."""
        bias = known_or_nan(bias_strength, "bias_strength")
        found = self._asked(bias, _strict(strictness), applies=applies)
        return _told("bias_strength", found, Refusal.BIAS_TOO_WEAK, Refusal.BIAS_MISSING)

    def _asked(self, bias: float, strictness: float, *, applies: bool) -> tuple[int, float, float]:
        from tradeworthy.controls.filter_steps import bias_check

        return bias_check(bias, strictness, int(FilterInput.BIAS) if applies else 0, self._rules)


class TrapProbabilityFilter:
    """The probability of a trap must be at most base / strictness: `TrapProbabilityFilter(0.65).check(0.3, strictness=1.3)`.

    base: from 0 to 1. enabled: off says nothing and refuses nothing. Raises InputError for arguments that cannot be used.
    """

    def __init__(self, base: float = 0.65, *, enabled: bool = True) -> None:
        self._rules = Filters(trap_base=base, trap=enabled).packed()

    def allowed(self, strictness: float = 1.0) -> float:
        """The highest probability, never more than 1."""
        return float(self._asked(math.nan, _strict(strictness), applies=False)[1])

    def check(self, trap_probability: object, strictness: float = 1.0, *, applies: bool = True) -> SignalCheck:
        """None, NaN, and what is no share from 0 to 1, is missing and refused; not applies: nobody estimates it here."""
        trap = known_or_nan(trap_probability, "trap_probability")
        found = self._asked(trap, _strict(strictness), applies=applies)
        return _told("trap_probability", found, Refusal.LIKELY_TRAP, Refusal.TRAP_MISSING)

    def _asked(self, trap: float, strictness: float, *, applies: bool) -> tuple[int, float, float]:
        from tradeworthy.controls.filter_steps import trap_check

        return trap_check(trap, strictness, int(FilterInput.TRAP) if applies else 0, self._rules)


class OIConfirmationFilter:
    """Open interest must change the signal's way: `OIConfirmationFilter().check(1500.0, side="long")`.

    least: the smallest change that confirms, in the unit of the input; exactly zero never does. enabled: off says nothing and
    refuses nothing. Raises InputError for arguments that cannot be used.
    """

    def __init__(self, least: float = 0.0, *, enabled: bool = True) -> None:
        self._rules = Filters(open_interest_least=least, open_interest=enabled).packed()

    def check(self, oi_delta: object, side: object = "long", *, applies: bool = True) -> SignalCheck:
        """side: long or short, what `actual` is counted in. None and NaN are missing and refused."""
        from tradeworthy.controls.filter_steps import open_interest_check

        change, has = known_or_nan(oi_delta, "oi_delta"), int(FilterInput.OPEN_INTEREST) if applies else 0
        found = open_interest_check(change, side_of(side), has, self._rules)
        return _told("oi_confirmation", found, Refusal.INSUFFICIENT_OI, Refusal.OI_MISSING)


def volatility_check_of(filters: Filters, level: VolatilityLevel, *, applies: bool) -> SignalCheck:
    """The level of volatility must be below the refused one; off by default, as calibration makes sizes smaller instead."""
    from tradeworthy.controls.filter_steps import volatility_check

    has = int(FilterInput.VOLATILITY) if applies else 0
    found = volatility_check(int(level), has, filters.packed())
    told = _told("volatility", found, Refusal.VOLATILITY_TOO_HIGH, Refusal.VOLATILITY_MISSING)
    actual = None if level is VolatilityLevel.UNKNOWN else level.name
    return SignalCheck(told.check, told.state, f"below {filters.volatility_refused.name}", actual, told.refusal)


def known_or_nan(value: Any, name: str) -> float:
    """The number; NaN for None, NaN and infinity, which say that it is not known. Raises InputError for what is none."""
    if hasattr(value, "item") and not getattr(value, "ndim", 0) and not hasattr(value, "mask"):
        value = value.item()  # of numpy
    if value is None or (isinstance(value, _FLOATS) and not math.isfinite(value)):
        return math.nan
    return finite_number(value, name)


def side_of(side: object) -> int:
    """1 for long or buy, -1 for short or sell. Raises InputError for any other word."""
    found = _SIDES.get(str(side).strip().lower())
    if found is None or isinstance(side, bool):
        raise InputError(f"side must be long or short, not {shown(side)}")
    return found


def _strict(strictness: float) -> float:
    require_number("strictness", strictness, 0.1, 10.0)
    return float(strictness)


def _told(check: str, found: tuple[int, float, float], refused: Refusal, missing: Refusal) -> SignalCheck:
    state, required, actual = CheckState(int(found[0])), float(found[1]), float(found[2])
    why = {CheckState.REFUSED: refused, CheckState.MISSING: missing}.get(state, Refusal.NONE)
    return SignalCheck(check, state, required, None if math.isnan(actual) else actual, why)
