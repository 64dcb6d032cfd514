"""How often the drift monitor cries wolf, and how soon it finds what was planted, beside what theory says."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from timing import save

from tradeworthy.validation.drift import DriftMonitor

Floats = npt.NDArray[np.float64]
Maker = Callable[[np.random.Generator, int, float], Floats]

EDGE, ERROR, RUN_LENGTH = 0.25, 0.05, 1_000.0
LOOKED_AT, WATCHED = 1_000, 3_000


def normal(rng: np.random.Generator, n: int, mean: float) -> Floats:
    """Standard deviation 1.2 R."""
    return rng.normal(mean, 1.2, n)


def levels(rng: np.random.Generator, n: int, mean: float) -> Floats:
    """Stopped at -1.05 R or at a target of +1.45 R."""
    r: Floats = np.where(rng.random(n) < (mean + 1.05) / 2.5, 1.45, -1.05)
    return r


def gaps(rng: np.random.Generator, n: int, mean: float) -> Floats:
    """The same, but that one trade in fifty gaps through its stop to -4 R."""
    return np.where(rng.random(n) < 0.02, -4.0, levels(rng, n, (mean + 0.08) / 0.98))


def carried(weight: float) -> Maker:
    """Normal trades that carry a share of the one before."""

    def make(rng: np.random.Generator, n: int, mean: float) -> Floats:
        shocks = rng.normal(0.0, 1.2 * math.sqrt(1 - weight**2), n + 50)
        for i in range(1, len(shocks)):
            shocks[i] += weight * shocks[i - 1]
        return shocks[50:] + mean

    return make


@dataclass(frozen=True)
class Seen:
    """First trades at which it said STOPPED and DRIFTING, one a round; infinity where it did not."""

    stopped: Floats
    drifting: Floats


def watch(make: Maker, before: int, lost: float, trades: int, rounds: int) -> Seen:
    """The monitor over `trades` that lost a share of their edge, from the first one on."""
    rng = np.random.default_rng([before, round(100 * lost), trades])
    stopped, drifting = np.full(rounds, np.inf), np.full(rounds, np.inf)
    for i in range(rounds):
        monitor = DriftMonitor(make(rng, before, EDGE), error=ERROR, run_length=RUN_LENGTH, edge_r=EDGE)
        trace = monitor.trace(make(rng, trades, EDGE * (1 - lost)))
        threshold = monitor.reading().threshold
        for out, crossed in ((stopped, trace.e_value >= 1 / ERROR), (drifting, trace.cusum > threshold)):
            if crossed.any():
                out[i] = 1 + int(np.argmax(crossed))
    return Seen(stopped, drifting)


def run_length(first: Floats, trades: int) -> float | None:
    """Trades watched for each first alarm."""
    alarms = int(np.isfinite(first).sum())
    return float(np.minimum(first, trades).sum()) / alarms if alarms else None


def main() -> None:
    """Measure, print two tables, and write bench/results/drift.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    makers = {
        "Normal": normal, "stop and target": levels, "with gaps": gaps, "AR 0.1": carried(0.1), "AR 0.3": carried(0.3),
    }  # fmt: skip
    figures: dict[str, object] = {}
    print("| trades | baseline | STOPPED within 1,000 | trades to a false DRIFTING |\n|---|---|---|---|")
    for name, make in makers.items():
        for before in (40, 100, 300):
            seen = watch(make, before, 0.0, WATCHED, rounds)
            false, length = float(np.mean(seen.stopped <= LOOKED_AT)), run_length(seen.drifting, WATCHED)
            figures[f"{name}, {before}, no change"] = {"stopped": false, "run length": length}
            print(f"| {name} | {before} | {false:.1%} | {'none' if length is None else f'{length:,.0f}'} |")
    print("\n| trades | baseline | lost | DRIFTING after | theory | STOPPED after | theory | STOPPED within 1,000 |")
    print("|---|---|---|---|---|---|---|---|")
    for name in ("Normal", "stop and target"):
        for before in (100, 300, 1_000):
            for place, lost in enumerate((0.5, 1.0)):
                seen = watch(makers[name], before, lost, LOOKED_AT, rounds)
                power = DriftMonitor(normal(np.random.default_rng(1), 10_000, EDGE), edge_r=EDGE).power
                proof = proof_by_theory(before, lost)
                early, late = (float(np.median(first)) for first in (seen.drifting, seen.stopped))
                share = float(np.mean(np.isfinite(seen.stopped)))
                figures[f"{name}, {before}, {lost:.0%} lost"] = {
                    "drifting": early, "drifting, theory": power.alarm[place], "stopped": late if math.isfinite(late) else None,
                    "stopped, theory": proof, "stopped within 1,000": share,
                }  # fmt: skip
                told = [f"{v:,.0f}" if v is not None and math.isfinite(v) else "never" for v in (late, proof)]
                first = f"{early:,.0f}" if math.isfinite(early) else "never"
                cells = (name, f"{before:,}", f"{lost:.0%}", first, f"{power.alarm[place]:,.0f}", *told, f"{share:.0%}")
                print(f"| {' | '.join(cells)} |")
    save("drift", figures)


def proof_by_theory(before: int, lost: float) -> float | None:
    """What a monitor with this baseline says of itself, were its deviation known to be 1.2 R."""
    quantiles = (np.arange(before) + 0.5) / before
    from scipy.special import ndtri

    exact = EDGE + 1.2 * ndtri(quantiles) / float(np.std(ndtri(quantiles), ddof=1))
    return DriftMonitor(exact, error=ERROR, run_length=RUN_LENGTH, edge_r=EDGE).power.proof[0 if lost == 0.5 else 1]


if __name__ == "__main__":
    main()
