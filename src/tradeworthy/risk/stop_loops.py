"""What became of entries under a stop and a target, compiled."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

UNDECIDED, TARGET, RESCUED, LOST, STOPPED = 0, 1, 2, 3, 4
LONGEST = 10_000
"""Bars that an entry is followed to its stop or target, and past its stop; then it stays undecided."""


@compiled()
def excursions_of(side: int, entry: float, high: float, low: float) -> tuple[float, float]:
    """How far a bar went against an entry and for it."""
    return (entry - low, high - entry) if side > 0 else (high - entry, entry - low)


@compiled()
def after_stop(first: int, side: int, entry: float, high: Floats, low: Floats, stop: float, target: float) -> int:
    """From the bar after the stop: the target first, or as far again against it; that first where one bar holds both."""
    for t in range(first, min(len(high), first + LONGEST)):
        against, onward = excursions_of(side, entry, high[t], low[t])
        if against >= 2.0 * stop:
            return LOST
        if onward >= target:
            return RESCUED
    return STOPPED


@compiled()
def walk(
    first: int, side: int, opened: Floats, high: Floats, low: Floats, stop: float, target: float
) -> tuple[int, float, float]:
    """Outcome of an entry at the open of bar `first`, and the furthest against and for it until stop or target."""
    entry, worst, best = opened[first], 0.0, 0.0
    for t in range(first, min(len(high), first + LONGEST)):
        against, onward = excursions_of(side, entry, high[t], low[t])
        if against >= stop:
            beyond = max(stop, side * (entry - opened[t]))
            if against >= 2.0 * stop:
                return LOST, beyond, best
            return after_stop(t + 1, side, entry, high, low, stop, target), beyond, best
        worst = max(worst, against)
        if onward >= target:
            return TARGET, worst, max(target, side * (opened[t] - entry))
        best = max(best, onward)
    return UNDECIDED, worst, best


_F = "Array(float64, 1, 'C', True, aligned=True)"
_W = "Array(int64, 1, 'C', True, aligned=True)"
_FROM = f"{_W}, {_W}, {_F}, {_F}, {_F}, {_F}, {_F}"


@compiled(f"void({_FROM}, int64[::1], float64[::1], float64[::1])")
def walk_loop(
    first: Whole,
    side: Whole,
    opened: Floats,
    high: Floats,
    low: Floats,
    stop: Floats,
    target: Floats,
    outcome: Whole,
    against: Floats,
    onward: Floats,
) -> None:
    """Fill outcome, against and onward (m,) for entries at the opens of bars `first` (m,); prices are (n,)."""
    for i in range(len(first)):
        outcome[i], against[i], onward[i] = walk(first[i], side[i], opened, high, low, stop[i], target[i])
