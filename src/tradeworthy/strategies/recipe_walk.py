"""The one compiled loop behind every recipe: it takes the decision as an argument and so is compiled once for all."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]
Whole = npt.NDArray[np.int64]

ROW = "Array(float64, 1, 'C', True, aligned=True)"
TABLE = "Array(float64, 2, 'C', True, aligned=True)"
DECIDE = f"Tuple((int64, int64, float64, float64))({TABLE}, int64, {ROW})"
"""Indicators (m, n), the bar, parameters: enter, leave, stop and target distance."""


@compiled()
def small(word: int) -> int:
    """A word within 8 bits; one that was too large stays wrong, and is refused by name later."""
    return min(max(word, -100), 100)


@compiled(
    f"int64(FunctionType({DECIDE}), {TABLE}, {ROW}, int64[::1], int8[::1], int8[::1], float64[::1], float64[::1])"
)
def recipe_loop(
    decide: object,
    table: Floats,
    parameters: Floats,
    bar: Whole,
    enter: Bytes,
    leave: Bytes,
    stop: Floats,
    target: Floats,
) -> int:
    """Asks at every bar whose indicators are numbers, its own and those of the bar before; gives how many decisions.

    table: (m, n), a row for each indicator.
    """
    k, known = 0, False
    for i in range(table.shape[1]):
        was_known, total = known, 0.0
        for j in range(table.shape[0]):
            total += 0.0 * table[j, i]
        known = total == total  # noqa: PLR0124 - compiled: not NaN
        if known and was_known:
            enters, leaves, stop_distance, target_distance = decide(table, i, parameters)  # type: ignore[operator]  # compiled
            if (enters | leaves) != 0:
                bar[k], enter[k], leave[k] = i, small(enters), small(leaves)
                stop[k] = stop_distance if enters != 0 else np.nan
                target[k] = target_distance if enters != 0 else np.nan
                k += 1
    return k
