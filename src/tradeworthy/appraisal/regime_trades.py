"""What a strategy earned at each level of volatility, and how sure that is."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Self

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.regime_record import LevelTrades
from tradeworthy.backtest.trades import Trades
from tradeworthy.core.errors import InputError
from tradeworthy.indicators.dependence import long_run_variance
from tradeworthy.market.bars import Bars
from tradeworthy.risk.volatility_levels import LEVELS
from tradeworthy.validation.comparison import POWER, SMALLEST_BASELINE
from tradeworthy.validation.intervals import Interval, wilson_interval
from tradeworthy.validation.trade_table import TradeTable

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

CONFIDENCE = 0.95
USUAL_DEVIATION_R = 1.0
"""Of a trade's R, where there are too few to tell."""


@dataclass(frozen=True, slots=True, eq=False)
class DecidedTrades:
    """Closed trades by the bar at whose close each was decided; arrays of shape (m,).

    at: places of those bars. r: NaN where it is not known. pnl: money. held: bars. size: units for the same money at risk, up
    to a factor, NaN without a stop.
    """

    at: Whole
    r: Floats
    pnl: Floats
    held: Whole
    size: Floats

    @classmethod
    def of(cls, trades: Trades) -> Self:
        """Those of a backtest."""
        closed = trades.closed
        return cls(
            trades.signal_index[closed], trades.r[closed], trades.pnl[closed], trades.bars_held[closed],
            1.0 / trades.risk[closed],
        )  # fmt: skip

    @classmethod
    def of_history(cls, table: TradeTable, r: Floats, bars: Bars) -> Self:
        """Those of a history (n,), with its R's (n,): decided at the last bar that had closed when each was opened.

        Raises InputError where the history does not say when trades were opened.
        """
        if table.opened is None:
            raise InputError(
                f"{table.source}: it does not say when trades were opened, so no level of volatility can be told for them; "
                "it takes a column such as entry_time"
            )
        order = np.argsort(table.opened, kind="stable")
        at = np.searchsorted(bars.close_time, table.opened[order], side="right") - 1
        began, ended = (
            np.searchsorted(bars.open_time, moments, side="right") - 1
            for moments in (table.opened[order], table.closed[order] - 1)  # an exit at a close is inside its bar
        )
        inside = (at >= 0) & (table.closed[order] <= bars.close_time[-1])
        distance = np.abs(table.entry - table.stop)[order]
        with np.errstate(divide="ignore"):
            size = np.where(distance > 0.0, 1.0 / distance, np.nan)
        taken = order[inside]
        return cls(
            at[inside].astype(np.int64),
            r[taken],
            table.net[taken],
            np.maximum(ended - began, 0)[inside].astype(np.int64),
            size[inside],
        )

    def seen(self, levels: Whole, start: int) -> npt.NDArray[np.bool_]:
        """(m,) Whether each was decided from place `start` on, where the level was known."""
        known: npt.NDArray[np.bool_] = (self.at >= start) & (levels[self.at] >= 0)
        return known


def level_trades(trades: DecidedTrades, levels: Whole, start: int, effect_r: float) -> tuple[LevelTrades, ...]:
    """For each level the trades decided from place `start` on; `levels` (n,) are of all bars."""
    mine = trades.seen(levels, start)
    r, pnl, held = trades.r[mine], trades.pnl[mine], trades.held[mine]
    level, sizes = levels[trades.at[mine]], trades.size[mine]
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


def _mean(r: Floats, tests: int) -> tuple[float | None, Interval | None, Interval | None]:
    if not len(r):
        return None, None, None
    single, together = (mean_interval(r, level) for level in (CONFIDENCE, 1.0 - (1.0 - CONFIDENCE) / tests))
    return float(r.mean()), single, together


def _deviation(r: Floats) -> float | None:
    known = r[np.isfinite(r)]
    return float(known.std(ddof=1)) if len(known) >= SMALLEST_BASELINE and float(np.ptp(known)) > 0 else None
