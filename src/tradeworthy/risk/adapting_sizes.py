"""Does sizing by the average true range keep the money that moves the same in every market?

A size of so much money per ATR assumes that price will go on moving by one ATR. Where it moves by more, more money is at
stake than was planned. Held against a size that never changes: the score is the share of the spread between levels that
the sizing takes away.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

DRAWS = 2_000
BLOCKS_LEAST = 10
"""Blocks of bars under which nothing is said of how sure a score is, and none is given."""
FEWEST = 20
"""Bars of a level under which it does not count."""
NO_SPREAD = 0.05
"""Spread (of logarithms) between levels under which there is nothing for sizing to take away."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Money moved per money planned at a level, 1 being the average of all bars, and its interval for all levels together."""

    level: int
    bars: int
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SizeAdaptation:
    """score: 0 (no better than one size for all) to 100 (no level moves more money than another), with a 95% interval; None
    where volatility hardly differed. spread, unsized_spread: deviation of the logarithm of money moved between levels,
    with the sizing and with one size. levels: those seen often enough. ahead: bars over which movement is taken; block:
    bars drawn together.
    """

    score: float | None
    low: float | None
    high: float | None
    spread: float
    unsized_spread: float
    levels: tuple[Movement, ...]
    ahead: int
    block: int


def size_adaptation(
    levels: npt.ArrayLike, variances: npt.ArrayLike, planned: npt.ArrayLike, ahead: int, *, k: int = 5, seed: int = 0
) -> SizeAdaptation:
    """How evenly money moves over levels (n,), known at each bar's close, -1 where unknown.

    variances: (n,) of each bar, of which the root of the mean over the `ahead` next bars is the movement. planned: (n,) the
    distance that sizes are divided by, as a share of the price, NaN where there is no trade. Intervals: circular block
    bootstrap over bars (Politis, Romano 1992), blocks of 2 sqrt(n) or 5 times `ahead`; those of levels by quantiles at
    5% over the number of levels.

    Raises NotEnoughData for fewer than ten blocks of bars, InputError for columns of different lengths.
    """
    states, moved, distance = (np.asarray(one) for one in (levels, variances, planned))
    if not states.shape == moved.shape == distance.shape or states.ndim != 1 or ahead < 1:
        raise InputError("levels, variances and planned distances must be columns of one length, and ahead 1 or more")
    movement = _ahead(moved.astype(np.float64), ahead)
    known = (states >= 0) & np.isfinite(movement) & np.isfinite(distance) & (distance > 0)
    states, movement, distance = states[known], movement[known], distance[known].astype(np.float64)
    block = max(5 * ahead, int(2 * np.sqrt(len(states))))
    if len(states) < BLOCKS_LEAST * block:
        raise NotEnoughData(
            f"how sizes adapt is told from at least {BLOCKS_LEAST * max(5 * ahead, 40):,} bars with a level and a size, and "
            f"there are {len(states):,}"
        )
    if not movement.any():
        return SizeAdaptation(None, None, None, 0.0, 0.0, (), ahead, block)
    kept = [i for i in range(k) if np.count_nonzero(states == i) >= FEWEST]
    sums = _sums(states, movement / distance, movement, kept)
    whole = _ratios(sums[:, -1][:, None, :])
    drawn = _ratios(_drawn(sums, len(states), block, seed))
    return _told(kept, states, whole, drawn, ahead, block)


def _ahead(variances: Floats, ahead: int) -> Floats:
    out = np.full(len(variances), np.nan)
    if len(variances) > ahead:
        windows = np.lib.stride_tricks.sliding_window_view(variances[1:], ahead)
        out[: len(windows)] = np.sqrt(windows.mean(axis=1))
    return out


def _sums(states: Whole, sized: Floats, unsized: Floats, kept: list[int]) -> Floats:
    """(3, n + 1, levels) Running counts, and sums of movement with and without sizing."""
    here = np.stack([states == i for i in kept], axis=1)
    rows = np.stack((here.astype(np.float64), here * sized[:, None], here * unsized[:, None]))
    return np.concatenate((np.zeros((3, 1, len(kept))), np.cumsum(rows, axis=1)), axis=1)


def _drawn(sums: Floats, n: int, block: int, seed: int) -> Floats:
    """(3, draws, levels) Sums of bars drawn in blocks that wrap round the end."""
    starts = np.random.default_rng(seed % 2**64).integers(0, n, size=(DRAWS, -(-n // block)))
    ends = starts + block
    over = ends > n
    until, rest = np.minimum(ends, n), np.where(over, ends - n, 0)
    total = np.zeros((len(sums), DRAWS, sums.shape[2]))
    for b in range(starts.shape[1]):
        total += sums[:, until[:, b]] - sums[:, starts[:, b]] + sums[:, rest[:, b]]
    return total


def _ratios(sums: Floats) -> Floats:
    """(3, draws, levels) Shares of the bars, and mean movement over that of all bars with and without sizing."""
    counts = np.maximum(sums[0], 1e-300)
    every = sums.sum(axis=2, keepdims=True)
    means = sums[1:] / counts / (every[1:] / every[0])
    return np.concatenate(((sums[0] / every[0, :, :])[None], np.where(sums[0] > 0, means, np.nan)))


def _spread(shares: Floats, ratios: Floats) -> Floats:
    logs = np.log(np.where(ratios > 0, ratios, np.nan))
    weight = np.where(np.isfinite(logs), shares, 0.0)
    weight = weight / weight.sum(axis=1, keepdims=True)
    logs = np.where(np.isfinite(logs), logs, 0.0)
    centre = (weight * logs).sum(axis=1, keepdims=True)
    found: Floats = np.sqrt((weight * np.square(logs - centre)).sum(axis=1))
    return found


def _told(kept: list[int], states: Whole, whole: Floats, drawn: Floats, ahead: int, block: int) -> SizeAdaptation:
    sized, unsized = (float(_spread(whole[0], whole[i])[0]) for i in (1, 2))
    tail = 0.025 / len(kept)
    bounds = np.nanquantile(drawn[1], [tail, 1 - tail], axis=0)
    levels = tuple(
        Movement(level, int(np.sum(states == level)), float(whole[1, 0, i]), float(bounds[0, i]), float(bounds[1, i]))
        for i, level in enumerate(kept)
    )
    if unsized < NO_SPREAD:
        return SizeAdaptation(None, None, None, sized, unsized, levels, ahead, block)
    scores = _score(_spread(drawn[0], drawn[1]), np.maximum(_spread(drawn[0], drawn[2]), 1e-12))
    low, high = (float(one) for one in np.quantile(scores, [0.025, 0.975]))
    score = float(_score(np.array(sized), np.array(unsized)))
    return SizeAdaptation(score, min(low, score), max(high, score), sized, unsized, levels, ahead, block)


def _score(sized: Floats, unsized: Floats) -> Floats:
    found: Floats = 100.0 * np.clip(1.0 - sized / unsized, 0.0, 1.0)
    return found
