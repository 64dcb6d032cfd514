"""One day of a system, as a record and on one page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradeworthy.core.counting import counted
from tradeworthy.monitoring.insights import Finding
from tradeworthy.monitoring.latency_metrics import LatencyReading, shown_ms
from tradeworthy.monitoring.performance_health import CheckResult
from tradeworthy.monitoring.performance_summary import PerformanceSummary
from tradeworthy.monitoring.signal_metrics import SignalReading
from tradeworthy.monitoring.trade_metrics import TallyReading, TradeReading


@dataclass(frozen=True, slots=True)
class DailyReport:
    """day: of the zone. summary: figures of the day, with health as of now and insights over everything recorded."""

    day: date
    summary: PerformanceSummary

    @property
    def text(self) -> str:
        """The report on one page, lines of at most 120 characters but for long sentences."""
        return "\n".join(_lines(self))

    def to_dict(self) -> dict[str, Any]:
        """The summary's fields, `day`, and `text`."""
        return {"day": self.day.isoformat(), **self.summary.to_dict(), "text": self.text}


def _lines(report: DailyReport) -> Iterator[str]:
    told = report.summary
    yield f"{report.day.isoformat()} ({told.zone}): {told.health.health}"
    yield from (f"  {sentence}" for sentence in told.health.issues)
    skipped = [one.name for one in told.health.checks if one.result is CheckResult.NOT_RUN]
    if skipped:
        yield f"  not checked: {', '.join(skipped)}"
    yield "Trades"
    yield from (f"  {line}" for line in _trades(told.trades, told.currency, told.zone))
    yield "Signals"
    yield from (f"  {line}" for line in _signals(told.signals))
    yield "Latency"
    yield from (f"  {_latency(one)}" for one in told.latency.values())
    yield "Insights, over everything recorded"
    found = [one for one in told.insights if one.finding is Finding.FOUND]
    yield from (f"  {one.sentence}; this would change it: {one.would_change}" for one in found)
    for finding, words in ((Finding.NOTHING_FOUND, "nothing found"), (Finding.NOT_ENOUGH_DATA, "not enough data")):
        count = sum(one.finding is finding for one in told.insights)
        if count:
            yield f"  {counted(count, 'question')}: {words}"


def _trades(trades: TradeReading, currency: str, zone: str) -> Iterator[str]:
    if not trades.all.won.of:
        yield "none was closed"
        return
    yield f"{_tally(trades.all)}, {_money(trades.all.pnl, currency)}"
    fall = trades.drawdown
    share = "" if fall.deepest_fraction is None else f" ({fall.deepest_fraction:.1%})"
    yield f"deepest fall by closed trades {fall.deepest:,.2f}{_unit(currency)}{share}, now {fall.current:,.2f}{_unit(currency)}"
    won, lost = trades.longest_winning_streak, trades.longest_losing_streak
    yield f"longest runs: {counted(won, 'win')}, {counted(lost, 'loss', 'losses')}"
    for reason, one in trades.exit_reasons.items():
        yield f"by {reason}: {_tally(one)}, {_money(one.pnl, currency)}"
    for hour, one in trades.by_hour.items():
        yield f"from {hour:02d}:00 {zone}: {_tally(one)}, {_money(one.pnl, currency)}"


def _signals(signals: SignalReading) -> Iterator[str]:
    if not signals.efficiency.of:
        yield "none was recorded"
    else:
        yield f"{counted(signals.efficiency.of, 'signal')}, {signals.efficiency.count:,} acted on ({signals.efficiency.share:.0%})"
    yield from (f"turned away by {reason}: {count:,}" for reason, count in signals.turned_away.items())
    if signals.bias.of:
        yield f"bias right {signals.bias.count:,} times of {signals.bias.of:,} ({signals.bias.share:.0%})"


def _latency(one: LatencyReading) -> str:
    if one.p50_ms is None or one.max_ms is None:
        return one.sentence
    return f"{one.sentence}; median {shown_ms(one.p50_ms)}, longest {shown_ms(one.max_ms)}"


def _tally(one: TallyReading) -> str:
    return f"{counted(one.won.of, 'trade')}, {one.won.count:,} won ({one.won.share or 0.0:.0%})"


def _money(amount: float, currency: str) -> str:
    return f"{amount:+,.2f}{_unit(currency)}"


def _unit(currency: str) -> str:
    return f" {currency}" if currency else ""
