"""How often the pool is right about books whose true mean R is known.

Each round makes up a book (strategies x trades each, at random moments of two years), pools it, and notes whether the 95%
interval misses the truth, and whether the chance of earning anything reaches the 95% that FIT asks for.
"""

import sys
from collections.abc import Callable

import numpy as np
from timing import save

from tradeworthy.core.clock import WEEK_NS
from tradeworthy.validation.pooling import Pool, pool
from tradeworthy.validation.samples import TradeSample, Window

WEEKS = 104
END = WEEKS * WEEK_NS
WINDOW = Window(END - 13 * WEEK_NS, END)

Maker = Callable[[np.random.Generator, int], np.ndarray]

SYSTEMS: dict[str, tuple[float, Maker]] = {
    "stop -1, target +1.5, no edge": (0.0, lambda rng, n: np.where(rng.random(n) < 0.4, 1.5, -1.0)),
    "target +0.1, stop -1, no edge": (0.0, lambda rng, n: np.where(rng.random(n) < 10 / 11, 0.1, -1.0)),
    "Normal, no edge": (0.0, lambda rng, n: rng.normal(0.0, 1.0, n)),
    "stop -1, target +1.5, +0.375 R": (0.375, lambda rng, n: np.where(rng.random(n) < 0.55, 1.5, -1.0)),
}
BOOKS = ((1, 20), (1, 40), (1, 100), (8, 3), (8, 5), (8, 20), (16, 5), (4, 100))


def one(rng: np.random.Generator, make: Maker, strategies: int, trades: int, seed: int) -> Pool | None:
    """The pool of one made-up book."""
    samples = [
        TradeSample(f"s{i}", np.sort(rng.integers(1, END, trades)), make(rng, trades), 0, END)
        for i in range(strategies)
    ]
    return pool(samples, WINDOW, level=0.05, paths=1_000, seed=seed)


def main() -> None:
    """Measure, print a table, and write bench/results/pool_coverage.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    rng = np.random.default_rng(0)
    figures = {}
    for name, (truth, make) in SYSTEMS.items():
        for strategies, trades in BOOKS:
            found = [one(rng, make, strategies, trades, seed) for seed in range(rounds)]
            pools = [each for each in found if each is not None]
            missed = float(np.mean([not each.interval.low <= truth <= each.interval.high for each in pools]))
            fit = float(np.mean([each.probability >= 0.95 for each in pools]))
            figures[f"{name}, {strategies} x {trades}"] = {"missed": missed, "fit": fit, "pooled": len(pools)}
            print(f"| {name} | {strategies} x {trades} | {missed:.1%} | {fit:.1%} |", flush=True)
    save("pool_coverage", {"rounds": rounds, **figures})


main()
