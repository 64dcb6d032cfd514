"""How fast paths are drawn: 100,000 of 250 periods with drawdown, beside plain C and other libraries, in one run.

Ours is called as a user calls it. C (bench/peers/paths.c, compiled on the spot) draws single periods with the same random
numbers on as many threads; its results have to be those of our `iid`, or the run stops. arch is our own dependency; what
it draws goes through numpy path by path, and once through nothing. Everybody takes a turn in every round, forwards and
backwards in turn, and the first round does not count; ratios are medians of the ratios within a round. Slow ones run in
the first rounds only. `python bench/monte_carlo.py [rounds]` prints a table and writes bench/results/monte_carlo.json.
"""

import ctypes
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from asking import NotRun
from plain_c import library
from timing import save

from tradeworthy.risk import monte_carlo

PATHS, HORIZON, SEED, CORES = 100_000, 250, 1, 2
RETURNS = np.random.default_rng(0).standard_t(5, 250) * 0.008 + 0.0003
MANY = np.random.default_rng(0).standard_t(5, 2_500) * 0.008 + 0.0003
OURS = "ours, stationary, automatic block, 2 threads"
SLOW_ROUNDS = 4

Work = Callable[[], object]
Outcome = tuple[np.ndarray, np.ndarray]


def in_c(name: str, threads: int) -> Callable[[], Outcome]:
    """A function of paths.c over ranges of paths, each in a thread of its own."""
    function = getattr(library(Path(__file__).parent / "peers" / "paths.c"), name)
    function.restype = None
    growth, total, fall = 1.0 + RETURNS, np.empty(PATHS), np.empty(PATHS)

    def part(first: int, end: int) -> None:
        sizes = (ctypes.c_long(len(growth)), ctypes.c_long(HORIZON), ctypes.c_uint64(SEED))
        span = (ctypes.c_long(first), ctypes.c_long(end - first))
        out = (ctypes.c_void_p(column[first:].ctypes.data) for column in (total, fall))
        function(ctypes.c_void_p(growth.ctypes.data), *sizes, *span, *out)

    def work() -> Outcome:
        edges = [PATHS * i // threads for i in range(threads + 1)]
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, edges, edges[1:]))
        return total, fall

    return work


def measured(drawn: np.ndarray) -> tuple[float, float]:
    """Total return and deepest fall of one path, by numpy."""
    wealth = np.concatenate(([1.0], np.cumprod(1.0 + drawn)))
    return float(wealth[-1] - 1.0), float((wealth / np.maximum.accumulate(wealth)).min() - 1.0)


def arch_paths(block: Any, measure: Callable[[np.ndarray], object]) -> Work:
    """Every path by arch's StationaryBootstrap, which draws as many periods as there are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, at import
        from arch.bootstrap import StationaryBootstrap

    def work() -> object:
        drawing = StationaryBootstrap(block, RETURNS, seed=np.random.default_rng(SEED))
        return [measure(sample[0]) for sample, _ in drawing.bootstrap(PATHS)]

    return work


def numpy_loop() -> object:
    """Single periods, path by path."""
    rng = np.random.default_rng(SEED)
    return [measured(RETURNS[rng.integers(0, len(RETURNS), HORIZON)]) for _ in range(PATHS)]


def numpy_whole() -> object:
    """Single periods, a thousand paths at once."""
    rng, out = np.random.default_rng(SEED), []
    for _ in range(PATHS // 1_000):
        wealth = np.cumprod(1.0 + RETURNS[rng.integers(0, len(RETURNS), (1_000, HORIZON))], axis=1)
        out.append((wealth[:, -1], (wealth / np.maximum(1.0, np.maximum.accumulate(wealth, axis=1))).min(axis=1)))
    return out


def ours(x: np.ndarray, method: str, threads: int, block: float | None = None) -> Callable[[], Outcome]:
    """The public call."""

    def work() -> Outcome:
        found = monte_carlo(x, PATHS, HORIZON, method, SEED, block=block, threads=threads)
        return found.terminal, found.max_drawdown

    return work


def check() -> None:
    """Raises SystemExit unless threads change nothing and C draws the same single periods."""
    one, two, three = (ours(RETURNS, "stationary", threads)() for threads in (1, 2, 3))
    if not all((a == b).all() and (a == c).all() for a, b, c in zip(one, two, three, strict=True)):
        raise SystemExit("the number of threads changes the paths")
    single = ours(RETURNS, "iid", CORES)()
    for name in ("plain", "together"):
        if not all(np.allclose(a, b, rtol=0, atol=1e-11) for a, b in zip(single, in_c(name, CORES)(), strict=True)):
            raise SystemExit(f"the paths of C ({name}) are not ours")


def everybody() -> tuple[dict[str, Work], dict[str, Work]]:
    """Quick and slow ones."""
    block = monte_carlo(RETURNS, 1).block
    quick: dict[str, Work] = {OURS: ours(RETURNS, "stationary", CORES)}
    quick["ours, stationary, automatic block, 1 thread"] = ours(RETURNS, "stationary", 1)
    quick["ours, stationary, blocks of 10, 2 threads"] = ours(RETURNS, "stationary", CORES, 10.0)
    quick["ours, circular, blocks of 10, 2 threads"] = ours(RETURNS, "circular", CORES, 10)
    quick["ours, iid, 2 threads"] = ours(RETURNS, "iid", CORES)
    quick["ours, stationary, 2,500 returns, 2 threads"] = ours(MANY, "stationary", CORES)
    try:
        check()
        for threads in (CORES, 1):
            quick[f"C -O3, i.i.d., plain, {threads} thread{'s' * (threads > 1)}"] = in_c("plain", threads)
            quick[f"C -O3, i.i.d., paths side by side, {threads} thread{'s' * (threads > 1)}"] = in_c(
                "together", threads
            )
    except NotRun as reason:
        print(f"C is NOT RUN: {reason}", file=sys.stderr)
    slow: dict[str, Work] = {
        "numpy, i.i.d., a thousand paths at once": numpy_whole,
        "numpy, i.i.d., path by path": numpy_loop,
        "arch, stationary, measured by numpy": arch_paths(block, measured),
        "arch, stationary, drawing alone": arch_paths(block, len),
    }
    return quick, slow


def race(rounds: int) -> dict[str, list[float]]:
    """Seconds of everybody in every round that counts."""
    quick, slow = everybody()
    taken: dict[str, list[float]] = {name: [] for name in (*quick, *slow)}
    for number in range(rounds + 1):
        turns = list((quick | slow if number <= SLOW_ROUNDS else quick).items())
        for name, work in turns if number % 2 else reversed(turns):
            began = time.perf_counter()
            work()
            if number:
                taken[name].append(time.perf_counter() - began)
    return taken


def peak_mb(paths: int) -> float:
    """Memory that so many paths need at once."""
    tracemalloc.start()
    monte_carlo(RETURNS, paths, HORIZON)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Measure, print a table, and write bench/results/monte_carlo.json."""
    taken = race(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    figures: dict[str, object] = {}
    print("| who | ms | to ours |\n|---|---|---|")
    for name, seconds in taken.items():
        ratio = statistics.median(own / one for own, one in zip(taken[OURS], seconds, strict=False))
        figures[name] = {"ms": statistics.median(seconds) * 1e3, "to_ours": ratio}
        shown = f"{ratio:.2f}" if ratio > 0.1 else f"1/{1 / ratio:,.0f}"
        print(f"| {name} | {statistics.median(seconds) * 1e3:,.1f} | {shown} |")
    figures["peak MB of 1,000,000 paths"] = peak_mb(1_000_000)
    print(f"| memory of 1,000,000 paths, ours, MB | {figures['peak MB of 1,000,000 paths']:.1f} | |")
    save("monte_carlo", figures)


main()
