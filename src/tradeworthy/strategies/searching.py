"""How a strategy lets many sets of its parameters be tried over the same bars, with indicators worked out once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

Fill = Callable[[Floats, Whole, Floats, Whole, Bytes, Bytes, Floats, Floats], int]
"""(columns, rows, numbers, bar, enter, leave, stop_distance, target_distance) -> how many decisions were written."""

FILL_SIGNATURE = (
    "int64(Array(float64, 2, 'C', True, aligned=True), Array(int64, 1, 'C', True, aligned=True),"
    " Array(float64, 1, 'C', True, aligned=True), int64[::1], int8[::1], int8[::1], float64[::1], float64[::1])"
)
"""Every compiled fill has this one, so that the sweep's kernel is compiled once for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Many sets over the same bars.

    columns: float64 (m, n), each indicator that any set needs, once. rows: int64 (sets, i), which of them a set takes,
    and its whole numbers. numbers: float64 (sets, j), its other parameters. fill: compiled with FILL_SIGNATURE, writes
    the decisions of one set.
    """

    columns: Floats
    rows: Whole
    numbers: Floats
    fill: Fill


@runtime_checkable
class Searchable(Protocol):
    """A strategy that can be tried by the thousand; others are run one by one."""

    @classmethod
    def search(cls, bars: Bars, sets: Sequence[Self]) -> Search | None:
        """All sets over these bars; None where the shared columns would take too much memory."""
