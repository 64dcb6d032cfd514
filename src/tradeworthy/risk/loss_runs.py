"""How long a run of losses is to be expected where trades do not depend on each other."""

import numpy as np

from tradeworthy.risk.observations import count, probability

MOST_TRADES = 10_000_000
MOST_TRADES_EXPECTED = 100_000
"""The expectation asks for every length: milliseconds as a rule, half a minute where nearly every trade loses."""


def longest_loss_run_probability(run: int, n: int, loss_probability: float) -> float:
    """Probability that `n` trades hold `run` losses in a row or more, by the exact recursion (Feller 1968, XIII.7).

    P(i) = P(i - 1) + (1 - q) q^run (1 - P(i - run - 1)), P(run) = q^run. Trades are independent: where losses cluster,
    runs are longer. Raises InputError unless run >= 1, 0 <= n <= 10,000,000 and 0 <= q <= 1.
    """
    trades = count(n, "n", 0, MOST_TRADES)
    length = count(run, "run", 1, 2**62)
    loss = probability(loss_probability, "loss_probability")
    return _chance(length, trades, loss, np.empty(trades + 1))


def expected_longest_loss_run(n: int, loss_probability: float) -> float:
    """Expected length of the longest run of losses in `n` independent trades: the sum of those probabilities over runs.

    Raises InputError unless 0 <= n <= 100,000 and 0 <= loss_probability <= 1.
    """
    trades = count(n, "n", 0, MOST_TRADES_EXPECTED)
    loss = probability(loss_probability, "loss_probability")
    if loss == 1.0:
        return float(trades)
    total, room = 0.0, np.empty(trades + 1)
    for run in range(1, trades + 1):
        chance = _chance(run, trades, loss, room)
        total += chance
        if chance * (trades - run) <= 1e-15 * total:
            break
    return total


def _chance(run: int, n: int, loss: float, room: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    from tradeworthy.risk.run_loops import chance_of_run

    return float(chance_of_run(run, n, loss, room)) if run <= n else 0.0
