"""Numbers as a person may give them: lists, tuples, arrays and Series become float64; what is no number is refused."""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError

Floats = npt.NDArray[np.float64]

LARGEST = 1e100
"""In size; squares and sums of such numbers still fit into a float."""
_BEYOND = 2.0**63
_DEEPEST = 3  # lists within lists, beyond which nothing is a table any more

_WORDS = {
    "b": "true and false",
    "U": "text",
    "S": "text",
    "T": "text",
    "M": "dates",
    "m": "durations",
    "c": "complex numbers",
    "V": "records",
}


def floats(name: str, values: npt.ArrayLike, largest: float = LARGEST) -> Floats:
    """`values` as float64 of the same shape, NaN and infinity left as they are.

    Raises InputError for what is no number (text, dates, true and false, complex numbers, None, masked values), for rows of
    unequal length, and for finite numbers beyond `largest` in size.
    """
    array = values if type(values) is np.ndarray and values.dtype == np.float64 else _converted(name, values)
    if array.size and not np.abs(array).max() <= largest and (np.abs(array[np.isfinite(array)]) > largest).any():
        raise InputError(f"{name} hold a number beyond {largest:g} in size; write them in larger units")
    return array


def whole_numbers(name: str, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`values` as int64 of the same shape; dates of numpy become nanoseconds.

    Raises InputError as `floats` does, and for what is not whole or no int64 holds.
    """
    if type(values) is np.ndarray and values.dtype == np.int64:
        return values
    if isinstance(values, np.ndarray) and values.dtype.kind == "M" and not np.isnat(values).any():
        return values.astype("datetime64[ns]").astype(np.int64)
    array = np.asarray(values) if _refused_in_lists(values) is None and _all_whole(values) else floats(name, values)
    if not ((array == np.rint(array)) & (np.abs(array) < _BEYOND)).all():
        raise InputError(f"{name} must be whole numbers, such as nanoseconds")
    return array.astype(np.int64)


def _all_whole(values: Any) -> bool:
    try:
        return not np.ma.is_masked(values) and np.asarray(values).dtype.kind in "iu"
    except (TypeError, ValueError, OverflowError):
        return False


def _converted(name: str, values: Any) -> Floats:
    array, found = _as_array(name, values), _refused_in_lists(values)
    if found is None and np.ma.is_masked(values):
        found = "masked values"
    if found is None and array.dtype.kind == "O":
        return _one_by_one(name, array, values)
    found = found or _WORDS.get(array.dtype.kind)
    if found is not None:
        raise InputError(f"{name} must be numbers, and hold {found}")
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def _as_array(name: str, values: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name} must be numbers in one column, or in rows of the same length") from None


def _refused_in_lists(values: Any, depth: int = 0) -> str | None:
    """What numpy would make numbers of without a word: true and false among numbers, and masked values."""
    if not isinstance(values, list | tuple):
        return None
    kinds = set(map(type, values))
    if bool in kinds or np.bool_ in kinds:
        return _WORDS["b"]
    if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds) and any(np.ma.is_masked(one) for one in values):
        return "masked values"
    if depth < _DEEPEST and any(issubclass(kind, list | tuple) for kind in kinds):
        return next((found for one in values if (found := _refused_in_lists(one, depth + 1))), None)
    return None


def _one_by_one(name: str, array: npt.NDArray[Any], values: object) -> Floats:
    if array.ndim == 0:
        raise InputError(f"{name} must be numbers in a list, an array or a Series, not {_described(values)}")
    for one in array.flat:
        if isinstance(one, bool | np.bool_) or not isinstance(one, Real | Decimal):
            raise InputError(f"{name} must be numbers, and hold {_described(one)}")
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise InputError(f"{name} hold a number beyond {LARGEST:g} in size; write them in larger units") from None
    except (TypeError, ValueError):
        raise InputError(f"{name} hold what cannot be written as a number") from None


def _described(value: object) -> str:
    return {"NoneType": "None", "str": "text", "bool": _WORDS["b"]}.get(type(value).__name__, type(value).__name__)
