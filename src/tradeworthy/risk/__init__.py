"""What a system can lose: simulated paths, value at risk and its tests, tails, portfolios, runs of losses, ruin, drawdowns."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.betting import Ruin as Ruin
    from tradeworthy.risk.betting import kelly_fraction as kelly_fraction
    from tradeworthy.risk.betting import merton_fraction as merton_fraction
    from tradeworthy.risk.betting import ruin as ruin
    from tradeworthy.risk.closed_forms import cornish_fisher_expected_shortfall as cornish_fisher_expected_shortfall
    from tradeworthy.risk.closed_forms import cornish_fisher_quantile as cornish_fisher_quantile
    from tradeworthy.risk.closed_forms import cornish_fisher_value_at_risk as cornish_fisher_value_at_risk
    from tradeworthy.risk.closed_forms import monotone_kurtosis as monotone_kurtosis
    from tradeworthy.risk.closed_forms import normal_expected_shortfall as normal_expected_shortfall
    from tradeworthy.risk.closed_forms import normal_value_at_risk as normal_value_at_risk
    from tradeworthy.risk.closed_forms import student_t_expected_shortfall as student_t_expected_shortfall
    from tradeworthy.risk.closed_forms import student_t_value_at_risk as student_t_value_at_risk
    from tradeworthy.risk.contributions import ComponentVar as ComponentVar
    from tradeworthy.risk.contributions import component_var as component_var
    from tradeworthy.risk.correlations import correlation_matrix as correlation_matrix
    from tradeworthy.risk.correlations import nearest_correlation as nearest_correlation
    from tradeworthy.risk.correlations import stressed_correlation as stressed_correlation
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.generalised_pareto import ParetoTail as ParetoTail
    from tradeworthy.risk.generalised_pareto import fit_gpd as fit_gpd
    from tradeworthy.risk.intervals import Interval as Interval
    from tradeworthy.risk.loss_measures import LossMethod as LossMethod
    from tradeworthy.risk.loss_measures import expected_shortfall as expected_shortfall
    from tradeworthy.risk.loss_measures import loss_model as loss_model
    from tradeworthy.risk.loss_measures import value_at_risk as value_at_risk
    from tradeworthy.risk.loss_models import LossModel as LossModel
    from tradeworthy.risk.loss_runs import expected_longest_loss_run as expected_longest_loss_run
    from tradeworthy.risk.loss_runs import longest_loss_run_probability as longest_loss_run_probability
    from tradeworthy.risk.markov import stationary_distribution as stationary_distribution
    from tradeworthy.risk.model_backtest import ModelBacktest as ModelBacktest
    from tradeworthy.risk.model_backtest import backtest_value_at_risk as backtest_value_at_risk
    from tradeworthy.risk.shortfall_test import acerbi_szekely_critical_value as acerbi_szekely_critical_value
    from tradeworthy.risk.shortfall_test import acerbi_szekely_p_value as acerbi_szekely_p_value
    from tradeworthy.risk.shortfall_test import acerbi_szekely_z2 as acerbi_szekely_z2
    from tradeworthy.risk.shrinkage import ShrunkCorrelation as ShrunkCorrelation
    from tradeworthy.risk.shrinkage import shrunk_correlation as shrunk_correlation
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo
    from tradeworthy.risk.simulation_error import SimulatedQuantile as SimulatedQuantile
    from tradeworthy.risk.simulation_error import quantile_interval as quantile_interval
    from tradeworthy.risk.simulation_error import simulated_quantile as simulated_quantile
    from tradeworthy.risk.student_fit import StudentT as StudentT
    from tradeworthy.risk.student_fit import fit_student_t as fit_student_t
    from tradeworthy.risk.tail_intervals import tail_error as tail_error
    from tradeworthy.risk.tail_intervals import tail_interval as tail_interval
    from tradeworthy.risk.volatility_filter import Garch as Garch
    from tradeworthy.risk.volatility_filter import fit_garch as fit_garch
    from tradeworthy.risk.walk_drawdown import expected_max_drawdown as expected_max_drawdown

__all__ = [
    "ComponentVar",
    "Drawing",
    "Garch",
    "Interval",
    "LikelihoodRatio",
    "LossMethod",
    "LossModel",
    "ModelBacktest",
    "ParetoTail",
    "Ruin",
    "ShrunkCorrelation",
    "SimulatedPaths",
    "SimulatedQuantile",
    "StudentT",
    "TrafficLight",
    "acerbi_szekely_critical_value",
    "acerbi_szekely_p_value",
    "acerbi_szekely_z2",
    "backtest_value_at_risk",
    "christoffersen",
    "component_var",
    "cornish_fisher_expected_shortfall",
    "cornish_fisher_quantile",
    "cornish_fisher_value_at_risk",
    "correlation_matrix",
    "expected_longest_loss_run",
    "expected_max_drawdown",
    "expected_shortfall",
    "fit_garch",
    "fit_gpd",
    "fit_student_t",
    "kelly_fraction",
    "kupiec",
    "longest_loss_run_probability",
    "loss_model",
    "merton_fraction",
    "monotone_kurtosis",
    "monte_carlo",
    "nearest_correlation",
    "normal_expected_shortfall",
    "normal_value_at_risk",
    "quantile_interval",
    "ruin",
    "shrunk_correlation",
    "simulated_quantile",
    "stationary_distribution",
    "stressed_correlation",
    "student_t_expected_shortfall",
    "student_t_value_at_risk",
    "tail_error",
    "tail_interval",
    "time_until_first_failure",
    "traffic_light",
    "value_at_risk",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ComponentVar": "contributions",
        "Drawing": "simulation",
        "Garch": "volatility_filter",
        "Interval": "intervals",
        "LikelihoodRatio": "exceptions_of_var",
        "LossMethod": "loss_measures",
        "LossModel": "loss_models",
        "ModelBacktest": "model_backtest",
        "ParetoTail": "generalised_pareto",
        "Ruin": "betting",
        "ShrunkCorrelation": "shrinkage",
        "SimulatedPaths": "simulation",
        "SimulatedQuantile": "simulation_error",
        "StudentT": "student_fit",
        "TrafficLight": "exceptions_of_var",
        "acerbi_szekely_critical_value": "shortfall_test",
        "acerbi_szekely_p_value": "shortfall_test",
        "acerbi_szekely_z2": "shortfall_test",
        "backtest_value_at_risk": "model_backtest",
        "christoffersen": "exceptions_of_var",
        "component_var": "contributions",
        "cornish_fisher_expected_shortfall": "closed_forms",
        "cornish_fisher_quantile": "closed_forms",
        "cornish_fisher_value_at_risk": "closed_forms",
        "correlation_matrix": "correlations",
        "expected_longest_loss_run": "loss_runs",
        "expected_max_drawdown": "walk_drawdown",
        "expected_shortfall": "loss_measures",
        "fit_garch": "volatility_filter",
        "fit_gpd": "generalised_pareto",
        "fit_student_t": "student_fit",
        "kelly_fraction": "betting",
        "kupiec": "exceptions_of_var",
        "longest_loss_run_probability": "loss_runs",
        "loss_model": "loss_measures",
        "merton_fraction": "betting",
        "monotone_kurtosis": "closed_forms",
        "monte_carlo": "simulation",
        "nearest_correlation": "correlations",
        "normal_expected_shortfall": "closed_forms",
        "normal_value_at_risk": "closed_forms",
        "quantile_interval": "simulation_error",
        "ruin": "betting",
        "shrunk_correlation": "shrinkage",
        "simulated_quantile": "simulation_error",
        "stationary_distribution": "markov",
        "stressed_correlation": "correlations",
        "student_t_expected_shortfall": "closed_forms",
        "student_t_value_at_risk": "closed_forms",
        "tail_error": "tail_intervals",
        "tail_interval": "tail_intervals",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
        "value_at_risk": "loss_measures",
    },
    public=__all__,
)
