"""Bars of several series in the order in which they close: a piece of a replay, seen at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BarStretch:
    """series: symbol and timeframe of each, in the order that `place` counts in. All columns have the shape (n,) and are
    contiguous; times are nanoseconds UTC, prices in the quote currency. Each bar is told when it closes."""

    series: tuple[tuple[str, Timeframe], ...]
    place: Whole
    open_time: Whole
    close_time: Whole
    open: Floats
    high: Floats
    low: Floats
    close: Floats

    def __len__(self) -> int:
        return len(self.place)
