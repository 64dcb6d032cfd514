"""Confidence intervals that need no resampling."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from tradeworthy.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, in the unit of what it is an interval of."""

    low: float
    high: float


def wilson_interval(wins: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval of a share (Wilson 1927): holds its level for few trades and for shares near 0 and 1.

    Raises InputError unless 0 <= wins <= n, n > 0 and 0 < confidence < 1.
    """
    if not 0 <= wins <= n or n == 0 or not 0 < confidence < 1:
        raise InputError(
            f"need 0 <= wins <= n, n above 0 and a confidence between 0 and 1; got {wins}, {n}, {confidence}"
        )
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, shrink = wins / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
