"""How fast a search over parameters is, as a user calls it: 1,000 sets over eight instruments of 5,000 bars, the ledger written.

The peak of memory is that of a process of its own, imports included. Absolute figures move with the machine; the numba figure
of docs/performance.md was taken on another day.
"""

import resource
import subprocess
import sys
import tempfile
from dataclasses import replace

from timing import median_s, save
from walks import random_walk

from tradeworthy.api.sweeping import sweep
from tradeworthy.core.instrument import instrument_named
from tradeworthy.strategies.ma_cross import MaCrossover

NAMES = ("EUR_USD", "GBP_USD", "AUD_USD", "NZD_USD", "USD_CAD", "USD_CHF", "EUR_GBP", "USD_JPY")
GRID = {"fast": range(5, 30), "slow": range(35, 115, 2), "stop_atr": 2, "target_atr": 3}
BARS, SETS = 5_000, 1_000


def search(threads: int | None = None) -> None:
    """The whole search once, into an empty desk."""
    bars = [replace(random_walk(BARS, seed), instrument=instrument_named(name)) for seed, name in enumerate(NAMES)]

    def once() -> None:
        with tempfile.TemporaryDirectory() as desk:
            sweep(bars, MaCrossover, GRID, desk=desk, threads=threads)

    figures[f"{threads or 'all'} threads, million set-bars a second"] = SETS * BARS * len(NAMES) / median_s(once) / 1e6


if __name__ == "__main__":
    figures: dict[str, float] = {}
    if "--once" in sys.argv:
        search()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        search(1)
        search()
        told = subprocess.run([sys.executable, __file__, "--once"], capture_output=True, text=True, check=True)
        figures["peak memory of the process, MB"] = float(told.stdout)
        for name, value in figures.items():
            print(f"{name:45} {value:10.1f}")
        save("search", figures)
