"""What a system can lose: wealth and drawdowns simulated from its own returns."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.clustering_tests import Clustering as Clustering
    from tradeworthy.risk.clustering_tests import arch_lm as arch_lm
    from tradeworthy.risk.clustering_tests import clustering_of as clustering_of
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.level_transitions import Transitions as Transitions
    from tradeworthy.risk.level_transitions import transitions_of as transitions_of
    from tradeworthy.risk.realised_ranges import Estimator as Estimator
    from tradeworthy.risk.realised_ranges import realised_volatility as realised_volatility
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo
    from tradeworthy.risk.switching import SwitchingVolatility as SwitchingVolatility
    from tradeworthy.risk.switching import fit_switching as fit_switching
    from tradeworthy.risk.volatility_levels import VolatilityLevel as VolatilityLevel
    from tradeworthy.risk.volatility_levels import VolatilityThresholds as VolatilityThresholds

__all__ = [
    "Clustering",
    "Drawing",
    "Estimator",
    "LikelihoodRatio",
    "SimulatedPaths",
    "SwitchingVolatility",
    "TrafficLight",
    "Transitions",
    "VolatilityLevel",
    "VolatilityThresholds",
    "arch_lm",
    "christoffersen",
    "clustering_of",
    "fit_switching",
    "kupiec",
    "monte_carlo",
    "realised_volatility",
    "time_until_first_failure",
    "traffic_light",
    "transitions_of",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Clustering": "clustering_tests",
        "Drawing": "simulation",
        "Estimator": "realised_ranges",
        "LikelihoodRatio": "exceptions_of_var",
        "SimulatedPaths": "simulation",
        "SwitchingVolatility": "switching",
        "TrafficLight": "exceptions_of_var",
        "Transitions": "level_transitions",
        "VolatilityLevel": "volatility_levels",
        "VolatilityThresholds": "volatility_levels",
        "arch_lm": "clustering_tests",
        "christoffersen": "exceptions_of_var",
        "clustering_of": "clustering_tests",
        "fit_switching": "switching",
        "kupiec": "exceptions_of_var",
        "monte_carlo": "simulation",
        "realised_volatility": "realised_ranges",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
        "transitions_of": "level_transitions",
    },
    public=__all__,
)
