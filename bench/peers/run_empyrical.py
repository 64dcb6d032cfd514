"""empyrical, asked: the time of the thirteen statistics that it has for one column of returns."""

from typing import Any

import empyrical as ep  # type: ignore[import-not-found]  # lives in the peer's environment only
import numpy as np
from answering import answer_all, timed

ALL = (
    ep.cum_returns_final,
    ep.annual_return,
    ep.annual_volatility,
    ep.sharpe_ratio,
    ep.sortino_ratio,
    ep.calmar_ratio,
    ep.omega_ratio,
    ep.max_drawdown,
    ep.downside_risk,
    ep.stability_of_timeseries,
    ep.tail_ratio,
    ep.value_at_risk,
    ep.conditional_value_at_risk,
)


def statistics(question: dict[str, Any]) -> float:
    """Seconds of all of them."""
    daily = np.load(question["returns"])
    return timed(lambda: [each(daily) for each in ALL])


answer_all(ep.__version__, {"statistics": statistics})
