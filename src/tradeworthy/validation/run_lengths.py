"""How long a CUSUM runs before it alarms, when nothing has changed and when something has.

Average run lengths solve an integral equation (Page 1954; Vance 1986), here by Gauss-Legendre quadrature: from a sum at u,
L(u) = 1 + L(0) P(next sum is 0) + integral of L(y) over the density of the next sum being y, up to the threshold.
"""

import math
from functools import lru_cache

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.validation.arguments import above, at_least, finite

LONGEST = 1e11
"""Observations; longer averages drown in rounding."""
HIGHEST = 200.0
"""Threshold in standard deviations that the quadrature has points for."""
_LEAST_NODES, _NODES_EACH = 40, 4
_NEVER, _AT_ONCE = 7.0, 40.0
"""Standard deviations: a sum rises from 0 less than once in LONGEST observations; the first observation alarms."""


def cusum_arl(reference: float, threshold: float, shift: float = 0.0, two_sided: bool = True) -> float:
    """Average number of independent Normal observations (standard deviation 1) until a CUSUM started at 0 alarms.

    reference: k, what each observation has to exceed to raise a sum. threshold: h, above which a sum alarms. shift: mean
    of the observations. two_sided: sums for rises and for falls, which combine as 1 / L = 1 / L+ + 1 / L- (Kemp 1961);
    otherwise the one for rises. All in standard deviations. Raises InputError for a reference below 0, a threshold not
    above 0 or over 200, and where the average would be over 1e11.
    """
    k, h, mean = at_least("reference", reference, 0.0), above("threshold", threshold, 0.0), finite("shift", shift)
    if h > HIGHEST:
        raise InputError(f"threshold must be at most {HIGHEST:g} standard deviations, not {threshold}")
    up, down = _one_sided(k, h, mean), _one_sided(k, h, -mean) if two_sided else math.inf
    length = min(up, down) if math.isinf(max(up, down)) else 1.0 / (1.0 / up + 1.0 / down)
    if not length <= LONGEST:
        raise InputError(
            f"a CUSUM with reference {k:g} and threshold {h:g} runs for over {LONGEST:g} observations on average; lower them"
        )
    return length


def cusum_threshold(reference: float, run_length: float) -> float:
    """The threshold at which a one-sided CUSUM of Normal observations runs for `run_length` of them on average.

    Raises InputError unless 2 <= run_length <= 1e9, or where no threshold up to 200 is high enough.
    """
    k, wanted = at_least("reference", reference, 0.0), at_least("run_length", run_length, 2.0)
    if wanted > 1e9:
        raise InputError(f"run_length must be at most 1e9 observations, not {wanted:g}")
    return _threshold(k, wanted)


@lru_cache(maxsize=256)
def _threshold(k: float, wanted: float) -> float:
    from scipy.optimize import brentq

    low, high = 1e-9, 1.0
    if _one_sided(k, low, 0.0) >= wanted:
        raise InputError(
            f"with a reference of {k:g} even the lowest threshold runs for longer than {wanted:g}; lower the reference"
        )
    while _one_sided(k, high, 0.0) < wanted:
        low, high = high, 2.0 * high
        if high > HIGHEST:
            raise InputError(
                f"no threshold up to {HIGHEST:g} runs for {wanted:g} observations with reference {k:g}; ask for fewer"
            )
    found: float = brentq(lambda h: math.log(min(_one_sided(k, h, 0.0), 100 * LONGEST) / wanted), low, high, xtol=1e-9)
    return found


def _one_sided(k: float, h: float, mean: float) -> float:
    from scipy.special import ndtr

    if k - mean > _NEVER:
        return math.inf
    if mean - k - h > _AT_ONCE:
        return 1.0
    nodes, weights = np.polynomial.legendre.leggauss(_LEAST_NODES + math.ceil(_NODES_EACH * h))
    sums, weights = h * (nodes + 1.0) / 2.0, weights * h / 2.0
    starts = np.concatenate(([0.0], sums))
    equations = np.eye(len(starts))
    equations[:, 0] -= ndtr(k - starts - mean)
    away = sums[np.newaxis, :] + k - starts[:, np.newaxis] - mean
    equations[:, 1:] -= np.exp(-0.5 * away * away) / math.sqrt(2.0 * math.pi) * weights
    try:
        length = float(np.linalg.solve(equations, np.ones(len(starts)))[0])
    except np.linalg.LinAlgError:  # the sum hardly ever leaves 0, so that the first equation is lost in rounding
        return math.inf
    return length if 1.0 <= length <= 100 * LONGEST else math.inf
