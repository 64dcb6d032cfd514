"""The same question asked of returns per bar, of one strategy alone; it does not decide."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.validation.comparison import stretch
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.samples import TradeSample, Window, stream_seed

PATHS = 2_000
SMALLEST_BASELINE = 100
"""Bars."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Mean R per bar now and before, its difference with a 95% interval, and the chance of one as low by luck."""

    now: float
    baseline: float
    interval: Interval
    p_lower: float
    block: float


def second_opinion(sample: TradeSample, window: Window, seed: int) -> SecondOpinion | None:
    """By block bootstrap of the baseline's R per bar; None without bars, or with too few of them."""
    from tradeworthy.validation.bootstrap_loops import resample_sums

    if sample.bar_times is None or sample.bar_r is None:
        return None
    before = sample.bar_r[(sample.bar_times > sample.first_ns) & (sample.bar_times <= window.start_ns)]
    now = sample.bar_r[(sample.bar_times > window.start_ns) & (sample.bar_times <= window.end_ns)]
    if len(before) < SMALLEST_BASELINE or not len(now) or float(np.ptp(before)) == 0.0:
        return None
    block = block_length(before)
    running = np.concatenate(([[0.0]], np.cumsum(before)[:, None]))
    drawn = np.empty((2, PATHS, 1))
    key = stream_seed(seed, sample.strategy, "bars")
    for stream, size in enumerate((len(now), len(before))):
        resample_sums(running, size, stream, block, key, drawn[stream])
    null = drawn[0, :, 0] / len(now) - drawn[1, :, 0] / len(before)
    difference = float(now.mean() - before.mean())
    low, high = np.quantile(null * stretch(len(before), block, 0.025), [0.025, 0.975])
    p = (1 + int(np.sum(null * stretch(len(before), block, 0.05) <= difference))) / (PATHS + 1)
    interval = Interval(difference - float(high), difference - float(low))
    return SecondOpinion(float(now.mean()), float(before.mean()), interval, p, block)
