"""A signal from outside: the same chain as for what a strategy decides, and each id once."""

from typing import Final

from tradeworthy.controls.outcomes import Outcome, judged
from tradeworthy.core.order import Refused
from tradeworthy.live.chain_weighing import weigh_signal, weigh_wait
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Place, Tell
from tradeworthy.live.desk_events import SignalAction, SignalCame
from tradeworthy.live.desk_state import RECENT_SIGNALS, SignalSeen, Wanted
from tradeworthy.live.durations import spoken
from tradeworthy.live.entry_step import enter, refuse
from tradeworthy.live.exit_step import ask_cancel, leave
from tradeworthy.live.freshness import FreshnessVerdict
from tradeworthy.live.freshness_step import reading
from tradeworthy.live.turn import Turn
from tradeworthy.live.verdict_chain import SIGNAL_AGE

_TRADED_ON: Final = frozenset({FreshnessVerdict.FRESH, FreshnessVerdict.OUT_OF_SESSION})
"""A market that is closed deals at its next open, as for a strategy that decides on its last bar."""
NOTHING_TO_LEAVE: Final = Refused("one position", "there is no position to leave", "a position", "none held")


def signal_came(turn: Turn, event: SignalCame) -> None:
    """Do what the signal says, if the chain lets it, and remember its id."""
    seen = turn.state.signals.get(event.signal_id)
    if seen is not None:
        sentence = f"signal {event.signal_id} came again and is not done twice; it was event {seen.sequence}"
        _told(turn, event, seen, sentence, again=True)
        return
    first = len(turn.commands)
    place = turn.plan.member_at[event.strategy]
    refused = _close(turn, place) if event.action is SignalAction.CLOSE else _enter(turn, place, event)
    _remember(turn, place, event, refused, first)


def _enter(turn: Turn, place: int, event: SignalCame) -> Refused | None:
    """A position the other way is left first; its own side is not entered twice."""
    wanted, outcomes = _wanted(turn, place, event), _data_outcomes(turn, place, event)
    weigh_signal(turn, place, wanted, outcomes)
    member = turn.state.members[place]
    late = next((one.refusal() for one in outcomes if one.refuses), None)
    refused = late or _occupied(turn, place, wanted)
    if refused is not None:
        refuse(turn, place, wanted, refused)
    elif member.holding is not None:
        turn.member(place, wanted=wanted)
        weigh_wait(turn, place)
        leave(turn, place, "signal")
    else:
        enter(turn, place, wanted)
    return refused


def _wanted(turn: Turn, place: int, event: SignalCame) -> Wanted:
    member = turn.plan.members[place]
    last = turn.state.histories[turn.plan.series_at[member.key]].last
    side = 1 if event.action is SignalAction.BUY else -1
    price = 0.0 if last is None else last.close
    stop = None if event.stop is None else side * (price - event.stop)
    target = None if event.target is None else side * (event.target - price)
    return Wanted(side, price, turn.now, stop, target, event.stop, event.target)


def _data_outcomes(turn: Turn, place: int, event: SignalCame) -> tuple[Outcome, ...]:
    """How old the signal is, and how fresh the bar under it."""
    plan, limit = turn.plan, turn.plan.timing.entry_ns
    required = f"at most {spoken(limit)} old"
    if event.sent_ns is None:
        age = judged(SIGNAL_AGE, required, "it says no time, and counts from when it came", passes=True)
    elif event.sent_ns > turn.now + plan.freshness.ahead_ns:
        age = judged(SIGNAL_AGE, required, f"{spoken(event.sent_ns - turn.now)} yet to come", passes=False)
    else:
        old = max(turn.now - event.sent_ns, 0)
        age = judged(SIGNAL_AGE, required, f"{spoken(old)} old", passes=old <= limit)
    found = reading(turn.state, plan.series_at[plan.members[place].key], turn.now)
    known = found.age_ns is not None and found.verdict in _TRADED_ON
    fresh = known and found.age_ns is not None and found.age_ns <= found.limit_ns
    closed = f"a bar that closed at most {spoken(found.limit_ns)} of open time ago"
    actual = spoken(found.age_ns) if fresh and found.age_ns is not None else found.sentence
    return age, judged("fresh bar", closed, actual, passes=fresh)


def _occupied(turn: Turn, place: int, wanted: Wanted) -> Refused | None:
    """Why this side cannot be entered now. An entry of the other side that is still on its way is taken back."""
    member = turn.state.members[place]
    held = member.holding
    if held is not None and (held.leaving or held.side == wanted.side):
        why = (
            f"its position is still being left ({held.leaving})" if held.leaving else "it holds a position of that side"
        )
        return Refused("one position", why, "none held", f"{held.units} units")
    if held is None and member.entry_id:
        pending = turn.state.orders[member.entry_id].wanted
        why = "an entry of this strategy is still on its way"
        if pending is not None and pending.side != wanted.side:
            ask_cancel(turn, member.entry_id)
            why = "an entry of the other side was still on its way, and is taken back; send a new signal once it is"
        return Refused("one order", why, "none", member.entry_id)
    return None


def _close(turn: Turn, place: int) -> Refused | None:
    """Leave what is held, take back what is on its way, and forget what waits: however late the signal comes."""
    member = turn.state.members[place]
    turn.member(place, wanted=None)
    if member.entry_id:
        ask_cancel(turn, member.entry_id)
    if member.holding is not None:
        leave(turn, place, "signal")
    return None if member.holding is not None or member.entry_id else NOTHING_TO_LEAVE


def _remember(turn: Turn, place: int, event: SignalCame, refused: Refused | None, first: int) -> None:
    """What came of it, out of what this step sent and told."""
    made = turn.commands[first:]
    name = turn.plan.members[place].name
    sent = [one.order.value for one in made if isinstance(one, Place)]
    client_id = next((one.client_id for one in sent if one.strategy == name), "")
    check, why = ("", "") if refused is None else (refused.check, refused.reason)
    for one in made:
        if isinstance(one, Tell) and one.kind is NoteKind.REFUSED and one.strategy == name:
            check, why = str(one.data["check"]), one.sentence.partition(": no entry, ")[2] or one.sentence
    waits = turn.state.members[place].wanted is not None
    done = "LEAVING" if event.action is SignalAction.CLOSE else "WAITS" if waits else "SENT"
    answer = "REFUSED" if check else done
    seen = SignalSeen(turn.sequence, turn.now, event.strategy, answer, client_id, check, why, str(event.action))
    known = dict(turn.state.signals)
    while len(known) >= RECENT_SIGNALS:
        del known[next(iter(known))]
    turn.change(signals={**known, event.signal_id: seen})
    said = f"refused, {why}" if check else "taken"
    sentence = f"signal {event.signal_id}: {event.strategy} {event.action}: {said}"
    _told(turn, event, seen, sentence)


def _told(turn: Turn, event: SignalCame, seen: SignalSeen, sentence: str, *, again: bool = False) -> None:
    symbol = turn.plan.members[turn.plan.member_at[event.strategy]].instrument.symbol
    turn.tell(
        NoteKind.SIGNAL, NoteLevel.INFO, sentence, strategy=event.strategy, symbol=symbol, signal_id=event.signal_id,
        action=str(event.action), accepted=not seen.check, client_id=seen.client_id, answer=seen.answer, check=seen.check,
        why=seen.why, first=seen.sequence, again=again,
    )  # fmt: skip
