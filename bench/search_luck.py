"""How often a search over a random walk, on which no set has an edge, calls its best set more than luck.

`python bench/search_luck.py [walks]` searches 540 sets of a moving-average cross on each, without costs, prints a row, and
writes bench/results/search_luck.json. Under a minute on one core.
"""

import sys
from tempfile import TemporaryDirectory

import numpy as np
from timing import save

from tradeworthy.api.sweeping import sweep
from tradeworthy.appraisal.search_recording import search_record
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.strategies.ma_cross import MaCrossover

BARS = 3_000
GRID = {"fast": range(3, 20, 2), "slow": range(20, 120, 5), "stop_atr": 2.0, "target_atr": (2.0, 3.0, 4.0)}


def main() -> None:
    """Search every walk, and print and write what was found."""
    walks = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found = []
    for seed in range(walks):
        with TemporaryDirectory() as desk:
            told = search_record(sweep(random_walk_bars(BARS, seed), MaCrossover, GRID, desk=desk), "sharpe").luck
        if told is None:
            raise SystemExit(f"walk {seed}: no set has a Sharpe ratio")
        found.append((told.sharpe, told.by_luck, told.deflated >= 0.95, told.deflated))
    own, by_luck, sure, deflated = np.array(found).T
    print("| walks | best Sharpe | expected by luck | called more than luck | median deflated |\n|---|---|---|---|---|")
    print(f"| {walks} | {own.mean():.2f} | {by_luck.mean():.2f} | {sure.mean():.1%} | {np.median(deflated):.1%} |")
    save("search_luck", {"walks": walks, "best": own.mean(), "by luck": by_luck.mean(), "sure": sure.mean()})


if __name__ == "__main__":
    main()
