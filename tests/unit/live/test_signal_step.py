"""What signals from outside do to a desk, step by step."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from support.desk_steps import EUR, GBP, LONG, SteppedDesk, kept, member
from tradeworthy.controls.filters import CheckState
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, SECOND_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_commands import Cancel, NoteKind, Place
from tradeworthy.live.desk_events import SignalAction, SignalCame, Wish
from tradeworthy.live.desk_plan import Member
from tradeworthy.live.desk_state import RECENT_SIGNALS, SignalSeen
from tradeworthy.live.folding import restored, snapshot_of
from tradeworthy.live.quiet_bars import can_pass
from tradeworthy.live.verdict_chain import Answer, Stage
from tradeworthy.strategies.outside_signals import OutsideSignals
from tradeworthy.strategies.protocol import BatchStream

BUY, SELL, CLOSE = SignalAction


def taker(name: str = "mine", symbol: str = EUR, units: float = 10) -> Member:
    """A member that waits for signals."""
    return replace(member(name, [], symbol, units), strategy=OutsideSignals())


def desk(**changes: Any) -> SteppedDesk:
    """One that trades one such member, whose first bar closed at 1.1."""
    made = SteppedDesk(taker(), **changes)
    made.bar()
    return made


def signal(made: SteppedDesk, action: SignalAction, name: str = "a", **more: Any) -> None:
    """A signal that came now."""
    made.happens(SignalCame(made.now, name, more.pop("strategy", "mine"), action, **more))


def sent(made: SteppedDesk) -> list[Place]:
    return [one for one in made.commands if isinstance(one, Place)]


def refused(made: SteppedDesk) -> tuple[str, str]:
    seen = next(reversed(made.state.signals.values()))
    return seen.check, seen.why


def test_a_signal_is_sent_with_its_levels_where_they_were_given() -> None:
    made = desk(stops_from_fill=True)
    signal(made, BUY, stop=1.08, target=1.15)
    order = sent(made)[0].order.value
    assert (str(order.units), str(order.stop), str(order.target)) == ("10", "1.08", "1.15")
    assert (order.stop_distance, order.target_distance) == (None, None)
    (chain,) = made.chains
    assert (chain.answer, chain.client_id, chain.not_reached) == (Answer.SENT, order.client_id, ())
    made.placed(order.client_id)
    made.fill(order.client_id, 10, "1.101")
    held = made.state.members[0].holding
    assert held is not None
    assert (held.stop, held.target) == (1.08, 1.15)


def test_an_id_is_done_once_also_after_a_restart() -> None:
    made = desk()
    signal(made, BUY)
    first = made.state.signals["a"]
    signal(made, BUY)
    assert made.commands[:-1] == []
    assert made.notes[-1].data["again"] is True
    snapshot = snapshot_of(made.state)
    assert snapshot is not None
    made.state = restored(made.plan, snapshot)
    made.start(2)
    signal(made, SELL)
    assert sent(made) == []
    assert made.state.signals == {"a": first}


def test_the_ids_of_long_ago_are_forgotten_in_their_order() -> None:
    made = desk()
    old = {f"old-{i}": SignalSeen(i + 1, 0, "mine", "SENT") for i in range(RECENT_SIGNALS)}
    made.state = msgspec.structs.replace(made.state, signals=old)
    signal(made, CLOSE, "new")
    assert [*made.state.signals] == [*list(old)[1:], "new"]


@pytest.mark.parametrize(
    ("sent_ns", "actual"),
    [(-61 * SECOND_NS, "61 s old"), (2 * SECOND_NS, "2 s yet to come")],
)
def test_a_signal_that_is_late_or_of_tomorrow_is_refused_with_its_age_and_limit(sent_ns: int, actual: str) -> None:
    made = desk()
    signal(made, BUY, sent_ns=made.now + sent_ns)
    assert sent(made) == []
    check, why = refused(made)
    assert check == "signal age"
    assert why == f"signal age: {actual}; allowed is at most 60 s old"


def test_a_signal_just_within_its_age_passes() -> None:
    made = desk()
    signal(made, BUY, sent_ns=made.now - 60 * SECOND_NS)
    assert len(sent(made)) == 1


def test_a_signal_on_a_stale_bar_is_refused_and_without_any_bar_too() -> None:
    made = SteppedDesk(taker())
    signal(made, BUY, "early")
    assert refused(made) == (
        "fresh bar",
        "fresh bar: EUR_USD H1 cannot be traded: no bar has come yet; allowed is a bar that closed at most 2 h of open time ago",
    )
    made.bar()
    made.now += 2 * HOUR_NS + SECOND_NS
    signal(made, BUY, "late")
    check, why = refused(made)
    assert check == "fresh bar"
    assert "2 h 0 min 1 s" in why or "more than 2 h" in why


def test_a_stop_that_the_price_has_passed_meanwhile_is_refused() -> None:
    made = desk()
    signal(made, BUY, stop=1.2)
    assert refused(made)[0] == "strategy"
    assert sent(made) == []


def test_the_mode_holds_for_signals_as_for_strategies_and_exits_go_out_all_the_same() -> None:
    made = desk()
    made.wish(Wish.HALT)
    signal(made, SELL, "b")
    assert (refused(made)[0], sent(made)) == ("mode", [])
    made = held()
    made.wish(Wish.HALT)
    signal(made, CLOSE, "c", sent_ns=made.now - 10 * HOUR_NS)
    assert [one.order.value.reduce_only for one in sent(made)] == [True]


def held(side: SignalAction = BUY) -> SteppedDesk:
    """A desk that holds 10 units by a signal."""
    made = desk()
    signal(made, side, "entry")
    name = sent(made)[0].order.value.client_id
    made.placed(name)
    made.fill(name, 10 if side is BUY else -10)
    return made


def test_its_own_side_is_not_entered_twice() -> None:
    made = held()
    signal(made, BUY, "again")
    assert refused(made) == ("one position", "it holds a position of that side")
    assert made.chains[0].links[-1].stage is Stage.POSITION
    assert made.chains[0].links[-1].outcome.state is CheckState.REFUSED


def test_the_other_side_turns_the_position() -> None:
    made = held()
    signal(made, SELL, "turn", stop=1.2)
    (out,) = sent(made)
    assert out.order.value.reduce_only
    assert made.chains[0].answer is Answer.WAITS
    seen = made.state.signals["turn"]
    assert (seen.answer, seen.check) == ("WAITS", "")
    made.placed(out.order.value.client_id)
    made.fill(out.order.value.client_id, -10)
    (entry,) = sent(made)
    assert (str(entry.order.value.units), str(entry.order.value.stop)) == ("-10", "1.2")


def test_a_close_leaves_and_takes_back_what_is_on_its_way() -> None:
    made = held()
    signal(made, CLOSE, "out")
    assert made.state.signals["out"].answer == "LEAVING"
    assert made.state.signals["out"].client_id == sent(made)[0].order.value.client_id
    made = desk()
    signal(made, BUY, "entry")
    name = sent(made)[0].order.value.client_id
    made.placed(name)
    signal(made, CLOSE, "out")
    assert [one.client_id for one in made.commands if isinstance(one, Cancel)] == [name]
    made.news(name, OrderStatus.CANCELLED, 0)
    signal(made, CLOSE, "nothing")
    assert refused(made) == ("one position", "there is no position to leave")


def test_an_entry_under_way_keeps_others_out_and_one_of_the_other_side_takes_it_back() -> None:
    made = desk()
    signal(made, BUY, "first")
    name = sent(made)[0].order.value.client_id
    made.placed(name)
    signal(made, BUY, "second")
    assert refused(made)[0] == "one order"
    assert not [one for one in made.commands if isinstance(one, Cancel)]
    signal(made, SELL, "third")
    assert refused(made) == (
        "one order",
        "an entry of the other side was still on its way, and is taken back; send a new signal once it is",
    )
    assert [one.client_id for one in made.commands if isinstance(one, Cancel)] == [name]


def test_each_signal_has_one_note_with_what_came_of_it() -> None:
    made = held()
    (note,) = [one for one in made.notes if one.kind is NoteKind.SIGNAL]
    assert (note.strategy, note.symbol) == ("mine", EUR)
    assert dict(note.data) == {
        "signal_id": "entry", "action": "BUY", "accepted": True, "client_id": made.state.signals["entry"].client_id,
        "answer": "SENT", "check": "", "why": "", "first": made.state.signals["entry"].sequence, "again": False,
    }  # fmt: skip


def test_positions_are_those_of_the_strategy_that_is_named() -> None:
    made = SteppedDesk(taker(), taker("other", GBP), member("own", [LONG], EUR))
    made.bar()
    made.bar(GBP, 1.3)
    signal(made, BUY, "a", strategy="other")
    assert [one.order.value.strategy for one in sent(made)] == ["other"]
    assert made.state.members[0].entry_id == ""


def test_a_member_for_signals_decides_nothing_by_itself() -> None:
    made = SteppedDesk(taker())
    for place in range(50):
        made.bar(close=1.1 + 0.01 * (place % 7))
    assert not [one for one in made.notes if one.kind in {NoteKind.ORDER, NoteKind.REFUSED}]
    one = OutsideSignals()
    column = np.full(7, 1.1)
    stream = one.stream()
    assert isinstance(stream, BatchStream)
    assert stream.taken(column, column, column, enters=True, leaves=3) == (stream, 7)
    assert stream.after(column, column, column).update(1.1, 1.1, 1.1).enter == 0
    assert can_pass(made.plan)
    assert (one.name, one.warm_up, dict(one.parameters)) == ("signals", 1, {})
    assert one.resumed(one.stream().saved()).saved() == one.stream().saved()
    assert made.plan.members[0].key == (instrument_named(EUR).symbol, Timeframe.H1)


def test_a_snapshot_of_before_there_were_signals_is_read() -> None:
    made = desk()
    snapshot = snapshot_of(made.state)
    assert snapshot is not None
    held = msgspec.msgpack.decode(snapshot.data)
    del held["state"]["signals"]
    older = Snapshot(snapshot.sequence, snapshot.schema, msgspec.msgpack.encode(held))
    assert kept(restored(made.plan, older)) == kept(made.state)
    assert restored(made.plan, older).signals == {}
