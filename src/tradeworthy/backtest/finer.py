"""Bars of a finer timeframe, to see which of two levels within one bar came first."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_NOTHING = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))


def finer_columns(bars: Bars, finer: Bars | None) -> tuple[Whole, Whole, Floats, Floats, Floats]:
    """First and one past the last finer bar inside each bar, and the finer bars' open, high and low; all empty without any.

    Inside is what opens no earlier and closes no later.

    Raises InputError for bars of another instrument or price side, or no finer than the bars themselves.
    """
    if finer is None:
        return _NOTHING
    if finer.instrument.symbol != bars.instrument.symbol or finer.price_side is not bars.price_side:
        raise InputError(
            f"the finer bars are {finer.price_side} prices of {finer.instrument.symbol} and the bars {bars.price_side} "
            f"prices of {bars.instrument.symbol}; bring the same for both"
        )
    if finer.timeframe.length_ns >= bars.timeframe.length_ns:
        raise InputError(f"{finer.timeframe} bars are no finer than {bars.timeframe} bars")
    first = np.searchsorted(finer.open_time, bars.open_time, side="left")
    end = np.searchsorted(finer.close_time, bars.close_time, side="right")
    return first.astype(np.int64), end.astype(np.int64), finer.open, finer.high, finer.low
