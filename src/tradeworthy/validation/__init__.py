"""Honest statistics: measures, intervals, comparison with a baseline, pooling, luck, parameter findings, verdicts."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.validation.backtest_overfitting import (
        probability_of_backtest_overfitting as probability_of_backtest_overfitting,
    )
    from tradeworthy.validation.cumulative_sums import Cusum as Cusum
    from tradeworthy.validation.curve_measures import cagr as cagr
    from tradeworthy.validation.curve_measures import drawdowns as drawdowns
    from tradeworthy.validation.dependence import optimal_block_length as optimal_block_length
    from tradeworthy.validation.drift import DriftMonitor as DriftMonitor
    from tradeworthy.validation.drift import DriftReading as DriftReading
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
    from tradeworthy.validation.multiplicity import benjamini_hochberg as benjamini_hochberg
    from tradeworthy.validation.multiplicity import effective_number as effective_number
    from tradeworthy.validation.multiplicity import holm as holm
    from tradeworthy.validation.run_lengths import cusum_arl as cusum_arl
    from tradeworthy.validation.run_lengths import cusum_threshold as cusum_threshold
    from tradeworthy.validation.sequences import ConfidenceSequence as ConfidenceSequence
    from tradeworthy.validation.sequences import confidence_sequence as confidence_sequence
    from tradeworthy.validation.sharpe_aggregation import annualise_sharpe as annualise_sharpe
    from tradeworthy.validation.sharpe_inference import minimum_track_record_length as minimum_track_record_length
    from tradeworthy.validation.sharpe_inference import probabilistic_sharpe_ratio as probabilistic_sharpe_ratio
    from tradeworthy.validation.sharpe_inference import sharpe_standard_error as sharpe_standard_error
    from tradeworthy.validation.sharpe_trials import deflated_sharpe_ratio as deflated_sharpe_ratio
    from tradeworthy.validation.sharpe_trials import expected_maximum_sharpe as expected_maximum_sharpe
    from tradeworthy.validation.sharpe_trials import minimum_backtest_length as minimum_backtest_length
    from tradeworthy.validation.spending import alpha_spending as alpha_spending
    from tradeworthy.validation.spending import repeated_looks_error as repeated_looks_error
    from tradeworthy.validation.spending import spending_bounds as spending_bounds
    from tradeworthy.validation.superior_ability import reality_check as reality_check
    from tradeworthy.validation.superior_ability import step_m as step_m
    from tradeworthy.validation.superior_ability import superior_predictive_ability as superior_predictive_ability
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
    "ConfidenceSequence",
    "Cusum",
    "DriftMonitor",
    "DriftReading",
    "alpha_spending",
    "annual_volatility",
    "annualise_sharpe",
    "average_bars_held",
    "average_loss",
    "average_win",
    "benjamini_hochberg",
    "cagr",
    "calmar_ratio",
    "confidence_sequence",
    "cusum_arl",
    "cusum_threshold",
    "daily_returns",
    "deflated_sharpe_ratio",
    "downside_risk",
    "drawdowns",
    "effective_number",
    "expectancy",
    "expectancy_ratio",
    "expected_maximum_sharpe",
    "holm",
    "kurtosis",
    "largest_loss",
    "largest_win",
    "longest_losing_streak",
    "longest_winning_streak",
    "max_drawdown",
    "minimum_backtest_length",
    "minimum_track_record_length",
    "omega_ratio",
    "optimal_block_length",
    "payoff_ratio",
    "probabilistic_sharpe_ratio",
    "probability_of_backtest_overfitting",
    "profit_factor",
    "reality_check",
    "repeated_looks_error",
    "sharpe_ratio",
    "sharpe_standard_error",
    "skewness",
    "sortino_ratio",
    "spending_bounds",
    "sqn",
    "step_m",
    "superior_predictive_ability",
    "tail_ratio",
    "wilson_interval",
    "win_rate",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Cusum": "cumulative_sums",
        "ConfidenceSequence": "sequences",
        "DriftMonitor": "drift",
        "DriftReading": "drift",
        "confidence_sequence": "sequences",
        "cusum_arl": "run_lengths",
        "cusum_threshold": "run_lengths",
        "alpha_spending": "spending",
        "BacktestingEngine": "tradeworthy.api.engine_facade",
        "ParameterAnalyzer": "tradeworthy.api.parameter_analysis",
        "annual_volatility": "measures",
        "annualise_sharpe": "sharpe_aggregation",
        "average_bars_held": "trade_measures",
        "average_loss": "trade_measures",
        "average_win": "trade_measures",
        "benjamini_hochberg": "multiplicity",
        "cagr": "curve_measures",
        "calmar_ratio": "measures",
        "daily_returns": "trading_days",
        "deflated_sharpe_ratio": "sharpe_trials",
        "downside_risk": "measures",
        "drawdowns": "curve_measures",
        "effective_number": "multiplicity",
        "expectancy": "trade_measures",
        "expectancy_ratio": "trade_measures",
        "expected_maximum_sharpe": "sharpe_trials",
        "holm": "multiplicity",
        "kurtosis": "measures",
        "largest_loss": "trade_measures",
        "largest_win": "trade_measures",
        "longest_losing_streak": "trade_measures",
        "longest_winning_streak": "trade_measures",
        "max_drawdown": "measures",
        "minimum_backtest_length": "sharpe_trials",
        "minimum_track_record_length": "sharpe_inference",
        "omega_ratio": "measures",
        "optimal_block_length": "dependence",
        "payoff_ratio": "trade_measures",
        "probabilistic_sharpe_ratio": "sharpe_inference",
        "probability_of_backtest_overfitting": "backtest_overfitting",
        "profit_factor": "trade_measures",
        "reality_check": "superior_ability",
        "repeated_looks_error": "spending",
        "sharpe_ratio": "measures",
        "sharpe_standard_error": "sharpe_inference",
        "skewness": "measures",
        "sortino_ratio": "measures",
        "spending_bounds": "spending",
        "sqn": "trade_measures",
        "step_m": "superior_ability",
        "superior_predictive_ability": "superior_ability",
        "tail_ratio": "measures",
        "wilson_interval": "intervals",
        "win_rate": "trade_measures",
    },
    public=__all__,
)
