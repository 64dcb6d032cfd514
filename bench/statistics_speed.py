"""How long all statistics of 2,500 daily returns and 500 trades take, in a process that has asked before."""

import numpy as np
from timing import median_s, save

from tradeworthy.backtest.statistics import statistics_of
from tradeworthy.core.clock import DAY_NS

DAYS, TRADES, REPEATS = 2_500, 500, 501


def main() -> None:
    """Measure, print, and write bench/results/statistics_speed.json."""
    rng = np.random.default_rng(0)
    weekdays = np.array([day for day in range(14_000, 14_000 + DAYS * 7 // 5 + 7) if (day + 3) % 7 < 5])[:DAYS]
    times = (weekdays + 1).astype(np.int64) * DAY_NS
    equity = 10_000 * np.cumprod(1 + rng.normal(0.0004, 0.01, DAYS))
    pnl, bars = rng.normal(5, 100, TRADES), rng.integers(1, 20, TRADES)
    r = pnl / 100
    taken = median_s(lambda: statistics_of(equity, times, 10_000, pnl, r, bars), REPEATS)
    figures = {"all statistics of 2,500 daily returns and 500 trades, ms": taken * 1e3}
    for name, value in figures.items():
        print(f"{name:60} {value:8.3f}")
    save("statistics_speed", figures)


main()
