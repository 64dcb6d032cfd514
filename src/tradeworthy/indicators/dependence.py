"""How far apart observations have to be to know nothing of each other: block lengths, and the variance of a mean."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats, floats

_TINY, _ROUNDING = 1e-50, 1e-28


@dataclass(frozen=True, slots=True)
class BlockLength:
    """Expected block length of the stationary and length of the circular block bootstrap, in observations."""

    stationary: float
    circular: float


def _autocovariances(centred: Floats, lags: int) -> Floats:
    n = len(centred)
    return np.array([centred[lag:] @ centred[: n - lag] / n for lag in range(lags + 1)])


def _first_quiet_lag(centred: Floats, runs: int, lags: int) -> int | None:
    """The lag that begins `runs` insignificant autocorrelations in a row; None when there is no such lag."""
    n = len(centred)
    limit = 2 * math.sqrt(math.log10(n) / n)
    quiet = 0
    for lag in range(1, lags):  # the run has to end before the last lag, as in the published program
        ahead, behind = centred[lag:], centred[: n - lag]
        scale = math.sqrt(
            float((centred[lag + 1 :] @ centred[lag + 1 :]) * (centred[: n - lag - 1] @ centred[: n - lag - 1]))
        )
        quiet = quiet + 1 if scale > 0 and abs(float(ahead @ behind)) / scale < limit else 0
        if quiet == runs:
            return lag - runs + 1
    return None


def _flat_top(centred: Floats) -> tuple[float, float]:
    """Sum of all autocovariances, and of those times their lag, by a flat-top window (Politis, Romano 1995).

    Its width is twice the lag that begins five or more insignificant autocorrelations (as in Patton's own program).
    """
    n = len(centred)
    runs = max(5, int(math.log10(n)))
    lags = min(math.ceil(math.sqrt(n)) + runs, n - 2)
    quiet = _first_quiet_lag(centred, runs, lags)
    width = lags if quiet is None else min(2 * quiet, lags)
    covariance = _autocovariances(centred, width)
    lag = np.arange(1, width + 1)
    flat_top = np.where(lag / width <= 0.5, 1.0, 2.0 * (1.0 - lag / width))
    total = covariance[0] + 2.0 * float(np.sum(flat_top * covariance[1:]))
    return float(total), 2.0 * float(np.sum(flat_top * lag * covariance[1:]))


def _centred(x: npt.ArrayLike, what: str) -> tuple[Floats, float]:
    """Deviations from the mean, all zero for a constant, and the power of two that they are in units of."""
    values = floats("observations", x)
    if values.ndim != 1 or len(values) < 8 or not np.isfinite(values).all():
        raise InputError(f"{what} needs one column of at least 8 finite observations")
    unit = _unit(values)
    values = values / unit if unit != 1.0 else values
    centred = values - values.mean()
    constant = float(centred @ centred) <= _ROUNDING * float(values @ values)
    return np.zeros(len(values)) if constant else centred, unit


def _unit(values: Floats) -> float:
    """1 unless the numbers are so small that their squares vanish."""
    peak = float(np.abs(values).max())
    return 1.0 if not 0.0 < peak < _TINY else 2.0 ** math.frexp(peak)[1]


def long_run_variance(x: npt.ArrayLike) -> float:
    """Variance of the mean of `x`, shape (n,), n >= 8, times n, where neighbours know of each other; at least 0.

    The flat-top estimate (Politis, Romano 1995). Raises InputError for NaN or fewer than 8 observations.
    """
    centred, unit = _centred(x, "a long-run variance")
    return max(0.0, _flat_top(centred)[0]) * unit * unit if centred.any() else 0.0


def optimal_block_length(x: npt.ArrayLike) -> BlockLength:
    """Block lengths that minimise the error of the bootstrap variance of the mean of `x`, shape (n,), n >= 8.

    Politis, White 2004 with the correction of Patton, Politis, White 2009. A constant series has length 1.
    Raises InputError for NaN or fewer than 8 observations.
    """
    centred, _ = _centred(x, "a block length")
    if not centred.any():
        return BlockLength(1.0, 1.0)
    n = len(centred)
    spectrum, slope = _flat_top(centred)
    longest = math.ceil(min(3 * math.sqrt(n), n / 3))
    if spectrum == 0:
        return BlockLength(float(longest), float(longest))
    raw = [float((2 * slope**2 / (factor * spectrum**2)) ** (1 / 3)) * n ** (1 / 3) for factor in (2.0, 4.0 / 3.0)]
    stationary, circular = (min(length, float(longest)) for length in raw)
    return BlockLength(stationary, circular)


def block_lengths(x: npt.ArrayLike) -> BlockLength:
    """Block lengths of either bootstrap for `x`: the longer one that levels and magnitudes ask for, at least 1.

    Magnitudes count because losses that cluster make a run of bad trades likelier than their signs alone would. Under
    8 observations nothing can be estimated and blocks of one are used.
    """
    values = floats("observations", x)
    if values.ndim != 1:
        raise InputError(f"a block length needs one column, not an array of shape {values.shape}")
    if len(values) < 8:
        return BlockLength(1.0, 1.0)
    levels, sizes = optimal_block_length(values), optimal_block_length(np.abs(values))
    return BlockLength(max(1.0, levels.stationary, sizes.stationary), max(1.0, levels.circular, sizes.circular))


def block_length(x: npt.ArrayLike) -> float:
    """Expected block of the stationary bootstrap for `x`, as `block_lengths` has it."""
    return block_lengths(x).stationary
