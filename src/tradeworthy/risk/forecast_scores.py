"""Were forecasts of chances right? The Brier score, taken apart, and the reliability diagram behind it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.risk.shares import Span, share_interval

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Forecasts between two edges: how many, their mean, and the share that came true with its Wilson interval.

    consistent: where that share falls in 95 of 100 cases if every forecast is right (Broecker, Smith 2007, by the Normal
    approximation for independent outcomes).
    """

    low: float
    high: float
    n: int
    forecast: float
    observed: float
    interval: Span
    consistent: Span


@dataclass(frozen=True, slots=True)
class ForecastQuality:
    """Of n forecasts of a chance.

    brier = reliability - resolution + uncertainty + within. reliability: mean square distance of forecast and outcome over
    the bins, 0 for a calibrated forecast. resolution: mean square distance of the bins' outcomes from the base rate.
    uncertainty: of the base rate itself (Murphy 1973). within: what putting unequal forecasts into one bin leaves
    (Stephenson, Coelho, Jolliffe 2008). skill: 1 - brier / uncertainty, against knowing the base rate of these very
    outcomes; None where all are alike. skill_against: the same against other forecasts, if given.
    """

    n: int
    base_rate: float
    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    skill: float | None
    skill_against: float | None
    bins: tuple[ReliabilityBin, ...]


def forecast_quality(
    forecasts: npt.ArrayLike,
    outcomes: npt.ArrayLike,
    *,
    against: npt.ArrayLike | None = None,
    bins: int | Sequence[float] = BINS,
) -> ForecastQuality:
    """How good chances were. forecasts: (n,) 0 to 1; outcomes: (n,) 0 or 1; against: (n,) forecasts to be better than.

    bins: so many of equal count, equal forecasts never parted, or edges from 0 to 1. Raises InputError for what is no
    chance or outcome, NotEnoughData for none at all.
    """
    chances, came = checked_forecasts(forecasts, outcomes)
    groups, edges = _groups(chances, bins)
    numbers = np.unique(groups)
    base = float(came.mean())
    brier = float(np.mean((chances - came) ** 2))
    found = tuple(_bin(chances[groups == k], came[groups == k], edges[k], edges[k + 1]) for k in numbers)
    weights = np.array([one.n for one in found]) / len(chances)
    said, seen = np.array([one.forecast for one in found]), np.array([one.observed for one in found])
    reliability = float(weights @ (said - seen) ** 2)
    resolution, uncertainty = float(weights @ (seen - base) ** 2), base * (1.0 - base)
    reference = None if against is None else checked_forecasts(against, outcomes)[0]
    other = None if reference is None else float(np.mean((reference - came) ** 2))
    return ForecastQuality(
        len(chances), base, brier, reliability, resolution, uncertainty,
        brier - reliability + resolution - uncertainty,
        1.0 - brier / uncertainty if uncertainty else None, 1.0 - brier / other if other else None, found,
    )  # fmt: skip


def checked_forecasts(forecasts: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both as columns of one length. Raises InputError where they are not chances, or not outcomes."""
    chances, came = floats("forecasts", forecasts, math.inf), floats("outcomes", outcomes, math.inf)
    if chances.ndim != 1 or chances.shape != came.shape:
        raise InputError(f"give one outcome for each forecast; there are {came.shape} and {chances.shape}")
    if not len(chances):
        raise NotEnoughData("there is no forecast to judge; at least 1 with its outcome is needed")
    _all_chances(chances)
    if not np.isin(came, (0.0, 1.0)).all():
        raise InputError("outcomes are 0 (did not happen) or 1 (did)")
    return chances, came


def given_chances(forecasts: npt.ArrayLike) -> Floats:
    """Chances of any shape. Raises InputError where one of them is none."""
    return _all_chances(floats("forecasts", forecasts, math.inf))


def _all_chances(chances: Floats) -> Floats:
    if not ((chances >= 0.0) & (chances <= 1.0)).all():
        raise InputError("forecasts are chances from 0 to 1; divide scores by 100")
    return chances


def _groups(chances: Floats, bins: int | Sequence[float]) -> tuple[Whole, Floats]:
    """Number of the bin of each forecast, and the edges."""
    groups: Whole
    count = whole_number(bins)
    if count is None and np.ndim(edges := floats("bins", bins, math.inf)) == 1:
        if len(edges) < 2 or edges[0] != 0.0 or edges[-1] != 1.0 or not (np.diff(edges) > 0).all():
            raise InputError(f"edges of bins must rise from 0 to 1, not {shown(bins)}")
        groups = np.clip(np.searchsorted(edges, chances, side="right") - 1, 0, len(edges) - 2)
        return groups, edges
    if count is None or not 1 <= count <= 1_000:
        raise InputError(f"bins must be a whole number from 1 to 1,000, or edges from 0 to 1, not {shown(bins)}")
    inner = np.unique(np.quantile(chances, np.arange(1, count) / count, method="inverted_cdf"))
    groups = np.searchsorted(inner, chances, side="left")  # an edge belongs to the bin below it
    return groups, np.concatenate(([0.0], inner, [1.0]))


def _bin(chances: Floats, came: Floats, low: float, high: float) -> ReliabilityBin:
    n, forecast = len(chances), float(chances.mean())
    spread = 1.959964 * float(np.sqrt(np.sum(chances * (1.0 - chances)))) / n
    return ReliabilityBin(
        float(low), float(high), n, forecast, float(came.mean()), share_interval(int(came.sum()), n),
        Span(max(0.0, forecast - spread), min(1.0, forecast + spread)),
    )  # fmt: skip
