"""Whole paths of wealth, compiled: those of `monte_carlo`, kept instead of summed up."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.random_steps import path_key, uniform

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

_G = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(f"void({_G}, float64, uint64, float64[:, ::1])")
def follow_paths(growth: Floats, block: float, seed: np.uint64, out: Grid) -> None:
    """Fill `out` (paths, horizon + 1) with wealth from 1; growth (n,): 1 + return; blocks of geometric length."""
    n = len(growth)
    chance, scale = 1.0 / block, n * block
    for path in range(len(out)):
        key = path_key(seed, path)
        place = int(uniform(key, 0) * n)
        out[path, 0] = 1.0
        for step in range(1, out.shape[1]):
            out[path, step] = out[path, step - 1] * growth[place]
            u = uniform(key, step)
            ahead = place + 1 if place + 1 < n else 0
            place = min(int(u * scale), n - 1) if u < chance else ahead
