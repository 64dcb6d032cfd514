"""Honest statistics: measures, intervals, comparison with a baseline, pooling, parameter findings, verdicts."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.validation.curve_measures import cagr as cagr
    from tradeworthy.validation.curve_measures import drawdowns as drawdowns
    from tradeworthy.validation.dependence import optimal_block_length as optimal_block_length
    from tradeworthy.validation.intervals import wilson_interval as wilson_interval
    from tradeworthy.validation.measures import annual_volatility as annual_volatility
    from tradeworthy.validation.measures import calmar_ratio as calmar_ratio
    from tradeworthy.validation.measures import downside_risk as downside_risk
    from tradeworthy.validation.measures import kurtosis as kurtosis
    from tradeworthy.validation.measures import max_drawdown as max_drawdown
    from tradeworthy.validation.measures import omega_ratio as omega_ratio
    from tradeworthy.validation.measures import sharpe_ratio as sharpe_ratio
    from tradeworthy.validation.measures import skewness as skewness
    from tradeworthy.validation.measures import sortino_ratio as sortino_ratio
    from tradeworthy.validation.measures import tail_ratio as tail_ratio
    from tradeworthy.validation.trade_measures import average_bars_held as average_bars_held
    from tradeworthy.validation.trade_measures import average_loss as average_loss
    from tradeworthy.validation.trade_measures import average_win as average_win
    from tradeworthy.validation.trade_measures import expectancy as expectancy
    from tradeworthy.validation.trade_measures import expectancy_ratio as expectancy_ratio
    from tradeworthy.validation.trade_measures import largest_loss as largest_loss
    from tradeworthy.validation.trade_measures import largest_win as largest_win
    from tradeworthy.validation.trade_measures import longest_losing_streak as longest_losing_streak
    from tradeworthy.validation.trade_measures import longest_winning_streak as longest_winning_streak
    from tradeworthy.validation.trade_measures import payoff_ratio as payoff_ratio
    from tradeworthy.validation.trade_measures import profit_factor as profit_factor
    from tradeworthy.validation.trade_measures import sqn as sqn
    from tradeworthy.validation.trade_measures import win_rate as win_rate
    from tradeworthy.validation.trading_days import daily_returns as daily_returns

__all__ = [
    "annual_volatility",
    "average_bars_held",
    "average_loss",
    "average_win",
    "cagr",
    "calmar_ratio",
    "daily_returns",
    "downside_risk",
    "drawdowns",
    "expectancy",
    "expectancy_ratio",
    "kurtosis",
    "largest_loss",
    "largest_win",
    "longest_losing_streak",
    "longest_winning_streak",
    "max_drawdown",
    "omega_ratio",
    "optimal_block_length",
    "payoff_ratio",
    "profit_factor",
    "sharpe_ratio",
    "skewness",
    "sortino_ratio",
    "sqn",
    "tail_ratio",
    "wilson_interval",
    "win_rate",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ParameterAnalyzer": "tradeworthy.api.parameter_analysis",
        "annual_volatility": "measures",
        "average_bars_held": "trade_measures",
        "average_loss": "trade_measures",
        "average_win": "trade_measures",
        "cagr": "curve_measures",
        "calmar_ratio": "measures",
        "daily_returns": "trading_days",
        "downside_risk": "measures",
        "drawdowns": "curve_measures",
        "expectancy": "trade_measures",
        "expectancy_ratio": "trade_measures",
        "kurtosis": "measures",
        "largest_loss": "trade_measures",
        "largest_win": "trade_measures",
        "longest_losing_streak": "trade_measures",
        "longest_winning_streak": "trade_measures",
        "max_drawdown": "measures",
        "omega_ratio": "measures",
        "optimal_block_length": "dependence",
        "payoff_ratio": "trade_measures",
        "profit_factor": "trade_measures",
        "sharpe_ratio": "measures",
        "skewness": "measures",
        "sortino_ratio": "measures",
        "sqn": "trade_measures",
        "tail_ratio": "measures",
        "wilson_interval": "intervals",
        "win_rate": "trade_measures",
    },
    public=__all__,
)
