"""How long things take, each in the way a user meets it. Absolute times move from machine to machine."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from timing import median_s, save

from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "fx"
PLAIN = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
COMMAND = Path(sys.executable).with_name("tradeworthy")


def process(*arguments: str, folder: Path | None = None) -> float:
    """Median seconds of a whole process whose compile cache is warm."""
    return median_s(lambda: subprocess.run(arguments, env=PLAIN, check=False, capture_output=True, cwd=folder))


def million_bars() -> Bars:
    """A random walk of one million hourly bars."""
    rng = np.random.default_rng(0)
    close = 1.1 * np.exp(np.cumsum(rng.normal(0, 0.0005, 1_000_000)))
    open_ = np.concatenate(([1.1], close[:-1]))
    high = np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.0003, 1_000_000)))
    low = np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.0003, 1_000_000)))
    opened = np.arange(1_000_000, dtype=np.int64) * HOUR_NS
    return Bars(instrument_named("EUR_USD"), Timeframe.H1, opened, opened + HOUR_NS, open_, high, low, close)


def main() -> None:
    """Measure, print a table, and write bench/results/speed.json."""
    bars, strategy = million_bars(), MaCrossover(10, 20, stop_atr=2, target_atr=3)
    figures = {
        "backtest, million bars a second": 1 / median_s(lambda: run_backtest(bars, strategy)),
        "python -c pass, ms": process(sys.executable, "-c", "pass") * 1e3,
        "import tradeworthy, ms": process(sys.executable, "-c", "import tradeworthy") * 1e3,
        "tradeworthy --help, ms": process(str(COMMAND), "--help") * 1e3,
    }
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        subprocess.run([str(COMMAND), "init", str(desk), "--book", "fx-16"], check=True, capture_output=True)
        book = str(desk / "tradeworthy.toml")
        figures["validate fx-daily on ECB rates, s"] = process(str(COMMAND), "validate", "fx-daily", folder=desk)
        if SHARED.is_dir():
            PLAIN["TRADEWORTHY_DATA__REBUILD"] = "true"
            figures["validate fx-16 on H1, H4 and D files, s"] = process(
                str(COMMAND), "validate", book, "--data", str(SHARED)
            )
    for name, value in figures.items():
        print(f"{name:45} {value:10.2f}")
    save("speed", figures)


main()
