"""How likely luck alone makes a run of losses this long, without the compiled code of `risk.loss_runs`: a monitor lives inside a
bot, where a second and 140 MB for one question are too much. Tests hold the two against each other."""

import math
from collections import deque

_FEW = 5_000
"""Trades up to which the exact recursion is quick."""
_MANY_RUNS = 100


def run_chance(run: int, n: int, loss: float) -> float:
    """Chance that `n` independent trades, each lost with probability `loss`, hold `run` losses in a row or more.

    Exact (Feller 1968, XIII.7) up to 5,000 trades and for long runs; for more trades by the nearest root of the generating
    function, whose error lies far below 1e-6 there (the same, equation 7.11).
    """
    if run > n or loss <= 0.0:
        return 0.0
    if n <= _FEW or run * _MANY_RUNS > n:
        return _exact(run, n, loss)
    if loss * (run + 1) >= run:  # of runs so likely, one comes within a few tries
        return 1.0
    return _by_root(run, n, loss)


def _exact(run: int, n: int, loss: float) -> float:
    """P(i) = P(i - 1) + (1 - q) q^run (1 - P(i - run - 1)), P(run) = q^run."""
    whole = loss**run
    begins = (1.0 - loss) * whole
    before = deque([0.0] * run, maxlen=run + 1)  # P(0) to P(run - 1)
    chance = whole
    for _ in range(n - run):
        before.append(chance)
        chance += begins * (1.0 - before[0])
    return min(chance, 1.0)


def _by_root(run: int, n: int, loss: float) -> float:
    begins, above = (1.0 - loss) * loss**run, 0.0  # of the root above 1
    for _ in range(200):
        following = begins * math.exp((run + 1) * math.log1p(above))
        if abs(following - above) <= 1e-16 * following:
            break
        above = following
    share = (1.0 - loss * (1.0 + above)) / ((1.0 - run * above) * (1.0 - loss))
    return min(max(1.0 - share * math.exp(-(n + 1) * math.log1p(above)), 0.0), 1.0)
