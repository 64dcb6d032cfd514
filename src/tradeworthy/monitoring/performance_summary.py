"""How a system has performed, as one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradeworthy.core.clock import rfc3339
from tradeworthy.monitoring.insight_questions import insights_of
from tradeworthy.monitoring.insights import Insight
from tradeworthy.monitoring.latency_metrics import LatencyReading
from tradeworthy.monitoring.performance_config import PerformanceConfig, Stage
from tradeworthy.monitoring.performance_health import HealthReading, health_of
from tradeworthy.monitoring.performance_record import PerformancePart
from tradeworthy.monitoring.signal_metrics import SignalReading
from tradeworthy.monitoring.trade_metrics import TradeReading


@dataclass(frozen=True, slots=True)
class PerformanceSummary:
    """time_ns: as of when. source: `calls`, or the journal's name. events: of the journal, read so far."""

    time_ns: int
    source: str
    events: int
    zone: str
    currency: str
    health: HealthReading
    trades: TradeReading
    signals: SignalReading
    latency: dict[Stage, LatencyReading]
    insights: tuple[Insight, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "as_of": rfc3339(self.time_ns), "source": self.source, "events": self.events, "zone": self.zone,
            "currency": self.currency, "health": self.health.to_dict(), "trades": self.trades.to_dict(),
            "signals": self.signals.to_dict(),
            "latency": {stage.value: one.to_dict() for stage, one in self.latency.items()},
            "insights": [one.to_dict() for one in self.insights],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readings:
    """The three parts at one moment."""

    latency: dict[Stage, LatencyReading]
    trades: TradeReading
    signals: SignalReading


def readings_of(part: PerformancePart, reasons: Mapping[Stage, str]) -> Readings:
    """How a part stands. reasons: why a stage is not measured."""
    latency = {stage: part.latency.reading(stage, reasons.get(stage, "")) for stage in Stage}
    return Readings(latency, part.trades.reading(), part.signals.reading())


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a summary is made of: everything recorded, the day that it is (None where it has nothing), as of when, from
    where, and events read. Made in a moment, so that nobody who records waits; what takes longer follows from it."""

    life: Readings
    today: Readings | None
    time_ns: int
    source: str
    events: int
    currency: str
    rules: PerformanceConfig

    def health(self) -> HealthReading:
        """Every check."""
        today = None if self.today is None else self.today.trades
        return health_of(self.life.latency, self.life.trades, today, self.rules)

    def summary(self, shown: Readings) -> PerformanceSummary:
        """`shown` in figures, with the health and the insights of all that was recorded."""
        life = self.life
        return PerformanceSummary(
            self.time_ns, self.source, self.events, self.rules.zone, self.currency, self.health(), shown.trades, shown.signals,
            shown.latency, insights_of(life.latency, life.trades, life.signals, self.rules),
        )  # fmt: skip
