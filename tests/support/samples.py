"""Made-up trade histories with a known edge."""

import numpy as np

from tradeworthy.core.clock import DAY_NS, WEEK_NS
from tradeworthy.validation.samples import TradeSample, Window

YEAR_NS = 365 * DAY_NS


def r_of(n: int, mean: float, seed: int) -> np.ndarray:
    """R's of a system with a stop at -1 and a target at +1.5, right often enough to earn `mean`."""
    share = (mean + 1.0) / 2.5
    drawn: np.ndarray = np.where(np.random.default_rng(seed).random(n) < share, 1.5, -1.0)
    return drawn


def history(
    name: str, before: np.ndarray, now: np.ndarray, *, years: float = 8.0, months: float = 0.25
) -> tuple[TradeSample, Window]:
    """Trades spread evenly over `years`, the last `months` of a year of them being the window."""
    end = int(50 * YEAR_NS)
    start = end - int(months * YEAR_NS)
    first = start - int(years * YEAR_NS)
    times = np.concatenate((
        first + ((np.arange(len(before)) + 0.5) * (start - first) / max(1, len(before))).astype(np.int64),
        start + ((np.arange(len(now)) + 0.5) * (end - start) / max(1, len(now))).astype(np.int64),
    ))  # fmt: skip
    return TradeSample(name, times, np.concatenate((before, now)), first, end), Window(start, end)


WEEK = WEEK_NS
