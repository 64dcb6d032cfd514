"""Use cases over a whole book: run it, hold it against its past, judge it."""

from tradeworthy.core.lazy import attach

__all__ = [
    "BacktestingEngine",
    "MaxLossAnalyzer",
    "ParameterAnalyzer",
    "RiskAssessment",
    "RiskCalculator",
    "VolatilityImpactAnalyzer",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "BacktestingEngine": "tradeworthy.api.engine_facade",
        "MaxLossAnalyzer": "tradeworthy.api.maximum_loss",
        "ParameterAnalyzer": "tradeworthy.api.parameter_analysis",
        "RiskAssessment": "tradeworthy.api.risk_assessment",
        "RiskCalculator": "tradeworthy.api.risk_calculator",
        "VolatilityImpactAnalyzer": "tradeworthy.api.volatility_impact",
    },
    public=__all__,
)
