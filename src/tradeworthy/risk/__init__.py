"""What a system can lose: simulated paths, value at risk and its tests, tails, portfolios, runs of losses, ruin, drawdowns."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.closed_forms import cornish_fisher_expected_shortfall as cornish_fisher_expected_shortfall
    from tradeworthy.risk.closed_forms import cornish_fisher_quantile as cornish_fisher_quantile
    from tradeworthy.risk.closed_forms import cornish_fisher_value_at_risk as cornish_fisher_value_at_risk
    from tradeworthy.risk.closed_forms import monotone_kurtosis as monotone_kurtosis
    from tradeworthy.risk.closed_forms import normal_expected_shortfall as normal_expected_shortfall
    from tradeworthy.risk.closed_forms import normal_value_at_risk as normal_value_at_risk
    from tradeworthy.risk.closed_forms import student_t_expected_shortfall as student_t_expected_shortfall
    from tradeworthy.risk.closed_forms import student_t_value_at_risk as student_t_value_at_risk
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.generalised_pareto import ParetoTail as ParetoTail
    from tradeworthy.risk.generalised_pareto import fit_gpd as fit_gpd
    from tradeworthy.risk.loss_measures import LossMethod as LossMethod
    from tradeworthy.risk.loss_measures import expected_shortfall as expected_shortfall
    from tradeworthy.risk.loss_measures import loss_model as loss_model
    from tradeworthy.risk.loss_measures import value_at_risk as value_at_risk
    from tradeworthy.risk.loss_models import LossModel as LossModel
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo
    from tradeworthy.risk.student_fit import StudentT as StudentT
    from tradeworthy.risk.student_fit import fit_student_t as fit_student_t
    from tradeworthy.risk.volatility_filter import Garch as Garch
    from tradeworthy.risk.volatility_filter import fit_garch as fit_garch

__all__ = [
    "Drawing",
    "Garch",
    "LikelihoodRatio",
    "LossMethod",
    "LossModel",
    "ParetoTail",
    "SimulatedPaths",
    "StudentT",
    "TrafficLight",
    "christoffersen",
    "cornish_fisher_expected_shortfall",
    "cornish_fisher_quantile",
    "cornish_fisher_value_at_risk",
    "expected_shortfall",
    "fit_garch",
    "fit_gpd",
    "fit_student_t",
    "kupiec",
    "loss_model",
    "monotone_kurtosis",
    "monte_carlo",
    "normal_expected_shortfall",
    "normal_value_at_risk",
    "student_t_expected_shortfall",
    "student_t_value_at_risk",
    "time_until_first_failure",
    "traffic_light",
    "value_at_risk",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Drawing": "simulation",
        "Garch": "volatility_filter",
        "LikelihoodRatio": "exceptions_of_var",
        "LossMethod": "loss_measures",
        "LossModel": "loss_models",
        "ParetoTail": "generalised_pareto",
        "SimulatedPaths": "simulation",
        "StudentT": "student_fit",
        "TrafficLight": "exceptions_of_var",
        "christoffersen": "exceptions_of_var",
        "cornish_fisher_expected_shortfall": "closed_forms",
        "cornish_fisher_quantile": "closed_forms",
        "cornish_fisher_value_at_risk": "closed_forms",
        "expected_shortfall": "loss_measures",
        "fit_garch": "volatility_filter",
        "fit_gpd": "generalised_pareto",
        "fit_student_t": "student_fit",
        "kupiec": "exceptions_of_var",
        "loss_model": "loss_measures",
        "monotone_kurtosis": "closed_forms",
        "monte_carlo": "simulation",
        "normal_expected_shortfall": "closed_forms",
        "normal_value_at_risk": "closed_forms",
        "student_t_expected_shortfall": "closed_forms",
        "student_t_value_at_risk": "closed_forms",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
        "value_at_risk": "loss_measures",
    },
    public=__all__,
)
