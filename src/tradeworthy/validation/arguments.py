"""What a statistic may be given: each check returns the value, or says in one sentence what is wrong with it."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number
from tradeworthy.indicators.given_numbers import LARGEST, Floats, floats

_TINY = 1e-100
_ROUNDING = 1e-13


def finite(name: str, value: float) -> float:
    """`value` as a float; raises InputError for NaN, infinity, and what is no number."""
    return finite_number(value, name)


def moderate(name: str, value: float) -> float:
    """`value`, finite and at most 1e100 in size, as the numbers of columns are."""
    number = finite(name, value)
    if abs(number) > LARGEST:
        raise InputError(f"{name} must be at most {LARGEST:g} in size, not {shown(value)}; write it in larger units")
    return number


def at_least(name: str, value: float, least: float) -> float:
    """`value`, finite and not below `least`."""
    number = finite(name, value)
    if number < least:
        raise InputError(f"{name} must be at least {least:g}, not {shown(value)}")
    return number


def above(name: str, value: float, bound: float) -> float:
    """`value`, finite and greater than `bound`."""
    number = finite(name, value)
    if number <= bound:
        raise InputError(f"{name} must be above {bound:g}, not {shown(value)}")
    return number


def inside(name: str, value: float, low: float = 0.0, high: float = 1.0) -> float:
    """`value`, strictly between `low` and `high`."""
    number = finite(name, value)
    if not low < number < high:
        raise InputError(f"{name} must lie between {low:g} and {high:g}, the ends excluded, not at {shown(value)}")
    return number


def whole(name: str, value: float, least: int) -> int:
    """`value` as an integer not below `least`."""
    number = at_least(name, value, least)
    if not number.is_integer():
        raise InputError(f"{name} must be a whole number, not {shown(value)}")
    exact = whole_number(value)
    return int(number) if exact is None else exact


def one_of(name: str, value: int, choices: Sequence[int]) -> int:
    """`value`, which must be one of `choices`."""
    number = finite(name, value)
    if number not in choices:
        raise InputError(f"{name} must be {' or '.join(str(choice) for choice in choices)}, not {shown(value)}")
    return int(number)


def representable(name: str, value: float, remedy: str) -> float:
    """A result; raises InputError where it lies beyond what a float can hold."""
    if not math.isfinite(value):
        raise InputError(f"{name} is too large to be written as a number; {remedy}")
    return value


def column(name: str, values: npt.ArrayLike) -> Floats:
    """`values` as floats of shape (n,), NaN and infinity left as they are."""
    array = floats(name, values)
    if array.ndim != 1:
        raise InputError(f"{name} must be one column, not an array of shape {array.shape}")
    return array


def present(name: str, values: npt.ArrayLike) -> Floats:
    """The numbers of a column that are there: NaN is left out, infinity refused."""
    array = column(name, values)
    if np.isfinite(array).all():
        return array
    if np.isinf(array).any():
        raise InputError(f"{name} hold an infinite value; mend the prices they were made from")
    return array[~np.isnan(array)]


def unit_of(values: Floats) -> float:
    """1, or for numbers whose squares no float holds their size, a power of two: a ratio is the same in any unit."""
    peak = float(np.abs(values).max())
    return 1.0 if not 0.0 < peak < _TINY else 2.0 ** math.frexp(peak)[1]


def varied(values: Floats, spread: float) -> bool:
    """Whether this standard deviation of `values`, not empty, is more than the rounding of their level leaves."""
    return spread > _ROUNDING * float(np.abs(values).max())


def table(name: str, values: npt.ArrayLike, largest: float = LARGEST) -> Floats:
    """`values` as floats of shape (rows, columns), all of them finite."""
    array = floats(name, values, largest)
    if array.ndim != 2 or not array.size:
        raise InputError(f"{name} must be a table of rows and columns, not an array of shape {array.shape}")
    if not np.isfinite(array).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name} must be finite numbers; row {row}, column {column} holds {array[row, column]}")
    return array
