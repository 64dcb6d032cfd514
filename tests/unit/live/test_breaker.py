"""The circuit breaker, moment by moment."""

from dataclasses import replace

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.live.breaker import (
    BreakerPhase,
    BreakerRules,
    BreakerState,
    asked,
    failed,
    pause_of,
    restarted,
    succeeded,
)

SECOND = 10**9
RULES = BreakerRules()
NEW = BreakerState()


def broken(time_ns: int = 0) -> BreakerState:
    """A breaker after three failures at a moment."""
    state = NEW
    for _ in range(3):
        state = failed(state, state.ticket, time_ns)
    return state


def probing(time_ns: int = 30 * SECOND) -> BreakerState:
    """The same when its first pause is over and a probe is under way."""
    return asked(broken(), time_ns)[0]


def test_three_failures_in_a_row_open_it_for_thirty_seconds() -> None:
    state = broken(5)
    assert (state.phase, state.pause_ns, state.since_ns) == (BreakerPhase.OPEN, 30 * SECOND, 5)
    two = failed(failed(NEW, 0, 0), 0, 0)
    assert (two.phase, two.failures) == (BreakerPhase.CLOSED, 2)
    assert asked(two, 0)[1].allowed


def test_a_breaker_may_open_at_the_first_failure() -> None:
    assert failed(NEW, 0, 0, BreakerRules(failures=1)).phase is BreakerPhase.OPEN


def test_an_answer_between_failures_begins_the_row_anew() -> None:
    state = failed(failed(NEW, 0, 0), 0, 0)
    state = failed(failed(succeeded(state, 0, 0), 0, 0), 0, 0)
    assert state.phase is BreakerPhase.CLOSED


def test_the_pause_ends_exactly_and_lets_one_through() -> None:
    state, permission = asked(broken(), 30 * SECOND - 1)
    assert (permission.allowed, permission.wait_ns) == (False, 1)
    assert asked(broken(), 0)[1].reason == "the broker failed 3 times in a row; ask again in 30.0 s"
    state, permission = asked(state, 30 * SECOND)
    assert permission.allowed
    assert state.phase is BreakerPhase.HALF_OPEN
    assert permission.reason == "this is the probe: everything else waits for its answer"
    _, second = asked(state, 30 * SECOND)
    assert (second.allowed, second.wait_ns) == (False, 30 * SECOND)
    assert asked(state, 31 * SECOND)[1].wait_ns == 29 * SECOND
    assert second.reason == "a probe is under way; ask again in 30.0 s"


def test_a_probe_that_is_answered_closes_it_and_forgets_the_pauses() -> None:
    closed = succeeded(probing(), probing().ticket, 31 * SECOND)
    assert (closed.phase, closed.failures, closed.openings) == (BreakerPhase.CLOSED, 0, 0)
    assert closed.ticket > probing().ticket
    for _ in range(3):
        closed = failed(closed, closed.ticket, 32 * SECOND)
    assert closed.pause_ns == 30 * SECOND


def test_a_probe_that_fails_doubles_the_pause() -> None:
    rules = BreakerRules(jitter=0.0)
    state = failed(probing(), probing().ticket, 31 * SECOND, rules)
    assert (state.phase, state.pause_ns, state.openings) == (BreakerPhase.OPEN, 60 * SECOND, 2)
    assert asked(state, 91 * SECOND - 1, rules)[1].reason == (
        "the broker failed 3 times in a row, and 1 probe since; ask again in 0.0 s"
    )
    assert asked(state, 91 * SECOND, rules)[1].allowed


def test_a_probe_without_an_outcome_is_lost_after_its_time_and_counts_as_failed() -> None:
    rules = BreakerRules(jitter=0.0)
    assert asked(probing(), 60 * SECOND - 1, rules)[0] == probing()
    state, permission = asked(probing(), 60 * SECOND, rules)
    assert (state.phase, state.pause_ns, permission.allowed) == (BreakerPhase.OPEN, 60 * SECOND, False)
    assert succeeded(state, probing().ticket, 61 * SECOND) == state


def test_what_was_asked_before_the_pause_neither_closes_nor_opens_it() -> None:
    for state in (broken(), probing()):
        assert succeeded(state, 0, 31 * SECOND) == state
        assert failed(state, 0, 31 * SECOND) == state
    assert succeeded(broken(), broken().ticket, 1) == broken()
    assert failed(broken(), broken().ticket, 1) == broken()


def test_pauses_double_up_to_the_cap() -> None:
    rules = BreakerRules(jitter=0.0)
    assert [pause_of(k, rules) // SECOND for k in range(1, 8)] == [30, 60, 120, 240, 480, 600, 600]
    assert pause_of(10**6, rules) == 600 * SECOND


def test_later_pauses_are_shortened_by_at_most_the_jitter_and_by_the_seed_alone() -> None:
    drawn = {pause_of(2, seed=seed) for seed in range(200)}
    assert len(drawn) == 200
    assert min(drawn) >= 54 * SECOND
    assert max(drawn) <= 60 * SECOND
    assert min(drawn) < 55 * SECOND
    assert max(drawn) > 59 * SECOND
    assert pause_of(2, seed=7) == pause_of(2, seed=7)
    assert {pause_of(1, seed=seed) for seed in range(9)} == {30 * SECOND}
    assert pause_of(3, seed=1, ticket=4) != pause_of(3, seed=1, ticket=6)


def test_a_clock_that_is_put_back_does_not_make_the_pause_longer() -> None:
    state, permission = asked(broken(10_000 * SECOND), 100 * SECOND)
    assert permission.wait_ns == 30 * SECOND
    assert asked(state, 130 * SECOND)[1].allowed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"failures": 0}, "at least 1 failure"),
        ({"pause_ns": 0}, "above zero"),
        ({"pause_ns": 10**15}, "at most pause_ns_max"),
        ({"jitter": 1.0}, "jitter"),
        ({"jitter": float("nan")}, "jitter"),
        ({"probe_ns": 0}, "a probe needs time"),
    ],
)
def test_rules_that_make_no_breaker_are_refused(change: dict[str, float], why: str) -> None:
    with pytest.raises(InputError, match=why):
        replace(RULES, **change)  # type: ignore[arg-type]  # one field of several types


def test_a_state_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(InputError, match="is OPEN cannot have been opened 0 times"):
        BreakerState(BreakerPhase.OPEN)
    with pytest.raises(InputError, match="is CLOSED cannot have been opened 1 time"):
        BreakerState.from_dict({**NEW.to_dict(), "openings": 1})
    with pytest.raises(InputError, match="from zero"):
        BreakerState(failures=-1)
    with pytest.raises(InputError, match="the breaker in the journal is damaged"):
        BreakerState.from_dict({**NEW.to_dict(), "phase": "AJAR"})


def test_a_breaker_in_the_journal_goes_on_where_it_was() -> None:
    for state in (NEW, broken(), probing()):
        assert BreakerState.from_dict(state.to_dict()) == state


def test_a_process_that_begins_probes_at_once_and_takes_no_answer_to_a_question_of_before() -> None:
    state = broken()
    half_open, probe = asked(state, state.pause_ns, RULES)
    for before, now in ((state, 1), (half_open, state.pause_ns + 1)):
        begun = restarted(before, now)
        assert succeeded(begun, probe.ticket, now) == begun
        tried, permission = asked(begun, now, RULES)
        assert permission.allowed
        assert tried.phase is BreakerPhase.HALF_OPEN
        assert not asked(tried, now, RULES)[1].allowed
        assert succeeded(tried, permission.ticket, now).phase is BreakerPhase.CLOSED
        longer = failed(tried, permission.ticket, now, RULES)
        assert longer.pause_ns > before.pause_ns
    assert restarted(BreakerState(failures=2), 5) == BreakerState(failures=2)
