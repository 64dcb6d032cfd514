"""Numbers that may be unknown. What is worked out from an unknown number is unknown, and says which one was missing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, TypeVar

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, whole_number

_NO_MOMENT = 2**63
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unknown:
    """An input that is missing, in words that can follow "because it is not known:"."""

    what: str


Known: TypeAlias = float | Unknown
"""A finite number, or which input it lacks."""


def number_of(value: object) -> float | None:
    """The number; None for None, NaN, an infinity and whatever else is no number."""
    kind = type(value)  # the two that nearly all numbers are, first
    if kind is float or (kind is Decimal and value.is_finite()):  # type: ignore[attr-defined]  # of a Decimal
        number = float(value)  # type: ignore[arg-type]  # the same
        return number if math.isfinite(number) else None
    try:
        return finite_number(value, "")
    except InputError:
        return None


def known(value: object, what: str) -> Known:
    """The same, with what it is for a sentence where it is unknown."""
    number = number_of(value)
    return Unknown(what) if number is None else number


def known_above_zero(value: object, what: str) -> Known:
    """The same for prices, rates and the like: zero and less is no price."""
    number = known(value, what)
    return number if isinstance(number, Unknown) or number > 0.0 else Unknown(what)


def known_count(value: object, what: str) -> int | Unknown:
    """The same for whole numbers of zero or more."""
    number = whole_number(value)
    return Unknown(what) if number is None or number < 0 else number


def known_moment(value: object, what: str) -> int | Unknown:
    """The same for a moment in ns UTC, to the last digit, from 1970 until the 64 bits of a journal end in 2262."""
    number = known_count(value, what)
    return Unknown(what) if not isinstance(number, Unknown) and number >= _NO_MOMENT else number


def entry_of(mapping: Mapping[Key, Value] | None, key: Key, none: Value | None = None) -> Value | None:
    """What the mapping holds, `none` where it holds nothing; None where it is itself unknown."""
    return None if mapping is None else mapping.get(key, none)


def total(parts: Iterable[Known]) -> Known:
    """All of them added; 0 for none."""
    result = 0.0
    for part in parts:
        if isinstance(part, Unknown):
            return part
        result += part
    return result
