"""Markets whose states of volatility are known, because they were planted."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def chain(matrix: npt.ArrayLike, n: int, rng: np.random.Generator) -> Whole:
    """n states of a Markov chain that begins in state 0."""
    edges = np.cumsum(np.asarray(matrix, dtype=np.float64), axis=1)
    draws = rng.random(n)
    states = np.zeros(n, np.int64)
    for t in range(1, n):
        states[t] = min(len(edges) - 1, int(np.searchsorted(edges[states[t - 1]], draws[t])))
    return states


def bars_of(volatility: Floats, seed: int = 0, timeframe: Timeframe = Timeframe.H1) -> Bars:
    """Bars of a driftless market, each of 60 steps at its own volatility per bar; a bar of zero stands still."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.0, 1.0, (len(volatility), 60)) * (volatility / np.sqrt(60.0))[:, None]
    return bars_of_steps(steps, timeframe)


def bars_of_steps(steps: Floats, timeframe: Timeframe = Timeframe.H1) -> Bars:
    """Bars of steps (n, m) of the logarithm of price, each opening at the last close."""
    inside = np.cumsum(steps, axis=1)
    opened = np.concatenate(([0.0], np.cumsum(inside[:-1, -1])))
    paths = np.exp(opened[:, None] + np.column_stack((np.zeros(len(steps)), inside)))
    times = np.arange(len(steps), dtype=np.int64) * timeframe.length_ns + HOUR_NS
    return Bars(
        instrument_named("EUR_USD"), timeframe, times, times + timeframe.length_ns, paths[:, 0], paths.max(axis=1),
        paths.min(axis=1), paths[:, -1],
    )  # fmt: skip


def two_states(
    n: int, seed: int = 0, *, calm: float = 0.001, wild: float = 0.004, stay: float = 0.99
) -> tuple[Bars, Whole]:
    """Bars that are calm or wild in turns, and which each is."""
    states = chain([[stay, 1 - stay], [1 - stay, stay]], n, np.random.default_rng(seed))
    return bars_of(np.where(states == 1, wild, calm), seed), states
