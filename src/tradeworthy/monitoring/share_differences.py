"""The difference of two shares, with its interval."""

import math

from tradeworthy.validation.intervals import Interval, wilson_interval


def difference_interval(wins: int, n: int, other_wins: int, other_n: int, confidence: float = 0.95) -> Interval:
    """Interval of wins / n - other_wins / other_n for two groups apart, from the Wilson interval of each (Newcombe 1998,
    Statistics in Medicine 17, 873-890, method 10). Raises InputError as `wilson_interval` does."""
    one, other = wilson_interval(wins, n, confidence), wilson_interval(other_wins, other_n, confidence)
    share, other_share = wins / n, other_wins / other_n
    difference = share - other_share
    return Interval(
        difference - math.hypot(share - one.low, other.high - other_share),
        difference + math.hypot(one.high - share, other_share - other.low),
    )
