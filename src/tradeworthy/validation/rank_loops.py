"""Sequential ranks, compiled: where each new observation stands among all before it."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_I = "Array(int64, 1, 'C', True, aligned=True)"
_F = "Array(float64, 1, 'C', True, aligned=True)"


@compiled()
def _add(tree: Whole, place: int) -> None:
    node = place + 1
    while node < len(tree):
        tree[node] += 1
        node += node & -node


@compiled()
def _up_to(tree: Whole, place: int) -> int:
    """How many stand at `place` or below."""
    node, count = place + 1, 0
    while node > 0:
        count += tree[node]
        node -= node & -node
    return count


@compiled(f"void({_I}, {_I}, int64[::1], float64[::1], float64[::1])")
def rank_intervals(before: Whole, after: Whole, tree: Whole, low: Floats, high: Floats) -> None:
    """Shares of all observations up to and with each of `after` that are less, and that are not greater.

    before, after: places of the observations among the sorted values that there are; tree: a Fenwick tree of one more
    cell than those, zero. low, high: (len(after),).
    """
    for i in range(len(before)):
        _add(tree, before[i])
    seen = len(before)
    for i in range(len(after)):
        seen += 1
        _add(tree, after[i])
        low[i] = _up_to(tree, after[i] - 1) / seen
        high[i] = _up_to(tree, after[i]) / seen


@compiled(f"float64({_F}, float64, float64, float64[::1])")
def running_sums(scores: Floats, reference: float, start: float, out: Floats) -> float:
    """The CUSUM for falls: out (n,) after each score; gives the last."""
    total = start
    for i in range(len(scores)):
        total = max(0.0, total - scores[i] - reference)
        out[i] = total
    return total
