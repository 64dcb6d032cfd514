"""Use cases over a whole book: run it, hold it against its past, judge it."""

from tradeworthy.core.lazy import attach

__all__ = ["BacktestingEngine", "ParameterAnalyzer", "RiskCalculator"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "BacktestingEngine": "tradeworthy.api.engine_facade",
        "ParameterAnalyzer": "tradeworthy.api.parameter_analysis",
        "RiskCalculator": "tradeworthy.api.risk_calculator",
    },
    public=__all__,
)
