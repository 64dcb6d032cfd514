"""Units and positions as somebody's own bot holds them, as exact decimals."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, whole_number


def units_of(value: Any, what: str) -> Decimal:
    """Signed units; a float is taken as it is written, so that 0.1 is a tenth. Raises InputError for NaN and the like."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    whole = whole_number(value)
    return Decimal(whole) if whole is not None else Decimal(repr(float(finite_number(value, what))))


def positions_of(given: Any, whose: str) -> dict[str, Decimal]:
    """Net signed units by symbol, those of zero left out. Raises InputError for anything but a mapping of numbers."""
    if not isinstance(given, Mapping):
        raise InputError(f"{whose} positions must be a dict such as {{'EUR_USD': 1000}}, not {type(given).__name__}")
    found = {str(symbol): units_of(units, f"{whose} units of {symbol}") for symbol, units in given.items()}
    return {symbol: units for symbol, units in found.items() if units}
