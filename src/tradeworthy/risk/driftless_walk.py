"""The one drawdown that a formula knows: of a random walk without drift."""

import math

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number

_TERMS = 1_000


def driftless_drawdown_probability(volatility: float, limit: float, horizon: float) -> float:
    """Chance that wealth falls by `limit` (fraction) from a peak within `horizon` periods, watched at every moment.

    The logarithm of wealth is Brownian motion without drift, of `volatility` a period. Its distance below the peak is the
    absolute value of such a motion (Levy 1948), and that leaves (-h, h), h = -ln(1 - limit), by time T with the chance
    1 - 4/pi sum (-1)^k / (2k+1) exp(-(2k+1)^2 pi^2 v^2 T / (8 h^2)) (Feller 1971, X.5). Raises InputError unless
    volatility and horizon are zero or more and 0 < limit < 1.
    """
    sigma, time = finite_number(volatility, "volatility"), finite_number(horizon, "horizon")
    fall = finite_number(limit, "limit")
    if sigma < 0.0 or time < 0.0 or not 0.0 < fall < 1.0:
        raise InputError(
            f"need volatility and horizon of 0 or more and a limit between 0 and 1; got {volatility}, {horizon}, {limit}"
        )
    scaled = sigma * math.sqrt(time) / -math.log1p(-fall)
    return _leaves_by(scaled * scaled)


def _leaves_by(time: float) -> float:
    """Standard Brownian motion has left (-1, 1) by `time`. Short times by reflections, long ones by waves."""
    if time < 1e-4:
        return 0.0
    if time < 0.25:
        root = math.sqrt(2.0 * time)
        total = sum((-1.0 if k % 2 else 1.0) * math.erfc((2 * k + 1) / root) for k in range(8))
        return min(1.0, 2.0 * total)
    total = 0.0
    for k in range(_TERMS):
        odd = 2 * k + 1
        term = math.exp(-odd * odd * math.pi**2 * time / 8.0) / odd
        total += -term if k % 2 else term
        if term < 1e-18:
            break
    return min(1.0, max(0.0, 1.0 - 4.0 / math.pi * total))
