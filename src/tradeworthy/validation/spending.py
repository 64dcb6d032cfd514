"""Looking more than once: what an ordinary test's error becomes, and how to spend an error over the looks instead."""

import math
from collections.abc import Sequence
from enum import StrEnum
from statistics import NormalDist
from typing import overload

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.indicators.given_numbers import Floats, floats
from tradeworthy.validation.arguments import above, inside, one_of, whole
from tradeworthy.validation.crossing import Continuing, start

_MOST_LOOKS = 2_600  # ten years of days; the work grows with the square of the looks
_NARROWEST = (
    1e-4  # share of the information so far that a look must add, or the integration would need millions of places
)
_HIGHEST = 38.0  # z-values beyond it have a probability that no float can hold


class SpendingKind(StrEnum):
    """How the error is spent: hardly any early, evenly, or by a power of the information."""

    OBRIEN_FLEMING = "obrien_fleming"
    POCOCK = "pocock"
    POWER = "power"


def _kind(kind: object) -> SpendingKind:
    if not isinstance(kind, str) or kind not in list(SpendingKind):
        raise InputError(f"there is no spending function {shown(kind)}; choose one of {', '.join(SpendingKind)}")
    return SpendingKind(kind)


def _spent(share: Floats, error: float, kind: SpendingKind, exponent: float) -> Floats:
    from scipy.special import ndtr

    if kind is SpendingKind.OBRIEN_FLEMING:
        z = NormalDist().inv_cdf(max(error / 2, math.ulp(0.0)))
        with np.errstate(divide="ignore"):
            return np.asarray(2.0 * ndtr(z / np.sqrt(share)))
    return error * (np.log1p((math.e - 1) * share) if kind is SpendingKind.POCOCK else share**exponent)


@overload
def alpha_spending(information: float, error: float = ..., kind: str = ..., *, exponent: float = ...) -> float: ...
@overload
def alpha_spending(
    information: Sequence[float] | Floats, error: float = ..., kind: str = ..., *, exponent: float = ...
) -> Floats: ...
def alpha_spending(
    information: float | Sequence[float] | Floats,
    error: float = 0.025,
    kind: str = SpendingKind.OBRIEN_FLEMING,
    *,
    exponent: float = 2.0,
) -> float | Floats:
    """Cumulative error spent when the share `information` (0 to 1, one or several) of all that is planned has come in.

    "obrien_fleming": 2 - 2 Phi(z / sqrt(t)) with z the upper error/2 quantile; "pocock": error ln(1 + (e - 1) t); both Lan, DeMets
    1983. "power": error t^exponent, Kim, DeMets 1987. The error is that of one side. Raises InputError for shares
    outside 0 to 1, an error outside 0 to 1, an exponent of 0 or less, and other kinds.
    """
    share = floats("information", information)
    if share.ndim > 1 or not ((share >= 0.0) & (share <= 1.0)).all():
        raise InputError("information must be shares of what is planned, from 0 to 1")
    spent = _spent(share, inside("error", error), _kind(kind), above("exponent", exponent, 0))
    return float(spent) if spent.ndim == 0 else spent


def _looks(information: Sequence[float] | Floats) -> list[float]:
    share = floats("information", information)
    if share.ndim != 1 or not 1 <= len(share) <= _MOST_LOOKS:
        raise InputError(f"information must be one share for each look, for 1 to {_MOST_LOOKS} looks")
    before = np.concatenate(([0.0], share[:-1]))
    if not (share[0] > 0.0 and share[-1] <= 1.0 and (share - before > _NARROWEST * before).all()):
        raise InputError("information must grow from look to look, by 0.01% at least, from above 0 to at most 1")
    return [float(one) for one in share]


def _bound(continuing: Continuing, time: float, error: float, sides: int) -> float:
    from scipy.optimize import brentq

    lowest = 0.0 if sides == 2 else -_HIGHEST
    if error <= continuing.beyond(_HIGHEST, time):
        return math.inf
    if error >= continuing.beyond(lowest, time):  # all that is left is spent
        return lowest
    return float(brentq(lambda z: continuing.beyond(z, time) - error, lowest, _HIGHEST, xtol=1e-12))


def spending_bounds(
    information: Sequence[float] | Floats,
    error: float = 0.025,
    kind: str = SpendingKind.OBRIEN_FLEMING,
    *,
    sides: int = 1,
    exponent: float = 2.0,
) -> tuple[float, ...]:
    """The z-value to stop at, look by look, so that all looks together err with the probability that `alpha_spending` allows.

    `information`, shape (looks,): growing shares, 0 excluded, of what is planned. With sides=2 half the error is spent on
    either side and the bounds are those of |z|. A look that has nothing to spend has the bound infinity. By numerical
    integration, to about nine digits. Raises InputError as alpha_spending does, and for shares that do not grow.
    """
    times = _looks(information)
    per_side = inside("error", error) / one_of("sides", sides, (1, 2))
    spent = np.diff(alpha_spending(times, per_side, kind, exponent=exponent), prepend=0.0)
    continuing, bounds = start(), []
    for look, time in enumerate(times):
        bounds.append(_bound(continuing, time, float(spent[look]), sides))
        if look + 1 < len(times):
            low = -bounds[-1] if sides == 2 else -math.inf
            continuing = continuing.after(low, bounds[-1], time, math.sqrt(times[look + 1] - time))
    return tuple(bounds)


def repeated_looks_error(looks: int, level: float = 0.05, *, sides: int = 2) -> float:
    """Probability that a test at `level`, repeated at `looks` equal steps of growing data, is ever significant by luck.

    Two-sided unless sides=1. Armitage, McPherson, Rowe 1969, by numerical integration. Raises InputError for looks
    that are not a whole number from 1 to 2,600 and levels outside 0 to 1.
    """
    count = whole("looks", looks, 1)
    tail = inside("level", level) / one_of("sides", sides, (1, 2))
    if count > _MOST_LOOKS:
        raise InputError(
            f"the error is computed for up to {_MOST_LOOKS} looks, not {looks}; it goes on growing towards certainty"
        )
    z = -NormalDist().inv_cdf(max(tail, math.ulp(0.0)))
    low = -z if sides == 2 else -math.inf
    continuing, error = start(), 0.0
    for look in range(1, count + 1):
        error += continuing.beyond(z, look) + (continuing.below(low, look) if sides == 2 else 0.0)
        if look < count:
            continuing = continuing.after(low, z, look, 1.0)
    return min(error, 1.0)
