"""All strategies of a book together, week by week, so that what they share stays shared.

Trades are summed by the week they closed in; weeks are drawn in blocks, the same weeks for every strategy, so that
strategies on related pairs rise and fall together in the simulation as they do in the market. Each strategy's mean is
drawn towards the book's (random-effects shrinkage, DerSimonian and Laird 1986), then weighted by its share of trades.
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
from tradeworthy.validation.samples import TradeSample, Window, stream_seed

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

SMALLEST_WEEKS = 8


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


def _by_week(samples: Sequence[TradeSample], window: Window) -> tuple[Grid, Grid, int]:
    """R summed and trades counted, (weeks, strategies) each, counted back from the window's end; and the window's weeks."""
    first = min(sample.first_ns for sample in samples)
    in_window = max(1, round((window.end_ns - window.start_ns) / WEEK_NS))
    span = (window.end_ns - window.start_ns) / in_window
    before = max(0, math.ceil((window.start_ns - first) / span))
    sums, counts = np.zeros((before + in_window, len(samples))), np.zeros((before + in_window, len(samples)))
    for column, sample in enumerate(samples):
        known = (sample.exit_time <= window.end_ns) & (sample.exit_time > first)
        ago = ((window.end_ns - sample.exit_time[known]) // span).astype(np.int64)
        week = before + in_window - 1 - np.minimum(ago, before + in_window - 1)
        np.add.at(sums[:, column], week, sample.r[known])
        np.add.at(counts[:, column], week, 1.0)
    return sums, counts, in_window


def _draw(
    sums: Grid, counts: Grid, size: int, stream: int, block: float, key: np.uint64, paths: int
) -> tuple[Grid, Grid]:
    from tradeworthy.validation.bootstrap_loops import resample_sums  # noqa: PLC0415 - compiled code, where it is used

    both = np.concatenate((sums, counts), axis=1)
    running = np.concatenate((np.zeros((1, both.shape[1])), np.cumsum(both, axis=0)))
    out = np.empty((paths, both.shape[1]))
    resample_sums(running, size, stream, block, key, out)
    return out[:, : sums.shape[1]], np.round(out[:, sums.shape[1] :])


def _shrink(means: Floats, errors: Floats) -> tuple[float, float, Floats]:
    """Book's mean, spread between strategies, and how far (0 to 1) each strategy is drawn to the mean."""
    weight = 1.0 / errors
    fixed = float(np.sum(weight * means) / np.sum(weight))
    excess = float(np.sum(weight * (means - fixed) ** 2)) - (len(means) - 1)
    scale = float(np.sum(weight) - np.sum(weight**2) / np.sum(weight))
    between = max(0.0, excess / scale) if scale > 0 else 0.0
    weight = 1.0 / (errors + between)
    return float(np.sum(weight * means) / np.sum(weight)), between, errors / (errors + between)


def _pooled(means: Grid, weight: Floats, pull: Floats, share: Floats) -> Floats:
    """The book's mean for each row of strategy means; a strategy without trades in a row stands at the common mean."""
    known = np.isfinite(means)
    weights = np.where(known, weight, 0.0)
    common = np.sum(np.where(known, means, 0.0) * weights, axis=1) / np.sum(weights, axis=1)
    drawn = np.where(known, pull * common[:, None] + (1 - pull) * np.where(known, means, 0.0), common[:, None])
    result: Floats = drawn @ share
    return result


def pool(samples: Sequence[TradeSample], window: Window, *, level: float, paths: int, seed: int) -> Pool | None:
    """The pooled answer; None when all strategies together have fewer than twenty trades or eight weeks."""
    traded = [sample for sample in samples if int(np.sum(sample.exit_time <= window.end_ns)) >= 2]
    if not traded:
        return None
    sums, counts, in_window = _by_week(traded, window)
    total = counts.sum(axis=0)
    if total.sum() < SMALLEST_BASELINE or len(sums) < SMALLEST_WEEKS:
        return None
    block = block_length(sums.sum(axis=1))
    key = stream_seed(seed, "book", "weeks")
    drawn_sums, drawn_counts = _draw(sums, counts, len(sums), 0, block, key, paths)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn_means = drawn_sums / drawn_counts
    means = sums.sum(axis=0) / total
    wide = stretch(len(sums), block, 0.05)
    errors = np.maximum(np.nanvar(drawn_means, axis=0) * wide**2, 1e-12)
    _, between, pull = _shrink(means, errors)
    weight, share = 1.0 / (errors + between), total / total.sum()
    centre = float(_pooled(means[None, :], weight, pull, share)[0])
    usable = np.isfinite(drawn_means).any(axis=1)
    drawn = centre + (_pooled(drawn_means[usable], weight, pull, share) - centre) * wide
    low, high = np.quantile(drawn, [0.025, 0.975])
    error = float(np.std(drawn))
    common = float(np.sum(weight * means) / np.sum(weight))
    now = _window_part(sums, counts, in_window, block, key, level, paths)
    return Pool(
        int(total.sum()), len(sums), block, centre, Interval(float(low), float(high)),
        float(np.mean(drawn > 0)), math.sqrt(between),
        {sample.strategy: float(pull[i] * common + (1 - pull[i]) * means[i]) for i, sample in enumerate(traded)},
        int(counts[-in_window:].sum()), *now,
        max(0.0, len(sums) * ((1.6449 * error / centre) ** 2 - 1)) if centre > 0 else None,
    )  # fmt: skip


def _window_part(
    sums: Grid, counts: Grid, in_window: int, block: float, key: np.uint64, level: float, paths: int
) -> tuple[float | None, float | None, Interval | None, float | None]:
    """Plain mean R of the window and of the baseline, the interval of their difference, and its lower p-value."""
    before_sums, before_counts = sums[:-in_window], counts[:-in_window]
    n_now, n_before = counts[-in_window:].sum(), before_counts.sum()
    baseline = float(before_sums.sum() / n_before) if n_before else None
    now = float(sums[-in_window:].sum() / n_now) if n_now else None
    if now is None or baseline is None or n_before < SMALLEST_BASELINE or len(before_sums) < SMALLEST_WEEKS:
        return now, baseline, None, None
    window_sums, window_counts = _draw(before_sums, before_counts, in_window, 1, block, key, paths)
    base_sums, base_counts = _draw(before_sums, before_counts, len(before_sums), 2, block, key, paths)
    some = (window_counts.sum(axis=1) > 0) & (base_counts.sum(axis=1) > 0)
    null = window_sums[some].sum(axis=1) / window_counts[some].sum(axis=1)
    null = (null - base_sums[some].sum(axis=1) / base_counts[some].sum(axis=1)) * stretch(
        len(before_sums), block, level
    )
    difference = now - baseline
    low, high = np.quantile(null, [0.025, 0.975])
    p_lower = (1 + int(np.sum(null <= difference))) / (len(null) + 1)
    return now, baseline, Interval(difference - float(high), difference - float(low)), p_lower
