"""Is the window still drawn from the baseline? One strategy at a time, by its trades' R.

The null distribution of (mean of the window - mean of the baseline) is simulated: both are drawn in blocks from the
baseline's own trades, as many as there are, so that serial dependence and the baseline's own error are in it. With few
independent blocks it is still too narrow, and is stretched by sqrt(m / (m - 1)) x t(m - 1) / z, m = trades / block
length, at the level that decides, and for what dependence blocks lose (`persistence`); docs/statistics.md shows the
false alarms with and without, docs/coverage.md the intervals.

The baseline does not hold what it has not seen. A loss worse than any before is in a window of two after two hundred once
in a hundred times, and drawn from the baseline alone it never is. So a difference that luck would not explain has to show
against draws from all trades too: if nothing has changed, baseline and window are one sample.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.persistence import persistence_stretch
from tradeworthy.validation.samples import stream_seed

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]
Pair = tuple[float, float]

MEASURES = ("mean_r", "win_rate", "average_win_r", "average_loss_r", "profit_factor", "max_drawdown_r")
"""In the order of the columns of `bootstrap_loops.resample_trades`."""

MOST_DRAWS = 400_000_000
"""Trades drawn in one comparison, over all its paths: a few seconds' work."""
SMALLEST_PATHS = 1_000
SMALLEST_EDGE_R = 0.1
SMALLEST_BASELINE = 20
"""Trades; under this the simulated null is not trusted at any level."""
POWER = 0.8


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One measure now and before; None where the data do not define it. The interval is of the difference, at 95%."""

    name: str
    now: float | None
    baseline: float | None
    difference: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A window of trades held against a baseline.

    p_lower, p_upper: chance of a difference as low, as high, if nothing had changed; where the baseline was chosen
    among others, p_lower is that of the difference to the discounted baseline. power: chance that losing `edge_r`
    would have been noticed at this strategy's own level. detectable_r: the smallest loss that 80% would have noticed.
    trades_needed: how many trades in the window would give 80% for `edge_r`, None if no number would. simultaneous:
    interval of the difference that holds for all strategies together. Intervals of mean R reach up by the discount.
    """

    baseline_trades: int
    window_trades: int
    block: float
    paths: int
    p_lower: float
    p_upper: float
    edge_r: float
    power: float
    detectable_r: float
    trades_needed: int | None
    simultaneous: Interval
    measures: tuple[MeasureChange, ...]

    @property
    def mean_r(self) -> MeasureChange:
        """The measure that decides."""
        return self.measures[0]


def comparable(baseline: Floats, window: Floats) -> bool:
    """Whether there is anything to compare: twenty trades before, not all alike, and one in the window."""
    return len(baseline) >= SMALLEST_BASELINE and len(window) >= 1 and float(np.ptp(baseline)) > 0.0


def edge_of(mean_r: float) -> float:
    """The loss that has to be noticed: the baseline's mean R, at least 0.1 R."""
    return max(SMALLEST_EDGE_R, mean_r)


def stretch(observations: int, block: float, level: float) -> float:
    """By how much the simulated differences are widened for having few independent blocks."""
    from scipy.special import stdtrit

    blocks = max(observations / block, 2.0)
    t = float(stdtrit(blocks - 1.0, 1.0 - level))
    return math.sqrt(blocks / (blocks - 1.0)) * max(1.0, t / NormalDist().inv_cdf(1.0 - level))


def paths_for(wanted: int, tests: int, level: float, trades: int) -> int:
    """How many paths are drawn: enough to reach the level at all, and no more than a long history can be drawn in."""
    least = math.ceil(20 * tests / level)
    return max(least, min(wanted, MOST_DRAWS // max(1, trades)), SMALLEST_PATHS)


def compare(
    baseline: Floats,
    window: Floats,
    *,
    name: str,
    tests: int,
    luck: Pair = (0.0, 0.0),
    level: float = 0.05,
    paths: int = 10_000,
    seed: int = 0,
) -> Comparison:
    """Compare R's (n,) and (k,), oldest first, for which `comparable` holds; `tests` strategies are looked at together.

    luck: the most by which the mean R of the baseline and of the window is too good for having been chosen
    (`selection`). A change has to show whether that luck is taken off or not.
    """
    from tradeworthy.validation.bootstrap_loops import TRADE_MEASURES, resample_trades

    own_level = level / tests
    block = block_length(baseline)
    paths = paths_for(paths, tests, level, len(baseline) + len(window))
    drawn_window, drawn_baseline, *again = np.empty((4, paths, TRADE_MEASURES))
    seeded = stream_seed(seed, name, "trades")
    resample_trades(baseline, len(window), len(baseline), block, seeded, drawn_window, drawn_baseline)
    plain = drawn_window[:, 0] - drawn_baseline[:, 0]
    persistent = persistence_stretch(baseline, len(window), block)
    wide = stretch(len(baseline), block, own_level) * persistent
    null = plain * wide
    difference = float(window.mean() - baseline.mean())
    edge = edge_of(float(baseline.mean()) - luck[0])
    worse, better = max(0.0, luck[0] - luck[1]), min(0.0, luck[0] - luck[1])
    lower, upper = _chances(null, difference, (better, worse))
    if min(lower, upper) <= level:
        resample_trades(np.concatenate((baseline, window)), len(window), len(baseline), block, seeded, *again)
        anyhow = _chances((again[0][:, 0] - again[1][:, 0]) * wide, difference, (better, worse))
        lower, upper = max(lower, anyhow[0]), max(upper, anyhow[1])
    critical = float(np.quantile(null, own_level))
    power = float(np.mean(null - edge <= critical))
    needed = _trades_needed(baseline, drawn_baseline[:, 0], edge, own_level, wide)
    if needed is not None and power < POWER:
        needed = max(needed, len(window) + 1)
    both_sides = stretch(len(baseline), block, own_level / 2) * persistent
    return Comparison(
        len(baseline), len(window), block, paths, lower, upper, edge, power, float(np.quantile(null, POWER)) - critical, needed,
        _around(difference, plain * both_sides, own_level, (better, worse)),
        _changes(
            baseline, window, drawn_window, drawn_baseline, stretch(len(baseline), block, 0.025), persistent, (better, worse)
        ),
    )  # fmt: skip


def _chances(null: Floats, difference: float, reach: Pair) -> Pair:
    """Of a difference as low, and of one as high, by luck; never 0, because no number of paths shows that."""
    low, high = int(np.sum(null <= difference + reach[1])), int(np.sum(null >= difference + reach[0]))
    return (1 + low) / (len(null) + 1), (1 + high) / (len(null) + 1)


def _trades_needed(baseline: Floats, means: Floats, edge: float, level: float, wide: float) -> int | None:
    """By the normal approximation, with the long-run variance that the block bootstrap shows."""
    per_trade = float(np.var(means)) * len(baseline) * wide**2
    z = NormalDist().inv_cdf(1 - level) + NormalDist().inv_cdf(POWER)
    room = (edge / z) ** 2 - per_trade / len(baseline)
    return math.ceil(per_trade / room) if room > 0 else None


def _around(difference: float, null: Floats, tail: float, reach: Pair = (0.0, 0.0)) -> Interval:
    low, high = np.quantile(null, [tail / 2, 1 - tail / 2])
    return Interval(difference - float(high) + reach[0], difference - float(low) + reach[1])


def measures_of(r: Floats) -> dict[str, float | None]:
    """The measures of one sample of R's (n,), in R or as fractions; None where the sample does not define them."""
    wins, losses = r[r > 0], r[r < 0]
    level = np.concatenate(([0.0], np.cumsum(r)))
    lost = -float(losses.sum())
    return {
        "mean_r": float(r.mean()) if len(r) else None,
        "win_rate": len(wins) / len(r) if len(r) else None,
        "average_win_r": float(wins.mean()) if len(wins) else None,
        "average_loss_r": float(losses.mean()) if len(losses) else None,
        "profit_factor": float(wins.sum()) / lost if lost > 0 else None,
        "max_drawdown_r": float(np.max(np.maximum.accumulate(level) - level)) if len(r) else None,
    }


_LIMITS = {
    "win_rate": (0.0, 1.0),
    "average_win_r": (0.0, math.inf),
    "average_loss_r": (-math.inf, 0.0),
    "profit_factor": (0.0, math.inf),
    "max_drawdown_r": (0.0, math.inf),
}
"""What a measure can be at all; no interval reaches beyond."""


def _changes(
    baseline: Floats,
    window: Floats,
    drawn_window: Grid,
    drawn_baseline: Grid,
    wide: float,
    persistent: float,
    reach: Pair,
) -> tuple[MeasureChange, ...]:
    now, before = measures_of(window), measures_of(baseline)
    rows = []
    for place, name in enumerate(MEASURES):
        null = drawn_window[:, place] - drawn_baseline[:, place]
        was = before[name]
        if name == "max_drawdown_r":  # a longer history falls deeper: compare with spans as long as the window
            was = float(np.median(drawn_window[:, place]))
            null = drawn_window[:, place] - was
        value = now[name]
        difference = None if value is None or was is None else value - was
        known = null[np.isfinite(null)] * wide * (persistent if name == "mean_r" else 1.0)
        usable = difference is not None and len(known) >= 0.95 * len(null)
        more = reach if name == "mean_r" else (0.0, 0.0)
        interval = _around(difference, known, 0.05, more) if usable and difference is not None else None
        if interval is not None and was is not None:
            least, most = _LIMITS.get(name, (-math.inf, math.inf))
            interval = Interval(max(interval.low, least - was), min(interval.high, most - was))
        rows.append(MeasureChange(name, value, was, difference, interval))
    return tuple(rows)
