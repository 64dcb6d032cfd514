"""Does a stop end trades that would have come right? Entries followed past their stops, beside entries at random.

Each entry is followed by its stop and target alone, from the open it was made at. One that is stopped is followed on:
rescued if price reaches the target before it goes as far again against the entry, lost if not. Where one bar holds both,
the bad one counts, for the strategy's entries and for random ones alike.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

DRAWS = 10_000
"""Sets of random entries."""
KINDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class StopWalks:
    """What became of m entries.

    outcome: (m,) 0 undecided by the last bar or after 10,000, 1 target, 2 stopped and rescued, 3 stopped and lost, 4 stopped
    and neither by then. against, onward: (m,) furthest against and for the entry until stop or target, price units.
    """

    outcome: Whole
    against: Floats
    onward: Floats


@dataclass(frozen=True, slots=True)
class StopShares:
    """stopped of decided, and rescued of followed: counts."""

    stopped: int
    decided: int
    rescued: int
    followed: int

    @property
    def stopped_share(self) -> float | None:
        """Stops among the entries that met stop or target; None without any."""
        return self.stopped / self.decided if self.decided else None

    @property
    def rescued_share(self) -> float | None:
        """Targets reached after a stop before as much again was lost; None without any that is known."""
        return self.rescued / self.followed if self.followed else None


@dataclass(frozen=True, slots=True)
class RandomShare:
    """The share that random entries have, from `low` to `high` in 95% of sets as large, and the two-sided chance that
    such a set lies as far out as what was seen."""

    share: float
    low: float
    high: float
    p_value: float


def follow_entries(
    bars: Bars, first: npt.ArrayLike, side: npt.ArrayLike, stop: npt.ArrayLike, target: npt.ArrayLike
) -> StopWalks:
    """Entries at the opens of bars `first` (m,), +1 long or -1 short, with distances of stop and target in price units.

    Raises InputError for places outside the bars, other sides, and distances that are not above zero.
    """
    from tradeworthy.risk.stop_loops import walk_loop

    places, sides = np.array(first, dtype=np.int64), np.array(side, dtype=np.int64)
    stops, targets = (np.ascontiguousarray(one, dtype=np.float64) for one in (stop, target))
    if not places.shape == sides.shape == stops.shape == targets.shape or places.ndim != 1:
        raise InputError("entries, sides, stops and targets must be columns of one length")
    if len(places) and not 0 <= int(places.min()) <= int(places.max()) < len(bars):
        raise InputError(f"entries must lie within the {len(bars):,} bars")
    if not np.isin(sides, (-1, 1)).all() or not (stops > 0).all() or not (targets > 0).all():
        raise InputError("an entry is long (1) or short (-1), with a stop and a target above zero")
    outcome, against, onward = np.empty(len(places), np.int64), np.empty(len(places)), np.empty(len(places))
    walk_loop(places, sides, bars.open, bars.high, bars.low, stops, targets, outcome, against, onward)
    return StopWalks(outcome, against, onward)


def shares_of(outcome: Whole) -> StopShares:
    """Counts of outcomes (m,), those undecided left out."""
    _, target, rescued, lost, stopped = np.bincount(outcome, minlength=KINDS)[:KINDS]
    every = int(rescued + lost + stopped)
    return StopShares(every, every + int(target), int(rescued), int(rescued + lost))


def random_sets(long: Whole, short: Whole, longs: int, shorts: int, seed: int = 0, draws: int = DRAWS) -> Whole:
    """(draws, 5) How often each outcome came in sets of so many random longs and shorts.

    long, short: outcomes of every entry that could be drawn; with replacement. Raises InputError where there is none to
    draw from, or nothing to draw.
    """
    if (longs and not len(long)) or (shorts and not len(short)) or not longs + shorts:
        raise InputError("random entries need bars to be drawn from, and as many entries as are to be compared")
    rng = np.random.default_rng(seed % 2**64)
    total = np.zeros((draws, KINDS), np.int64)
    for outcome, count in ((long, longs), (short, shorts)):
        if count:
            total += rng.multinomial(count, np.bincount(outcome, minlength=KINDS) / len(outcome), size=draws)
    return total


def random_stopped(sets: Whole, seen: float) -> RandomShare | None:
    """The stopped share of random sets beside the one seen; None where no set decides anything."""
    stopped = sets[:, 2:].sum(axis=1)
    return _beside(stopped, stopped + sets[:, 1], seen)


def random_rescued(sets: Whole, seen: float) -> RandomShare | None:
    """The rescued share of random sets beside the one seen; None where no set has a stop that was followed."""
    return _beside(sets[:, 2], sets[:, 2] + sets[:, 3], seen)


def _beside(some: Whole, of: Whole, seen: float) -> RandomShare | None:
    known = of > 0
    if not known.any():
        return None
    drawn = some[known] / of[known]
    low, high = (float(one) for one in np.quantile(drawn, [0.025, 0.975]))
    above, below = int(np.sum(drawn >= seen - 1e-12)), int(np.sum(drawn <= seen + 1e-12))
    p_value = min(1.0, 2.0 * (min(above, below) + 1) / (len(drawn) + 1))
    return RandomShare(float(some.sum() / of.sum()), low, high, p_value)
