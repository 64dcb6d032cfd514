"""How a system performs, as Prometheus has it: base units, totals that only grow, and nothing for what was not measured."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tradeworthy.core.errors import TradeworthyError
from tradeworthy.monitoring.latency_metrics import LEVEL, LatencyReading
from tradeworthy.monitoring.performance_config import Stage
from tradeworthy.monitoring.performance_health import CheckResult, HealthReading, PerformanceHealth
from tradeworthy.monitoring.performance_summary import Standing
from tradeworthy.monitoring.signal_metrics import SignalReading
from tradeworthy.monitoring.trade_metrics import TradeReading

PREFIX: Final = "tradeworthy_performance_"
_MS: Final = 1e-3


class PerformanceCollector(Collector):
    """Asks at every scrape. standing: what is known by then; where it raises, only `up 0` is said. failed: hears the sentence.

    Figures of before are not repeated: a scrape that could not look says that it could not.
    """

    def __init__(self, standing: Callable[[], Standing], failed: Callable[[str], None]) -> None:
        self._standing, self._failed = standing, failed

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is depends on what was measured."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What Prometheus reads."""
        up = GaugeMetricFamily(f"{PREFIX}up", "Whether the figures could be read: 0 where the journal is damaged.")
        try:
            found = self._standing()
        except TradeworthyError as error:
            self._failed(str(error))
            up.add_metric([], 0.0)
            yield up
            return
        up.add_metric([], 1.0)
        yield up
        yield from metrics_of(found)


def metrics_of(found: Standing) -> Iterator[Metric]:
    """Every figure that is known."""
    yield _single(
        "as_of_timestamp_seconds",
        "Moment of these figures: in a journal that of its newest event.",
        found.time_ns / 1e9,
    )
    if found.events:
        yield _count("journal_events", "Events of the journal that were read.", found.events)
    yield from _latency(found.life.latency)
    yield from _trades(found.life.trades, found.currency)
    yield from _signals(found.life.signals)
    yield from _health(found.health())


def _latency(readings: dict[Stage, LatencyReading]) -> Iterator[Metric]:
    """A summary: quantiles of the latest, sum and count of all. A stage that was not measured has a budget and nothing else."""
    name = f"{PREFIX}latency_seconds"
    latency = Metric(name, "How long a stage took: quantiles of the latest, sum and count of all.", "summary")
    budget = GaugeMetricFamily(
        f"{PREFIX}latency_budget_seconds", "Within which 95% of a stage should stay.", labels=["stage"]
    )
    over = GaugeMetricFamily(
        f"{PREFIX}latency_over_budget_ratio", "Share of the latest that took longer.", labels=["stage"]
    )
    for stage, one in readings.items():
        budget.add_metric([stage.value], one.budget_ms * _MS)
        if one.p50_ms is None or one.p95_ms is None or one.mean_ms is None:
            continue
        over.add_metric([stage.value], one.over_budget / one.latest)
        for quantile, found in ((0.5, one.p50_ms), (LEVEL, one.p95_ms)):
            latency.add_sample(name, {"stage": stage.value, "quantile": str(quantile)}, found * _MS)
        latency.add_sample(f"{name}_sum", {"stage": stage.value}, one.mean_ms * one.count * _MS)
        latency.add_sample(f"{name}_count", {"stage": stage.value}, one.count)
    yield from (one for one in (latency, budget, over) if one.samples)


def _trades(trades: TradeReading, currency: str) -> Iterator[Metric]:
    whole = trades.all
    counts = CounterMetricFamily(f"{PREFIX}trades", "Trades that were closed.", labels=["result"])
    flat = whole.won.of - whole.won.count - whole.lost
    for result, number in (("won", whole.won.count), ("lost", whole.lost), ("flat", flat)):
        counts.add_metric([result], number)
    yield counts
    if not whole.won.of:
        return
    money = GaugeMetricFamily(
        f"{PREFIX}pnl", "Money that closed trades made after costs, in `currency`.", labels=["currency"]
    )
    money.add_metric([currency], whole.pnl)
    yield money
    yield from _share("win_rate", "Trades that won, of all.", whole.won.share)
    if whole.won.interval is not None:
        bounds = GaugeMetricFamily(f"{PREFIX}win_rate_bound_ratio", "Interval of the win rate.", labels=["bound"])
        bounds.add_metric(["low"], whole.won.interval.low)
        bounds.add_metric(["high"], whole.won.interval.high)
        yield bounds
    fall = trades.drawdown
    yield from _share("drawdown", "Below the high by closed trades, now.", fall.current_fraction)
    yield from _share("drawdown_deepest", "The deepest fall by closed trades.", fall.deepest_fraction)
    yield _single("losses_in_row", "Losses in a row up to now.", max(-trades.streak, 0))


def _signals(signals: SignalReading) -> Iterator[Metric]:
    counts = CounterMetricFamily(f"{PREFIX}signals", "Signals, by whether something came of them.", labels=["outcome"])
    counts.add_metric(["acted_on"], signals.efficiency.count)
    counts.add_metric(["turned_away"], signals.efficiency.of - signals.efficiency.count)
    yield counts
    yield from _share("signal_efficiency", "Signals that were acted on, of all.", signals.efficiency.share)
    yield from _share("bias_accuracy", "Signals whose bias was right, of those judged.", signals.bias.share)


def _health(found: HealthReading) -> Iterator[Metric]:
    """One of the states is 1. A check that did not run is neither failed nor passed, and absent."""
    health = GaugeMetricFamily(
        f"{PREFIX}health", "How the system performs: 1 for the state it is in.", labels=["state"]
    )
    for state in PerformanceHealth:
        health.add_metric([state.value], float(state is found.health))
    yield health
    failed = GaugeMetricFamily(
        f"{PREFIX}check_failed", "1 for a check that failed, 0 for one that passed.", labels=["check"]
    )
    for one in found.checks:
        if one.result is not CheckResult.NOT_RUN:
            failed.add_metric([one.name], float(one.result is CheckResult.FAILED))
    if failed.samples:
        yield failed


def _share(name: str, told: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield _single(f"{name}_ratio", told, value)


def _single(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}{name}", told, value=value)


def _count(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"{PREFIX}{name}", told, value=value)
