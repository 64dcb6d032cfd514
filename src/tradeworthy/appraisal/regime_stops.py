"""Stops at each level of volatility: a strategy's entries beside random ones of the same bars, stops and targets."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.regime_record import LevelStops, Reach
from tradeworthy.market.bars import Bars
from tradeworthy.risk.stop_walks import (
    RandomShare,
    StopWalks,
    follow_entries,
    random_rescued,
    random_sets,
    random_stopped,
    shares_of,
)
from tradeworthy.risk.volatility_levels import LEVELS
from tradeworthy.validation.comparison import POWER, SMALLEST_BASELINE
from tradeworthy.validation.multiplicity import holm

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOST_POOLED = 20_000
"""Bars of a level after which random entries are followed; of more, as many at random."""
DIFFERENCE = 0.15
"""Of shares, that is worth acting on."""


@dataclass(frozen=True, slots=True, eq=False)
class StopPlan:
    """Bars, level and ATR at each bar's close, the multiples, the quietest ATR that is traded, and the window's first bar."""

    bars: Bars
    levels: Whole
    atr: Floats
    stop_atr: float
    target_atr: float
    min_atr: float
    start: int

    def follow(self, signal: Whole, side: Whole) -> tuple[StopWalks, Floats]:
        """Entries at the opens after bars `signal`, and the ATR at those bars."""
        ranges = self.atr[signal]
        walks = follow_entries(self.bars, signal + 1, side, self.stop_atr * ranges, self.target_atr * ranges)
        return walks, ranges

    def tradeable(self) -> npt.NDArray[np.bool_]:
        """(n,) Bars of the window after which an entry can be made and followed."""
        place = np.arange(len(self.bars))
        usable = (place >= self.start) & (place + 1 < len(self.bars)) & (self.levels >= 0)
        return usable & (self.atr > 0) & (self.atr >= self.min_atr)


def level_stops(plan: StopPlan, signal: Whole, side: Whole, seed: int) -> tuple[LevelStops, ...]:
    """Stops of entries decided at bars `signal` (m,), for each level; p-values adjusted over the levels tested."""
    usable = plan.tradeable()
    mine = usable[signal]
    signal, side = signal[mine].astype(np.int64), side[mine].astype(np.int64)
    found = []
    for i in range(len(LEVELS)):
        here = plan.levels[signal] == i
        pool = _pool(usable & (plan.levels == i), seed + i)
        found.append(_one(plan, i, signal[here], side[here], pool, seed + i))
    tests = max(1, sum(one.shares.decided >= SMALLEST_BASELINE for one in found))
    found = [replace(one, needed=_needed(one.random_stopped, tests)) for one in found]
    return _adjusted(found)


def _pool(usable: npt.NDArray[np.bool_], seed: int) -> Whole:
    places = np.flatnonzero(usable).astype(np.int64)
    if len(places) <= MOST_POOLED:
        return places
    return np.sort(np.random.default_rng(seed % 2**64).choice(places, MOST_POOLED, replace=False))


def _one(plan: StopPlan, i: int, signal: Whole, side: Whole, pool: Whole, seed: int) -> LevelStops:
    walks, ranges = plan.follow(signal, side)
    shares = shares_of(walks.outcome)
    none = LevelStops(
        LEVELS[i], len(signal), shares, _reach(walks.against, ranges), _reach(walks.onward, ranges), len(pool),
        None, None, None, None, None, None, None,
    )  # fmt: skip
    if not len(signal):
        return none
    (long, at), (short, _) = (plan.follow(pool, np.full(len(pool), way, np.int64)) for way in (1, -1))
    longs = int((side > 0).sum())
    sets = random_sets(long.outcome, short.outcome, longs, len(side) - longs, seed)
    stopped, rescued = shares.stopped_share, shares.rescued_share
    both = np.concatenate((at, at))
    return replace(
        none,
        random_stopped=None if stopped is None else random_stopped(sets, stopped),
        random_rescued=None if rescued is None else random_rescued(sets, rescued),
        random_against=_reach(np.concatenate((long.against, short.against)), both),
        random_onward=_reach(np.concatenate((long.onward, short.onward)), both),
    )


def _reach(far: Floats, ranges: Floats) -> Reach | None:
    if not len(far):
        return None
    median, most = np.quantile(far / ranges, [0.5, 0.9])
    return Reach(float(median), float(most))


def _needed(random: RandomShare | None, tests: int) -> int | None:
    if random is None:
        return None
    normal = NormalDist()
    reach = normal.inv_cdf(1.0 - 0.025 / tests) + normal.inv_cdf(POWER)
    return max(SMALLEST_BASELINE, math.ceil(random.share * (1.0 - random.share) * (reach / DIFFERENCE) ** 2))


def _adjusted(found: list[LevelStops]) -> tuple[LevelStops, ...]:
    stopped = [i for i, one in enumerate(found) if one.random_stopped and one.shares.decided >= SMALLEST_BASELINE]
    rescued = [i for i, one in enumerate(found) if one.random_rescued and one.shares.followed >= SMALLEST_BASELINE]
    raw = [one.random_stopped.p_value for i, one in enumerate(found) if i in stopped and one.random_stopped]
    for i, p_value in zip(stopped, holm(raw), strict=True):
        found[i] = replace(found[i], stopped_p=p_value)
    raw = [one.random_rescued.p_value for i, one in enumerate(found) if i in rescued and one.random_rescued]
    for i, p_value in zip(rescued, holm(raw), strict=True):
        found[i] = replace(found[i], rescued_p=p_value)
    return tuple(found)
