"""Moving the stop that rests for a position, as an operator asked: never absent meanwhile, nearer to the market and never away
from it, asked of the broker until it has answered."""

from decimal import Decimal

from msgspec.structs import replace

from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.deals import Leg, OrderStatus
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Replace
from tradeworthy.live.desk_events import CallFailed, OperatorAsked, Replaced
from tradeworthy.live.desk_state import DeskState, Holding, Moving, Working
from tradeworthy.live.money import last_prices
from tradeworthy.live.turn import Turn

_GIVEN_UP = frozenset({ActionKind.REFUSE, ActionKind.HALT})


def move_refused(state: DeskState, strategy: str, price: Decimal | None) -> str:
    """Why the stop of a strategy cannot be moved to a price; "" where it can."""
    place = state.plan.member_at.get(strategy)
    if place is None:
        return f"{strategy or 'a strategy without a name'} is none of this desk; it has {', '.join(sorted(state.plan.member_at))}"
    held = state.members[place].holding
    if held is None or held.leaving:
        return f"{strategy} " + ("holds nothing" if held is None else f"is being left already ({held.leaving})")
    return _cannot_move(state, place, held) or _no_place(state, place, held, price)


def _cannot_move(state: DeskState, place: int, held: Holding) -> str:
    strategy, leg = state.plan.members[place].name, state.orders.get(Leg.STOP.of(held.entry_id))
    if state.members[place].entry_id:
        return f"the entry of {strategy} is still being dealt; wait until it is over"
    if leg is None or leg.life.status is not OrderStatus.WORKING or leg.life.cancel_wanted or held.stop is None:
        return f"no stop rests for {strategy}"
    return "" if leg.moving is None else f"the stop of {strategy} is being moved to {leg.moving.price} already"


def _no_place(state: DeskState, place: int, held: Holding, price: Decimal | None) -> str:
    if price is None or not price.is_finite() or price <= 0:
        return f"{price} is no price"
    if held.stop is not None and (float(price) - held.stop) * held.side <= 0:
        return (
            f"the stop of {state.plan.members[place].name} rests at {held.stop:.10g}, and {price} is not nearer to the market; "
            "a stop that is moved away risks more than its entry was allowed"
        )
    return _beyond(state, place, held, price)


def move_stop(turn: Turn, event: OperatorAsked) -> None:
    """An operator's wish, where it can be fulfilled."""
    why = move_refused(turn.state, event.scope, event.price)
    if why or event.price is None:
        turn.tell(NoteKind.OPERATOR, NoteLevel.WARNING, f"the stop is not moved: {why}", strategy=event.scope)
        return
    held = turn.state.members[turn.plan.member_at[event.scope]].holding
    if held is not None:
        leg = turn.state.orders[Leg.STOP.of(held.entry_id)]
        turn.keep(replace(leg, moving=Moving(event.price)))


def press_move(turn: Turn, one: Working) -> Working:
    """Ask the broker to move the leg, if it is time to; the order as it stands then."""
    moving = one.moving
    if moving is None or turn.now < next_move_ns(turn.state, one):
        return one
    held = turn.state.members[one.member].holding
    if held is None or held.entry_id != one.closes or one.life.cancel_wanted:
        return turn.keep(replace(one, moving=None))
    why = _beyond(turn.state, one.member, held, moving.price)
    if why and not moving.sent_ns:
        _stays(turn, one, held, why)
        return turn.keep(replace(one, moving=None))
    ticket = turn.ticket()
    if ticket is None:
        return turn.keep(replace(one, moving=replace(moving, due_ns=turn.now + turn.plan.timing.ask_ns)))
    turn.command(Replace(one.life.client_id, moving.price, ticket))
    return turn.keep(replace(one, moving=replace(moving, sent_ns=turn.now)))


def next_move_ns(state: DeskState, one: Working) -> int:
    """When the broker is next asked to move the leg; 0 for never."""
    moving = one.moving
    if moving is None:
        return 0
    return max(moving.due_ns, moving.sent_ns + state.plan.timing.answer_ns if moving.sent_ns else 1)


def replaced(turn: Turn, event: Replaced) -> None:
    """The broker has moved it."""
    one = turn.state.orders.get(event.client_id)
    if one is None or one.moving is None or one.moving.price != event.price:
        return
    turn.keep(replace(one, moving=None))
    held = turn.state.members[one.member].holding
    if held is None or held.entry_id != one.closes:
        return
    turn.member(one.member, holding=replace(held, stop=float(event.price)))
    before = "none" if held.stop is None else f"{held.stop:.10g}"
    sentence = (
        f"{one.life.strategy}: the stop of {abs(held.units)} {one.life.symbol} was moved from {before} to {event.price}"
    )
    turn.tell(NoteKind.OPERATOR, NoteLevel.INFO, sentence, strategy=one.life.strategy, symbol=one.life.symbol)


def move_failed(turn: Turn, one: Working, event: CallFailed) -> None:
    """It was not moved, or nobody knows: the same is asked again, as moving it twice is moving it once; unless the broker will
    not."""
    held = turn.state.members[one.member].holding
    if one.moving is None:
        return
    if event.action not in _GIVEN_UP:
        later = turn.now + max(event.wait_ns, SECOND_NS)
        turn.keep(replace(one, moving=replace(one.moving, sent_ns=0, due_ns=later)))
        return
    turn.keep(replace(one, moving=None, doubted=True, asked_ns=0))
    if held is not None:
        _stays(turn, one, held, event.reason)


def _stays(turn: Turn, one: Working, held: Holding, why: str) -> None:
    sentence = f"{one.life.strategy}: the stop of {abs(held.units)} {one.life.symbol} stays at {held.stop:.10g}: {why}"
    turn.tell(NoteKind.OPERATOR, NoteLevel.ALERT, sentence, strategy=one.life.strategy, symbol=one.life.symbol)


def _beyond(state: DeskState, place: int, held: Holding, price: Decimal) -> str:
    symbol = state.plan.members[place].instrument.symbol
    last = last_prices(state).get(symbol)
    if last is None or last.price is None or (float(price) - float(last.price)) * held.side < 0:
        return ""
    way = "below" if held.side > 0 else "above"
    return f"{symbol} is at {last.price:.10g}, and a stop of what is held lies {way} that; `tradeworthy flatten` leaves at once"
