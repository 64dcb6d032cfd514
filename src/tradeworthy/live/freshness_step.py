"""The gate on old data: an instrument whose bars of some timeframe are late is not entered until they come again."""

from tradeworthy.core.clock import MINUTE_NS
from tradeworthy.live.desk_commands import NoteKind, NoteLevel
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.freshness import Freshness, FreshnessVerdict, freshness_of
from tradeworthy.live.mode import Restriction, reported
from tradeworthy.live.turn import Turn

_LATE = frozenset({FreshnessVerdict.STALE, FreshnessVerdict.FROM_THE_FUTURE, FreshnessVerdict.HOURS_UNKNOWN})
"""A market that is closed sends no bars, and what no bar has come of has nothing to decide on."""


def readings(state: DeskState, now: int) -> tuple[Freshness, ...]:
    """How fresh every series is."""
    plan = state.plan
    return tuple(
        freshness_of(
            one.instrument, one.timeframe, None if one.last is None else one.last.close_ns, now, plan.hours[one.instrument],
            plan.freshness,
        )
        for one in state.histories
    )  # fmt: skip


def check_freshness(turn: Turn) -> None:
    """Look at every series, lock those that are late, and find out when to look again."""
    mode = turn.state.mode
    found = readings(turn.state, turn.now)
    for timeframe in dict.fromkeys(one.timeframe for one in found):
        source = source_of(timeframe)
        late = [one for one in found if one.timeframe is timeframe and one.verdict in _LATE]
        now = tuple(
            Restriction(source, restriction.mode, restriction.reason, turn.now, instrument=restriction.instrument)
            for one in late
            if (restriction := one.restriction(turn.now)) is not None
        )
        mode = reported(mode, source, now)
    before = {one.key for one in turn.state.mode.restrictions}
    turn.change(mode=mode, looked_ns=turn.now + _next_look(found))
    for one in mode.restrictions:
        if one.key not in before:
            turn.tell(
                NoteKind.DATA, NoteLevel.ALERT, f"{one.reason}; no entries until a bar comes", symbol=one.instrument
            )


def source_of(timeframe: str) -> str:
    """Of the restrictions for late bars."""
    return f"freshness {timeframe}"


def _next_look(found: tuple[Freshness, ...]) -> int:
    """Open time is no longer than time, so nothing that is fresh is late before that."""
    left = [one.limit_ns - one.age_ns for one in found if one.age_ns is not None and one.age_ns <= one.limit_ns]
    return max(min(left, default=60 * MINUTE_NS) + 1, MINUTE_NS)
