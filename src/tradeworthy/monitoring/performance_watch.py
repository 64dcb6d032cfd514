"""A system's performance, told call by call or read out of a journal; for any number of threads."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from threading import Lock
from typing import Any

from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.core.moments import moment_ns
from tradeworthy.monitoring.daily_report import DailyReport
from tradeworthy.monitoring.given_moments import elapsed_ns, past_moment
from tradeworthy.monitoring.journal_following import JournalFollower, ReadableJournal
from tradeworthy.monitoring.latency_metrics import stage_named
from tradeworthy.monitoring.performance_config import PerformanceConfig, config_given
from tradeworthy.monitoring.performance_health import HealthReading, PerformanceHealth
from tradeworthy.monitoring.performance_record import PerformancePart, PerformanceRecord
from tradeworthy.monitoring.performance_summary import PerformanceSummary, Readings, Standing, readings_of
from tradeworthy.monitoring.trade_metrics import word_given
from tradeworthy.risk.observations import yes_or_no
from tradeworthy.validation.arguments import moderate

_CALLS = "calls"
_NS_OF_MS = 1e6


class PerformanceWatch:
    """What `PerformanceMonitor` is, for a journal that somebody has opened: an object with `read(start)` and
    `last_sequence()`; None: told by calls."""

    def __init__(
        self,
        journal: ReadableJournal | None = None,
        config: PerformanceConfig | Mapping[str, Any] | None = None,
        clock: Callable[[], Any] = now_ns,
    ) -> None:
        if not callable(clock):
            raise InputError(
                f"clock must be a function that says what time it is, such as time.time, not {shown(clock)}"
            )
        self.config = config_given(config)
        self._clock, self._lock = clock, Lock()
        self._own = PerformanceRecord(self.config)
        self._follower = None if journal is None else JournalFollower(journal, self.config)

    def track_latency(self, stage: str, start: Any) -> float:
        """A stage that began at `start` is done now; gives its milliseconds.

        stage: data_fetch, signal_generation, order_execution, or pipeline for all three from the start of the first. start:
        what `time.time()`, `time.perf_counter()` or `time.monotonic()` gave before the work (their `_ns` forms too), or an
        aware datetime; with a clock of your own, what that said. Raises InputError, with nothing recorded, for an unknown
        stage, a start in the future or over a day ago, a naive datetime, and where a journal is followed.
        """
        name = stage_named(stage)
        with self._lock:
            record, now = self._told("track_latency"), self._now()
            passed = elapsed_ns(start, self._clock, now) / _NS_OF_MS
            record.latency(name, passed, now)
        return passed

    def record_trade(self, pnl: float, exit_reason: str = "", *, at: Any = None) -> None:
        """A trade was closed. Streaks and drawdown follow the order of the calls.

        pnl: money after costs. exit_reason: a word or two to count under. at: when, for its hour and day; now by default.
        Raises InputError, with nothing recorded, for what is no amount of money, no text, a moment in the future or without
        a zone, and where a journal is followed.
        """
        amount, reason = moderate("pnl", pnl), word_given(exit_reason, "exit_reason")
        with self._lock:
            record = self._told("record_trade")
            record.trade(amount, reason, past_moment(at, "at", self._now()))

    def record_signal(
        self, acted_on: bool, *, reason: str = "", bias_correct: bool | None = None, at: Any = None
    ) -> None:
        """A strategy wanted something. reason: what turned it away, where nothing came of it. bias_correct: as in `record_bias`,
        where it is known already. Raises as `record_trade` does."""
        acted, word = yes_or_no(acted_on, "acted_on"), word_given(reason, "reason")
        right = None if bias_correct is None else yes_or_no(bias_correct, "bias_correct")
        with self._lock:
            record = self._told("record_signal")
            record.signal(acted, word, right, past_moment(at, "at", self._now()))

    def record_bias(self, correct: bool, *, at: Any = None) -> None:
        """Whether the market moved the way that a signal had said, judged after a time fixed beforehand: at a stop or a target
        a coin is not right half of the time. Raises as `record_trade` does."""
        right = yes_or_no(correct, "correct")
        with self._lock:
            record = self._told("record_bias")
            record.bias(right, past_moment(at, "at", self._now()))

    def catch_up(self) -> int:
        """Read what the journal holds by now, and say how many events were new; 0 where none is followed. Every question
        does that first. Raises InputError and JournalError, with nothing changed."""
        with self._lock:
            return self._caught_up()

    def summary(self) -> PerformanceSummary:
        """Everything recorded, as a record. Raises as `catch_up` does."""
        standing = self.standing()
        return standing.summary(standing.life)

    def get_performance_summary(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON: trades, signals, latency, health and insights (docs/performance-monitor.md)."""
        return self.summary().to_dict()

    def health(self) -> HealthReading:
        """Every check, those that did not run too. Raises as `catch_up` does."""
        return self.standing().health()

    def get_health_status(self) -> tuple[PerformanceHealth, list[str]]:
        """(HEALTHY, DEGRADED or CRITICAL; what is wrong, in sentences, the worst first). HEALTHY says that what could be checked
        has passed; before anything could be, it is DEGRADED and says so."""
        found = self.health()
        return found.health, list(found.issues)

    def standing(self) -> Standing:
        """All that a summary is made of, without the insights. Raises as `catch_up` does."""
        with self._lock:
            return self._standing()

    def daily_report(self, day: date | str | None = None) -> DailyReport:
        """One day, as a record. day: a date, or text such as 2026-03-04; by default today, or the newest day of the journal
        that is followed. Raises InputError for a day to come, and for one that is not kept any more."""
        wanted = None if day is None else _day(day)
        with self._lock:
            standing = self._standing()
            chosen = self._day_kept(wanted, self._record.date_of(standing.time_ns))
            shown = self._read(self._record.of_day(chosen))
        return DailyReport(chosen, standing.summary(shown))

    def generate_daily_report(self, day: date | str | None = None) -> dict[str, Any]:
        """The same as plain values; `text` is the page to read or to send."""
        return self.daily_report(day).to_dict()

    @property
    def _record(self) -> PerformanceRecord:
        return self._own if self._follower is None else self._follower.listener.record

    def _told(self, call: str) -> PerformanceRecord:
        if self._follower is not None:
            raise InputError(
                f"this monitor follows {self._follower.name}, so {call} would count twice what that tells; "
                "make another PerformanceMonitor() for calls"
            )
        return self._own

    def _caught_up(self) -> int:
        return 0 if self._follower is None else self._follower.catch_up()

    def _now(self) -> int:
        return moment_ns(self._clock(), "the clock's time")

    def _read(self, part: PerformancePart) -> Readings:
        return readings_of(part, {} if self._follower is None else self._follower.listener.reasons())

    def _standing(self) -> Standing:
        self._caught_up()
        record, follower = self._record, self._follower
        now = self._now() if follower is None or record.latest_ns is None else record.latest_ns
        today = record.days.get(record.date_of(now))
        source, events, currency = _CALLS, 0, self.config.currency
        if follower is not None:
            source, events, currency = follower.name, follower.events, follower.listener.currency
        return Standing(
            self._read(record.life),
            None if today is None else self._read(today),
            now,
            source,
            events,
            currency,
            self.config,
        )

    def _day_kept(self, wanted: date | None, today: date) -> date:
        day, kept = today if wanted is None else wanted, self._record.days
        if day > today:
            raise InputError(f"{day.isoformat()} has not come yet; it is {today.isoformat()} in {self.config.zone}")
        if day not in kept and len(kept) >= self.config.days and day < min(kept):
            raise InputError(f"{day.isoformat()} is not kept any more; the oldest day is {min(kept).isoformat()}")
        return day


def _day(value: date | str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]  # what is no text is told below
    except (TypeError, ValueError):
        raise InputError(f"day must be a date such as 2026-03-04, not {shown(value)}") from None
