"""What other libraries take for the rest: a sweep, statistics, a report, an import, a first backtest.

Each runs in its own environment (bench/peers/environments.sh makes them). Sweeps: 1,000 parameter sets over 5,000 bars of
one instrument, number of trades, profit and deepest drawdown of each; peak memory is that of the whole process.
Statistics and report: 2,500 daily returns. Start-up is a whole process, its caches warm, without bytecode writing turned
off. `python bench/peer_figures.py` prints a table and writes bench/results/peer_figures.json.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from asking import ENVIRONMENTS, NotRun, Peer
from timing import median_s, save
from walks import put_down, random_walk

PLAIN = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
SETS = [(fast, slow) for fast in range(5, 45) for slow in range(50, 75)]
BARS, DAYS = 5_000, 2_500
IMPORTS = ("vectorbt", "backtesting", "backtrader", "quantstats", "empyrical")

Figure = tuple[str, float | str]
"""What it is with its unit, and the number, or why there is none."""


def sweeps(folder: Path) -> Iterator[Figure]:
    """vectorbt's with either engine: the median of three after one that compiles."""
    path = str(put_down(folder / "bars.npz", random_walk(BARS)))
    fast, slow = (list(periods) for periods in zip(*SETS, strict=True))
    for engine in ("numba", "rust"):
        try:
            with Peer("vectorbt", "run_vectorbt") as peer:
                answers = [peer.ask("sweep", bars=path, engine=engine, fast=fast, slow=slow) for _ in range(4)]
                seconds = statistics.median(answer["seconds"] for answer in answers[1:])
                name = f"sweep, vectorbt {peer.version} {engine}"
                yield f"{name}, million set-bars/s", len(SETS) * BARS / seconds / 1e6
                yield f"{name}, peak MB", answers[-1]["peak_mb"]
        except NotRun as reason:
            yield f"sweep, vectorbt {engine}", f"NOT RUN: {reason}"


def measures(folder: Path) -> Iterator[Figure]:
    """Statistics and report, medians of seven warm runs."""
    path = folder / "returns.npy"
    np.save(path, np.random.default_rng(0).standard_t(5, DAYS) * 0.008 + 0.0003)
    wanted = (("empyrical", "statistics"), ("quantstats", "statistics"), ("quantstats", "report"))
    for name, what in wanted:
        try:
            with Peer(name, f"run_{name}") as peer:
                taken = [float(peer.ask(what, returns=str(path))) for _ in range(8)][1:]
                yield f"{what}, {name} {peer.version}, ms", statistics.median(taken) * 1e3
        except NotRun as reason:
            yield f"{what}, {name}", f"NOT RUN: {reason}"


def process(python: Path, code: str) -> float:
    """Median seconds of a whole process."""
    return median_s(lambda: subprocess.run([str(python), "-c", code], env=PLAIN, check=True, capture_output=True))


def starts(folder: Path) -> Iterator[Figure]:
    """Imports, ours among them, and the first backtest of a fresh process."""
    yield "python -c pass, ms", process(Path(sys.executable), "pass") * 1e3
    yield "import tradeworthy, ms", process(Path(sys.executable), "import tradeworthy") * 1e3
    for name in IMPORTS:
        python = ENVIRONMENTS / name / "bin" / "python"
        yield (
            f"import {name}, ms",
            process(python, f"import {name}") * 1e3 if python.exists() else "NOT RUN: no environment",
        )
    path = put_down(folder / "bars.npz", random_walk(BARS))
    try:
        began = time.perf_counter()
        with Peer("vectorbt", "run_vectorbt") as peer:
            first = float(peer.ask("time", bars=str(path), engine="numba", work="trades"))
            yield f"first backtest of a fresh process, vectorbt {peer.version}, s", first
            yield "the same with start and import, s", time.perf_counter() - began
    except NotRun as reason:
        yield "first backtest of a fresh process, vectorbt", f"NOT RUN: {reason}"


def main() -> None:
    """Measure, print a table, and write bench/results/peer_figures.json."""
    figures: dict[str, Any] = {}
    print("| what | figure |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for part in (sweeps, measures, starts):
            for name, value in part(Path(folder)):
                figures[name] = value
                print(f"| {name} | {value if isinstance(value, str) else f'{value:,.2f}'} |", flush=True)
    save("peer_figures", figures)


if __name__ == "__main__":
    main()
