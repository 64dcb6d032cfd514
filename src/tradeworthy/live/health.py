"""How a desk is, derived from what is known of its parts and never set.

    HEALTHY < DEGRADED < RECOVERING < PAUSED < CRITICAL

Health is apart from mode: mode is what the desk may do, health is how it is. After an outage it recovers until positions
have been reconciled with the broker again: that the broker answers is not enough, and that nobody asked it is nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.breaker import BreakerPhase, BreakerState
from tradeworthy.live.durations import spoken
from tradeworthy.live.freshness import Freshness, FreshnessVerdict
from tradeworthy.live.liveness import Pulse, PulseReading
from tradeworthy.live.mode import Mode, Restriction
from tradeworthy.live.session_refresh import SessionNeed, SessionReading

HEALTH: Final = "health"
"""The source of its restriction."""


class Health(StrEnum):
    """How the desk is. The values are the words people read."""

    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    RECOVERING = "RECOVERING"
    PAUSED = "PAUSED"
    CRITICAL = "CRITICAL"

    @property
    def severity(self) -> int:
        """0 for HEALTHY to 4 for CRITICAL."""
        return _SEVERITY[self]


_SEVERITY: Final = {health: place for place, health in enumerate(Health)}


class Agreement(StrEnum):
    """What came of the latest reconciliation with the broker."""

    NOT_RUN = "not run"
    RUNNING = "running"
    AGREES = "agrees"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Its outcome, and the breaker's ticket it was asked with: only what was asked after an outage says how things are
    after it, and tickets rise whatever the clock does."""

    agreement: Agreement = Agreement.NOT_RUN
    ticket: int | None = None

    def __post_init__(self) -> None:
        if (self.agreement is Agreement.NOT_RUN) != (self.ticket is None):
            raise InputError(
                "a reconciliation that ran has the ticket with which the broker was asked, and no other has"
            )


def is_well(breaker: BreakerState, reconciliation: Reconciliation) -> bool:
    """Whether a `HealthReport` of nothing but these two is HEALTHY; nearly always it is, and asked at every event."""
    return (
        breaker.phase is BreakerPhase.CLOSED
        and not breaker.failures
        and reconciliation.agreement is Agreement.AGREES
        and (reconciliation.ticket or 0) > breaker.opened_ticket
    )


@dataclass(frozen=True, slots=True)
class Lag:
    """Time from a message's receipt to its decision, and the most that is usual."""

    lag_ns: int = 0
    limit_ns: int = SECOND_NS


NO_LAG = Lag()


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, and how bad it is."""

    health: Health
    sentence: str


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What is known of a desk's parts; `health` and `issues` follow from it and cannot be given."""

    breaker: BreakerState
    reconciliation: Reconciliation
    freshness: tuple[Freshness, ...] = ()
    pulses: tuple[PulseReading, ...] = ()
    session: SessionReading | None = None
    lag: Lag = NO_LAG

    @property
    def health(self) -> Health:
        """As bad as the worst issue; HEALTHY only where there is none."""
        return max((one.health for one in self.issues), key=lambda health: health.severity, default=Health.HEALTHY)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All that is wrong, the worst first."""
        found = (*self._broker(), *self._agreement(), *self._feeds(), *self._session(), *self._lag())
        return tuple(sorted(found, key=lambda one: -one.health.severity))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The issues in words."""
        return tuple(one.sentence for one in self.issues)

    def restriction(self, time_ns: int) -> Restriction | None:
        """No entries while RECOVERING, PAUSED or CRITICAL; DEGRADED leaves it to the feed or session that is."""
        if self.health.severity < Health.RECOVERING.severity:
            return None
        return Restriction(HEALTH, Mode.REDUCING, self.sentences[0], time_ns)

    def _broker(self) -> list[Issue]:
        if self.breaker.phase is BreakerPhase.OPEN:
            return [
                Issue(
                    Health.PAUSED, f"the broker is not asked for {spoken(self.breaker.pause_ns)}, it failed too often"
                )
            ]
        if self.breaker.phase is BreakerPhase.HALF_OPEN:
            return [Issue(Health.RECOVERING, "the broker is being probed and has not answered yet")]
        if self.breaker.failures:
            return [Issue(Health.DEGRADED, f"the broker failed, {self.breaker.failures} in a row so far")]
        return []

    def _agreement(self) -> list[Issue]:
        agreement, ticket = self.reconciliation.agreement, self.reconciliation.ticket
        if agreement is Agreement.DIFFERS:
            return [Issue(Health.CRITICAL, "our positions or orders are not those of the broker")]
        if ticket is None or agreement is not Agreement.AGREES:
            doing = "being reconciled" if agreement is Agreement.RUNNING else "not reconciled"
            return [Issue(Health.RECOVERING, f"positions and orders are {doing} with the broker")]
        if ticket <= self.breaker.opened_ticket:
            return [Issue(Health.RECOVERING, "positions and orders have not been reconciled since the broker failed")]
        return []

    def _feeds(self) -> list[Issue]:
        resting = {FreshnessVerdict.FRESH, FreshnessVerdict.OUT_OF_SESSION, Pulse.ALIVE, Pulse.OUT_OF_SESSION}
        wrong = [one.sentence for one in self.freshness if one.verdict not in resting]
        wrong += [one.sentence for one in self.pulses if one.pulse not in resting]
        nothing = self.pulses and all(one.reconnects or one.resubscribes for one in self.pulses)
        dead = [Issue(Health.CRITICAL, "no feed is alive")] if nothing else []
        return dead + [Issue(Health.DEGRADED, sentence) for sentence in wrong]

    def _session(self) -> list[Issue]:
        if self.session is None or (self.session.allows_entries and not self.session.failures):
            return []
        worst = self.session.need is SessionNeed.SIGN_IN
        return [Issue(Health.CRITICAL if worst else Health.DEGRADED, self.session.sentence)]

    def _lag(self) -> list[Issue]:
        if self.lag.lag_ns <= self.lag.limit_ns:
            return []
        return [
            Issue(Health.DEGRADED, f"decisions are {spoken(self.lag.lag_ns)} behind, over {spoken(self.lag.limit_ns)}")
        ]
