"""Use cases over a whole book: run it, hold it against its past, judge it."""

from tradeworthy.core.lazy import attach

__all__ = ["ParameterAnalyzer"]

__getattr__, __dir__ = attach(
    __name__,
    {"ParameterAnalyzer": "tradeworthy.api.parameter_analysis"},
    public=__all__,
)
