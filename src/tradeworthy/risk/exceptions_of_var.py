"""Were losses beyond the value at risk as many, and as far apart, as they should be?

An exception is a day whose loss is larger than the value at risk that was stated for it. Likelihood ratios are compared
with a chi-squared distribution of one degree of freedom.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number

MOST_DAYS = 10**12
GREEN_UNDER = 0.95
RED_FROM = 0.9999


class Zone(StrEnum):
    """Of the Basel Committee's traffic light."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """The statistic, and the chance of one as large if the model is right."""

    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class TrafficLight:
    """The zone, and the chance of that many exceptions or fewer if the model is right."""

    zone: Zone
    cumulative: float


def kupiec(observations: int, exceptions: int, probability: float) -> LikelihoodRatio:
    """Proportion of failures: are `exceptions` in `observations` days what `probability` a day explains? (Kupiec 1995)

    2 ln of the likelihood with the share seen over that with `probability`; 0 ln 0 counts as 0, so no exception at all is
    a result like any other. Raises InputError unless 0 <= exceptions <= observations, observations > 0, 0 < p < 1.
    """
    n, x = _counts(observations, exceptions)
    return _tested(2.0 * (_log_likelihood(n, x, x / n) - _log_likelihood(n, x, _probability(probability))))


def christoffersen(n00: int, n01: int, n10: int, n11: int) -> LikelihoodRatio:
    """Independence: does an exception follow an exception as often as it follows a day without one? (Christoffersen 1998)

    n01: days with an exception after one without, and so on. 0 ln 0 counts as 0. Raises InputError for counts below zero
    or without a single day.
    """
    names = ("n00", "n01", "n10", "n11")
    a, b, c, d = (_count(value, name) for value, name in zip((n00, n01, n10, n11), names, strict=True))
    if not a + b + c + d:
        raise InputError("christoffersen: there is no pair of days; count transitions over the days of the backtest")
    apart = _log_likelihood(a + b, b, b / (a + b)) if a + b else 0.0
    apart += _log_likelihood(c + d, d, d / (c + d)) if c + d else 0.0
    together = _log_likelihood(a + b + c + d, b + d, (b + d) / (a + b + c + d))
    return _tested(2.0 * (apart - together))


def time_until_first_failure(day: int, probability: float) -> LikelihoodRatio:
    """Did the first exception, on day `day` counted from 1, come when `probability` a day lets it? (Kupiec 1995)"""
    when, p = _count(day, "day"), _probability(probability)
    if when < 1:
        raise InputError(f"time_until_first_failure: day must be 1 or more, not {when}")
    return _tested(2.0 * (_log_likelihood(when, 1, 1.0 / when) - _log_likelihood(when, 1, p)))


def traffic_light(observations: int, exceptions: int, probability: float) -> TrafficLight:
    """Zone of the Basel Committee (1996): yellow where the cumulative binomial probability reaches 95%, red from 99.99%."""
    from scipy.special import bdtr

    n, x = _counts(observations, exceptions)
    cumulative = float(bdtr(x, n, _probability(probability)))
    zone = Zone.GREEN if cumulative < GREEN_UNDER else Zone.YELLOW if cumulative < RED_FROM else Zone.RED
    return TrafficLight(zone, cumulative)


def _tested(statistic: float) -> LikelihoodRatio:
    value = max(0.0, statistic)  # rounding may leave less than nothing
    return LikelihoodRatio(value, math.erfc(math.sqrt(value / 2.0)))


def _log_likelihood(n: int, x: int, p: float) -> float:
    some = x * math.log(p) if x else 0.0
    return some + ((n - x) * math.log1p(-p) if n > x else 0.0)


def _count(value: object, name: str) -> int:
    number = whole_number(value)
    if number is None or not 0 <= number <= MOST_DAYS:
        raise InputError(
            f"{name} must be a whole number of days, zero or more and at most {MOST_DAYS:,}, not {shown(value)}"
        )
    return number


def _counts(observations: object, exceptions: object) -> tuple[int, int]:
    n, x = _count(observations, "observations"), _count(exceptions, "exceptions")
    if not n or x > n:
        raise InputError(f"need observations above 0 and no more exceptions than those; got {n} and {x}")
    return n, x


def _probability(value: object) -> float:
    p = finite_number(value, "probability")
    if not 0.0 < p < 1.0:
        raise InputError(
            f"probability must lie between 0 and 1, the ends excluded, not at {shown(value)}; 99% VaR has 0.01"
        )
    return p
