"""Does a wild bar follow a wild bar: autocorrelation, Engle's test, and how fast a shock to volatility is forgotten."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.risk.observations import column, count, of_ordinary_size

Floats = npt.NDArray[np.float64]

LAGS = 10
"""Of the test and of the autocorrelations told."""
MOST_LAGS = 10_000
LAGS_PER_OBSERVATION = 10
LONGEST_DECAY = 500
"""Lags that the half-life is fitted on at most."""
SLOWEST = 1.0 - 1e-6
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class ArchTest:
    """Lagrange multiplier of ARCH: `statistic` is chi-squared with `lags` degrees of freedom if there is none."""

    statistic: float
    p_value: float
    lags: int


@dataclass(frozen=True, slots=True)
class Clustering:
    """Whether volatility comes in clusters, over n returns.

    absolute, squared: (LAGS,) autocorrelations of magnitudes and squares at lags 1 and on. arch: Engle's test, None where
    all returns are alike in size. half_life: bars after which a shock to volatility has halved, None where the test finds
    no clusters or they do not fade within the lags looked at.
    """

    n: int
    absolute: tuple[float, ...]
    squared: tuple[float, ...]
    arch: ArchTest | None
    half_life: float | None


def arch_lm(x: npt.ArrayLike, lags: int = LAGS) -> ArchTest:
    """Engle's test (1982): n R^2 of squares on a constant and their own `lags` last values; no mean is taken off.

    x: (n,) returns, or what a model leaves of them. Raises NotEnoughData for fewer than 10 values a lag, InputError for NaN,
    lags below 1, and values all of one size, of which no variance can be told.
    """
    lags = count(lags, "lags", 1, MOST_LAGS)
    squares = np.square(_returns(x, lags))
    if _constant(squares):
        raise InputError("all returns are of one size, so there is nothing that could cluster")
    rows = np.lib.stride_tricks.sliding_window_view(squares, lags + 1)
    y = rows[:, -1] / squares.mean()
    known = np.column_stack((np.ones(len(y)), rows[:, :-1] / squares.mean()))
    errors = y - known @ np.linalg.lstsq(known, y, rcond=None)[0]
    spread = float(np.sum(np.square(y - y.mean())))
    explained = 0.0 if spread == 0.0 else max(0.0, 1.0 - float(errors @ errors) / spread)
    return ArchTest(len(y) * explained, _chi_squared_tail(len(y) * explained, lags), lags)


def clustering_of(x: npt.ArrayLike, lags: int = LAGS) -> Clustering:
    """Clusters in returns (n,), oldest first. Raises as `arch_lm` does, but for values all of one size."""
    lags = count(lags, "lags", 1, MOST_LAGS)
    returns = _returns(x, lags)
    squares = np.square(returns)
    if _constant(squares):
        nothing = (0.0,) * lags
        return Clustering(len(returns), nothing, nothing, None, None)
    sizes = np.abs(returns)
    test = arch_lm(returns, lags)
    longest = min(LONGEST_DECAY, len(returns) // LAGS_PER_OBSERVATION)
    fading = _half_life(autocorrelations(sizes, longest)) if test.p_value <= LEVEL else None
    absolute, squared = (tuple(autocorrelations(values, lags).tolist()) for values in (sizes, squares))
    return Clustering(len(returns), absolute, squared, test, fading)


def autocorrelations(x: Floats, lags: int) -> Floats:
    """(lags,) at lags 1 and on: autocovariances over n, divided by the variance."""
    centred = x - x.mean()
    found: Floats = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, lags + 1)]) / (centred @ centred)
    return found


def _half_life(correlation: Floats) -> float | None:
    """ln 2 / -ln f of the curve c f^(lag - 1) nearest to the autocorrelations by least squares.

    That is their shape for GARCH(1,1) (Bollerslev 1988) and stochastic volatility (Taylor 1986).
    """
    from scipy.optimize import minimize_scalar

    lag = np.arange(len(correlation))

    def missed(fading: float) -> float:
        curve = fading**lag
        height = max(0.0, float(correlation @ curve) / float(curve @ curve))
        return float(np.sum(np.square(correlation - height * curve)))

    grid = 1.0 - np.geomspace(1.0 - SLOWEST, 1.0, 60)
    best = int(np.argmin([missed(one) for one in grid]))
    around = float(grid[min(best + 1, len(grid) - 1)]), float(grid[max(best - 1, 0)])
    fading = float(minimize_scalar(missed, bounds=around, method="bounded").x)
    if fading <= 0.0:
        return None
    bars = math.log(2.0) / -math.log(fading)
    return bars if bars <= len(correlation) else None


def _returns(x: npt.ArrayLike, lags: int) -> Floats:
    needed = LAGS_PER_OBSERVATION * lags
    return of_ordinary_size(column(x, "return", needed, f"a test of clusters over {lags} lags"))


def _constant(squares: Floats) -> bool:
    return float(np.ptp(squares)) <= 1e-12 * max(float(squares.max()), 1e-300)


def _chi_squared_tail(statistic: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))
