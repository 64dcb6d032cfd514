"""Honest statistics: measures, intervals, comparison with a baseline, pooling, parameter findings, verdicts."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.validation.dependence import optimal_block_length as optimal_block_length
    from tradeworthy.validation.intervals import wilson_interval as wilson_interval
    from tradeworthy.validation.measures import annual_volatility as annual_volatility
    from tradeworthy.validation.measures import calmar_ratio as calmar_ratio
    from tradeworthy.validation.measures import downside_risk as downside_risk
    from tradeworthy.validation.measures import max_drawdown as max_drawdown
    from tradeworthy.validation.measures import omega_ratio as omega_ratio
    from tradeworthy.validation.measures import sharpe_ratio as sharpe_ratio
    from tradeworthy.validation.measures import sortino_ratio as sortino_ratio

__all__ = [
    "annual_volatility",
    "calmar_ratio",
    "downside_risk",
    "max_drawdown",
    "omega_ratio",
    "optimal_block_length",
    "sharpe_ratio",
    "sortino_ratio",
    "wilson_interval",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "annual_volatility": "measures",
        "calmar_ratio": "measures",
        "downside_risk": "measures",
        "max_drawdown": "measures",
        "omega_ratio": "measures",
        "optimal_block_length": "dependence",
        "sharpe_ratio": "measures",
        "sortino_ratio": "measures",
        "wilson_interval": "intervals",
    },
    public=__all__,
)
