"""Shares out of counts, and the interval that counting them leaves."""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, in the unit of what it belongs to."""

    low: float
    high: float

    def times(self, factor: float) -> "Span":
        """The same in another unit."""
        return Span(self.low * factor, self.high * factor)


def share_interval(hits: int, n: int, confidence: float = 0.95) -> Span:
    """Score interval of a share (Wilson 1927), n above 0: it holds its level near 0 and 1, where scores stand."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, shrink = hits / n, 1.0 + z * z / n
    middle = (share + z * z / (2.0 * n)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / shrink
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return Span(low, 1.0 if hits == n else min(1.0, middle + half))
