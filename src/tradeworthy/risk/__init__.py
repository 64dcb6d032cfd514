"""What a system can lose: wealth and drawdowns simulated from its own returns, and the score that can be proved wrong."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
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
    from tradeworthy.risk.paths_kept import wealth_paths as wealth_paths
    from tradeworthy.risk.recalibration import LogisticCurve as LogisticCurve
    from tradeworthy.risk.recalibration import RisingCurve as RisingCurve
    from tradeworthy.risk.recalibration import logistic_curve as logistic_curve
    from tradeworthy.risk.recalibration import rising_curve as rising_curve
    from tradeworthy.risk.score_parting import score_parts as score_parts
    from tradeworthy.risk.score_record import DrawdownLevel as DrawdownLevel
    from tradeworthy.risk.score_record import DrawdownScore as DrawdownScore
    from tradeworthy.risk.score_record import ScoreParts as ScoreParts
    from tradeworthy.risk.shares import Span as Span
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo

__all__ = [
    "DrawdownLevel",
    "DrawdownScore",
    "Drawing",
    "ForecastQuality",
    "LikelihoodRatio",
    "LogisticCurve",
    "ReliabilityBin",
    "RisingCurve",
    "ScoreParts",
    "SimulatedPaths",
    "Span",
    "TrafficLight",
    "christoffersen",
    "drawdown_score",
    "driftless_drawdown_probability",
    "forecast_quality",
    "kupiec",
    "logistic_curve",
    "monte_carlo",
    "rising_curve",
    "score_parts",
    "time_until_first_failure",
    "traffic_light",
    "wealth_paths",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "DrawdownLevel": "score_record",
        "DrawdownScore": "score_record",
        "Drawing": "simulation",
        "ForecastQuality": "forecast_scores",
        "LikelihoodRatio": "exceptions_of_var",
        "LogisticCurve": "recalibration",
        "ReliabilityBin": "forecast_scores",
        "RisingCurve": "recalibration",
        "ScoreParts": "score_record",
        "SimulatedPaths": "simulation",
        "Span": "shares",
        "TrafficLight": "exceptions_of_var",
        "christoffersen": "exceptions_of_var",
        "drawdown_score": "drawdown_scoring",
        "driftless_drawdown_probability": "driftless_walk",
        "forecast_quality": "forecast_scores",
        "kupiec": "exceptions_of_var",
        "logistic_curve": "recalibration",
        "monte_carlo": "simulation",
        "rising_curve": "recalibration",
        "score_parts": "score_parting",
        "time_until_first_failure": "exceptions_of_var",
        "traffic_light": "exceptions_of_var",
        "wealth_paths": "paths_kept",
    },
    public=__all__,
)
