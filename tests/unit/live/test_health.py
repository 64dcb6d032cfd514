"""How a desk is follows from its parts, and from nothing else."""

from dataclasses import fields, replace

import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.breaker import BreakerState, asked, failed, succeeded
from tradeworthy.live.freshness import freshness_of
from tradeworthy.live.health import Agreement, Health, HealthReport, Lag, Reconciliation
from tradeworthy.live.liveness import Liveness, pulse_of
from tradeworthy.live.mode import Mode
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.session_refresh import refresh_failed, refreshed, session_at

SECOND = 10**9
ALWAYS = OpenHours.always()
AGREES = Reconciliation(Agreement.AGREES, 0)
WELL = HealthReport(BreakerState(), AGREES)
ALIVE = pulse_of(Liveness("EUR_USD", 0, HOUR_NS, HOUR_NS), HOUR_NS, ALWAYS)
FROZEN = pulse_of(Liveness("GBP_USD", 0, HOUR_NS, 0), HOUR_NS, ALWAYS)
STALE = freshness_of("EUR_USD", Timeframe.M1, 0, HOUR_NS, ALWAYS)


def opened() -> BreakerState:
    """A breaker that has just opened."""
    state = BreakerState()
    for _ in range(3):
        state = failed(state, state.ticket, 0)
    return state


def test_health_cannot_be_given() -> None:
    assert not {"health", "issues", "sentences"} & {field.name for field in fields(HealthReport)}
    with pytest.raises((AttributeError, TypeError)):
        WELL.health = Health.HEALTHY  # type: ignore[misc]
    with pytest.raises(TypeError):
        replace(WELL, health=Health.HEALTHY)  # type: ignore[call-arg]


def test_a_desk_without_any_issue_is_healthy() -> None:
    report = replace(WELL, pulses=(ALIVE,), session=session_at(refreshed(0), 1))
    assert (report.health, report.issues, report.restriction(0)) == (Health.HEALTHY, (), None)


@pytest.mark.parametrize(
    ("reconciliation", "health"),
    [
        (Reconciliation(), Health.RECOVERING),
        (Reconciliation(Agreement.RUNNING, 0), Health.RECOVERING),
        (Reconciliation(Agreement.AGREES, 0), Health.HEALTHY),
        (Reconciliation(Agreement.DIFFERS, 0), Health.CRITICAL),
    ],
)
def test_nobody_is_healthy_before_the_broker_agrees(reconciliation: Reconciliation, health: Health) -> None:
    report = replace(WELL, reconciliation=reconciliation)
    assert report.health is health
    assert (report.restriction(0) is None) == (health is Health.HEALTHY)


def test_whether_a_reconciliation_runs_is_said() -> None:
    assert replace(WELL, reconciliation=Reconciliation(Agreement.RUNNING, 0)).sentences == (
        "positions and orders are being reconciled with the broker",
    )
    assert replace(WELL, reconciliation=Reconciliation()).sentences == (
        "positions and orders are not reconciled with the broker",
    )


def test_an_outage_is_over_only_when_positions_have_been_reconciled_after_it() -> None:
    state = opened()
    seen = [replace(WELL, breaker=state).health]
    state, probe = asked(state, 30 * SECOND)
    seen.append(replace(WELL, breaker=state).health)
    state = succeeded(state, probe.ticket, 31 * SECOND)
    seen.append(replace(WELL, breaker=state).health)
    assert seen == [Health.PAUSED, Health.RECOVERING, Health.RECOVERING]
    again = Reconciliation(Agreement.AGREES, probe.ticket)
    assert replace(WELL, breaker=state, reconciliation=again).health is Health.HEALTHY
    assert replace(WELL, breaker=state, reconciliation=Reconciliation(Agreement.RUNNING, probe.ticket)).health is (
        Health.RECOVERING
    )


def test_a_reconciliation_that_was_under_way_when_the_broker_failed_does_not_count() -> None:
    state = opened()
    state, probe = asked(state, 30 * SECOND)
    state = succeeded(state, probe.ticket, 31 * SECOND)
    for ticket in (0, opened().ticket):
        assert replace(WELL, breaker=state, reconciliation=Reconciliation(Agreement.AGREES, ticket)).sentences == (
            "positions and orders have not been reconciled since the broker failed",
        )


def test_a_failure_a_stale_feed_and_a_lag_degrade() -> None:
    one_failure = failed(BreakerState(), 0, 0)
    for report in (
        replace(WELL, breaker=one_failure),
        replace(WELL, freshness=(STALE,)),
        replace(WELL, pulses=(ALIVE, FROZEN)),
        replace(WELL, lag=Lag(SECOND + 1)),
        replace(WELL, session=session_at(refresh_failed(refreshed(0), 300 * 60 * SECOND), 301 * 60 * SECOND)),
    ):
        assert report.health is Health.DEGRADED
        assert len(report.sentences) == 1
        assert report.restriction(0) is None
    assert replace(WELL, lag=Lag(SECOND)).health is Health.HEALTHY


def test_no_feed_alive_or_a_session_that_expired_is_critical() -> None:
    dead = replace(WELL, pulses=(FROZEN,))
    assert dead.sentences[0] == "no feed is alive"
    assert dead.health is Health.CRITICAL
    assert replace(WELL, session=session_at(refreshed(0, 5), 5)).health is Health.CRITICAL


def test_the_worst_issue_decides_and_all_are_said_the_worst_first() -> None:
    report = HealthReport(
        opened(), Reconciliation(Agreement.DIFFERS, 0), (STALE,), (ALIVE, FROZEN), lag=Lag(3 * SECOND)
    )
    assert [one.health for one in report.issues] == [
        Health.CRITICAL,
        Health.PAUSED,
        Health.DEGRADED,
        Health.DEGRADED,
        Health.DEGRADED,
    ]
    restriction = report.restriction(9)
    assert restriction is not None
    assert (restriction.mode, restriction.source, restriction.since_ns) == (Mode.REDUCING, "health", 9)
    assert restriction.reason == "our positions or orders are not those of the broker"


def test_a_reconciliation_that_contradicts_itself_is_refused() -> None:
    for agreement, ticket in ((Agreement.AGREES, None), (Agreement.NOT_RUN, 3)):
        with pytest.raises(InputError, match="has the ticket"):
            Reconciliation(agreement, ticket)
