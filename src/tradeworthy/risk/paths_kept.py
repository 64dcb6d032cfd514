"""The paths themselves, for those who want to draw them or measure something of their own."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.risk.observations import count, representable
from tradeworthy.risk.simulation import monte_carlo

Grid = npt.NDArray[np.float64]

MOST_NUMBERS = 50_000_000
"""400 MB."""


def wealth_paths(x: npt.ArrayLike, paths: int, horizon: int, *, seed: int = 0, block: float | None = None) -> Grid:
    """(paths, horizon + 1) wealth from 1 on, the stationary paths that `monte_carlo` measures for the same arguments.

    Raises what `monte_carlo` does, and InputError for more than 50,000,000 numbers.
    """
    from tradeworthy.risk.wealth_loops import follow_paths

    drawn = monte_carlo(x, 1, horizon, seed=seed, block=block)  # checks these arguments, and tells the block
    kept = count(paths, "paths", 1, MOST_NUMBERS)
    if kept * (drawn.horizon + 1) > MOST_NUMBERS:
        raise InputError(
            f"{kept:,} paths of {drawn.horizon:,} periods are more than {MOST_NUMBERS:,} numbers to keep; ask for fewer, "
            "or for their ends and drawdowns alone with monte_carlo"
        )
    out = np.empty((kept, drawn.horizon + 1))
    growth = np.maximum(0.0, 1.0 + floats("returns", x))
    follow_paths(np.ascontiguousarray(growth), drawn.block, np.uint64(drawn.seed % 2**64), out)
    representable(float(out.max()), "wealth on these paths")
    return out
