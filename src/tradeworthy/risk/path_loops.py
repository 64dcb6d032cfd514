"""Paths of wealth drawn from returns, compiled: many side by side, so that the processor works on several at once.

What is done to a path depends on nothing but its own number, so it is the same among few or many, on any thread.
"""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.random_steps import path_key, uniform

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

ROWS = 4
"""Of the state: growth drawn, wealth, wealth over its peak, the least of that so far."""


@compiled()
def begin_paths(seed: np.uint64, first: int, n: int, keys: Keys, places: Places, state: Grid) -> None:
    """Wealth of 1, and a first place anywhere among the n returns."""
    for lane in range(len(keys)):
        keys[lane] = path_key(seed, first + lane)
        places[lane] = int(uniform(keys[lane], 0) * n)
        state[1, lane] = state[2, lane] = state[3, lane] = 1.0


@compiled()
def grow(growth: Floats, places: Places, state: Grid) -> None:
    """One period more. Fetching stands in a loop of its own, because it alone cannot be done for several at once."""
    drawn, wealth, level, lowest = state[0], state[1], state[2], state[3]
    for lane in range(len(places)):
        drawn[lane] = growth[np.uint64(places[lane])]
    for lane in range(len(places)):
        wealth[lane] *= drawn[lane]
        now = min(1.0, level[lane] * drawn[lane])  # a new peak is 1 again, which spares the division by it
        level[lane] = now
        lowest[lane] = min(lowest[lane], now)


@compiled()
def move_on(step: int, n: int, block: float, keys: Keys, places: Places) -> None:
    """To the next return, or with a chance of 1 / block to any.

    One number decides both: where it is under 1 / block, it is uniform below that, and says where to go.
    """
    chance, scale = 1.0 / block, n * block
    for lane in range(len(keys)):
        u = uniform(keys[lane], step)
        ahead = places[lane] + 1
        ahead = ahead if ahead < n else 0
        anew = min(int(u * scale), n - 1)
        places[lane] = anew if u < chance else ahead


@compiled()
def move_all(step: int, n: int, length: int, keys: Keys, places: Places) -> None:
    """To the next return, or after blocks of `length` to any."""
    if step % length == 0:
        for lane in range(len(keys)):
            places[lane] = int(uniform(keys[lane], step) * n)
    else:
        for lane in range(len(keys)):
            ahead = places[lane] + 1
            places[lane] = ahead if ahead < n else 0


_G = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(
    f"void({_G}, int64, float64, int64, uint64, int64, uint64[::1], int64[::1], float64[:, ::1], float64[::1], float64[::1])"
)
def draw_paths(
    growth: Floats,
    horizon: int,
    block: float,
    length: int,
    seed: np.uint64,
    first: int,
    keys: Keys,
    places: Places,
    state: Grid,
    terminal: Floats,
    deepest: Floats,
) -> None:
    """Fill total return and deepest fall of the paths numbered from `first`, both (paths,).

    growth: (n,) 1 + return, not below 0. block: expected length of geometric blocks; length: that of fixed ones, 0 for
    geometric. keys, places: (lanes,) and state: (ROWS, lanes), room to work in for as many paths as are drawn together.
    """
    n, lanes = len(growth), len(keys)
    for begin in range(0, len(terminal), lanes):
        begin_paths(seed, first + begin, n, keys, places, state)
        for step in range(1, horizon + 1):
            grow(growth, places, state)
            if length > 0:
                move_all(step, n, length, keys, places)
            else:
                move_on(step, n, block, keys, places)
        for lane in range(min(lanes, len(terminal) - begin)):
            ruined = state[3, lane] == 0.0  # and stays so, even if wealth had grown past all numbers before
            terminal[begin + lane] = -1.0 if ruined else state[1, lane] - 1.0
            deepest[begin + lane] = state[3, lane] - 1.0
