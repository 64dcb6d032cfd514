"""Honest statistics: measures, intervals, comparison with a baseline, pooling, parameter findings, verdicts."""

from tradeworthy.core.lazy import attach

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
