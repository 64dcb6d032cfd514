"""What a strategy's bars say about its parameters."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.appraisal.parameter_record import HistoryFacts, NeighbourFacts
from tradeworthy.backtest.sweep_result import SweepResult
from tradeworthy.core.clock import DAY_NS
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.validation.selection import SMALLEST_SEARCHED

STOP_STEP = 0.25
_YEAR_NS = 365.25 * DAY_NS


@dataclass(frozen=True, eq=False)
class Market:
    """The bars of one strategy, or why there are none. spread: price units, None where not known."""

    bars: Bars | None
    why: str = ""
    spread: float | None = None


def typical_atr(bars: Bars, period: int) -> float | None:
    """The median average true range, price units; None where the bars are too few."""
    from tradeworthy.indicators import atr

    ranges = atr(bars.high, bars.low, bars.close, period)
    return float(np.nanmedian(ranges)) if np.isfinite(ranges).any() else None


def history_facts(bars: Bars, rules: MaCrossover, months: int, spread: float | None) -> HistoryFacts:
    """Bars, years, and the crossings on which the strategy enters: those in markets that are not too quiet for it."""
    entries = int(np.count_nonzero(rules.decisions(bars).enter)) if len(bars) > rules.warm_up else 0
    years = float(bars.close_time[-1] - bars.open_time[0]) / _YEAR_NS
    return HistoryFacts(
        bars.source, len(bars), years, entries, months, entries / years * months / 12, typical_atr(bars, rules.atr_period),
        spread,
    )  # fmt: skip


def neighbours_of(rules: MaCrossover) -> dict[str, list[float | int] | float | int | bool | None]:
    """The grid of sets at most one step away: averages a tenth of their periods (a bar at least), the stop 0.25 ATR (half
    of itself where it is nearer than that)."""

    def period(value: int) -> list[float | int]:
        step = max(1, round(value / 10))
        return [one for one in (value - step, value, value + step) if one >= 1]

    stop = rules.stop_atr
    step = 0.0 if stop is None else STOP_STEP if stop > STOP_STEP else stop / 2
    return {
        "fast": period(rules.fast),
        "slow": period(rules.slow),
        "stop_atr": None if stop is None else [stop - step, stop, stop + step],
        "target_atr": rules.target_atr,
        "atr_period": rules.atr_period,
        "min_atr": rules.min_atr,
        "exit_on_opposite_cross": rules.exit_on_opposite_cross,
    }


def neighbour_facts(search: SweepResult, rules: MaCrossover) -> NeighbourFacts | str:
    """The strategy among its neighbours; a sentence where there is too little to compare."""
    mine = next(i for i, one in enumerate(search.sets.strategies) if one == rules)
    trades = int(search.of("trades_with_r")[mine])
    if trades < SMALLEST_SEARCHED:
        return f"it has {trades} trades in its history, and fewer than {SMALLEST_SEARCHED} say nothing"
    own, around = float(search.of("mean_r")[mine]), float(search.neighbourhood("mean_r")[mine])
    if not np.isfinite(around):
        return "none of the sets one step away traded"
    variance = max(0.0, float(search.of("squares_r")[mine]) / trades - own**2)
    error = float(np.sqrt(variance / trades))
    return NeighbourFacts(own, error, around if around < own else None, len(search) - 1, trades)
