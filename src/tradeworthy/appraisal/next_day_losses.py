"""Value at risk by every method, each held against the days that came."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.risk_record import LossMeasure, LossSeries
from tradeworthy.core.errors import InputError
from tradeworthy.risk.loss_measures import LossMethod, expected_shortfall, value_at_risk
from tradeworthy.risk.model_backtest import ModelBacktest, backtest_value_at_risk

Floats = npt.NDArray[np.float64]

LEVELS = (0.95, 0.99)
WINDOW = 250
NEWEST = 1_000
"""Days that models are held against, the newest: four years, and seconds of work."""
REFIT = 25
SHOWN = LossMethod.HISTORICAL


def loss_table(
    returns: Floats, dates: npt.NDArray[np.int64], seed: int
) -> tuple[tuple[LossMeasure, ...], LossSeries | None]:
    """Of a book's days (n,), dates as days since 1970; and the days of the historical method at 99%, to be drawn."""
    rows: list[LossMeasure] = []
    series = None
    late = returns[-(NEWEST + WINDOW) :]
    for level in LEVELS:
        every = _together(late, level, seed)
        for method in LossMethod:
            tested, why = every.get(method) or _tested(late, level, method, seed)
            rows.append(_measure(returns, level, method, tested, why))
            if method is SHOWN and level == LEVELS[-1] and tested is not None and len(tested.days):
                series = _series(late, dates[-len(late) :], tested)
    return tuple(rows), series


def _together(late: Floats, level: float, seed: int) -> dict[str, tuple[ModelBacktest, str]]:
    """All methods at once, which share what is simulated; nothing where one of them asks for more days than there are."""
    try:
        found = backtest_value_at_risk(late, level, window=WINDOW, refit_every=REFIT, seed=seed)
    except InputError:  # asked one by one, each says what it needs
        return {}
    return {one.method: (one, one.why) for one in found}


def _tested(late: Floats, level: float, method: LossMethod, seed: int) -> tuple[ModelBacktest | None, str]:
    try:
        (found,) = backtest_value_at_risk(late, level, [method], window=WINDOW, refit_every=REFIT, seed=seed)
    except InputError as error:
        return None, str(error)
    return found, found.why


def _measure(returns: Floats, level: float, method: LossMethod, tested: ModelBacktest | None, why: str) -> LossMeasure:
    why_not = {"backtest": why} if why else {}
    loss: float | None = None
    tail: float | None = None
    try:
        loss, tail = value_at_risk(returns, level, method), expected_shortfall(returns, level, method)
    except InputError as error:
        why_not = {"value_at_risk": str(error), **why_not}
    if tested is None or not len(tested.days):
        return LossMeasure(str(method), level, loss, tail, why_not=why_not)
    return LossMeasure(
        str(method), level, loss, tail, len(tested.days), tested.exceptions, tested.expected,
        None if tested.kupiec is None else tested.kupiec.p_value,
        None if tested.christoffersen is None else tested.christoffersen.p_value,
        None if tested.light is None else str(tested.light.zone), tested.z2, tested.z2_p_normal, why_not,
    )  # fmt: skip


def _series(late: Floats, dates: npt.NDArray[np.int64], tested: ModelBacktest) -> LossSeries:
    return LossSeries(
        str(tested.method), tested.level, tuple(day_text(int(dates[one])) for one in tested.days),
        tuple(float(late[one]) for one in tested.days), tuple(float(one) for one in tested.var),
    )  # fmt: skip


def day_text(day: int) -> str:
    """`2024-06-28`, of days since 1970-01-01."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
