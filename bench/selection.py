"""What becomes of the best of many sets of parameters: how often it is called DEGRADED though it lost nothing it had.

Sets share a part of their luck, as neighbouring parameters do. The best by mean R over the baseline is taken, and its
window is held against the baseline as it stands and discounted for having been chosen.
"""

import sys
from functools import partial

import numpy as np
import numpy.typing as npt
from timing import save

from tradeworthy.core.clock import DAY_NS
from tradeworthy.validation.comparison import compare
from tradeworthy.validation.samples import TradeSample, Window
from tradeworthy.validation.selection import Trials, discounted, selection_of

BEFORE, NOW, PATHS = 200, 60, 1_000
CASES = (
    ("no edge", 0.0, 0.0), ("no edge, sets alike (0.9)", 0.9, 0.0), ("edges differ by 0.1 R", 0.5, 0.1),
)  # fmt: skip

Floats = npt.NDArray[np.float64]


def drawn(rng: np.random.Generator, sets: int, alike: float, spread: float) -> tuple[Floats, Floats, Floats]:
    """R of each set before and in the window, (sets, trades), correlated from set to set; their true means."""
    truth = rng.normal(0.0, spread, sets) if spread else np.zeros(sets)
    shared = rng.normal(size=BEFORE + NOW) * np.sqrt(alike)
    r = truth[:, None] + 1.2 * (shared + rng.normal(size=(sets, BEFORE + NOW)) * np.sqrt(1.0 - alike))
    return r[:, :BEFORE], r[:, BEFORE:], truth


def study(sets: int, alike: float, spread: float, rounds: int) -> dict[str, float]:
    """Shares of rounds, and by how much the chosen set's baseline is too good, in R, before and after the discount."""
    rng = np.random.default_rng([sets, round(10 * alike), round(10 * spread)])
    times = np.arange(1, BEFORE + NOW + 1, dtype=np.int64) * DAY_NS
    window = Window(BEFORE * DAY_NS, (BEFORE + NOW) * DAY_NS)
    plain = honest = 0
    too_good = []
    for seed in range(rounds):
        before, now, truth = drawn(rng, sets, alike, spread)
        means = before.mean(axis=1)
        best = int(np.argmax(means))
        sample = TradeSample("x", times, np.concatenate((before[best], now[best])), 0, window.end_ns)
        mean, deviation = (float(means.mean()), float(means.std(ddof=1))) if sets > 1 else (None, None)
        found = selection_of(sample, window, Trials(sets, mean, deviation, window.start_ns, "made up"), seed)
        luck = (found.baseline_luck_r, found.window_luck_r) if found else (0.0, 0.0)
        held = partial(compare, before[best], now[best], name="x", tests=1, paths=PATHS, seed=seed)
        plain += held().p_lower <= 0.05
        honest += held(luck=luck).p_lower <= 0.05
        left = discounted(sample, window, found).baseline(window).mean()
        too_good.append((means[best] - truth[best], left - truth[best]))
    as_it_was, after = np.mean(too_good, axis=0)
    return {
        "called DEGRADED": plain / rounds, "called DEGRADED, discounted": honest / rounds,
        "baseline too good by R": float(as_it_was), "the same, discounted": float(after),
    }  # fmt: skip


def main() -> None:
    """Measure, print a table, and write bench/results/selection.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    figures: dict[str, object] = {}
    print(
        "| sets | tried | called DEGRADED | discounted | baseline too good by | discounted |\n|---|---|---|---|---|---|"
    )
    for name, alike, spread in CASES:
        for sets in (1, 10, 100, 1_000):
            found = study(sets, alike, spread, rounds)
            figures[f"{name}, {sets}"] = found
            degraded, honest, good, left = found.values()
            print(f"| {name} | {sets:,} | {degraded:.1%} | {honest:.1%} | {good:+.2f} R | {left:+.2f} R |")
    save("selection", figures)


if __name__ == "__main__":
    main()
