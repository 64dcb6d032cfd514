"""What a strategy earned at each level of volatility, and how sure that is."""

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.regime_record import LevelTrades
from tradeworthy.backtest.trades import Trades
from tradeworthy.indicators.dependence import long_run_variance
from tradeworthy.risk.volatility_levels import LEVELS, VolatilityLevel
from tradeworthy.validation.comparison import POWER, SMALLEST_BASELINE
from tradeworthy.validation.intervals import Interval, wilson_interval

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

CONFIDENCE = 0.95
USUAL_DEVIATION_R = 1.0
"""Of a trade's R, where there are too few to tell."""


def level_trades(trades: Trades, levels: Whole, start: int, effect_r: float) -> tuple[LevelTrades, ...]:
    """For each level its closed trades decided from place `start` on; `levels` (n,) are of all bars."""
    at = trades.signal_index
    mine = trades.closed & (at >= start)
    mine[mine] = levels[at[mine]] >= 0
    r, pnl, held = trades.r[mine], trades.pnl[mine], trades.bars_held[mine]
    level, sizes = levels[at[mine]], 1.0 / trades.risk[mine]
    tests = max(1, len(np.unique(level)))
    deviation = _deviation(r)
    found = []
    for i, name in enumerate(LEVELS):
        here = level == i
        count = int(here.sum())
        known = np.isfinite(r[here])
        mean, interval, adjusted = _mean(r[here][known], tests)
        needed = trades_needed(_deviation(r[here][known]) or deviation or USUAL_DEVIATION_R, effect_r, tests)
        found.append(LevelTrades(
            level=name, trades=count, mean_r=mean, mean_interval=interval, adjusted=adjusted,
            win_rate=float((pnl[here] > 0).mean()) if count else None,
            win_interval=wilson_interval(int((pnl[here] > 0).sum()), count) if count else None,
            needed=needed, size_variation=variation(sizes[here]),
            median_bars_held=float(np.median(held[here])) if count else None,
        ))  # fmt: skip
    return tuple(found)


def trades_needed(deviation: float, effect_r: float, tests: int) -> int:
    """Trades by which a mean of `effect_r` shows with 80% power at 5% over so many tests, two-sided; at least 20."""
    normal = NormalDist()
    reach = normal.inv_cdf(1.0 - (1.0 - CONFIDENCE) / 2 / tests) + normal.inv_cdf(POWER)
    return max(SMALLEST_BASELINE, math.ceil((reach * deviation / effect_r) ** 2))


def mean_interval(values: Floats, confidence: float) -> Interval | None:
    """Of a mean of values in the order of time; None under 20 of them, or where all are alike.

    Student's, with as many observations as are worth as much if neighbours know of each other: n x variance / long-run
    variance, and never more than n.
    """
    from scipy.special import stdtrit

    if len(values) < SMALLEST_BASELINE or float(np.ptp(values)) == 0.0:
        return None
    variance = float(values.var(ddof=1))
    worth = len(values) * min(1.0, variance / max(long_run_variance(values), 1e-300))
    half = float(stdtrit(max(1.0, worth - 1.0), 0.5 + confidence / 2)) * math.sqrt(variance / worth)
    mean = float(values.mean())
    return Interval(mean - half, mean + half)


def variation(sizes: Floats) -> float | None:
    """Sample deviation over mean; None under two sizes or where one is not known."""
    if len(sizes) < 2 or not np.isfinite(sizes).all():
        return None
    return float(sizes.std(ddof=1) / sizes.mean())


def window_sizes(trades: Trades, levels: Whole, start: int) -> Floats:
    """Units for the same money at risk, up to a factor, of every closed trade that `level_trades` counts."""
    at = trades.signal_index
    mine = trades.closed & (at >= start)
    mine[mine] = levels[at[mine]] >= 0
    sizes: Floats = 1.0 / trades.risk[mine]
    return sizes


def with_trades(found: tuple[LevelTrades, ...]) -> tuple[VolatilityLevel, ...]:
    """Levels that were looked at."""
    return tuple(one.level for one in found if one.trades)


def _mean(r: Floats, tests: int) -> tuple[float | None, Interval | None, Interval | None]:
    if not len(r):
        return None, None, None
    single, together = (mean_interval(r, level) for level in (CONFIDENCE, 1.0 - (1.0 - CONFIDENCE) / tests))
    return float(r.mean()), single, together


def _deviation(r: Floats) -> float | None:
    known = r[np.isfinite(r)]
    return float(known.std(ddof=1)) if len(known) >= SMALLEST_BASELINE and float(np.ptp(known)) > 0 else None
