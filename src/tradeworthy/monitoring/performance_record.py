"""Everything a monitor has been told: over its whole life, and for each of the latest days."""

from dataclasses import replace
from datetime import date

from tradeworthy.core.clock import to_datetime
from tradeworthy.monitoring.latency_metrics import LatencyMetrics
from tradeworthy.monitoring.performance_config import PerformanceConfig, Stage, is_capital
from tradeworthy.monitoring.signal_metrics import SignalQualityMetrics
from tradeworthy.monitoring.trade_metrics import TradeMetrics


class PerformancePart:
    """The three kinds of things that are recorded, over some time."""

    def __init__(self, config: PerformanceConfig) -> None:
        self.latency = LatencyMetrics(config)
        self.trades = TradeMetrics(config)
        self.signals = SignalQualityMetrics(config)


class PerformanceRecord:
    """`life` is of everything; `days` holds the newest days of the config's zone that anything was recorded on. An
    event of a day that is older than those counts in `life` alone. What is refused changes nothing."""

    def __init__(self, config: PerformanceConfig) -> None:
        self.config, self._daily = config, replace(config, capital=None)
        self.life = PerformancePart(config)
        self.days: dict[date, PerformancePart] = {}
        self.latest_ns: int | None = None

    def latency(self, stage: Stage, milliseconds: float, time_ns: int) -> None:
        """A stage took so long, and was done then."""
        self.life.latency.record(stage, milliseconds)
        day = self._day(time_ns)
        if day is not None:
            day.latency.record(stage, milliseconds)

    def trade(self, pnl: float, exit_reason: str, time_ns: int) -> None:
        """A trade was closed."""
        hour, before = to_datetime(time_ns).astimezone(self.config.local).hour, self.life.trades.equity
        self.life.trades.record(pnl, exit_reason, hour)
        day = self._day(time_ns)
        if day is None:
            return
        if not day.trades.trades and before is not None and is_capital(before):
            day.trades.begin_with(before)
        day.trades.record(pnl, exit_reason, hour)

    def signal(self, acted_on: bool, reason: str, bias_correct: bool | None, time_ns: int) -> None:
        """A strategy wanted something."""
        self.life.signals.record(acted_on, reason, bias_correct)
        day = self._day(time_ns)
        if day is not None:
            day.signals.record(acted_on, reason, bias_correct)

    def bias(self, correct: bool, time_ns: int) -> None:
        """The market moved the way a signal said, or did not."""
        self.life.signals.record_bias(correct)
        day = self._day(time_ns)
        if day is not None:
            day.signals.record_bias(correct)

    def passed(self, time_ns: int) -> None:
        """It was so late, whether anything was recorded or not."""
        self.latest_ns = time_ns if self.latest_ns is None else max(self.latest_ns, time_ns)

    def of_day(self, day: date) -> PerformancePart:
        """What that day has; nothing, where nothing was recorded on it or it is not kept."""
        return self.days.get(day) or PerformancePart(self._daily)

    def date_of(self, time_ns: int) -> date:
        """The day of the zone in which a moment lies."""
        return to_datetime(time_ns).astimezone(self.config.local).date()

    def _day(self, time_ns: int) -> PerformancePart | None:
        self.passed(time_ns)
        name = self.date_of(time_ns)
        found = self.days.get(name)
        if found is None and (len(self.days) < self.config.days or name > min(self.days)):
            found = self.days[name] = PerformancePart(self._daily)
            if len(self.days) > self.config.days:
                del self.days[min(self.days)]
        return found
