"""What every indicator asks of its input."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number

Floats = npt.NDArray[np.float64]


def column(values: npt.ArrayLike, name: str) -> tuple[Floats, int]:
    """`values` as float64 (n,) and the place of the first number. Raises InputError for a NaN after the first number."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise InputError(f"{name} must be one column, not an array of shape {array.shape}")
    missing = np.isnan(array)
    first = int(np.argmin(missing)) if not missing.all() else len(array)
    if missing[first:].any():
        place = first + int(np.argmax(missing[first:]))
        raise InputError(f"{name} has a NaN at position {place}, after its first number; fill or drop it")
    return array, first


def period(n: int, name: str = "n") -> int:
    """A whole number of bars of at least one."""
    number = whole_number(n)
    if number is None or number < 1:
        raise InputError(f"{name} must be a whole number of bars, 1 or more, not {n!r}")
    return number


def same_length(**columns: Floats) -> None:
    """Raises InputError unless all columns have as many values."""
    sizes = {name: len(values) for name, values in columns.items()}
    if len(set(sizes.values())) > 1:
        raise InputError("columns differ in length: " + ", ".join(f"{name} {size}" for name, size in sizes.items()))
