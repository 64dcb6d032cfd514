"""What may pass as a number: records hold no NaN (JSON writes it as null), and counts are whole."""

import math
import operator
from collections.abc import Mapping
from typing import Any, SupportsFloat

from tradeworthy.core.errors import InputError


def not_finite(value: Any, path: str) -> str | None:
    """Where a NaN or infinity stands inside nested mappings and lists, such as `body.prices[3] is nan`; None if nowhere."""
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{path} is {value}"
    if isinstance(value, Mapping):
        inner = ((one, f"{path}.{key}") for key, one in value.items())
    elif isinstance(value, list | tuple):
        inner = ((one, f"{path}[{place}]") for place, one in enumerate(value))
    else:
        return None
    return next((found for one, where in inner if (found := not_finite(one, where))), None)


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
    """The value as a float. Raises InputError, naming it, for a bool, text, NaN or infinity."""
    if isinstance(value, bool) or not isinstance(value, SupportsFloat) or not math.isfinite(value):
        raise InputError(f"{name} must be a finite number, not {value!r}")
    return float(value)


def non_negative(value: object, name: str) -> float:
    """The same for a number of zero or more."""
    number = finite_number(value, name)
    if number < 0:
        raise InputError(f"{name} must be zero or more, not {value!r}")
    return number


def positive(value: object, name: str) -> float:
    """The same for a number above zero."""
    number = finite_number(value, name)
    if number <= 0:
        raise InputError(f"{name} must be above zero, not {value!r}")
    return number
