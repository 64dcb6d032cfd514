"""Whether a system performs within its limits: checks that ran, and those that could not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tradeworthy.core.counting import counted
from tradeworthy.monitoring.latency_metrics import LatencyReading, LatencyStatus
from tradeworthy.monitoring.performance_config import PerformanceConfig, Stage
from tradeworthy.monitoring.trade_metrics import TradeReading

NOTHING_MEASURED = "nothing has been measured yet, so nothing is known to be well"


class PerformanceHealth(StrEnum):
    """How a system performs."""

    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    CRITICAL = "CRITICAL"


class CheckResult(StrEnum):
    """What came of a check. NOT_RUN has not passed."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_RUN = "NOT RUN"


@dataclass(frozen=True, slots=True)
class PerformanceCheck:
    """One check: what was found, the limit, and both in words. health: how bad it is where it failed, else None."""

    name: str
    result: CheckResult
    actual: float | None
    limit: float | None
    sentence: str
    health: PerformanceHealth | None = None

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return {
            "name": self.name, "result": str(self.result), "actual": self.actual, "limit": self.limit,
            "sentence": self.sentence, "health": None if self.health is None else str(self.health),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class HealthReading:
    """checks: all of them. `health` is as bad as the worst that failed, and DEGRADED where none could run."""

    checks: tuple[PerformanceCheck, ...]

    @property
    def health(self) -> PerformanceHealth:
        """HEALTHY says that every check that ran has passed."""
        found = {one.health for one in self.checks}
        if PerformanceHealth.CRITICAL in found:
            return PerformanceHealth.CRITICAL
        silent = all(one.result is CheckResult.NOT_RUN for one in self.checks)
        return (
            PerformanceHealth.DEGRADED if silent or PerformanceHealth.DEGRADED in found else PerformanceHealth.HEALTHY
        )

    @property
    def issues(self) -> tuple[str, ...]:
        """What is wrong, in sentences, the worst first; that nothing could be checked is wrong too."""
        failed = [one for one in self.checks if one.result is CheckResult.FAILED]
        if not failed and all(one.result is CheckResult.NOT_RUN for one in self.checks):
            return (NOTHING_MEASURED,)
        failed.sort(key=lambda one: one.health is not PerformanceHealth.CRITICAL)
        return tuple(one.sentence for one in failed)

    def to_dict(self) -> dict[str, Any]:
        """{status, issues, checks}."""
        return {
            "status": str(self.health), "issues": list(self.issues), "checks": [one.to_dict() for one in self.checks],
        }  # fmt: skip


def health_of(
    latencies: dict[Stage, LatencyReading], trades: TradeReading, today: TradeReading | None, rules: PerformanceConfig
) -> HealthReading:
    """Every check of the rules. today: the trades of the day that it is; None where it has none. What a rule switches off is
    among the checks as NOT RUN."""
    return HealthReading((
        *(_latency(stage, one) for stage, one in latencies.items()),
        _drawdown(trades, rules), _losses_in_row(trades, rules), _daily_loss(today, rules), _win_rate(trades, rules),
    ))  # fmt: skip


def _latency(stage: Stage, one: LatencyReading) -> PerformanceCheck:
    name = f"{stage}_p95"
    if one.status in {LatencyStatus.NOT_MEASURED, LatencyStatus.NOT_ENOUGH_DATA}:
        return PerformanceCheck(name, CheckResult.NOT_RUN, one.p95_ms, one.budget_ms, one.sentence)
    return _against(name, one.p95_ms or 0.0, one.budget_ms, one.sentence, reaches=False)


def _drawdown(trades: TradeReading, rules: PerformanceConfig) -> PerformanceCheck:
    fall, limit = trades.drawdown.current_fraction, rules.drawdown_max
    if limit is None:
        return _not_run("drawdown", "it is switched off")
    if not trades.all.won.of:
        return _not_run("drawdown", "no trade was recorded", limit)
    if fall is None:
        return _not_run("drawdown", "the capital is not known (config capital=)", limit)
    sentence = f"drawdown: {fall:.1%} below the high by closed trades, the limit is {limit:.1%}"
    return _against("drawdown", fall, limit, sentence)


def _losses_in_row(trades: TradeReading, rules: PerformanceConfig) -> PerformanceCheck:
    if rules.losses_in_row_max is None:
        return _not_run("losses_in_row", "it is switched off")
    if not trades.all.won.of:
        return _not_run("losses_in_row", "no trade was recorded", rules.losses_in_row_max)
    run = max(-trades.streak, 0)
    sentence = f"losses in a row: {run} up to now, the limit is {rules.losses_in_row_max}"
    return _against("losses_in_row", run, rules.losses_in_row_max, sentence)


def _daily_loss(today: TradeReading | None, rules: PerformanceConfig) -> PerformanceCheck:
    limit = rules.daily_loss_max
    if limit is None:
        return _not_run("daily_loss", "it is switched off")
    if today is None or not today.all.won.of:
        return _not_run("daily_loss", "no trade was recorded today", limit)
    if today.capital is None:
        return _not_run("daily_loss", "the capital is not known (config capital=)", limit)
    loss = max(-today.all.pnl / today.capital, 0.0)
    sentence = f"daily loss: {loss:.1%} of what the day began with, the limit is {limit:.1%}"
    return _against("daily_loss", loss, limit, sentence)


def _win_rate(trades: TradeReading, rules: PerformanceConfig) -> PerformanceCheck:
    """Fails where the whole interval lies below the limit: few trades cannot show it."""
    won, limit = trades.all.won, rules.win_rate_min
    if limit is None:
        return _not_run("win_rate", "it is switched off")
    if not won.enough or won.interval is None or won.share is None:
        return _not_run("win_rate", f"{counted(won.of, 'trade')}, {rules.fewest} make a win rate", limit)
    low, high = won.interval.low, won.interval.high
    sentence = (
        f"win rate: {won.share:.1%} of {won.of:,} ({rules.confidence:.0%} interval {low:.1%} to {high:.1%}), "
        f"the limit is {limit:.1%}"
    )
    if high >= limit:
        return PerformanceCheck("win_rate", CheckResult.PASSED, won.share, limit, sentence)
    bad = PerformanceHealth.CRITICAL if high < limit / 2.0 else PerformanceHealth.DEGRADED
    return PerformanceCheck("win_rate", CheckResult.FAILED, won.share, limit, sentence, bad)


def _not_run(name: str, why: str, limit: float | None = None) -> PerformanceCheck:
    return PerformanceCheck(name, CheckResult.NOT_RUN, None, limit, f"{name.replace('_', ' ')}: not checked: {why}")


def _against(name: str, actual: float, limit: float, sentence: str, *, reaches: bool = True) -> PerformanceCheck:
    """reaches: a limit that is reached is broken; a budget is broken past it."""
    if actual < limit or (actual == limit and not reaches):
        return PerformanceCheck(name, CheckResult.PASSED, actual, limit, sentence)
    bad = PerformanceHealth.CRITICAL if actual >= 2.0 * limit else PerformanceHealth.DEGRADED
    return PerformanceCheck(name, CheckResult.FAILED, actual, limit, sentence, bad)
