"""Confidence intervals that need no resampling."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from tradeworthy.core.errors import InputError
from tradeworthy.validation.arguments import inside, whole


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, in the unit of what it is an interval of."""

    low: float
    high: float


def wilson_interval(wins: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval of a share (Wilson 1927): holds its level for few trades and for shares near 0 and 1.

    Raises InputError unless wins and n are whole numbers, 0 <= wins <= n, n > 0 and 0 < confidence < 1.
    """
    won, count = whole("wins", wins, 0), whole("n", n, 1)
    if won > count:
        raise InputError(f"{won} wins are more than the {count} trades they are of")
    z = -NormalDist().inv_cdf((1.0 - inside("confidence", confidence)) / 2.0)
    trades, share = float(count), won / count
    shrink = 1.0 + z * z / trades
    middle = (share + z * z / (2.0 * trades)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / trades + z * z / (4.0 * trades) / trades) / shrink
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Interval(low if won else 0.0, high if won < count else 1.0)
