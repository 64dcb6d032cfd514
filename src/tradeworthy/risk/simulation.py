"""Monte Carlo: what could have come of a series of returns, and how deep it could have fallen on the way."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number
from tradeworthy.risk.observations import column, count, of_ordinary_size, word

Floats = npt.NDArray[np.float64]

MOST_PATHS = 10_000_000
"""160 MB of results."""
MOST_PERIODS = 100_000_000_000
"""Paths x horizon: a minute or two of work."""
LONGEST_HORIZON = 10_000_000
"""An interruption waits until the paths at hand have come so far, a second or so."""
LONGEST_BLOCK = 1_000_000_000
MOST_THREADS = 1_024
LANES = 128
"""Paths worked on side by side."""
PIECE_PERIODS = 2_000_000
"""Of one piece of work, a few milliseconds."""
MOST_PIECES = 1_000


class Drawing(StrEnum):
    """How periods are drawn: single ones, blocks of geometric length, or blocks of fixed length; the last two wrap round."""

    IID = "iid"
    STATIONARY = "stationary"
    CIRCULAR = "circular"


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPaths:
    """terminal: (paths,) total return of each path as a fraction, -1 after ruin. max_drawdown: (paths,) the deepest fall
    of each path's wealth from an earlier peak, the start included, as a fraction of zero or below.

    block: expected (stationary) or exact (circular) length of blocks in periods, 1 for iid. Path i is the same whatever
    the number of paths and threads.
    """

    terminal: Floats
    max_drawdown: Floats
    method: Drawing
    block: float
    horizon: int
    seed: int


def monte_carlo(
    x: npt.ArrayLike,
    paths: int = 1000,
    horizon: int | None = None,
    method: str = "stationary",
    seed: int = 0,
    *,
    block: float | None = None,
    threads: int | None = None,
) -> SimulatedPaths:
    """Draw paths of `horizon` periods from the simple returns `x` (n,), with replacement, each return in its own place.

    horizon: periods of a path, as many as there are returns unless given. method: "stationary" (blocks of geometric
    length, Politis, Romano 1994), "circular" (of fixed length, Politis, Romano 1992) or "iid". block: their length, by
    default the automatic one of Politis and White (2004), for levels or for magnitudes, whichever is longer; 1 under 8
    returns. seed: any whole number. threads: as many as there are processors unless given; they change no number. A
    return of -1 or below is ruin: wealth is 0 from there on.

    Raises NotEnoughData for fewer than 2 returns; InputError for a NaN or infinite return, an unknown method, a count
    below 1 or past its bound, a block below 1, and wealth past what a number holds.
    """
    returns, way = _returns(x), _drawing(method)
    paths = count(paths, "paths", 1, MOST_PATHS)
    threads = count(os.cpu_count() or 1 if threads is None else threads, "threads", 1, MOST_THREADS)
    horizon = count(
        len(returns) if horizon is None else horizon, "horizon", 1, min(LONGEST_HORIZON, MOST_PERIODS // paths)
    )
    number = whole_number(seed)
    if number is None:
        raise InputError(f"seed must be a whole number, not {shown(seed)}")
    length = _block(returns, way, block)
    terminal, deepest = _drawn(np.maximum(0.0, 1.0 + returns), paths, horizon, way, length, number, threads)
    if not math.isfinite(float(terminal.max())):
        raise InputError(f"wealth grows past what a number holds within {horizon:,} periods; ask for a shorter horizon")
    for one in (terminal, deepest):
        one.setflags(write=False)
    return SimulatedPaths(terminal, deepest, way, length, horizon, number)


def _returns(x: npt.ArrayLike) -> Floats:
    return column(x, "return", 2, "a simulation")


def _drawing(method: str) -> Drawing:
    return word(method, Drawing, "method")


def _block(returns: Floats, way: Drawing, given: float | None) -> float:
    from tradeworthy.indicators.dependence import block_lengths

    if way is Drawing.IID:
        if given is not None and finite_number(given, "block") != 1.0:
            raise InputError(
                f"method iid draws single periods; leave out the block of {shown(given)}, or choose another method"
            )
        return 1.0
    if given is None:
        lengths = block_lengths(of_ordinary_size(returns))
        return lengths.stationary if way is Drawing.STATIONARY else float(round(lengths.circular))
    if way is Drawing.CIRCULAR:
        return float(count(given, "block of method circular", 1, LONGEST_BLOCK))
    length = finite_number(given, "block")
    if not 1 <= length <= LONGEST_BLOCK:
        raise InputError(f"block must be a number of periods from 1 to {LONGEST_BLOCK:,}, not {shown(given)}")
    return length


def _drawn(
    growth: Floats, paths: int, horizon: int, way: Drawing, block: float, seed: int, threads: int
) -> tuple[Floats, Floats]:
    """Total returns and deepest falls, in pieces that any thread may do."""
    from tradeworthy.risk.path_loops import ROWS, draw_paths

    terminal, deepest = np.empty(paths), np.empty(paths)
    length = int(block) if way is Drawing.CIRCULAR else 0

    def work(first: int, end: int) -> None:
        lanes = min(LANES, end - first)
        keys, places, state = np.empty(lanes, np.uint64), np.empty(lanes, np.int64), np.empty((ROWS, lanes))
        out = terminal[first:end], deepest[first:end]
        draw_paths(growth, horizon, block, length, np.uint64(seed % 2**64), first, keys, places, state, *out)

    edges = _edges(paths, horizon)
    workers = min(threads, len(edges) - 1)
    if workers == 1:
        for first, end in pairwise(edges):
            work(first, end)
    else:
        with ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(work, edges, edges[1:]):
                pass
    return terminal, deepest


def _edges(paths: int, horizon: int) -> list[int]:
    """Where pieces of work begin and end: about two million periods each, but no more than a thousand pieces."""
    pieces = min(MOST_PIECES, max(1, paths * horizon // PIECE_PERIODS))
    size = -(-paths // pieces)
    return [*range(0, paths, -(-size // LANES) * LANES), paths]
