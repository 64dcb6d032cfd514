"""What the fields of the settings records here may hold; every refusal is one sentence that names the field."""

import math
from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from numbers import Real

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number


def require_switch(field: str, value: object) -> None:
    """True or False and nothing that merely counts as one."""
    if not isinstance(value, bool):
        raise InputError(f"{field} must be True or False, not {value!r}")


def require_whole(field: str, value: object, low: int) -> None:
    """A whole number of at least `low`."""
    number = whole_number(value)
    if number is None or number < low:
        raise InputError(f"{field} must be a whole number of at least {low}, not {value!r}")


def require_number(field: str, value: object, low: float, high: float = math.inf, *, above: bool = False) -> None:
    """A finite number from `low` (with `above`: above it) to `high`."""
    if not _within(value, low, high, above=above):
        raise InputError(f"{field} must be {_span(low, high, above=above)}, not {value!r}")


def require_share(field: str, value: object) -> None:
    """A number above 0 and below 1."""
    if not _within(value, 0.0, 1.0, above=True) or value == 1:
        raise InputError(f"{field} must be a number above 0 and below 1, not {value!r}")


def require_row(field: str, values: object, size: int, low: float, high: float = math.inf) -> None:
    """A tuple of `size` finite numbers from `low` to `high`."""
    if not isinstance(values, tuple) or len(values) != size or not all(_within(one, low, high) for one in values):
        raise InputError(f"{field} must be a tuple of {size}, each {_span(low, high)}, not {values!r}")


def require_order(field: str, values: Iterable[float], *, rising: bool, ties: bool) -> None:
    """Each value above (or below) the one before; `ties` lets equal ones pass."""
    row = tuple(values) if rising else tuple(-value for value in values)
    if not all(a < b or (ties and a == b) for a, b in pairwise(row)):
        shown = tuple(values)
        must = ("not fall" if ties else "rise") if rising else ("not rise" if ties else "fall")
        raise InputError(f"{field} must {must} from one to the next, not {shown!r}")


def require_clock(field: str, value: object) -> None:
    """A time of day in whole minutes, on the exchange's clock and so without a zone of its own."""
    if not isinstance(value, time) or value.tzinfo is not None or value.second or value.microsecond:
        raise InputError(f"{field} must be a time of day in whole minutes without a zone, not {value!r}")


def minute_of(clock: time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


def _within(value: object, low: float, high: float, *, above: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        return False
    return low <= float(value) <= high and not (above and float(value) == low)


def _span(low: float, high: float, *, above: bool = False) -> str:
    start = f"a number above {low:g}" if above else f"a number of at least {low:g}"
    return start if high == math.inf else f"{start} and at most {high:g}"
