"""What a bot may do when its broker, its prices, its session or its book fails: one object over the desk's own machines."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from os import PathLike
from typing import Any, Final

from tradeworthy.adapters.files.redacting import redacted_text
from tradeworthy.api.kept_record import KeptRecord
from tradeworthy.core.clock import SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.live.breaker import BreakerPhase
from tradeworthy.live.broker_errors import Action, ActionKind
from tradeworthy.live.connection_monitor import BrokerConnectionMonitor
from tradeworthy.live.data_freeze import DataFreezeDetector
from tradeworthy.live.failover_state import BrokerPause, FailoverState
from tradeworthy.live.foreign_errors import action_about
from tradeworthy.live.health import Agreement, Health, HealthReport, Issue, Reconciliation
from tradeworthy.live.mode import Mode, Restriction, restricted
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.partial_orders import PartialOrderReconciliation
from tradeworthy.live.resuming import Resume, Scope, ScopeKind, resumed
from tradeworthy.live.safe_exits import SafeExitManager
from tradeworthy.live.session_refresh import BrokerSession
from tradeworthy.live.session_renewal import SessionAutoRefresh

BROKER_ERROR: Final = "broker error"
"""The source of the halt that an exception led to."""
HAND: Final = "operator"
"""The source of one that somebody asked for."""


class FailoverRecoverySystem:
    """Say what happens (`record_success`, `handle_broker_error`, `record_data`, `reconcile`), and ask `should_allow_trading`.

    refresh_callback: renews the session, see `SessionAutoRefresh`. clock: gives now (`Clock`). state: a file in which
    halts, pauses, the session and exits under way outlive the process; without it they are gone with it. instruments:
    those watched from the start. hours: when they trade, a calendar's name such as "fx-24/5" or `OpenHours`. watch_data,
    watch_positions: off where a bot has neither prices nor a book to compare, and then shown as off. Until prices have
    come and positions were compared, nothing is entered: nobody knows how things are. Exits are always allowed. Any
    thread may call.

    Parts: `connection`, `data`, `orders`, `session`, `exits`. Raises InputError for a state that is damaged or of
    another version: nothing of it is used.
    """

    def __init__(
        self, refresh_callback: Callable[[], Any] | None = None, clock: Clock = now_ns,
        state: str | PathLike[str] | None = None, *, instruments: Iterable[str] = (), hours: OpenHours | str = CalendarName.ALWAYS,
        watch_data: bool = True, watch_positions: bool = True,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._kept = KeptRecord(FailoverState(BrokerSession(now_by(clock))), "failover", state)
        self._watches_data, self._watches_positions = watch_data, watch_positions
        self.connection = BrokerConnectionMonitor(clock=clock, state=self._kept.cell("breaker"))
        self.data = DataFreezeDetector(instruments=instruments, hours=hours, clock=clock)
        self.orders = PartialOrderReconciliation(clock=clock)
        self.session = SessionAutoRefresh(refresh_callback, clock=clock, state=self._kept.cell("session"))
        self.exits = SafeExitManager(clock=clock, state=self._kept.cell("exits"))

    def handle_broker_error(self, error: Exception, *, sending: bool = True) -> dict[str, Any]:
        """What to do about an exception: {action, reason, wait_seconds}, action retry, pause, refresh or halt.

        Decided by the exception's type and status code, never by its words. sending: an order may have been under way;
        False for questions that change nothing. The third failure in a row is a pause. refresh calls the callback. A
        halt is latched until `resume`. Raises InputError for what is no exception.
        """
        action = action_about(error, sending=sending)
        action = replace(action, reason=redacted_text(action.reason))  # addresses in errors hold tokens
        now = now_by(self._clock)
        if action.kind is ActionKind.HALT:
            self._restrict(BROKER_ERROR, action.reason, now)
        left_alone = action.kind is ActionKind.PAUSE and not action.wait_seconds  # a refused order is an answer
        if action.counts_as_failure and not left_alone:
            self.connection.record_failure()
            action = self._at_least_the_pause(action)
        if action.kind is ActionKind.PAUSE and action.wait_seconds > 0.0:
            self._pause(action, now)
        if action.asks_first:
            self.orders.doubt()
        if action.kind is ActionKind.REFRESH:
            self.session.ended()
            self.session.refresh_if_due()
        return action.to_dict()

    def record_success(self) -> None:
        """The broker answered. It ends no halt, no pause that the broker asked for, and no doubt about positions."""
        self.connection.record_success()
        if self._kept.get().pause.until_ns and not self._kept.get().pause.asked:
            self._kept.change(lambda state: state if state.pause.asked else replace(state, pause=BrokerPause()))

    def record_data(self, instrument: str = "prices", time: Any = None) -> None:
        """A price came, see `DataFreezeDetector.record_data`."""
        self.data.record_data(instrument, time)

    def reconcile(self, ours: Any, theirs: Any) -> dict[str, Any]:
        """Compare positions, see `PartialOrderReconciliation.reconcile`.

        theirs: better a function that asks the broker than what it said: what was asked before an outage says nothing of
        after it. After a pause it is the probe, and its answer counts as a success; during one it is not asked, and nothing
        agrees. What it raises is raised: hand it to `handle_broker_error`.
        """
        if not callable(theirs):
            return self.orders.reconcile(ours, theirs, ticket=lambda: self._kept.get().breaker.ticket)
        permission = self.connection.may_ask()
        if not permission["allowed"]:
            return {
                "agrees": False,
                "differences": [],
                "must_ask": self.orders.must_ask(),
                "reason": permission["reason"],
            }

        def answered() -> Any:
            told = theirs()
            self.record_success()
            return told

        return self.orders.reconcile(ours, answered, ticket=lambda: self._kept.get().breaker.ticket)

    def halt(self, reason: str) -> None:
        """Nothing is entered until `resume`, over restarts too where there is a state."""
        self._restrict(HAND, reason, now_by(self._clock))

    def resume(self, operator: str, reason: str) -> str:
        """A person ends every halt that was there before now, and says who and why. Gives a sentence of what that did."""
        command = Resume(Scope(ScopeKind.ALL), operator, reason, now_by(self._clock))
        told: list[str] = []

        def step(state: FailoverState) -> FailoverState:
            done = resumed(state.mode, command)
            told.append(done.sentence)
            return replace(state, mode=done.state)

        self._kept.change(step)
        return told[-1]

    def should_allow_trading(self, instrument: str = "") -> dict[str, Any]:
        """Whether a position may be opened now: {allowed, reason}. Renews the session where that is due.

        instrument: only its own prices count; "" for all that are watched.
        """
        self.session.refresh_if_due()
        against = self._against(instrument)
        return {
            "allowed": not against,
            "reason": against[0] if against else "the broker, prices, session and book are well",
        }

    def get_system_status(self) -> dict[str, Any]:
        """{state, allowed, reason, issues, halts, broker, data, session, reconciliation, exits, off}; changes nothing.

        state: HEALTHY, DEGRADED, RECOVERING, PAUSED or CRITICAL, as bad as the worst issue; issues: the worst first.
        """
        issues, against, reading = self._issues(), self._against(""), self.session.reading()
        worst = max((one.health for one in issues), key=lambda health: health.severity, default=Health.HEALTHY)
        switched = {"data": self._watches_data, "positions": self._watches_positions}
        return {
            "state": worst.value,
            "allowed": not against,
            "reason": against[0] if against else "the broker, prices, session and book are well",
            "issues": [one.sentence for one in issues],
            "halts": [one.sentence for one in self._kept.get().mode.restrictions],
            "broker": self.connection.status(),
            "data": {one.instrument: one.pulse.value for one in self.data.readings()},
            "session": {
                "need": reading.need.value,
                "reason": reading.sentence,
                "last_error": redacted_text(self.session.last_error),
            },
            "reconciliation": self._agreement().agreement.value,
            "exits": self.exits.waiting(),
            "off": [name for name, on in switched.items() if not on],
        }

    def _against(self, instrument: str) -> list[str]:
        """Every reason not to enter, the strictest first."""
        state, now = self._kept.get(), now_by(self._clock)
        found = [one.sentence for one in state.mode.about(instrument)]
        found += [one.sentence for one in self._own_issues() if one.health is not Health.DEGRADED]
        health = self._report().restriction(now)
        never = self._agreement().agreement is Agreement.NOT_RUN
        found += [health.reason + ("; call reconcile(ours, theirs)" if never else "")] if health is not None else []
        if self._watches_data:
            check = self.data.check(instrument)
            found += [] if check["allowed"] else [check["reason"]]
        session = self.session.reading()
        return found if session.allows_entries else [*found, session.sentence]

    def _issues(self) -> list[Issue]:
        found = [*self._own_issues(), *self._report().issues]
        if self._watches_data and not self.data.readings():
            found.append(Issue(Health.DEGRADED, self.data.check()["reason"]))
        return sorted(found, key=lambda one: -one.health.severity)

    def _own_issues(self) -> list[Issue]:
        state, now = self._kept.get(), now_by(self._clock)
        found = [Issue(Health.CRITICAL, one.sentence) for one in state.mode.restrictions]
        if self._kept.trouble:
            found.append(Issue(Health.CRITICAL, self._kept.trouble))
        if state.pause.holds(now):
            found.append(Issue(Health.PAUSED, f"paused until {rfc3339(state.pause.until_ns)}: {state.pause.reason}"))
        return found

    def _report(self) -> HealthReport:
        pulses = self.data.readings() if self._watches_data else ()
        return HealthReport(self.connection.current(), self._agreement(), (), pulses, self.session.reading())

    def _agreement(self) -> Reconciliation:
        if self._watches_positions:
            return self.orders.reconciliation()
        return Reconciliation(Agreement.AGREES, self._kept.get().breaker.opened_ticket + 1)

    def _restrict(self, source: str, reason: str, now: int) -> None:
        if not str(reason or "").strip():
            raise InputError("a halt must say its reason: it is what a person reads before trading again")
        halt = Restriction(source, Mode.HALTED, str(reason), now, latched=True)
        self._kept.change(lambda state: replace(state, mode=restricted(state.mode, halt)))

    def _at_least_the_pause(self, action: Action) -> Action:
        if self.connection.current().phase is not BreakerPhase.OPEN:
            return action
        left = self.connection.status()["wait_seconds"]
        reason = f"the broker failed too often in a row, so it is left alone for a while; {action.reason}"
        return replace(action, kind=ActionKind.PAUSE, reason=reason, wait_seconds=max(left, action.wait_seconds))

    def _pause(self, action: Action, now: int) -> None:
        until = now + min(round(action.wait_seconds * SECOND_NS), 2**62 - now)
        pause = BrokerPause(now, until, action.reason, asked=not action.asks_first)
        self._kept.change(
            lambda state: (
                state if state.pause.holds(now) and until <= state.pause.until_ns else replace(state, pause=pause)
            )
        )
