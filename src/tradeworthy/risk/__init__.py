"""What a system can lose: simulated from its own returns, in strained markets, in crises."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.crises import CRISES as CRISES
    from tradeworthy.risk.crises import Crisis as Crisis
    from tradeworthy.risk.exceptions_of_var import LikelihoodRatio as LikelihoodRatio
    from tradeworthy.risk.exceptions_of_var import TrafficLight as TrafficLight
    from tradeworthy.risk.exceptions_of_var import christoffersen as christoffersen
    from tradeworthy.risk.exceptions_of_var import kupiec as kupiec
    from tradeworthy.risk.exceptions_of_var import time_until_first_failure as time_until_first_failure
    from tradeworthy.risk.exceptions_of_var import traffic_light as traffic_light
    from tradeworthy.risk.historical_shocks import ShockPath as ShockPath
    from tradeworthy.risk.historical_shocks import shock_path as shock_path
    from tradeworthy.risk.historical_shocks import shocked_bars as shocked_bars
    from tradeworthy.risk.scenarios import SCENARIOS as SCENARIOS
    from tradeworthy.risk.scenarios import Scenario as Scenario
    from tradeworthy.risk.scenarios import Shock as Shock
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo
    from tradeworthy.risk.stress_scenarios import stressed_bars as stressed_bars

__all__ = [
    "Crisis",
    "Drawing",
    "LikelihoodRatio",
    "Scenario",
    "Shock",
    "ShockPath",
    "SimulatedPaths",
    "TrafficLight",
    "christoffersen",
    "kupiec",
    "monte_carlo",
    "shock_path",
    "shocked_bars",
    "stressed_bars",
    "time_until_first_failure",
    "traffic_light",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "CRISES": "crises",
        "Crisis": "crises",
        "Drawing": "simulation",
        "LikelihoodRatio": "exceptions_of_var",
        "SCENARIOS": "scenarios",
        "Scenario": "scenarios",
        "Shock": "scenarios",
        "ShockPath": "historical_shocks",
        "SimulatedPaths": "simulation",
        "TrafficLight": "exceptions_of_var",
        "christoffersen": "exceptions_of_var",
        "kupiec": "exceptions_of_var",
        "monte_carlo": "simulation",
        "shock_path": "historical_shocks",
        "shocked_bars": "historical_shocks",
        "stressed_bars": "stress_scenarios",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
    },
    public=__all__,
)
