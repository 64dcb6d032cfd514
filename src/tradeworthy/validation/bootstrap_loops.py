"""Stationary block bootstrap, compiled. Random numbers are a hash of (seed, path, draw), so order and threads do not matter.

Blocks have geometric lengths and wrap round the end (Politis, Romano 1994).
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.random_steps import path_key, uniform

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

TRADE_MEASURES = 6
"""Columns of a sample of trades: mean, win rate, average win, average loss, profit factor, maximum drawdown."""


@compiled()
def sample_measures(r: Floats, size: int, restart: float, key: np.uint64, draw: int, out: Floats) -> int:
    """Draw `size` trades in blocks and put the measures of the sample into `out`; gives the next draw's number."""
    n = len(r)
    place, wins, losses = 0, 0, 0
    gained, lost, level, peak, fall = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(size):
        place = place + 1 if place + 1 < n else 0
        if i == 0 or uniform(key, draw) < restart:
            place = int(uniform(key, draw + 1) * n)
        draw += 2
        value = r[place]
        level += value
        peak = max(peak, level)
        fall = max(fall, peak - level)
        if value > 0.0:
            wins += 1
            gained += value
        elif value < 0.0:
            losses += 1
            lost -= value
    out[0] = level / size
    out[1] = wins / size
    out[2] = gained / wins if wins > 0 else math.nan
    out[3] = -lost / losses if losses > 0 else math.nan
    out[4] = gained / lost if lost > 0.0 else math.nan
    out[5] = fall
    return draw


_F = "Array(float64, 1, 'C', True, aligned=True)"
_G = "Array(float64, 2, 'C', True, aligned=True)"


@compiled(f"void({_F}, int64, int64, float64, uint64, float64[:, ::1], float64[:, ::1])")
def resample_trades(
    r: Floats, window_size: int, baseline_size: int, block: float, seed: np.uint64, window: Grid, baseline: Grid
) -> None:
    """Per path a window and a baseline drawn from the same trades; their measures, (paths, 6) each."""
    for path in range(len(window)):
        key = path_key(seed, path)
        draw = sample_measures(r, window_size, 1.0 / block, key, 0, window[path])
        sample_measures(r, baseline_size, 1.0 / block, key, draw, baseline[path])


@compiled()
def block_span(u: float, block: float, left: int) -> int:
    """A geometric block length of mean `block`, cut to what is left."""
    if block <= 1.0:
        return 1
    span = 1 + int(math.log(1.0 - u) / math.log(1.0 - 1.0 / block))
    return min(span, left)


@compiled(f"void({_G}, int64, int64, float64, uint64, float64[:, ::1])")
def resample_sums(running: Grid, size: int, stream: int, block: float, seed: np.uint64, out: Grid) -> None:
    """Sums of `size` rows drawn in blocks, all columns from the same rows; `running` (n + 1, c) are cumulative sums.

    out: (paths, c). Streams keep draws for different samples apart.
    """
    n, columns = len(running) - 1, running.shape[1]
    for path in range(len(out)):
        key = path_key(seed + np.uint64(stream), path)
        left, draw = size, 0
        out[path, :] = 0.0
        while left > 0:
            start = int(uniform(key, draw) * n)
            span = block_span(uniform(key, draw + 1), block, left)
            draw += 2
            left -= span
            while span > 0:
                part = min(span, n - start)
                for c in range(columns):
                    out[path, c] += running[start + part, c] - running[start, c]
                span -= part
                start = 0
