"""False alarms of one test at 5% on made-up trades: the null as it is drawn, widened for few blocks, and for dependence too."""

import sys
from collections.abc import Callable

import numpy as np
from timing import save

from tradeworthy.validation.bootstrap_loops import TRADE_MEASURES, resample_trades
from tradeworthy.validation.comparison import stretch
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.persistence import persistence_stretch

PATHS, LEVEL, WINDOW = 2_000, 0.05, 20


def cross(rng: np.random.Generator, n: int) -> np.ndarray:
    """Half stopped at -1.05 R, three in ten at +1.45 R, the rest left between."""
    kind = rng.random(n)
    r: np.ndarray = np.where(kind < 0.5, -1.05, np.where(kind < 0.8, 1.45, rng.normal(0.0, 0.4, n)))
    return r


def autoregressive(rng: np.random.Generator, n: int) -> np.ndarray:
    """Each trade carries 0.3 of the one before."""
    r = rng.normal(0.0, 1.0, n + 50)
    for i in range(1, len(r)):
        r[i] += 0.3 * r[i - 1]
    return r[50:]


MAKERS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "cross": cross,
    "Normal": lambda rng, n: rng.normal(0.1, 1.0, n),
    "AR 0.3": autoregressive,
}


def alarms(make: Callable[[np.random.Generator, int], np.ndarray], before: int, rounds: int) -> tuple[float, ...]:
    """Share of rounds with a p of 5% or less: plain, widened for few blocks, and for dependence too."""
    rng = np.random.default_rng(7)
    found = np.zeros(3)
    window, baseline = np.empty((2, PATHS, TRADE_MEASURES))
    for seed in range(rounds):
        r = make(rng, before + WINDOW)
        block = block_length(r[:before])
        resample_trades(r[:before], WINDOW, before, block, np.uint64(seed), window, baseline)
        null, seen = window[:, 0] - baseline[:, 0], r[before:].mean() - r[:before].mean()
        few = stretch(before, block, LEVEL)
        for place, wide in enumerate((1.0, few, few * persistence_stretch(r[:before], WINDOW, block))):
            found[place] += (1 + np.sum(null * wide <= seen)) / (PATHS + 1) <= LEVEL
    return tuple(float(count) for count in found / rounds)


def main() -> None:
    """Measure, print a table, and write bench/results/widening.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 800
    figures = {}
    for name, make in MAKERS.items():
        for before in (20, 66, 300):
            rates = alarms(make, before, rounds)
            figures[f"{name}, {before} / {WINDOW}"] = dict(zip(("plain", "few", "dependence"), rates, strict=True))
            print(f"| {name} | {before} / {WINDOW} | {' | '.join(f'{rate:.1%}' for rate in rates)} |", flush=True)
    save("widening", {"rounds": rounds, **figures})


main()
