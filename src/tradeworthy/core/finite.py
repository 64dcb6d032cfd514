"""What may pass as a number: records hold no NaN (JSON writes it as null), and counts are whole."""

import math
import operator
from collections.abc import Mapping
from typing import Any

from tradeworthy.core.errors import InputError

_REAL = frozenset("fiu")  # what numpy calls floats, and whole numbers with a sign and without
_SHOWN = 80


def not_finite(value: Any, path: str) -> str | None:
    """Where a NaN or infinity stands inside nested mappings and lists, such as `body.prices[3] is nan`; None if nowhere."""
    if _all_finite(value):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{path} is {value}"
    if isinstance(value, Mapping):
        inner = ((one, f"{path}.{key}") for key, one in value.items())
    elif isinstance(value, list | tuple):
        inner = ((one, f"{path}[{place}]") for place, one in enumerate(value))
    else:
        return None
    return next((found for one, where in inner if (found := not_finite(one, where))), None)


def _all_finite(value: Any) -> bool:
    """The same without saying where: every event of a desk is asked."""
    kind = type(value)
    if kind is float:
        return math.isfinite(value)
    if kind is str or kind is int or kind is bool or value is None:
        return True
    if kind is dict:
        return all(map(_all_finite, value.values()))
    if kind is list or kind is tuple:
        return all(map(_all_finite, value))
    return not isinstance(value, float | Mapping | list | tuple)


def whole_number(value: object) -> int | None:
    """A count as an int, numpy's included; None for a bool, a float, text or nothing."""
    try:
        return None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]  # it says so itself
    except TypeError:
        return None


def plain_number(value: Any) -> Any:
    """A number of numpy as Python's own, for `json.dumps(..., default=plain_number)`. Raises TypeError for what is none."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{value!r} is no plain number")


def finite_number(value: object, name: str) -> float:
    """The value as a float. Raises InputError, naming it, for a bool, text, an array, NaN or infinity."""
    number = value if type(value) is float else _as_float(value)
    if number is None or not math.isfinite(number):
        raise InputError(f"{name} must be a finite number, not {shown(value)}")
    return number


def _as_float(value: object) -> float | None:
    """None for what is no single real number; numpy gives bools, text and dates the means to pass for one."""
    if isinstance(value, bool | str | bytes) or not hasattr(type(value), "__float__"):
        return None
    given: Any = value
    if getattr(given, "ndim", 0) or hasattr(given, "mask"):
        return None
    if hasattr(given, "dtype") and getattr(given.dtype, "kind", "O") not in _REAL:
        return None
    try:
        return float(given)
    except (TypeError, ValueError, OverflowError):
        return None


def shown(value: object) -> str:
    """What was given, on one line and short enough for a sentence."""
    try:
        text = " ".join((repr(value) if isinstance(value, str | bytes) else str(value)).split())
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        text = "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def non_negative(value: object, name: str) -> float:
    """The same for a number of zero or more."""
    number = finite_number(value, name)
    if number < 0:
        raise InputError(f"{name} must be zero or more, not {shown(value)}")
    return number


def positive(value: object, name: str) -> float:
    """The same for a number above zero."""
    number = finite_number(value, name)
    if number <= 0:
        raise InputError(f"{name} must be above zero, not {shown(value)}")
    return number
