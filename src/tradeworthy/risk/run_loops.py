"""Runs of losses among independent trades, compiled."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]


@compiled("float64(int64, int64, float64, float64[::1])")
def chance_of_run(run: int, n: int, loss: float, chances: Floats) -> float:
    """Probability of `run` losses in a row within n trades, 1 <= run <= n. chances: (n + 1,), room to work in.

    It first happens at trade i if the last `run` are losses, the one before them is a win, and it had not happened before
    that. Only sums of what is not negative, so that small probabilities keep their digits.
    """
    ended = loss**run
    begun = (1.0 - loss) * ended
    for i in range(run):
        chances[i] = 0.0
    chances[run] = ended
    for i in range(run + 1, n + 1):
        chances[i] = chances[i - 1] + begun * (1.0 - chances[i - run - 1])
    chance: float = chances[n]
    return min(1.0, chance)
