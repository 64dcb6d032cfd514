"""Jumps of the host's clock."""

import pytest

from tradeworthy.core.clock import HOUR_NS, MINUTE_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.clock_watch import ClockRules, ClockState, ClockVerdict, first_look, looked
from tradeworthy.live.mode import Mode

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
START = first_look(NOON, 5)


def on(state: ClockState, wall: int, monotonic: int) -> tuple[ClockVerdict, ClockState]:
    """A look so much later by each clock."""
    reading = looked(state, state.wall_ns + wall, state.monotonic_ns + monotonic)
    return reading.verdict, reading.state


@pytest.mark.parametrize(
    ("wall", "verdict"),
    [
        (2 * SECOND, ClockVerdict.STEADY),
        (2 * SECOND + 1, ClockVerdict.FORWARDS),
        (0, ClockVerdict.STEADY),
        (-1, ClockVerdict.BACKWARDS),
    ],
)
def test_a_move_past_a_second_is_a_jump_and_a_second_is_none(wall: int, verdict: ClockVerdict) -> None:
    found, state = on(START, wall, SECOND)
    assert found is verdict
    assert (state.restriction() is None) == (verdict is ClockVerdict.STEADY)


def test_a_jump_stops_entries_with_a_reason_until_the_clock_has_settled() -> None:
    verdict, state = on(START, HOUR_NS + SECOND, SECOND)
    restriction = state.restriction()
    assert verdict is ClockVerdict.FORWARDS
    assert restriction is not None
    assert (restriction.mode, restriction.source) == (Mode.REDUCING, "clock")
    assert restriction.reason == "the clock jumped forwards by 60 min: it was set, or the host slept"
    _, state = on(state, MINUTE_NS - 1, MINUTE_NS - 1)
    assert state.restriction() is not None
    _, state = on(state, 1, 1)
    assert state.restriction() is None


def test_a_second_jump_begins_the_wait_anew() -> None:
    _, state = on(START, -HOUR_NS, SECOND)
    _, state = on(state, HOUR_NS, 50 * SECOND)
    _, state = on(state, 50 * SECOND, 50 * SECOND)
    assert state.restriction() is not None
    _, state = on(state, 10 * SECOND, 10 * SECOND)
    assert state.restriction() is None


def test_small_moves_that_add_up_are_drift() -> None:
    state, verdicts = START, []
    for _ in range(11):
        verdict, state = on(state, SECOND + SECOND // 2, SECOND)
        verdicts.append(verdict)
    assert verdicts == [ClockVerdict.STEADY] * 10 + [ClockVerdict.DRIFTING]
    assert state.reason == "the clock has drifted by 5.5 s; see that it is kept by NTP"


def test_two_looks_at_the_same_moment_are_steady() -> None:
    assert on(START, 0, 0)[0] is ClockVerdict.STEADY


def test_hours_between_two_looks_are_no_jump() -> None:
    verdict, state = on(START, 100 * HOUR_NS, 100 * HOUR_NS)
    assert (verdict, state.restriction()) == (ClockVerdict.STEADY, None)


def test_a_monotonic_clock_that_began_anew_is_a_restart() -> None:
    reading = looked(START, NOON + SECOND, 0)
    assert reading.verdict is ClockVerdict.RESTARTED
    assert reading.state.restriction() is not None
    assert reading.state.offset_ns == NOON + SECOND


def test_limits_that_make_no_sense_are_refused() -> None:
    assert ClockRules(1, 1, 1).drift_ns == 1
    for jump, drift, settle in ((0, 1, 1), (1, 1, 0), (2, 1, 1)):
        with pytest.raises(InputError, match="limits of the clock"):
            ClockRules(jump, drift, settle)
