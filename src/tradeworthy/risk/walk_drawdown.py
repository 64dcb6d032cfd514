"""The drawdown that luck alone gives a system without an edge."""

import math
from functools import lru_cache

import numpy as np

from tradeworthy.core.finite import non_negative
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.observations import count, representable

MOST_STEPS = 10**12
_EXACT_STEPS = 64
_OVERSHOOT = 0.5825971579390107
"""-zeta(1/2) / sqrt(2 pi): by how much a walk is expected to be past a far line when it is first seen beyond (Siegmund 1979)."""
_THIRD_TERM = -0.0264
"""Of the expansion, measured on 64 to 252 steps by quadrature."""


def expected_max_drawdown(volatility: float, horizon: float, steps: int | None = None) -> float:
    """Expected largest fall from an earlier peak of a Normal walk without drift, in the unit of `volatility`.

    volatility: per unit of time. horizon: in that unit. sqrt(pi / 2) volatility sqrt(horizon) if watched without a pause
    (Magdon-Ismail, Atiya, Pratap, Abu-Mostafa 2004), less if watched at `steps` equal steps: then by quadrature up to 64
    of them, and by an expansion with a relative error below 1e-6 beyond. In sums of returns, not compounded. Raises
    InputError for a volatility or horizon below 0, and steps below 1.
    """
    spread = non_negative(volatility, "volatility") * math.sqrt(non_negative(horizon, "horizon"))
    if steps is None:
        return representable(math.sqrt(math.pi / 2.0) * spread, "the expected drawdown")
    n = count(steps, "steps", 1, MOST_STEPS)
    unit: float = _by_quadrature(n) if n <= _EXACT_STEPS else _expanded(n)
    return representable(spread * unit / math.sqrt(n), "the expected drawdown")


def _expanded(n: int) -> float:
    root = math.sqrt(n)
    return math.sqrt(math.pi / 2.0) * (root + 0.25 / root) - 2.0 * _OVERSHOOT + _THIRD_TERM / (n * root)


@lru_cache(maxsize=_EXACT_STEPS)
def _by_quadrature(n: int) -> float:
    """For unit steps: the integral over h of the chance that the distance from the peak passes h within n steps.

    That distance is 0 or the last one plus a Normal step, whichever is larger, as the sum of a CUSUM is (Page 1954).
    """
    highest = 6.5 * math.sqrt(n) + 3.0
    heights, weights = np.polynomial.legendre.leggauss(40)
    chances = np.array([1.0 - _never(0.5 * highest * (one + 1.0), n) for one in heights])
    return float(weights @ chances) * 0.5 * highest


def _never(height: float, n: int) -> float:
    from scipy.special import ndtr

    nodes, weights = np.polynomial.legendre.leggauss(24 + math.ceil(2.0 * height))
    places = np.concatenate(([0.0], 0.5 * height * (nodes + 1.0)))
    ahead = places[np.newaxis, 1:] - places[:, np.newaxis]
    moves = np.empty((len(places), len(places)))
    moves[:, 0] = ndtr(-places)
    moves[:, 1:] = np.exp(-0.5 * ahead * ahead) / math.sqrt(2.0 * math.pi) * weights * 0.5 * height
    stays: Floats = np.ones(len(places))
    for _ in range(n):
        stays = moves @ stays
    return float(stays[0])
