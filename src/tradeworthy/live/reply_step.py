"""What brokers say of orders: that they have them, that they ended, that a call failed, what became of one."""

from msgspec.structs import replace

from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.messages import OrderNews
from tradeworthy.live import breaker
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.deal_step import is_number, moved
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Place
from tradeworthy.live.desk_events import CallFailed, CallKind, CancelTaken, Placed, ReportCame
from tradeworthy.live.desk_state import DeskState, Role, Working
from tradeworthy.live.entry_step import account_view, order_of
from tradeworthy.live.exit_step import exit_failed
from tradeworthy.live.holding_back import BROKER, mode_of, only_for_a_while
from tradeworthy.live.mode import Mode
from tradeworthy.live.moving_stop import move_failed
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.turn import Turn


def placed(turn: Turn, event: Placed) -> None:
    """The broker took it."""
    answered(turn, event.ticket)
    one = turn.state.orders.get(event.client_id)
    if one is not None:
        moved(turn, one, one.life.acknowledged(event.broker_id))
    else:
        _risen(turn, event.client_id, event.broker_id)


def cancel_taken(turn: Turn, event: CancelTaken) -> None:
    """The broker took the wish; whether it came in time, it says in its news."""
    answered(turn, event.ticket)


def news_came(turn: Turn, event: OrderNews) -> None:
    """An order is there, or ended."""
    one = turn.state.orders.get(event.client_id)
    if one is None:  # of an order that is over, or not ours: reconciliation names what is not ours
        if event.status is OrderStatus.WORKING:
            _risen(turn, event.client_id, "")
        return
    life = one.life
    if event.status is OrderStatus.WORKING:
        moved(turn, one, life.acknowledged(life.broker_id))
    elif event.status is OrderStatus.CANCELLED:
        moved(turn, one, life.cancelled(event.reason, event.filled))
    elif event.status is OrderStatus.EXPIRED:
        moved(turn, one, life.expired(event.filled))
    elif event.status is OrderStatus.REJECTED:
        moved(turn, one, life.rejected(event.reason))


def report_came(turn: Turn, event: ReportCame) -> None:
    """What became of an order that was asked for."""
    answered(turn, event.ticket)
    one = turn.state.orders.get(event.client_id)
    if one is None:
        return
    if not all(map(is_number, event.report.fills)) or not event.report.filled.is_finite():
        sentence = f"what the broker reports of {event.client_id} is no number, so it is asked again"
        turn.tell(NoteKind.BROKER, NoteLevel.ALERT, sentence, symbol=one.life.symbol, client_id=event.client_id)
        return
    if event.report.status is None and _may_still_come(turn, one):
        turn.keep(replace(one, doubted=True, asked_ns=turn.now))
        return
    life = one.life.reported(event.report)
    if event.report.status is None and not life.status.is_over:  # it had it once, and no longer does
        life = life.cancelled("the broker no longer has it", life.filled)
    if life.status is OrderStatus.NEVER_ARRIVED:
        _never_arrived(turn, one, life)
        return
    moved(turn, replace(one, doubted=False), life)


def _risen(turn: Turn, name: str, broker_id: str) -> None:
    """The broker has an order that was over here: one that it had denied is a break. The book says what there is to take
    back."""
    one = turn.state.done.get(name)
    if one is None or one.life.status is OrderStatus.FILLED:
        return
    moved(turn, one, one.life.acknowledged(broker_id or one.life.broker_id))
    turn.change(book=replace(turn.state.book, due_ns=turn.now))


def call_failed(turn: Turn, event: CallFailed) -> None:
    """A call failed: what is known now, and what the broker's error says to do."""
    if event.counts_as_failure:
        state = breaker.failed(turn.state.breaker, event.ticket, turn.now, turn.plan.breaker)
        turn.change(breaker=state)
    else:
        answered(turn, event.ticket)
    if event.action is not ActionKind.REFUSE:
        sentence = f"the broker's answer to {event.call} {event.client_id}".rstrip()
        turn.tell(
            NoteKind.BROKER,
            NoteLevel.WARNING,
            f"{sentence}: {event.reason}",
            client_id=event.client_id,
            action=str(event.action),
        )
    if event.action is ActionKind.HALT:
        turn.restrict(BROKER, Mode.HALTED, event.reason, latched=True)
    elif event.action in {ActionKind.PAUSE, ActionKind.REFRESH}:  # until the broker has been reconciled after it
        turn.restrict(BROKER, Mode.REDUCING, event.reason)
        turn.change(book=replace(turn.state.book, due_ns=turn.now + max(event.wait_ns, turn.plan.timing.ask_ns)))
    if event.call is CallKind.BOOK:
        turn.change(
            book=replace(turn.state.book, asked_ns=0, due_ns=turn.now + max(event.wait_ns, turn.plan.timing.ask_ns))
        )
    one = turn.state.orders.get(event.client_id)
    if one is not None:
        _of_order(turn, one, event)


def _of_order(turn: Turn, one: Working, event: CallFailed) -> None:
    if event.call is CallKind.CANCEL and event.action is ActionKind.REFUSE:  # it is over there, or was never there
        turn.keep(replace(one, doubted=True, asked_ns=0))
    if event.call is CallKind.REPLACE:
        move_failed(turn, one, event)
    if event.call is not CallKind.PLACE:
        return
    if event.asks_first:
        turn.keep(replace(one, life=one.life.timed_out()))
    elif event.action is ActionKind.REFUSE:
        moved(turn, one, one.life.rejected(event.reason))
    elif one.life.status is OrderStatus.SENT:  # nothing was done: it is sent again when the wait is over, or dropped
        later = turn.now + max(event.wait_ns, SECOND_NS)
        if one.role is Role.EXIT and not event.counts_as_failure:  # what counts is paced by the breaker
            exit_failed(turn, one.member)
            later = max(later, turn.state.members[one.member].next_exit_ns)
        turn.keep(replace(one, sent_ns=0, asked_ns=later))


def answered(turn: Turn, ticket: int) -> None:
    """The broker answered what was asked with this ticket."""
    state = breaker.succeeded(turn.state.breaker, ticket, turn.now)
    if state is not turn.state.breaker:
        turn.change(breaker=state)


def send_again(turn: Turn, one: Working) -> None:
    """Send an order that has not arrived once more under its own id, if it still may go; an entry that may not is dropped."""
    why = "it was to be taken back" if one.life.cancel_wanted else too_late(turn, one)
    if not why:
        answer = turn.plan.gate.judge(order_of(turn.state, one), account_view(_without(turn, one)), turn.now)
        life = LiveOrder(one.life.client_id, one.life.symbol, one.life.strategy, one.life.units).sent()
        mode = mode_of(turn.state, one.member)
        if one.role is Role.ENTRY and mode is not Mode.ACTIVE:
            if only_for_a_while(turn.state, one.member):
                later = turn.now + turn.plan.timing.ask_ns
                turn.keep(replace(one, life=life, sent_ns=0, asked_ns=later, doubted=False))
                return
            why = f"{one.life.symbol} is {mode}"
        elif isinstance(answer, Approved):
            ticket = turn.ticket()
            sent, later = (0, turn.now + turn.plan.timing.ask_ns) if ticket is None else (turn.now, turn.now)
            turn.keep(replace(one, life=life, sent_ns=sent, asked_ns=later, doubted=False))
            if ticket is not None:
                turn.command(Place(answer, ticket))
            return
        else:
            why = answer.reason
    moved(
        turn,
        one,
        replace(one.life, status=OrderStatus.NEVER_ARRIVED, reason=f"it did not arrive and is not sent again: {why}"),
    )


def too_late(turn: Turn, one: Working) -> str:
    """Why an entry may no longer be sent; "" where it may. An exit always may."""
    if one.role is not Role.ENTRY or one.wanted is None:
        return ""
    member = turn.plan.members[one.member]
    history = turn.state.histories[turn.plan.series_at[member.instrument.symbol, member.timeframe]]
    if history.last is not None and history.last.close_ns > one.wanted.decided_ns:
        return "a newer bar has come since"
    age = turn.plan.hours[one.life.symbol].open_ns(one.wanted.decided_ns, turn.now)
    return "it is too old" if age > turn.plan.timing.entry_ns else ""


def _without(turn: Turn, one: Working) -> DeskState:
    orders = {name: other for name, other in turn.state.orders.items() if name != one.life.client_id}
    state: DeskState = replace(turn.state, orders=orders)
    return state


def _never_arrived(turn: Turn, one: Working, life: LiveOrder) -> None:
    if one.role in {Role.STOP, Role.TARGET}:
        moved(turn, one, life)
        return
    send_again(turn, one)


def _may_still_come(turn: Turn, one: Working) -> bool:
    """Whether it is a leg, which may come to rest a moment after the deal that it protects."""
    held = turn.state.members[one.member].holding
    if one.role not in {Role.STOP, Role.TARGET} or one.life.fills or held is None or held.entry_id != one.closes:
        return False
    return turn.now - held.opened_ns < turn.plan.timing.answer_ns
