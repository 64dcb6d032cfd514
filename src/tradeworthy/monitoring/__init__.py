"""Watching a system that trades: how it performs, from calls or from the journal of a desk."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.monitoring.counted_shares import Share as Share
    from tradeworthy.monitoring.daily_report import DailyReport as DailyReport
    from tradeworthy.monitoring.insights import Finding as Finding
    from tradeworthy.monitoring.insights import Insight as Insight
    from tradeworthy.monitoring.latency_metrics import LatencyMetrics as LatencyMetrics
    from tradeworthy.monitoring.latency_metrics import LatencyReading as LatencyReading
    from tradeworthy.monitoring.latency_metrics import LatencyStatus as LatencyStatus
    from tradeworthy.monitoring.performance_config import PerformanceConfig as PerformanceConfig
    from tradeworthy.monitoring.performance_config import Stage as Stage
    from tradeworthy.monitoring.performance_health import CheckResult as CheckResult
    from tradeworthy.monitoring.performance_health import HealthReading as HealthReading
    from tradeworthy.monitoring.performance_health import PerformanceCheck as PerformanceCheck
    from tradeworthy.monitoring.performance_health import PerformanceHealth as PerformanceHealth
    from tradeworthy.monitoring.performance_summary import PerformanceSummary as PerformanceSummary
    from tradeworthy.monitoring.share_differences import difference_interval as difference_interval
    from tradeworthy.monitoring.signal_metrics import SignalQualityMetrics as SignalQualityMetrics
    from tradeworthy.monitoring.signal_metrics import SignalReading as SignalReading
    from tradeworthy.monitoring.trade_metrics import DrawdownReading as DrawdownReading
    from tradeworthy.monitoring.trade_metrics import TallyReading as TallyReading
    from tradeworthy.monitoring.trade_metrics import TradeMetrics as TradeMetrics
    from tradeworthy.monitoring.trade_metrics import TradeReading as TradeReading

__all__ = [
    "CheckResult",
    "DailyReport",
    "DrawdownReading",
    "Finding",
    "HealthReading",
    "Insight",
    "LatencyMetrics",
    "LatencyReading",
    "LatencyStatus",
    "PerformanceCheck",
    "PerformanceConfig",
    "PerformanceHealth",
    "PerformanceSummary",
    "Share",
    "SignalQualityMetrics",
    "SignalReading",
    "Stage",
    "TallyReading",
    "TradeMetrics",
    "TradeReading",
    "difference_interval",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "CheckResult": "performance_health",
        "DailyReport": "daily_report",
        "DrawdownReading": "trade_metrics",
        "Finding": "insights",
        "HealthReading": "performance_health",
        "Insight": "insights",
        "LatencyMetrics": "latency_metrics",
        "LatencyReading": "latency_metrics",
        "LatencyStatus": "latency_metrics",
        "PerformanceCheck": "performance_health",
        "PerformanceConfig": "performance_config",
        "PerformanceHealth": "performance_health",
        "PerformanceMonitor": "tradeworthy.api.performance_monitor",
        "PerformanceSummary": "performance_summary",
        "Share": "counted_shares",
        "SignalQualityMetrics": "signal_metrics",
        "SignalReading": "signal_metrics",
        "Stage": "performance_config",
        "TallyReading": "trade_metrics",
        "TradeMetrics": "trade_metrics",
        "TradeReading": "trade_metrics",
        "difference_interval": "share_differences",
    },
    public=__all__,
)
