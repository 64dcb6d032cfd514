"""Repeated bets: the chance of ruin, how long it takes, and the stake that makes capital grow fastest."""

import math
from dataclasses import dataclass

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, shown, whole_number
from tradeworthy.risk.observations import probability, representable

MOST_UNITS = 10**15
_SERIES_UNDER = 0.5


@dataclass(frozen=True, slots=True)
class Ruin:
    """probability of losing everything before the target is reached, and expected number of bets until either."""

    probability: float
    duration: float


def ruin(win_probability: float, start: float, target: float) -> Ruin:
    """The gambler's ruin: one unit won or lost a bet, from `start` units until 0 or `target` (Feller 1968, XIV.2 and 3).

    With r = (1 - p) / p: (r^start - r^target) / (1 - r^target), and 1 - start / target at p = 1/2; the duration is
    (start - target P(target)) / (1 - 2p), and start (target - start) at 1/2. Both keep their digits near 1/2 and for any
    number of units. target may be infinite: ruin at any time, whose duration is infinite unless ruin is certain and
    p < 1/2. Raises InputError unless 0 <= p <= 1 and 0 <= start <= target, in whole units up to 10^15.
    """
    p = probability(win_probability, "win_probability")
    begin = _units(start, "start")
    aim: object = target
    if isinstance(aim, float) and aim == math.inf:
        return _without_target(p, begin)
    end = _units(target, "target")
    if not 0 <= begin <= end or not end:
        raise InputError(
            f"need 0 <= start <= target and a target above 0, in units of one bet; got {begin:,} and {end:,}"
        )
    if begin in {0, end}:
        return Ruin(1.0 if not begin else 0.0, 0.0)
    if p in {0.0, 1.0}:
        return Ruin(1.0 - p, float(end - begin if p else begin))
    tilt = math.log1p(-p) - math.log(p)  # ln r
    return Ruin(_chance(tilt, end - begin, end), _duration(tilt, begin, end))


def kelly_fraction(win_probability: float, odds: float = 1.0) -> float:
    """The share of capital to stake that makes it grow fastest: p - (1 - p) / odds (Kelly 1956).

    odds: won per unit staked (2 for a target twice the stop). Zero or less says: do not bet. Raises InputError unless
    0 <= p <= 1 and odds > 0.
    """
    p = probability(win_probability, "win_probability")
    return representable(p - (1.0 - p) / positive(odds, "odds"), "the Kelly fraction")


def merton_fraction(drift: float, risk_free_rate: float, volatility: float, risk_aversion: float = 1.0) -> float:
    """The share of wealth in a risky asset: (drift - risk-free rate) / (risk aversion volatility^2) (Merton 1969).

    All of one period, as fractions; a risk aversion of 1 is Kelly's growth. Raises InputError for a volatility or risk
    aversion that is not above 0, and where the share is past what a number holds.
    """
    edge = finite_number(drift, "drift") - finite_number(risk_free_rate, "risk_free_rate")
    aversion, deviation = positive(risk_aversion, "risk_aversion"), positive(volatility, "volatility")
    return representable(edge / deviation / deviation / aversion, "the share of wealth")


def _units(value: object, name: str) -> int:
    number = whole_number(int(value)) if isinstance(value, float) and value.is_integer() else whole_number(value)
    if number is None or not 0 <= number <= MOST_UNITS:
        raise InputError(
            f"{name} must be a whole number of units of one bet from 0 to {MOST_UNITS:,}, not {shown(value)}"
        )
    return number


def _without_target(p: float, begin: int) -> Ruin:
    if not begin:
        return Ruin(1.0, 0.0)
    if p > 0.5:
        return Ruin(math.exp(begin * (math.log1p(-p) - math.log(p))) if p < 1.0 else 0.0, math.inf)
    return Ruin(1.0, begin / (1.0 - 2.0 * p) if p < 0.5 else math.inf)


def _chance(tilt: float, ahead: float, whole: float) -> float:
    """Of walking `whole - ahead` steps down before `ahead` up, where ln(down / up) = tilt."""
    if tilt == 0.0:
        return ahead / whole
    if tilt > 0.0:
        return math.expm1(-tilt * ahead) / math.expm1(-tilt * whole)
    return math.exp(tilt * (whole - ahead)) * math.expm1(tilt * ahead) / math.expm1(tilt * whole)


def _duration(tilt: float, begin: float, end: float) -> float:
    if abs(tilt * end) < _SERIES_UNDER:
        return _short_duration(tilt, begin, end)
    if tilt > 0.0:
        return (begin - end * _chance(-tilt, begin, end)) / math.tanh(tilt / 2.0)
    return (end - begin - end * _chance(tilt, end - begin, end)) / -math.tanh(tilt / 2.0)


def _short_duration(tilt: float, begin: float, end: float) -> float:
    """The same where both terms are nearly equal, by the series of (e^x - 1) / x, of which they are quotients."""
    difference, whole, term = 0.0, 1.0, 1.0
    share = begin / end
    for k in range(1, 25):
        term *= tilt * end / (k + 1)  # (tilt end)^k / (k + 1)!
        whole += term
        difference += term * (1.0 - share**k) / tilt if tilt else (end - begin) / 2.0 if k == 1 else 0.0
    slope = tilt / math.tanh(tilt / 2.0) if tilt else 2.0
    return begin * difference * slope / whole
