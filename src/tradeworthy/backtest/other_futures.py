"""The same past with another future: bars that could have come as well, made out of those that did."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]


class Future(StrEnum):
    """How the bars after a cut are made other."""

    MIRRORED = "mirrored"
    SHUFFLED = "shuffled"


def with_other_future(bars: Bars, cut: int, future: Future, seed: int) -> Bars:
    """As many bars as before, at the same times, the first `cut` of them the same, the rest consistent but other.

    mirrored: every later move goes the other way by the same factor. shuffled: later bars follow each other in a seeded
    order, each with its own shape, half of them upside down. cut: from 1 to len(bars) - 1.
    """
    last = float(bars.close[cut - 1])
    later = slice(cut, len(bars))
    prices = tuple(column[later] for column in (bars.open, bars.high, bars.low, bars.close))
    volume = None if bars.volume is None else bars.volume[later]
    if future is Future.MIRRORED:
        open_, low, high, close = (last * (last / column) for column in prices)
    else:
        rng = np.random.default_rng((seed, cut))
        order = rng.permutation(len(bars) - cut)
        open_, high, low, close = _chained(prices, last, order, rng.random(len(order)) < 0.5)
        volume = None if volume is None else volume[order]
    if bars.close_only:
        open_ = high = low = close
    high, low = np.maximum.reduce((open_, high, close)), np.minimum.reduce((open_, low, close))
    return replace(
        bars,
        open=np.concatenate((bars.open[:cut], open_)),
        high=np.concatenate((bars.high[:cut], high)),
        low=np.concatenate((bars.low[:cut], low)),
        close=np.concatenate((bars.close[:cut], close)),
        volume=None if bars.volume is None or volume is None else np.concatenate((bars.volume[:cut], volume)),
    )


def _chained(
    prices: tuple[Floats, ...], last: float, order: npt.NDArray[np.int64], upside_down: npt.NDArray[np.bool_]
) -> tuple[Floats, ...]:
    before = np.concatenate(([last], prices[3][:-1]))
    open_, high, low, close = (np.log(column / before)[order] for column in prices)
    high, low = np.where(upside_down, -low, high), np.where(upside_down, -high, low)
    open_, close = np.where(upside_down, -open_, open_), np.where(upside_down, -close, close)
    start = np.log(last) + np.concatenate(([0.0], np.cumsum(close)[:-1]))
    return tuple(np.exp(start + move) for move in (open_, high, low, close))
