"""One bar of a market's volatility, compiled: the same steps as over columns, in one array that can be copied."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import atr_step

Floats = npt.NDArray[np.float64]

SEEN, ATR, PERIOD, RANGES, CLOSES, HEAD = 0, 1, 4, 5, 6, 7
"""Places: bars seen, three of the average range, its period, lengths of the two rings; then the rings themselves."""


@compiled("void(float64[::1], float64, float64, float64)")
def volatility_fed(memory: Floats, high: float, low: float, close: float) -> None:
    """Take one more bar into `memory`: its range as a share of the close into the first ring, its close into the second."""
    seen, ranges, closes = int(memory[SEEN]), int(memory[RANGES]), int(memory[CLOSES])
    state = (int(memory[ATR]), memory[ATR + 1], memory[ATR + 2])
    state, atr = atr_step(state, high, low, close, int(memory[PERIOD]))
    memory[ATR], memory[ATR + 1], memory[ATR + 2] = state[0], state[1], state[2]
    memory[HEAD + seen % ranges] = atr / close if not math.isnan(atr) else math.nan
    memory[HEAD + ranges + seen % closes] = close
    memory[SEEN] = seen + 1


@compiled("void(float64[::1], float64[::1], float64[::1], float64[::1])")
def volatility_fed_many(memory: Floats, high: Floats, low: Floats, close: Floats) -> None:
    """Take many more bars into `memory`."""
    for i in range(len(close)):
        volatility_fed(memory, high[i], low[i], close[i])
