"""Hamilton's filter for volatilities that switch, compiled."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

_F = "Array(float64, 1, 'C', True, aligned=True)"
_G = "Array(float64, 2, 'C', True, aligned=True)"
_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


@compiled()
def filter_step(x: float, sigma: Floats, matrix: Grid, now: Floats, work: Floats) -> float:
    """Put what is known after the return `x` into `now` (k,), which held what was known before; gives its log density."""
    k = len(sigma)
    top = -math.inf
    for j in range(k):
        ahead = 0.0
        for i in range(k):
            ahead += now[i] * matrix[i, j]
        scaled = x / sigma[j]
        work[j] = math.log(max(ahead, 1e-300)) - math.log(sigma[j]) - _HALF_LOG_2PI - 0.5 * scaled * scaled
        top = max(top, work[j])
    total = 0.0
    for j in range(k):
        work[j] = math.exp(work[j] - top)
        total += work[j]
    for j in range(k):
        now[j] = work[j] / total
    return top + math.log(total)


@compiled(f"float64({_F}, {_F}, {_G}, float64[::1], float64[::1], float64[:, ::1])")
def filter_loop(x: Floats, sigma: Floats, matrix: Grid, now: Floats, work: Floats, out: Grid) -> float:
    """Log-likelihood of returns (n,), and in `out` (n, k), unless it has no rows, the chance of each state after each.

    matrix: (k, k) chances from row to column. now: (k,) of the states before the first return; it is changed, and work
    too, (k,).
    """
    total = 0.0
    for t in range(len(x)):
        total += filter_step(x[t], sigma, matrix, now, work)
        if len(out) > 0:
            for j in range(len(sigma)):
                out[t, j] = now[j]
    return total
