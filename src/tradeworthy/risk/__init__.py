"""What a system can lose: by its own returns, in strained markets, in crises, by regime, and as one number."""

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
    from tradeworthy.risk.clustering_tests import Clustering as Clustering
    from tradeworthy.risk.clustering_tests import arch_lm as arch_lm
    from tradeworthy.risk.clustering_tests import clustering_of as clustering_of
    from tradeworthy.risk.contributions import ComponentVar as ComponentVar
    from tradeworthy.risk.contributions import component_var as component_var
    from tradeworthy.risk.correlations import correlation_matrix as correlation_matrix
    from tradeworthy.risk.correlations import nearest_correlation as nearest_correlation
    from tradeworthy.risk.correlations import stressed_correlation as stressed_correlation
    from tradeworthy.risk.crises import CRISES as CRISES
    from tradeworthy.risk.crises import Crisis as Crisis
    from tradeworthy.risk.drawdown_scoring import drawdown_score as drawdown_score
    from tradeworthy.risk.driftless_walk import driftless_drawdown_probability as driftless_drawdown_probability
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.forecast_scores import ForecastQuality as ForecastQuality
    from tradeworthy.risk.forecast_scores import ReliabilityBin as ReliabilityBin
    from tradeworthy.risk.forecast_scores import forecast_quality as forecast_quality
    from tradeworthy.risk.generalised_pareto import ParetoTail as ParetoTail
    from tradeworthy.risk.generalised_pareto import fit_gpd as fit_gpd
    from tradeworthy.risk.historical_shocks import ShockPath as ShockPath
    from tradeworthy.risk.historical_shocks import shock_path as shock_path
    from tradeworthy.risk.historical_shocks import shocked_bars as shocked_bars
    from tradeworthy.risk.intervals import Interval as Interval
    from tradeworthy.risk.level_transitions import Transitions as Transitions
    from tradeworthy.risk.level_transitions import transitions_of as transitions_of
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
    from tradeworthy.risk.paths_kept import wealth_paths as wealth_paths
    from tradeworthy.risk.realised_ranges import Estimator as Estimator
    from tradeworthy.risk.realised_ranges import realised_volatility as realised_volatility
    from tradeworthy.risk.recalibration import LogisticCurve as LogisticCurve
    from tradeworthy.risk.recalibration import RisingCurve as RisingCurve
    from tradeworthy.risk.recalibration import logistic_curve as logistic_curve
    from tradeworthy.risk.recalibration import rising_curve as rising_curve
    from tradeworthy.risk.scenarios import SCENARIOS as SCENARIOS
    from tradeworthy.risk.scenarios import Scenario as Scenario
    from tradeworthy.risk.scenarios import Shock as Shock
    from tradeworthy.risk.score_parting import score_parts as score_parts
    from tradeworthy.risk.score_record import DrawdownLevel as DrawdownLevel
    from tradeworthy.risk.score_record import DrawdownScore as DrawdownScore
    from tradeworthy.risk.score_record import ScoreParts as ScoreParts
    from tradeworthy.risk.shares import Span as Span
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
    from tradeworthy.risk.stress_scenarios import stressed_bars as stressed_bars
    from tradeworthy.risk.student_fit import StudentT as StudentT
    from tradeworthy.risk.student_fit import fit_student_t as fit_student_t
    from tradeworthy.risk.switching import SwitchingVolatility as SwitchingVolatility
    from tradeworthy.risk.switching import fit_switching as fit_switching
    from tradeworthy.risk.tail_intervals import tail_error as tail_error
    from tradeworthy.risk.tail_intervals import tail_interval as tail_interval
    from tradeworthy.risk.volatility_filter import Garch as Garch
    from tradeworthy.risk.volatility_filter import fit_garch as fit_garch
    from tradeworthy.risk.volatility_levels import VolatilityLevel as VolatilityLevel
    from tradeworthy.risk.volatility_levels import VolatilityThresholds as VolatilityThresholds
    from tradeworthy.risk.walk_drawdown import expected_max_drawdown as expected_max_drawdown

__all__ = [
    "Clustering",
    "ComponentVar",
    "Crisis",
    "DrawdownLevel",
    "DrawdownScore",
    "Drawing",
    "Estimator",
    "ForecastQuality",
    "Garch",
    "Interval",
    "LikelihoodRatio",
    "LogisticCurve",
    "LossMethod",
    "LossModel",
    "ModelBacktest",
    "ParetoTail",
    "ReliabilityBin",
    "RisingCurve",
    "Ruin",
    "Scenario",
    "ScoreParts",
    "Shock",
    "ShockPath",
    "ShrunkCorrelation",
    "SimulatedPaths",
    "SimulatedQuantile",
    "Span",
    "StudentT",
    "SwitchingVolatility",
    "TrafficLight",
    "Transitions",
    "VolatilityLevel",
    "VolatilityThresholds",
    "acerbi_szekely_critical_value",
    "acerbi_szekely_p_value",
    "acerbi_szekely_z2",
    "arch_lm",
    "backtest_value_at_risk",
    "christoffersen",
    "clustering_of",
    "component_var",
    "cornish_fisher_expected_shortfall",
    "cornish_fisher_quantile",
    "cornish_fisher_value_at_risk",
    "correlation_matrix",
    "drawdown_score",
    "driftless_drawdown_probability",
    "expected_longest_loss_run",
    "expected_max_drawdown",
    "expected_shortfall",
    "fit_garch",
    "fit_gpd",
    "fit_student_t",
    "fit_switching",
    "forecast_quality",
    "kelly_fraction",
    "kupiec",
    "logistic_curve",
    "longest_loss_run_probability",
    "loss_model",
    "merton_fraction",
    "monotone_kurtosis",
    "monte_carlo",
    "nearest_correlation",
    "normal_expected_shortfall",
    "normal_value_at_risk",
    "quantile_interval",
    "realised_volatility",
    "rising_curve",
    "ruin",
    "score_parts",
    "shock_path",
    "shocked_bars",
    "shrunk_correlation",
    "simulated_quantile",
    "stationary_distribution",
    "stressed_bars",
    "stressed_correlation",
    "student_t_expected_shortfall",
    "student_t_value_at_risk",
    "tail_error",
    "tail_interval",
    "time_until_first_failure",
    "traffic_light",
    "transitions_of",
    "value_at_risk",
    "wealth_paths",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "CRISES": "crises",
        "Clustering": "clustering_tests",
        "ComponentVar": "contributions",
        "Crisis": "crises",
        "DrawdownLevel": "score_record",
        "DrawdownScore": "score_record",
        "Drawing": "simulation",
        "Estimator": "realised_ranges",
        "ForecastQuality": "forecast_scores",
        "Garch": "volatility_filter",
        "Interval": "intervals",
        "LikelihoodRatio": "exceptions_of_var",
        "LogisticCurve": "recalibration",
        "LossMethod": "loss_measures",
        "LossModel": "loss_models",
        "ModelBacktest": "model_backtest",
        "ParetoTail": "generalised_pareto",
        "ReliabilityBin": "forecast_scores",
        "RisingCurve": "recalibration",
        "Ruin": "betting",
        "SCENARIOS": "scenarios",
        "Scenario": "scenarios",
        "ScoreParts": "score_record",
        "Shock": "scenarios",
        "ShockPath": "historical_shocks",
        "ShrunkCorrelation": "shrinkage",
        "SimulatedPaths": "simulation",
        "SimulatedQuantile": "simulation_error",
        "Span": "shares",
        "StudentT": "student_fit",
        "SwitchingVolatility": "switching",
        "TrafficLight": "exceptions_of_var",
        "Transitions": "level_transitions",
        "VolatilityLevel": "volatility_levels",
        "VolatilityThresholds": "volatility_levels",
        "acerbi_szekely_critical_value": "shortfall_test",
        "acerbi_szekely_p_value": "shortfall_test",
        "acerbi_szekely_z2": "shortfall_test",
        "arch_lm": "clustering_tests",
        "backtest_value_at_risk": "model_backtest",
        "christoffersen": "exceptions_of_var",
        "clustering_of": "clustering_tests",
        "component_var": "contributions",
        "cornish_fisher_expected_shortfall": "closed_forms",
        "cornish_fisher_quantile": "closed_forms",
        "cornish_fisher_value_at_risk": "closed_forms",
        "correlation_matrix": "correlations",
        "drawdown_score": "drawdown_scoring",
        "driftless_drawdown_probability": "driftless_walk",
        "expected_longest_loss_run": "loss_runs",
        "expected_max_drawdown": "walk_drawdown",
        "expected_shortfall": "loss_measures",
        "fit_garch": "volatility_filter",
        "fit_gpd": "generalised_pareto",
        "fit_student_t": "student_fit",
        "fit_switching": "switching",
        "forecast_quality": "forecast_scores",
        "kelly_fraction": "betting",
        "kupiec": "exceptions_of_var",
        "logistic_curve": "recalibration",
        "longest_loss_run_probability": "loss_runs",
        "loss_model": "loss_measures",
        "merton_fraction": "betting",
        "monotone_kurtosis": "closed_forms",
        "monte_carlo": "simulation",
        "nearest_correlation": "correlations",
        "normal_expected_shortfall": "closed_forms",
        "normal_value_at_risk": "closed_forms",
        "quantile_interval": "simulation_error",
        "realised_volatility": "realised_ranges",
        "rising_curve": "recalibration",
        "ruin": "betting",
        "score_parts": "score_parting",
        "shock_path": "historical_shocks",
        "shocked_bars": "historical_shocks",
        "shrunk_correlation": "shrinkage",
        "simulated_quantile": "simulation_error",
        "stationary_distribution": "markov",
        "stressed_bars": "stress_scenarios",
        "stressed_correlation": "correlations",
        "student_t_expected_shortfall": "closed_forms",
        "student_t_value_at_risk": "closed_forms",
        "tail_error": "tail_intervals",
        "tail_interval": "tail_intervals",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
        "transitions_of": "level_transitions",
        "value_at_risk": "loss_measures",
        "wealth_paths": "paths_kept",
    },
    public=__all__,
)
