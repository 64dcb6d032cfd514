"""Volatility and a strategy: levels frozen on the past, how they follow each other, and what was made of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.regime_advice import advise
from tradeworthy.appraisal.regime_record import LevelStops, SwitchingNow, VolatilityStudy
from tradeworthy.appraisal.regime_stops import StopPlan, level_stops
from tradeworthy.appraisal.regime_trades import DecidedTrades, level_trades, variation
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.trades import Trades
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import positive, shown, whole_number
from tradeworthy.indicators.arrays import atr
from tradeworthy.market.bars import Bars
from tradeworthy.risk.adapting_sizes import SizeAdaptation, size_adaptation
from tradeworthy.risk.clustering_tests import clustering_of
from tradeworthy.risk.level_timeline import weekly_levels
from tradeworthy.risk.level_transitions import transitions_of
from tradeworthy.risk.realised_ranges import LONGEST_WINDOW, WINDOW, bar_variances
from tradeworthy.risk.switching import fit_switching
from tradeworthy.risk.volatility_levels import LEVELS, QUANTILES, VolatilityThresholds, least_bars
from tradeworthy.strategies.protocol import Strategy

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

FROZEN_SHARE = 1 / 3
"""Of the bars, on which thresholds are frozen where no earlier bars are given."""
EFFECT_R = 0.25
"""Mean R of a level that is worth acting on: a quarter of what a trade puts at risk."""
MOST_FITTED = 10_000
"""Returns that switching states are fitted on, the last before the window."""
USUAL_ATR = 14
_NO_STOPS = "the strategy has no stop and target in multiples of ATR"
_NO_RULES = "a history of trades does not tell its rules for stops and sizes"
_NO_SIZES = "without a stop there is no size by risk"


@dataclass(frozen=True, slots=True)
class StudyTerms:
    """How volatility is studied; each field as docs/regimes.md has it."""

    n: int = WINDOW
    estimator: str | None = None
    quantiles: tuple[float, float, float, float] = QUANTILES
    effect_r: float = EFFECT_R
    states: int = 2
    fills: FillRules | None = None
    costs: Costs | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class AtrRules:
    """What a strategy says of its stops, in multiples of ATR at the signal; None for none."""

    atr_period: int = USUAL_ATR
    stop_atr: float | None = None
    target_atr: float | None = None
    min_atr: float = 0.0

    @classmethod
    def of(cls, strategy: Strategy) -> Self:
        """By its attributes of these names; strategies that place stops otherwise have none of them."""
        return cls(
            getattr(strategy, "atr_period", USUAL_ATR), getattr(strategy, "stop_atr", None),
            getattr(strategy, "target_atr", None), getattr(strategy, "min_atr", 0.0),
        )  # fmt: skip


def study_volatility(
    bars: Bars,
    strategy: Strategy | DecidedTrades,
    before: Bars | None = None,
    terms: StudyTerms | None = None,
    assumptions: Sequence[str] = (),
) -> VolatilityStudy:
    """Levels over `bars` by thresholds frozen on `before`, and the trades at each: a strategy's, or of a history.

    before: earlier bars of the same market; without them the first third of `bars` is taken, and the rest is the window.
    A strategy warms up wherever there are bars for it. A history does not tell its rules, so that what needs them is not
    measured. Raises NotEnoughData for too few bars, InputError for bars of
    different markets or that overlap, and for terms that cannot be used.
    """
    asked = StudyTerms() if terms is None else terms
    positive(asked.effect_r, "effect_r")
    if whole_number(asked.seed) is None:
        raise InputError(f"seed must be a whole number, not {shown(asked.seed)}")
    frozen, start = _split(bars, before, asked)
    thresholds = VolatilityThresholds.frozen_on(frozen, asked.n, asked.estimator, asked.quantiles)
    levels = thresholds.levels(bars)
    window = levels[start:]
    why_not: dict[str, str] = {}
    if isinstance(strategy, DecidedTrades):
        trades, rules, adaptation = strategy, AtrRules(), None
        stops: tuple[LevelStops, ...] = ()
        why_not = {"atr_effectiveness": _NO_RULES, "position_sizing_analysis": _NO_RULES}
    else:
        made, rules = run_backtest(bars, strategy, asked.fills, asked.costs).trades, AtrRules.of(strategy)
        trades = DecidedTrades.of(made)
        stops = _stops(bars, levels, start, rules, made, asked.seed, why_not)
        adaptation = _adaptation(bars, levels, start, rules, trades, asked, why_not)
    found = level_trades(trades, levels, start, asked.effect_r)
    sizes = trades.size[trades.seen(levels, start)]
    return VolatilityStudy(
        label=bars.label, thresholds=thresholds, bars=len(window), first_ns=int(bars.open_time[start]),
        last_ns=int(bars.close_time[-1]), now=LEVELS[int(levels[-1])], transitions=transitions_of(window),
        timeline=weekly_levels(bars.close_time[start:], window), clustering=clustering_of(np.diff(np.log(bars.close[start:]))),
        switching=_switching(bars, frozen, start, asked.states, why_not), atr_period=rules.atr_period,
        stop_atr=rules.stop_atr, target_atr=rules.target_atr, trades=found, size_variation=variation(sizes),
        size_range=float(sizes.max() / sizes.min()) if len(sizes) > 1 and np.isfinite(sizes).all() else None,
        stops=stops, adaptation=adaptation,
        advice=advise(found, stops, adaptation, asked.effect_r, rules.stop_atr), why_not=why_not,
        seed=asked.seed, assumptions=tuple(assumptions),
    )  # fmt: skip


def _split(bars: Bars, before: Bars | None, asked: StudyTerms) -> tuple[Bars, int]:
    """The bars that thresholds are frozen on, and where the window begins."""
    window = whole_number(asked.n)
    if window is None or not 1 <= window <= LONGEST_WINDOW:
        raise InputError(f"volatility is taken over a whole number of bars, 1 or more, not {shown(asked.n)}")
    need = least_bars(window)
    if before is not None:
        if (before.instrument.symbol, before.timeframe) != (bars.instrument.symbol, bars.timeframe):
            raise InputError(f"the bars before are of {before.label} and the others of {bars.label}; give one market")
        if len(before) and len(bars) and before.close_time[-1] > bars.open_time[0]:
            raise InputError(f"{bars.label}: the bars before reach into the others; end them where those begin")
        if len(bars) < need:
            raise NotEnoughData(
                f"{bars.label}: volatility over {window} bars is studied on at least {need:,}; there are {len(bars):,}"
            )
        return before, window  # levels are known from there on
    start = max(need, int(len(bars) * FROZEN_SHARE))
    if len(bars) < start + need:
        raise NotEnoughData(
            f"{bars.label}: volatility over {window} bars needs {2 * need:,} of them, half to freeze its thresholds on, and "
            f"there are {len(bars):,}; bring more history, or give the bars before, or take a shorter window"
        )
    return bars.slice(0, start), start


def _stops(
    bars: Bars, levels: Whole, start: int, rules: AtrRules, trades: Trades, seed: int, why_not: dict[str, str]
) -> tuple[LevelStops, ...]:
    if rules.stop_atr is None or rules.target_atr is None:
        why_not["atr_effectiveness"] = _NO_STOPS
        return ()
    ranges = atr(bars.high, bars.low, bars.close, rules.atr_period)
    plan = StopPlan(bars, levels, ranges, rules.stop_atr, rules.target_atr, rules.min_atr, start)
    return level_stops(plan, trades.signal_index, trades.side, seed)


def _adaptation(
    bars: Bars,
    levels: Whole,
    start: int,
    rules: AtrRules,
    trades: DecidedTrades,
    asked: StudyTerms,
    why_not: dict[str, str],
) -> SizeAdaptation | None:
    if rules.stop_atr is None:
        why_not["position_sizing_analysis"] = _NO_SIZES
        return None
    ranges = atr(bars.high, bars.low, bars.close, rules.atr_period)
    planned = np.where(ranges >= rules.min_atr, ranges / bars.close, np.nan)
    variances = bar_variances(bars, asked.estimator)
    ahead = max(1, min(asked.n, int(np.median(trades.held)))) if len(trades.held) else asked.n
    try:
        made = size_adaptation(levels[start:], variances[start:], planned[start:], ahead, seed=asked.seed)
    except NotEnoughData as error:
        why_not["position_sizing_analysis"] = str(error)
        return None
    if made.score is None:
        why_not["position_sizing_analysis"] = (
            "volatility hardly differed between the regimes seen, so sizing had nothing to adapt to"
        )
    return made


def _switching(bars: Bars, frozen: Bars, start: int, states: int, why_not: dict[str, str]) -> SwitchingNow | None:
    """Fitted on the returns before the window alone; each bar's chances know nothing of later bars."""
    past = np.diff(np.log(frozen.close[-(MOST_FITTED + 1) :]))
    try:
        model = fit_switching(past, states)
    except NotEnoughData as error:
        why_not["switching"] = str(error)
        return None
    except InputError as error:
        if states not in {2, 3}:
            raise
        why_not["switching"] = str(error)
        return None
    chances = model.filtered(np.diff(np.log(bars.close)))[:, -1]
    wild = chances[start - 1 :]
    return SwitchingNow(model, float(wild[-1]), float((wild > 0.5).mean()))
