"""What choosing the best of many tries adds to a baseline by luck alone.

The best of N sets that are all as good as each other looks better than they are by about E[max of N standard Normals] x
the spread of their luck (Bailey, Lopez de Prado 2014). That spread is not larger than the error of one set's mean R, nor
than the spread that was seen among the sets; and no set owes more to luck than what it stands above the mean of all. The
smallest of these is the most that choosing can have added. What was searched and what came after are told apart: only
trades that the search saw are too good.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.measures import kurtosis, skewness
from tradeworthy.validation.samples import TradeSample, Window, stream_seed

Floats = npt.NDArray[np.float64]

PATHS = 2_000
SMALLEST_SEARCHED = 20
"""Trades; from fewer no error of a mean is taken."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What is known of the search that a strategy came from.

    count: different sets that were tried. mean_r, spread_r: mean and standard deviation over them of the mean R of a
    trade, None where that is not known. until_ns: close of the newest bar that was searched, None where that is not known: then all
    that came before the window.
    """

    count: int
    mean_r: float | None
    spread_r: float | None
    until_ns: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Selection:
    """How far a baseline has to be discounted for having been chosen.

    luck_r: the most that choosing added to the mean R of the trades that were searched. baseline_luck_r,
    window_luck_r: the same spread over all trades of either, because the search saw only part of them.
    deflated_sharpe: probability that the baseline's R per trade beats the best that `trials` sets without an edge would
    show (the deflated Sharpe ratio, per trade); None where the trades do not allow it.
    """

    trials: int
    source: str
    searched_until: str | None
    luck_r: float
    baseline_luck_r: float
    window_luck_r: float
    deflated_mean_r: float
    deflated_sharpe: float | None

    @property
    def shift(self) -> float:
        """By how much the baseline's mean, less the window's, is too good."""
        return self.baseline_luck_r - self.window_luck_r


def selection_of(sample: TradeSample, window: Window, trials: Trials, seed: int) -> Selection | None:
    """The discount of one strategy; None with under twenty trades that the search saw, or where all are alike."""
    from tradeworthy.core.clock import rfc3339
    from tradeworthy.validation.sharpe_trials import expected_maximum_sharpe

    until = window.start_ns if trials.until_ns is None else trials.until_ns
    before, seen = sample.baseline(window), sample.r[sample.exit_time <= min(until, window.end_ns)]
    if len(seen) < SMALLEST_SEARCHED or not len(before) or float(np.ptp(seen)) == 0.0:
        return None
    error = _error_of_mean(seen, stream_seed(seed, sample.strategy, "selection"))
    spread = error if trials.spread_r is None else min(error, trials.spread_r)
    luck = expected_maximum_sharpe(trials.count, 1.0) * spread
    if trials.mean_r is not None:
        luck = min(luck, max(0.0, float(seen.mean()) - trials.mean_r))
    baseline_luck = luck * _share(sample, until, -(2**63), window.start_ns)
    return Selection(
        trials.count, trials.source, None if trials.until_ns is None else rfc3339(trials.until_ns), luck, baseline_luck,
        luck * _share(sample, until, window.start_ns, window.end_ns), float(before.mean()) - baseline_luck,
        _deflated_sharpe(seen, trials),
    )  # fmt: skip


def discounted(sample: TradeSample, window: Window, selection: Selection | None) -> TradeSample:
    """The sample with the luck of choosing taken off the trades on either side of the window's start."""
    if selection is None:
        return sample
    luck = np.where(sample.exit_time <= window.start_ns, selection.baseline_luck_r, selection.window_luck_r)
    return TradeSample(sample.strategy, sample.exit_time, sample.r - luck, sample.first_ns, sample.ends_ns)


def _share(sample: TradeSample, until_ns: int, after_ns: int, end_ns: int) -> float:
    """Of the trades that closed after one moment and by another: how many the search saw."""
    inside = sample.exit_time[(sample.exit_time > after_ns) & (sample.exit_time <= end_ns)]
    return float(np.mean(inside <= until_ns)) if len(inside) else 0.0


def _error_of_mean(r: Floats, key: np.uint64) -> float:
    """Standard deviation of the mean of histories like this one, drawn in blocks."""
    from tradeworthy.validation.bootstrap_loops import resample_sums

    running = np.concatenate(([[0.0]], np.cumsum(r)[:, None]))
    drawn = np.empty((PATHS, 1))
    resample_sums(running, len(r), 0, block_length(r), key, drawn)
    return float(np.std(drawn)) / len(r)


def _deflated_sharpe(r: Floats, trials: Trials) -> float | None:
    """With the variance of the trials' Sharpe ratios where their spread is known, else that of luck, 1 / n."""
    from tradeworthy.core.errors import InputError
    from tradeworthy.validation.sharpe_trials import deflated_sharpe_ratio

    deviation = float(np.std(r, ddof=1))
    skew, tails = skewness(r), kurtosis(r)
    if skew is None or tails is None:
        return None
    variance = 1.0 / len(r) if trials.spread_r is None else (trials.spread_r / deviation) ** 2
    try:
        found = deflated_sharpe_ratio(float(r.mean()) / deviation, len(r), trials.count, variance, skew, tails)
    except InputError:  # the moments leave the formula's domain: there is no such number, and the record says so
        return None
    return found if math.isfinite(found) else None
