"""Seeded random walks as bars."""

import numpy as np

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars


def random_walk(
    n: int, seed: int = 0, *, gap: float = 0.0004, symbol: str = "EUR_USD", timeframe: Timeframe = Timeframe.H1
) -> Bars:
    """`n` bars, hourly ones if nothing is said, round 1.10 with gaps between them, prices rounded to a tenth of a pip."""
    rng = np.random.default_rng(seed)
    close = np.round(1.1 * np.exp(np.cumsum(rng.normal(0, 0.001, n))), 5)
    open_ = np.round(np.concatenate(([1.1], close[:-1])) * (1 + rng.normal(0, gap, n)), 5)
    high = np.round(np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.0006, n))), 5)
    low = np.round(np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.0006, n))), 5)
    length = timeframe.length_ns
    opened = np.arange(n, dtype=np.int64) * length
    return Bars(instrument_named(symbol), timeframe, opened, opened + length, open_, high, low, close)
