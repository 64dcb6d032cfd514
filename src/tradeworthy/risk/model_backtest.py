"""Which model of losses would have held? Each is fitted to a window, asked about the next day, and moved on by a day."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.exceptions_of_var import LikelihoodRatio, TrafficLight, christoffersen, kupiec, traffic_light
from tradeworthy.risk.loss_measures import FEWEST, LossMethod, loss_model
from tradeworthy.risk.loss_models import EmpiricalLosses, FilteredLosses, LossModel
from tradeworthy.risk.observations import column, count, tail_level, word
from tradeworthy.risk.shortfall_test import acerbi_szekely_z2, z2_when_right
from tradeworthy.risk.volatility_filter import Garch, fit_garch

HEAVY_TAIL = 3.0
"""Degrees of freedom of the heavier of the two tails that Z2 is held against, as in Acerbi and Szekely (2014)."""
_Z2_PATHS = 20_000
_SLOW = {LossMethod.STUDENT_T, LossMethod.POT, LossMethod.FILTERED}


@dataclass(frozen=True, slots=True, eq=False)
class ModelBacktest:
    """How one model did, out of sample.

    days: (m,) places in the record of the days it was asked about and answered; var, es: (m,) what it said before each.
    exceptions: days that lost more; expected: m (1 - level). kupiec, christoffersen, light, z2 judge those (None where not
    a day was answered, and z2 where an expected shortfall is not above 0). z2_p_normal, z2_p_heavy: chance of a Z2 as low
    from a right model with Normal returns, and with Student's t of 3 degrees of freedom. refused: days on which the model
    could not be fitted, which count nowhere else; why: the sentence of the first of them, empty without.
    """

    method: LossMethod
    level: float
    days: npt.NDArray[np.int64]
    var: Floats
    es: Floats
    exceptions: int
    expected: float
    kupiec: LikelihoodRatio | None
    christoffersen: LikelihoodRatio | None
    light: TrafficLight | None
    z2: float | None
    z2_p_normal: float | None
    z2_p_heavy: float | None
    refused: int
    why: str


def backtest_value_at_risk(
    x: npt.ArrayLike,
    level: float = 0.99,
    methods: Iterable[str] | None = None,
    *,
    window: int = 250,
    refit_every: int = 5,
    seed: int = 0,
) -> tuple[ModelBacktest, ...]:
    """Value at risk and expected shortfall of each day of `x` (n,) from the `window` days before it, by each method, judged.

    methods: all six unless given. refit_every: days for which parameters of student_t, filtered and pot are kept; the
    volatility of filtered moves on every day all the same, and the other methods are fitted anew each day. seed: of
    the simulated distribution of Z2. Raises NotEnoughData where the window is too short for a method or level, or where
    fewer days follow it than 1 / (1 - level); InputError for a NaN or infinite return, a level below 0.5 and an unknown
    method.
    """
    part, size = tail_level(level), count(window, "window", 2, 10_000_000)
    days_kept = count(refit_every, "refit_every", 1, 10_000_000)
    chosen, number = _methods(methods), whole_number(seed)
    if number is None:
        raise InputError(f"seed must be a whole number, not {shown(seed)}")
    needed = max(*(FEWEST[one] for one in chosen), _for_level(part, chosen))
    if size < needed:
        raise NotEnoughData(
            f"level {part:g} with {', '.join(chosen)} needs a window of at least {needed:,} days, not {size:,}"
        )
    follow = math.ceil(1.0 / (1.0 - part) - 1e-6)
    returns = column(x, "return", size + follow, f"a backtest at level {part:g} over windows of {size:,} days")
    known: dict[tuple[int, float | None], Floats] = {}
    return tuple(_judged(returns, part, one, size, days_kept, number, known) for one in chosen)


def _methods(methods: Iterable[str] | None) -> tuple[LossMethod, ...]:
    if methods is None:
        return tuple(LossMethod)
    try:
        asked = [methods] if isinstance(methods, str) else list(methods)
    except TypeError:
        asked = []
    if not asked:
        raise InputError(f"methods must be a list of names, not {shown(methods)}; choose among {', '.join(LossMethod)}")
    return tuple(dict.fromkeys(word(one, LossMethod, "method") for one in asked))


def _for_level(level: float, chosen: tuple[LossMethod, ...]) -> int:
    empirical = {LossMethod.HISTORICAL, LossMethod.FILTERED} & set(chosen)
    return math.ceil(1.0 / (1.0 - level) - 1e-6) if empirical else 0


def _judged(
    returns: Floats,
    level: float,
    method: LossMethod,
    window: int,
    kept: int,
    seed: int,
    known: dict[tuple[int, float | None], Floats],
) -> ModelBacktest:
    answers, why = _answers(returns, level, method, window, kept)
    refused = len(returns) - window - len(answers)
    days = np.array([day for day, _, _ in answers], dtype=np.int64)
    var, es = (np.array([one[place] for one in answers], dtype=np.float64) for place in (1, 2))
    beyond = returns[days] < -var
    tail = round(1.0 - level, 15)  # 0.01 and not a little more
    m, exceptions, expected = len(days), int(beyond.sum()), len(days) * tail
    if not m:
        return ModelBacktest(method, level, days, var, es, 0, 0.0, None, None, None, None, None, None, refused, why)
    z2 = acerbi_szekely_z2(returns[days], var, es, level) if float(es.min()) > 0.0 else None
    normal, heavy = (_chance(z2, m, level, degrees, seed, known) for degrees in (None, HEAVY_TAIL))
    return ModelBacktest(
        method,
        level,
        days,
        var,
        es,
        exceptions,
        expected,
        kupiec(m, exceptions, tail),
        _independence(days, beyond),
        traffic_light(m, exceptions, tail),
        z2,
        normal,
        heavy,
        refused,
        why,
    )


def _chance(
    z2: float | None,
    m: int,
    level: float,
    degrees: float | None,
    seed: int,
    known: dict[tuple[int, float | None], Floats],
) -> float | None:
    if z2 is None:
        return None
    if (m, degrees) not in known:
        known[m, degrees] = z2_when_right(m, level, degrees, paths=_Z2_PATHS, seed=seed)
    return (int(np.count_nonzero(known[m, degrees] <= z2)) + 1) / (_Z2_PATHS + 1)


def _independence(days: npt.NDArray[np.int64], beyond: npt.NDArray[np.bool_]) -> LikelihoodRatio | None:
    """Over days that follow one another."""
    counts = [0, 0, 0, 0]
    for (first, one), (second, other) in itertools.pairwise(zip(days.tolist(), beyond.tolist(), strict=True)):
        if second == first + 1:
            counts[2 * one + other] += 1
    return christoffersen(*counts) if any(counts) else None


def _answers(
    returns: Floats, level: float, method: LossMethod, window: int, kept: int
) -> tuple[list[tuple[int, float, float]], str]:
    """Day, value at risk and expected shortfall where the model could be fitted, and why it first could not."""
    found: list[tuple[int, float, float]] = []
    why = ""
    model: LossModel | None = None
    garch: Garch | None = None
    fitted = window
    for day in range(window, len(returns)):
        try:
            if method not in _SLOW or (day - window) % kept == 0:
                model, garch, fitted = None, None, day
                if method is LossMethod.FILTERED:
                    garch = fit_garch(returns[day - window : day])
                else:
                    model = loss_model(returns[day - window : day], method)
            if garch is not None:
                model = _moved_on(garch, returns[fitted - window : day], window)
            if model is not None:
                found.append((day, model.var(level), model.es(level)))
        except InputError as refusal:
            model, garch = None, None
            why = why or str(refusal)
    return found, why


def _moved_on(garch: Garch, returns: Floats, window: int) -> FilteredLosses:
    volatility = garch.volatility(returns)
    shocks = (garch.mean - returns) / volatility[:-1]
    return FilteredLosses(garch.mean, float(volatility[-1]), EmpiricalLosses(np.sort(shocks[-window:])))
