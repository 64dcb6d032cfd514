"""What a statistic may be given: each check returns the value, or says in one sentence what is wrong with it."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number

Floats = npt.NDArray[np.float64]


def finite(name: str, value: float) -> float:
    """`value` as a float; raises InputError for NaN, infinity, and what is no number."""
    return finite_number(value, name)


def at_least(name: str, value: float, least: float) -> float:
    """`value`, finite and not below `least`."""
    number = finite(name, value)
    if number < least:
        raise InputError(f"{name} must be at least {least:g}, not {value}")
    return number


def above(name: str, value: float, bound: float) -> float:
    """`value`, finite and greater than `bound`."""
    number = finite(name, value)
    if number <= bound:
        raise InputError(f"{name} must be above {bound:g}, not {value}")
    return number


def inside(name: str, value: float, low: float = 0.0, high: float = 1.0) -> float:
    """`value`, strictly between `low` and `high`."""
    number = finite(name, value)
    if not low < number < high:
        raise InputError(f"{name} must lie between {low:g} and {high:g}, the ends excluded, not at {value}")
    return number


def whole(name: str, value: float, least: int) -> int:
    """`value` as an integer not below `least`."""
    number = at_least(name, value, least)
    if number != int(number):
        raise InputError(f"{name} must be a whole number, not {value}")
    return int(number)


def one_of(name: str, value: int, choices: Sequence[int]) -> int:
    """`value`, which must be one of `choices`."""
    if value not in choices:
        raise InputError(f"{name} must be {' or '.join(str(choice) for choice in choices)}, not {value}")
    return value


def representable(name: str, value: float, remedy: str) -> float:
    """A result; raises InputError where it lies beyond what a float can hold."""
    if not math.isfinite(value):
        raise InputError(f"{name} is too large to be written as a number; {remedy}")
    return value


def table(name: str, values: npt.ArrayLike) -> Floats:
    """`values` as floats of shape (rows, columns), all of them finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or not array.size:
        raise InputError(f"{name} must be a table of rows and columns, not an array of shape {array.shape}")
    if not np.isfinite(array).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name} must be finite numbers; row {row}, column {column} holds {array[row, column]}")
    return array
