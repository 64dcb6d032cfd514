"""How far a simulated quantile may be off: for want of paths, which more paths mend, and for want of data, which they do not."""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.intervals import Interval
from tradeworthy.risk.loss_models import EmpiricalLosses
from tradeworthy.risk.observations import column, count, share, word
from tradeworthy.risk.simulation import Drawing, SimulatedPaths, monte_carlo

FEWEST = 20
"""Returns under which resampling a record says nothing of its error."""
FEWEST_RESAMPLES, MOST_RESAMPLES = 20, 100_000


class PathMeasure(StrEnum):
    """Of a path: its deepest fall, or its loss at the end, both positive."""

    DRAWDOWN = "drawdown"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class SimulatedQuantile:
    """value: the quantile, positive as a fraction of wealth.

    simulation: interval for the quantile of infinitely many paths out of this record; simulation_error: half of it in
    standard errors. estimation: interval over records as this one could have been; estimation_error: their standard
    deviation, less what their own number of paths adds. paths, resamples: how many of each.
    """

    value: float
    simulation: Interval
    simulation_error: float
    estimation: Interval
    estimation_error: float
    paths: int
    resamples: int


def simulated_quantile(
    x: npt.ArrayLike,
    level: float = 0.95,
    of: str = "drawdown",
    *,
    paths: int = 10_000,
    horizon: int | None = None,
    method: str = "stationary",
    block: float | None = None,
    seed: int = 0,
    resamples: int = 200,
    confidence: float = 0.95,
) -> SimulatedQuantile:
    """Quantile at `level` of the drawdown or loss of simulated paths, with both its errors apart.

    x, paths, horizon, method, block, seed: as for `monte_carlo`. The error of the number of paths is by order statistics,
    which hold for any distribution; that of the record by drawing it anew `resamples` times, in blocks of the same length
    (stationary bootstrap, Politis, Romano 1994), and simulating out of each. Raises NotEnoughData under 20 returns and for
    too few paths for the level; InputError as `monte_carlo` does.
    """
    returns = column(x, "return", FEWEST, "the error of a simulated quantile")
    part, trust, what = share(level, "level"), share(confidence, "confidence"), _measure(of)
    rounds = count(resamples, "resamples", FEWEST_RESAMPLES, MOST_RESAMPLES)
    simulated = monte_carlo(returns, paths, horizon, method, seed, block=block)
    values = _values(simulated, what)
    inside = quantile_interval(values, part, trust)
    noise = (inside.high - inside.low) / 2.0 / NormalDist().inv_cdf(0.5 + trust / 2.0)
    random = np.random.default_rng([simulated.seed % 2**64, rounds])
    other = np.empty(rounds)
    length = int(simulated.block) if simulated.method is Drawing.CIRCULAR else simulated.block
    for i in range(rounds):
        drawn = returns[_places(len(returns), simulated.block, random)]
        again = monte_carlo(drawn, paths, simulated.horizon, method, seed, block=length)
        other[i] = EmpiricalLosses(_values(again, what)).var(part)
    low, high = (float(one) for one in np.quantile(other, [0.5 - trust / 2.0, 0.5 + trust / 2.0]))
    error = math.sqrt(max(0.0, float(other.var(ddof=1)) - noise * noise))
    value = EmpiricalLosses(values).var(part)
    return SimulatedQuantile(value, inside, noise, Interval(low, high, trust), error, len(values), rounds)


def quantile_interval(values: npt.ArrayLike, level: float, confidence: float = 0.95) -> Interval:
    """Interval for the quantile at `level` of what independent `values` (n,) were drawn from, whatever that is.

    From one order statistic to another, by the binomial number of values below the quantile (David, Nagaraja 2003, 7.1);
    it covers with `confidence` or a little more. Raises NotEnoughData where the values are too few to reach beyond it.
    """
    from scipy.special import bdtr

    ranked = np.sort(column(values, "value", 1, "an interval of a quantile"))
    n, part, trust = len(ranked), share(level, "level"), share(confidence, "confidence")
    outside = (1.0 - trust) / 2.0
    needed = math.ceil(min(1e18, math.log(outside) / math.log1p(-min(part, 1.0 - part))) - 1e-9)
    if n < needed:
        raise NotEnoughData(
            f"an interval of {100 * trust:g}% for the quantile at {part:g} needs at least {needed:,} values; there are {n:,}"
        )
    chances = bdtr(np.arange(n + 1.0), n, part)  # of at most so many values below the quantile
    low = int(np.searchsorted(chances, outside, side="right"))
    high = int(np.searchsorted(chances, 1.0 - outside, side="left")) + 1
    return Interval(float(ranked[max(0, low - 1)]), float(ranked[min(n, high) - 1]), trust)


def _measure(of: str) -> PathMeasure:
    return word(of, PathMeasure, "measure of a path")


def _values(simulated: SimulatedPaths, what: PathMeasure) -> Floats:
    return np.sort(-(simulated.max_drawdown if what is PathMeasure.DRAWDOWN else simulated.terminal))


def _places(n: int, block: float, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Of one stationary resample: blocks of geometric length that wrap round."""
    anew = random.random(n) < 1.0 / block
    anew[0] = True
    begun = np.maximum.accumulate(np.where(anew, np.arange(n), 0))
    starts = random.integers(0, n, n)
    places: npt.NDArray[np.int64] = (starts[begun] + np.arange(n) - begun) % n
    return places
