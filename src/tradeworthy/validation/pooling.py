"""All strategies of a book together, week by week, so that what they share stays shared.

Trades are summed by the week they closed in; weeks are drawn in blocks, the same weeks for every strategy, so that
strategies on related pairs rise and fall together in the simulation as they do in the market. Each strategy's mean is
drawn towards the book's (random-effects shrinkage, DerSimonian and Laird 1986), then weighted by its share of trades.

A record never shows the worst that it can do: without a loss in it, resampling would be certain of a profit. So the
draws hold one more trade than the record, in a week of its own, that loses 1 R or the worst R seen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import WEEK_NS
from tradeworthy.validation.comparison import SMALLEST_BASELINE, stretch
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.multiplicity import effective_number
from tradeworthy.validation.samples import TradeSample, Window, stream_seed

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

SMALLEST_WEEKS = 8
"""Weeks in which something closed."""
FIT_TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Pool:
    """The book's mean R per trade.

    mean_r: over baseline and window, strategies shrunk towards each other, with its 95% interval; probability: that it
    is above zero. strategy_means: by strategy, after shrinkage. now, baseline: plain means, with the interval and
    p_lower of their difference; None without trades in the window. weeks_to_decide: more weeks until a book that goes
    on earning this mean would be FIT, None if it earns nothing.
    """

    trades: int
    weeks: int
    block_weeks: float
    mean_r: float
    interval: Interval
    probability: float
    between_strategies_sd: float
    strategy_means: dict[str, float]
    window_trades: int
    now: float | None
    baseline: float | None
    difference: Interval | None
    p_lower: float | None
    weeks_to_decide: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Weeks:
    """R summed and trades counted, (weeks, strategies) each, oldest first; the last `in_window` weeks are the window."""

    sums: Grid
    counts: Grid
    in_window: int

    @property
    def active(self) -> int:
        """Weeks in which something closed."""
        return int(np.sum(self.counts.sum(axis=1) > 0))

    @property
    def before(self) -> "_Weeks":
        """The baseline's weeks alone."""
        return _Weeks(self.sums[: -self.in_window], self.counts[: -self.in_window], 0)


def _by_week(samples: Sequence[TradeSample], window: Window) -> _Weeks:
    """Weeks are counted from the window's start, so that a trade is in the window here where it is for its strategy."""
    in_window = max(1, round((window.end_ns - window.start_ns) / WEEK_NS))
    first = min(min(sample.first_ns, int(sample.exit_time[0]) - 1) for sample in samples)
    before = max(0, -((first - window.start_ns) // WEEK_NS))
    back = window.start_ns - WEEK_NS * np.arange(before, 0, -1, dtype=np.int64)
    ahead = [window.start_ns + (window.end_ns - window.start_ns) * i // in_window for i in range(in_window + 1)]
    edges = np.concatenate((back, np.array(ahead, np.int64)))
    sums, counts = np.zeros((before + in_window, len(samples))), np.zeros((before + in_window, len(samples)))
    for column, sample in enumerate(samples):
        known = sample.exit_time <= window.end_ns
        week = np.searchsorted(edges, sample.exit_time[known], side="left") - 1
        np.add.at(sums[:, column], week, sample.r[known])
        np.add.at(counts[:, column], week, 1.0)
    return _Weeks(sums, counts, in_window)


def effective_strategies(samples: Sequence[TradeSample], window: Window) -> float | None:
    """How many independent strategies these amount to, by the correlations of what they close week by week (Galwey 2009).

    None for fewer than two, or where any closed in fewer than eight weeks before the window.
    """
    if len(samples) < 2:
        return None
    before = _by_week(samples, window).before
    if int(np.min(np.count_nonzero(before.counts, axis=0))) < SMALLEST_WEEKS:
        return None
    return effective_number(np.corrcoef(before.sums, rowvar=False))


def _draw(weeks: _Weeks, size: int, stream: int, block: float, key: np.uint64, paths: int) -> tuple[Grid, Grid]:
    from tradeworthy.validation.bootstrap_loops import resample_sums

    both = np.concatenate((weeks.sums, weeks.counts), axis=1)
    running = np.concatenate((np.zeros((1, both.shape[1])), np.cumsum(both, axis=0)))
    out = np.empty((paths, both.shape[1]))
    resample_sums(running, size, stream, block, key, out)
    columns = weeks.sums.shape[1]
    return out[:, :columns], np.round(out[:, columns:])


def _with_a_loss(weeks: _Weeks, worst: float) -> _Weeks:
    """One more week in which a strategy of its own loses once."""
    sums, counts = np.pad(weeks.sums, ((0, 1), (0, 1))), np.pad(weeks.counts, ((0, 1), (0, 1)))
    sums[-1, -1], counts[-1, -1] = worst, 1.0
    return _Weeks(sums, counts, 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Shrinkage:
    """Weight of each strategy in the common mean, how far (0 to 1) each is drawn to it, and its share of trades."""

    weight: Floats
    pull: Floats
    share: Floats
    between: float

    def common(self, means: Grid) -> Floats:
        """The common mean of each row of strategy means, NaN where a strategy has none."""
        known = np.isfinite(means)
        weight = np.where(known, self.weight, 0.0)
        mean: Floats = np.sum(np.where(known, means, 0.0) * weight, axis=1) / np.sum(weight, axis=1)
        return mean

    def drawn(self, means: Grid) -> Grid:
        """Every strategy's mean drawn towards the common one; a strategy without trades in a row stands on it."""
        common = self.common(means)[:, None]
        known: Grid = np.where(np.isfinite(means), self.pull * common + (1 - self.pull) * means, common)
        return known


def _shrinkage(r_by_strategy: Sequence[Floats]) -> _Shrinkage:
    """Random effects by DerSimonian and Laird, with one variance of R for all strategies.

    A variance of its own for each would call a strategy of three equal trades certain.
    """
    n = np.array([len(r) for r in r_by_strategy], np.float64)
    means = np.array([r.mean() for r in r_by_strategy])
    inside = sum(float(np.sum((r - r.mean()) ** 2)) for r in r_by_strategy)
    free = n.sum() - len(n)
    every = np.concatenate(r_by_strategy)
    variance = inside / free if free >= 1 and inside > 0 else float(np.var(every))
    errors = np.maximum(variance, 1e-12) / n
    weight = 1.0 / errors
    fixed = float(np.sum(weight * means) / np.sum(weight))
    excess = float(np.sum(weight * (means - fixed) ** 2)) - (len(means) - 1)
    scale = float(np.sum(weight) - np.sum(weight**2) / np.sum(weight))
    between = max(0.0, excess / scale) if scale > 0 else 0.0
    return _Shrinkage(1.0 / (errors + between), errors / (errors + between), n / n.sum(), between)


def pool(samples: Sequence[TradeSample], window: Window, *, level: float, paths: int, seed: int) -> Pool | None:
    """The pooled answer; None when all strategies together have under twenty trades, or closed any in under eight weeks."""
    closed = [sample.r[sample.exit_time <= window.end_ns] for sample in samples]
    traded = [sample for sample, r in zip(samples, closed, strict=True) if len(r)]
    r_by_strategy = [r for r in closed if len(r)]
    if sum(map(len, r_by_strategy)) < SMALLEST_BASELINE:
        return None
    weeks = _by_week(traded, window)
    if weeks.active < SMALLEST_WEEKS:
        return None
    block = block_length(weeks.sums.sum(axis=1))
    key = stream_seed(seed, "book", "weeks")
    shrinkage = _shrinkage(r_by_strategy)
    means = np.array([[float(r.mean()) for r in r_by_strategy]])
    single = shrinkage.drawn(means)
    centre = float((single @ shrinkage.share)[0])
    drawn = centre + (_book_means(weeks, shrinkage, r_by_strategy, block, key, paths) - centre) * stretch(
        weeks.active, block, FIT_TAIL
    )
    low, high, tail = np.quantile(drawn, [0.025, 0.975, FIT_TAIL])
    now = _window_part(weeks, block, key, level, paths)
    return Pool(
        int(weeks.counts.sum()), len(weeks.sums), block, centre, Interval(float(low), float(high)),
        float(np.mean(drawn > 0)), math.sqrt(shrinkage.between),
        {sample.strategy: float(single[0, i]) for i, sample in enumerate(traded)},
        int(weeks.counts[-weeks.in_window :].sum()), *now,
        max(0.0, len(weeks.sums) * (((centre - float(tail)) / centre) ** 2 - 1)) if centre > 0 else None,
    )  # fmt: skip


def _book_means(
    weeks: _Weeks, shrinkage: _Shrinkage, r_by_strategy: Sequence[Floats], block: float, key: np.uint64, paths: int
) -> Floats:
    """The book's mean R in each draw of all its weeks and of one more loss; draws without a trade are left out."""
    worst = min(-1.0, *(float(r.min()) for r in r_by_strategy))
    sums, counts = _draw(_with_a_loss(weeks, worst), len(weeks.sums) + 1, 0, block, key, paths)
    traded = counts[:, :-1].sum(axis=1) > 0
    sums, counts = sums[traded], counts[traded]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums[:, :-1] / counts[:, :-1]
    book = shrinkage.drawn(means) @ shrinkage.share
    trades, lost = counts[:, :-1].sum(axis=1), counts[:, -1]
    with_loss: Floats = (book * trades + sums[:, -1]) / (trades + lost)
    return with_loss


def _window_part(
    weeks: _Weeks, block: float, key: np.uint64, level: float, paths: int
) -> tuple[float | None, float | None, Interval | None, float | None]:
    """Plain mean R of the window and of the baseline, the interval of their difference, and its lower p-value."""
    before = weeks.before
    n_now, n_before = weeks.counts[-weeks.in_window :].sum(), before.counts.sum()
    baseline = float(before.sums.sum() / n_before) if n_before else None
    now = float(weeks.sums[-weeks.in_window :].sum() / n_now) if n_now else None
    if now is None or baseline is None or n_before < SMALLEST_BASELINE or before.active < SMALLEST_WEEKS:
        return now, baseline, None, None
    window_sums, window_counts = _draw(before, weeks.in_window, 1, block, key, paths)
    base_sums, base_counts = _draw(before, len(before.sums), 2, block, key, paths)
    some = (window_counts.sum(axis=1) > 0) & (base_counts.sum(axis=1) > 0)
    null = window_sums[some].sum(axis=1) / window_counts[some].sum(axis=1)
    null = null - base_sums[some].sum(axis=1) / base_counts[some].sum(axis=1)
    deciding = null * stretch(before.active, block, level)
    difference = now - baseline
    low, high = np.quantile(null * stretch(before.active, block, 0.025), [0.025, 0.975])
    p_lower = (1 + int(np.sum(deciding <= difference))) / (len(null) + 1)
    return now, baseline, Interval(difference - float(high), difference - float(low)), p_lower
