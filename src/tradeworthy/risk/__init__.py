"""What a system can lose: wealth and drawdowns simulated from its own returns."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo

__all__ = [
    "Drawing",
    "LikelihoodRatio",
    "SimulatedPaths",
    "TrafficLight",
    "christoffersen",
    "kupiec",
    "monte_carlo",
    "time_until_first_failure",
    "traffic_light",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Drawing": "simulation",
        "LikelihoodRatio": "exceptions_of_var",
        "SimulatedPaths": "simulation",
        "TrafficLight": "exceptions_of_var",
        "christoffersen": "exceptions_of_var",
        "kupiec": "exceptions_of_var",
        "monte_carlo": "simulation",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
    },
    public=__all__,
)
