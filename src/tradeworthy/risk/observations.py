"""What a risk statistic may be given: each check returns what it read, or says in one sentence what is wrong with it."""

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import finite_number, shown, whole_number
from tradeworthy.indicators.given_numbers import LARGEST, Floats, floats

_Kind = TypeVar("_Kind", bound=StrEnum)
_Record = TypeVar("_Record")

_ORDINARY = 1e50
_EQUAL = 1e-12
"""Values that differ by no more than this share of the largest are the same but for rounding."""


def column(x: npt.ArrayLike, name: str, least: int, purpose: str) -> Floats:
    """`x` as finite numbers (n,). Raises NotEnoughData under `least` of them, and InputError for what is no such column.

    name: of one of them, such as "return". purpose: what needs so many, as the beginning of a sentence.
    """
    values = np.ascontiguousarray(floats(plural(name), x, math.inf))
    if np.ndim(x) != 1:
        raise InputError(f"{plural(name)} must be one column, not an array of shape {np.shape(x)}")
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        raise InputError(
            f"{name} {broken[0]} is {values[broken[0]]}; leave out periods without a {name}, and mend the rest"
        )
    if len(values) < least:
        needed = f"{least:,} {name if least == 1 else plural(name)}"
        raise NotEnoughData(f"{purpose} needs at least {needed}; there {_are(len(values))}")
    if len(values) and np.abs(values).max() > LARGEST:
        raise InputError(f"{name} {np.abs(values).argmax()} is past {LARGEST:g} in size; write it in larger units")
    return values


def differing(values: Floats, name: str, purpose: str) -> Floats:
    """`values`, not all of them alike; raises InputError for a constant."""
    if np.ptp(values) <= max(_EQUAL * np.abs(values).max(), 1.0 / LARGEST):
        raise InputError(f"{purpose} needs {plural(name)} that differ; all {len(values):,} of them are {values[0]:g}")
    return values


def of_ordinary_size(values: Floats) -> Floats:
    """`values`, not empty; those whose fourth powers no number holds over a power of two, which changes no ratio of them."""
    peak = float(np.abs(values).max())
    if peak == 0.0 or 1.0 / _ORDINARY < peak < _ORDINARY:
        return values
    scaled: Floats = values / math.ldexp(1.0, math.frexp(peak)[1])
    return scaled


def share(value: object, name: str) -> float:
    """A number strictly between 0 and 1."""
    number = finite_number(value, name)
    if not 0.0 < number < 1.0:
        raise InputError(f"{name} must lie between 0 and 1, the ends excluded, not at {shown(value)}; 99% is 0.99")
    return number


def tail_level(value: object) -> float:
    """A level from 0.5 on, below 1: of a loss and not of what happens every other day."""
    level = share(value, "level")
    if level < 0.5:
        raise InputError(f"level must be that of a loss, from 0.5 on, not {shown(value)}; 99% is 0.99, not 0.01")
    return level


def probability(value: object, name: str) -> float:
    """A number from 0 to 1, the ends included."""
    number = finite_number(value, name)
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{name} must lie from 0 to 1, not at {shown(value)}")
    return number


def count(value: object, name: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    number = whole_number(value)
    if number is None or not least <= number <= most:
        raise InputError(f"{name} must be a whole number from {least:,} to {most:,}, not {shown(value)}")
    return number


def yes_or_no(value: object, name: str) -> bool:
    """True or False, numpy's included."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def word(value: object, kinds: type[_Kind], name: str) -> _Kind:
    """The one of `kinds` that is called so."""
    if not isinstance(value, str) or value not in list(kinds):
        raise InputError(f"there is no {name} {shown(value)}; choose one of {', '.join(kinds)}")
    return kinds(value)


def of_kind(value: object, kind: type[_Record], name: str, source: str) -> _Record:
    """A record that only `source`, such as "read_bars", makes."""
    if not isinstance(value, kind):
        raise InputError(f"{name} must be {kind.__name__}, as {source} gives, not {type(value).__name__}")
    return value


def all_of_kind(values: object, kind: type[_Record], name: str, source: str) -> tuple[_Record, ...]:
    """Several of those."""
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | np.ndarray):
        raise InputError(f"{name} must be a list of {kind.__name__}s, not {type(values).__name__}")
    return tuple(of_kind(one, kind, f"each of {name}", source) for one in values)


def representable(value: float, name: str) -> float:
    """A result. Raises InputError where it is past what a number holds."""
    if not math.isfinite(value):
        raise InputError(f"{name} is past what a number holds; give numbers of an ordinary size")
    return value


def plural(name: str) -> str:
    """`returns`, `losses`, `volatilities`."""
    return f"{name}es" if name.endswith("s") else f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _are(found: int) -> str:
    return "are none" if not found else "is 1" if found == 1 else f"are {found:,}"
