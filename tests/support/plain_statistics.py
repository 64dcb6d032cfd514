"""The comparison and the pool once more, in plain numpy with other random numbers, to hold the product's against."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from tradeworthy.validation import optimal_block_length

Floats = np.ndarray


def blocks(n: int, size: int, length: float, rng: np.random.Generator) -> Floats:
    """Places of one stationary bootstrap sample, drawn one after the other."""
    places = np.empty(size, np.int64)
    for i in range(size):
        fresh = i == 0 or rng.random() < 1.0 / length
        places[i] = rng.integers(n) if fresh else (places[i - 1] + 1) % n
    return places


def length_for(x: Floats) -> float:
    """The longer of the block lengths of levels and of magnitudes."""
    return max(1.0, optimal_block_length(x).stationary, optimal_block_length(np.abs(x)).stationary)


def widening(pieces: float, level: float) -> float:
    """For few independent pieces, from the quantiles of scipy's distributions."""
    return math.sqrt(pieces / (pieces - 1)) * float(stats.t.ppf(1 - level, pieces - 1) / stats.norm.ppf(1 - level))


def covariance(x: Floats, lag: int, *, round_about: bool = False) -> float:
    """Of each observation with the one `lag` later; round about, the first follow the last."""
    away = x - x.mean()
    return float((away * np.roll(away, -lag))[: None if round_about else len(x) - lag].sum() / len(x))


def variance_of_drawn_mean(x: Floats, size: int, length: float) -> float:
    """Over every pair of places in the drawn sample: they are of one block with chance (1 - 1 / length)**distance."""
    pairs = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    by_distance = np.array([covariance(x, d % len(x), round_about=True) * (1 - 1 / length) ** d for d in range(size)])
    return float(by_distance[pairs].mean())


def flat_top(x: Floats) -> float:
    """Long-run variance by the trapezoid of Politis and Romano, as wide as twice the first of five quiet lags."""
    n = len(x)
    most = min(math.ceil(math.sqrt(n)) + 5, n - 2)
    away = x - x.mean()
    loud = []
    for lag in range(1, most):
        scale = np.linalg.norm(away[lag + 1 :]) * np.linalg.norm(away[: n - lag - 1])
        loud.append(abs(away[lag:] @ away[: n - lag]) / scale >= 2 * math.sqrt(math.log10(n) / n))
    quiet = next((lag for lag in range(1, most - 4) if not any(loud[lag - 1 : lag + 4])), None)
    width = most if quiet is None else min(2 * quiet, most)
    weights = [min(1.0, 2.0 * (1.0 - lag / width)) for lag in range(1, width + 1)]
    return covariance(x, 0) + 2 * sum(w * covariance(x, lag) for lag, w in enumerate(weights, 1))


def autoregressive_mean(r: float, size: int) -> float:
    """Variance of a mean of `size`, over every pair."""
    return float((r ** np.abs(np.subtract.outer(np.arange(size), np.arange(size)))).mean())


def persistence(before: Floats, window: int, length: float) -> float:
    """How much wider the larger of the two other estimates is than what blocks give."""
    n = len(before)
    whole, part = (variance_of_drawn_mean(before, size, length) for size in (n, window))
    seen = sum((before[1:] - before.mean()) * (before[:-1] - before.mean())) / sum((before - before.mean()) ** 2)
    coloured = 0.0
    if seen > 1 / math.sqrt(n):
        r = min(seen + (1 + 3 * seen) / n, 0.95)
        left = (before - before.mean())[1:] - r * (before - before.mean())[:-1]
        share = max(0.0, flat_top(left)) / left.var()
        coloured = share * before.var(ddof=1) * (autoregressive_mean(r, n) + autoregressive_mean(r, window))
    return math.sqrt(max(1.0, flat_top(before) / n / whole, coloured / (whole + part)))


def plain_p_and_power(before: Floats, now: Floats, tests: int, paths: int, seed: int) -> tuple[float, float]:
    """Lower p-value of the window's mean R, and the power to see the edge go."""
    rng, length, level = np.random.default_rng(seed), length_for(before), 0.05 / tests
    wide = widening(len(before) / length, level) * persistence(before, len(now), length)

    def drawn_from(r: Floats) -> Floats:
        differences: Floats = np.array([
            r[blocks(len(r), len(now), length, rng)].mean() - r[blocks(len(r), len(before), length, rng)].mean()
            for _ in range(paths)
        ]) * wide  # fmt: skip
        return differences

    null, edge = drawn_from(before), max(0.1, before.mean())
    p = (1 + np.sum(null <= now.mean() - before.mean())) / (paths + 1)
    if p <= 0.05:
        together = drawn_from(np.concatenate((before, now)))
        p = max(p, (1 + np.sum(together <= now.mean() - before.mean())) / (paths + 1))
    return float(p), float(np.mean(null - edge <= np.quantile(null, level)))


def shrunk(means: Floats, variance: float, n: Floats) -> tuple[Floats, Floats, float]:
    """Strategy means drawn to the common one, the weights, and the variance between strategies, all by the textbook."""
    weight = n / variance
    grand = np.average(means, weights=weight)
    q = np.sum(weight * (means - grand) ** 2)
    between = max(0.0, (q - (len(means) - 1)) / (weight.sum() - (weight**2).sum() / weight.sum()))
    total = 1.0 / (variance / n + between)
    reliability = between / (between + variance / n)
    common = np.average(means, weights=total)
    return common + reliability * (means - common), total, between


def plain_pool(
    r: Sequence[Floats], week: Sequence[Floats], weeks: int, paths: int, seed: int
) -> tuple[float, float, float]:
    """Pooled mean R, standard deviation of its draws, and the chance that it is above zero.

    r: R's by strategy. week: of each trade, 0 to weeks - 1.
    """
    rng, n = np.random.default_rng(seed), np.array([len(one) for one in r], float)
    variance = sum(((one - one.mean()) ** 2).sum() for one in r) / (n.sum() - len(r))
    means = np.array([one.mean() for one in r])
    drawn_means, weight, between = shrunk(means, variance, n)
    sums = np.stack([np.bincount(w, one, weeks) for one, w in zip(r, week, strict=True)], axis=1)
    counts = np.stack([np.bincount(w, minlength=weeks) for w in week], axis=1).astype(float)
    length = length_for(sums.sum(axis=1))
    active = int((counts.sum(axis=1) > 0).sum())
    worst = min(-1.0, *(one.min() for one in r))
    centre = float(drawn_means @ n / n.sum())
    book = []
    for _ in range(paths):
        places = blocks(weeks + 1, weeks + 1, length, rng)
        lost = int((places == weeks).sum())
        places = places[places < weeks]
        total, count = sums[places].sum(axis=0), counts[places].sum(axis=0)
        seen = count > 0
        own = np.divide(total, count, out=np.zeros(len(r)), where=seen)
        common = np.average(own[seen], weights=weight[seen])
        reliability = between / (between + variance / n)
        each = np.where(seen, common + reliability * (own - common), common)
        mean = each @ n / n.sum()
        book.append((mean * count.sum() + lost * worst) / (count.sum() + lost))
    draws = centre + (np.array(book) - centre) * widening(active / length, 0.05)
    return centre, float(draws.std()), float((draws > 0).mean())
