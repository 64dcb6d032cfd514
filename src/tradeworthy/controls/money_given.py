"""Amounts that people's own code hands in."""

from typing import Final

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, shown

MOST: Final = 1e15
"""Of any currency; cents are exact that far, and sums of many stay finite."""


def amount(value: object, name: str) -> float:
    """A finite number of either sign. Raises InputError, naming it."""
    number = finite_number(value, name)
    if abs(number) > MOST:
        raise InputError(f"{name} must lie between -{MOST:g} and {MOST:g}, not {shown(value)}")
    return number


def capital_of(value: object, name: str) -> float:
    """A finite number above zero. Raises InputError, naming it."""
    number = positive(value, name)
    if number > MOST:
        raise InputError(f"{name} must be at most {MOST:g}, not {shown(value)}")
    return number
