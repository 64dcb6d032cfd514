"""Is the expected shortfall right? The second test of Acerbi and Szekely (2014), and what it gives when it is."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, shown, whole_number
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.closed_forms import normal_expected_shortfall, student_t_expected_shortfall
from tradeworthy.risk.observations import column, count, representable, share, tail_level

MOST_DRAWS = 500_000_000
"""Losses in the tail, paths x days x (1 - level): half a minute or so."""
_PIECE = 5_000_000
_DEEPEST = 60.0
_KNOTS = 30_000


def acerbi_szekely_z2(returns: npt.ArrayLike, var: npt.ArrayLike, es: npt.ArrayLike, level: float) -> float:
    """1 - sum of the losses beyond the value at risk, each over its expected shortfall, over n (1 - level).

    0 is expected of a right model; below 0, losses were more or larger than stated (-1: twice). returns: (n,); var, es:
    one number, or (n,) as stated before each return, losses positive, of the same model. Raises InputError where an
    expected shortfall is not above 0 or lies below its value at risk.
    """
    x = column(returns, "return", 1, "a test of the expected shortfall")
    quantiles, means = _stated(var, "value at risk", len(x)), _stated(es, "expected shortfall", len(x))
    tail = 1.0 - share(level, "level")
    if float(means.min()) <= 0.0:
        raise InputError(
            f"expected shortfall {int(means.argmin())} is {means.min():g}; the test divides by it, so it must be above 0"
        )
    short = int((means - quantiles).argmin())
    if means[short] < quantiles[short] - 1e-12 * abs(quantiles[short]):
        raise InputError(
            f"expected shortfall {short} is {means[short]:g}, below the value at risk of {quantiles[short]:g}; give both of "
            "the same model and level"
        )
    beyond = x < -quantiles
    with np.errstate(over="ignore"):
        ratios = x[beyond] / means[beyond]
    return representable(1.0 + float(ratios.sum()) / (len(x) * tail), "Z2")


def acerbi_szekely_critical_value(
    observations: int,
    level: float = 0.975,
    significance: float = 0.05,
    degrees: float | None = None,
    *,
    paths: int = 100_000,
    seed: int = 0,
) -> float:
    """Z2 that a right model falls below with probability `significance`, by simulation.

    degrees: of Student's t for the returns; Normal unless given. The heavier the tail, the farther below 0 it lies, and
    the scale does not matter. Its error is that of a quantile of `paths` draws.
    """
    part = share(significance, "significance")
    return float(np.quantile(z2_when_right(observations, level, degrees, paths=paths, seed=seed), part))


def acerbi_szekely_p_value(
    z2: float,
    observations: int,
    level: float = 0.975,
    degrees: float | None = None,
    *,
    paths: int = 100_000,
    seed: int = 0,
) -> float:
    """Probability of a Z2 as low as this if the model is right: (draws as low + 1) / (paths + 1); arguments as above."""
    drawn = z2_when_right(observations, level, degrees, paths=paths, seed=seed)
    return (int(np.count_nonzero(drawn <= finite_number(z2, "z2"))) + 1) / (len(drawn) + 1)


def z2_when_right(
    observations: int, level: float, degrees: float | None = None, *, paths: int = 100_000, seed: int = 0
) -> Floats:
    """(paths,) draws of Z2 where the model is right: a binomial number of losses, each from the tail itself."""
    n = count(observations, "observations", 1, 1_000_000)
    tail = 1.0 - tail_level(level)
    runs = count(paths, "paths", 100, max(100, int(MOST_DRAWS / max(1.0, n * tail))))
    number = whole_number(seed)
    if number is None:
        raise InputError(f"seed must be a whole number, not {shown(seed)}")
    random = np.random.default_rng(number % 2**64)
    freedom = None if degrees is None else positive(degrees, "degrees")
    mean = normal_expected_shortfall(level) if freedom is None else student_t_expected_shortfall(level, freedom)
    depths, losses = _tail_table(tail, freedom)
    drawn, piece = np.empty(runs), max(1, int(_PIECE / max(1.0, n * tail)))
    for first in range(0, runs, piece):
        counts = random.binomial(n, tail, min(piece, runs - first))
        sums = np.concatenate(([0.0], np.interp(random.exponential(size=int(counts.sum())), depths, losses).cumsum()))
        ends = counts.cumsum()
        drawn[first : first + len(counts)] = 1.0 - (sums[ends] - sums[ends - counts]) / (n * tail * mean)
    return drawn


def _tail_table(tail: float, degrees: float | None) -> tuple[Floats, Floats]:
    """Quantile of the loss by -ln(probability of more / tail), which is exponential within the tail."""
    from scipy.special import ndtri, stdtrit

    depths = np.linspace(0.0, _DEEPEST, _KNOTS)
    chances = tail * np.exp(-depths)
    return depths, -(ndtri(chances) if degrees is None else stdtrit(degrees, chances))


def _stated(value: npt.ArrayLike, name: str, n: int) -> Floats:
    if not isinstance(value, list | tuple) and np.ndim(value) == 0:
        return np.full(n, finite_number(value, name))
    stated = column(value, name, 1, "a test of the expected shortfall")
    if len(stated) != n:
        raise InputError(
            f"there are {len(stated):,} of {name} for {n:,} returns; give one number, or one for each return"
        )
    return stated
