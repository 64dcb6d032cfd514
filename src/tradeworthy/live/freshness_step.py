"""The gate on old data: what trades on bars that are late is not entered until they come again."""

from tradeworthy.core.clock import MINUTE_NS
from tradeworthy.live.desk_commands import NoteKind, NoteLevel
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.freshness import Freshness, FreshnessVerdict, freshness_of
from tradeworthy.live.holding_back import FRESHNESS, source_of
from tradeworthy.live.mode import Restriction, lifted, restricted
from tradeworthy.live.turn import Turn

_LATE = frozenset({FreshnessVerdict.STALE, FreshnessVerdict.FROM_THE_FUTURE, FreshnessVerdict.HOURS_UNKNOWN})
"""A market that is closed sends no bars, and what no bar has come of has nothing to decide on."""


def reading(state: DeskState, place: int, now: int) -> Freshness:
    """How fresh one series is."""
    one, plan = state.histories[place], state.plan
    close_ns = None if one.last is None else one.last.close_ns
    return freshness_of(one.instrument, one.timeframe, close_ns, now, plan.hours[one.instrument], plan.freshness)


def readings(state: DeskState, now: int) -> tuple[Freshness, ...]:
    """How fresh every series is."""
    return tuple(reading(state, place, now) for place in range(len(state.histories)))


def check_freshness(turn: Turn) -> None:
    """Look at the series whose next bar should have come, lock those that are late, and find out when to look again."""
    looks = list(turn.state.looks)
    for place, look_ns in enumerate(looks):
        if turn.now < look_ns:
            continue
        found = reading(turn.state, place, turn.now)
        left = 0 if found.age_ns is None else found.limit_ns - found.age_ns
        looks[place] = turn.now + max(left + 1, MINUTE_NS)
        _lock(turn, found)
    turn.change(looks=tuple(looks))


def _lock(turn: Turn, found: Freshness) -> None:
    source, before = source_of(FRESHNESS, found.timeframe), turn.state.mode
    restriction = found.restriction(turn.now) if found.verdict in _LATE else None
    if restriction is None:
        turn.change(mode=lifted(before, source, found.instrument))
        return
    after = restricted(
        before, Restriction(source, restriction.mode, restriction.reason, turn.now, instrument=found.instrument)
    )
    turn.change(mode=after)
    if len(after.restrictions) > len(before.restrictions):
        sentence = f"{found.sentence}; no entries on it until a bar comes"
        turn.tell(NoteKind.DATA, NoteLevel.ALERT, sentence, symbol=found.instrument)
