"""The prices one can deal at: both sides of the market, bar by bar."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.spreads import Spread
from tradeworthy.core.bar import PriceSide
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Quotes = tuple[Floats, Floats, Floats, Floats, Floats]
"""Open, high, low and close of one side, and what is added to them to deal; each (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Dealing:
    """Buys fill at `ask`, sells at `bid`."""

    bid: Quotes
    ask: Quotes

    @classmethod
    def of(cls, bars: Bars, spread: Spread) -> Self:
        """Sides of these bars under that spread. Raises InputError for quotes with other times than the bars."""
        if spread.quotes is not None:
            bid, ask = spread.quotes
            if not np.array_equal(bid.open_time, bars.open_time) or not np.array_equal(bid.close_time, bars.close_time):
                raise InputError(
                    f"{bars.label}: the bid and ask bars have other times than the bars that are traded "
                    f"({len(bid):,} against {len(bars):,} bars); cut all three to the times that they share"
                )
            nothing = np.broadcast_to(np.float64(0.0), len(bars))
            return cls(_quotes(bid, nothing), _quotes(ask, nothing))
        width = spread.column(bars)
        below, above = _offsets(bars.price_side, width)
        return cls(_quotes(bars, below), _quotes(bars, above))


def _quotes(bars: Bars, added: Floats) -> Quotes:
    return bars.open, bars.high, bars.low, bars.close, added


def _offsets(side: PriceSide, width: Floats) -> tuple[Floats, Floats]:
    """What to add for the bid and for the ask. A width that is repeated without memory stays so."""
    repeated = width.strides == (0,)
    few = width[:1] if repeated else width
    none = np.zeros_like(few)
    below, above = {
        PriceSide.MID: (few / -2, few / 2),
        PriceSide.BID: (none, few),
        PriceSide.ASK: (-few, none),
    }[side]
    return (np.broadcast_to(below, len(width)), np.broadcast_to(above, len(width))) if repeated else (below, above)
