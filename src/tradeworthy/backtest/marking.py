"""Equity in units of each trade's own risk."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_F = "Array(float64, 1, 'C', True, aligned=True)"
_I = "Array(int64, 1, 'C', True, aligned=True)"


@compiled(f"void({_F}, {_I}, {_I}, {_I}, {_F}, {_F}, {_F}, float64, float64, float64[::1])")
def mark_r(
    close: Floats,
    side: Whole,
    entry_index: Whole,
    exit_index: Whole,
    entry_price: Floats,
    risk: Floats,
    r: Floats,
    ask: float,
    bid: float,
    out: Floats,
) -> None:
    """Fill `out` (n,): R of finished trades so far, and of the open one marked at the side it could be left at."""
    realised, bar = 0.0, 0
    for k in range(len(side)):
        while bar < entry_index[k]:
            out[bar] = realised
            bar += 1
        known = not math.isnan(r[k])
        view = bid if side[k] > 0 else ask
        while bar < exit_index[k]:
            out[bar] = realised + (side[k] * (close[bar] + view - entry_price[k]) / risk[k] if known else 0.0)
            bar += 1
        realised += r[k] if known else 0.0
    while bar < len(out):
        out[bar] = realised
        bar += 1
