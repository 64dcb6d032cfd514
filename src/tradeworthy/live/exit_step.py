"""Leaving a position: asked for once, pressed until it is done, and never by more than is held."""

from typing import Final

from msgspec.structs import replace

from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.counting import counted
from tradeworthy.core.deals import OrderStatus
from tradeworthy.live.desk_commands import Cancel, NoteKind, NoteLevel, Place
from tradeworthy.live.desk_state import Role, Working
from tradeworthy.live.entry_step import account_view, lately, order_of
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.turn import Turn

STUBBORN: Final = 3
"""Attempts to leave that failed in a row, at which people are told."""
_DOUBLINGS_MAX: Final = 32
"""Past every bound; more would only make large numbers."""


def leave(turn: Turn, place: int, why: str) -> None:
    """The position is to be left; an entry that waits for that is kept by the caller."""
    holding = turn.state.members[place].holding
    if holding is None or holding.leaving:
        return
    turn.member(place, holding=replace(holding, leaving=why), next_exit_ns=turn.now, exit_failures=0)
    if turn.state.members[place].entry_id:  # what of its entry has not been dealt yet is not wanted any more
        ask_cancel(turn, turn.state.members[place].entry_id)
    press_exit(turn, place)


def press_exit(turn: Turn, place: int) -> None:
    """Send a reduce-only order for what is held, if none is on its way and the broker may be called."""
    member = turn.state.members[place]
    holding = member.holding
    if holding is None or not holding.leaving or member.exit_id or turn.now < member.next_exit_ns:
        return
    if holding.over_in:  # not before the broker's book has said that it is there
        return
    one = turn.plan.members[place]
    life = LiveOrder(turn.next_id(), one.instrument.symbol, one.name, -holding.units)
    working = Working(life, Role.EXIT, place, closes=holding.entry_id, why=holding.leaving)
    answer = turn.plan.gate.judge(order_of(turn.state, working), account_view(turn.state), turn.now)
    if not isinstance(answer, Approved):
        level = NoteLevel.WARNING if member.exit_failures else NoteLevel.ALERT
        turn.tell(
            NoteKind.REFUSED, level, f"{one.name}: the position cannot be left: {answer.reason}", strategy=one.name,
            symbol=one.instrument.symbol, check=answer.check,
        )  # fmt: skip
        exit_failed(turn, place)
        return
    ticket = turn.ticket()  # last, as it may be the breaker's only probe
    if ticket is None:
        return
    turn.keep(replace(working, life=life.sent(), sent_ns=turn.now))
    turn.member(place, exit_id=life.client_id)
    turn.change(sent_ns=lately(turn.state.sent_ns, turn.now))
    turn.command(Place(answer, ticket))
    turn.tell(
        NoteKind.ORDER, NoteLevel.INFO, f"{one.name}: leaving {abs(holding.units)} {one.instrument.symbol} ({holding.leaving})",
        strategy=one.name, symbol=one.instrument.symbol, client_id=life.client_id, units=str(life.units),
    )  # fmt: skip


def exit_failed(turn: Turn, place: int) -> None:
    """An attempt to leave came to nothing: the next follows after a pause that doubles, and people hear of it when it is no
    accident any more."""
    member, one, timing = turn.state.members[place], turn.plan.members[place], turn.plan.timing
    if member.holding is None:
        return
    failures = member.exit_failures + 1
    pause = min(timing.exit_ns << min(failures - 1, _DOUBLINGS_MAX), max(timing.exit_most_ns, timing.exit_ns))
    turn.member(place, exit_failures=failures, next_exit_ns=turn.now + pause)
    if failures == STUBBORN:
        symbol = one.instrument.symbol
        sentence = (
            f"{one.name}: {counted(failures, 'attempt')} in a row to leave {abs(member.holding.units)} {symbol} failed; the next "
            f"follows in {pause / SECOND_NS:g} s and with every new bar; if it cannot wait, close it at the broker and then "
            f"`tradeworthy accept {symbol}`"
        )
        turn.tell(NoteKind.ORDER, NoteLevel.ALERT, sentence, strategy=one.name, symbol=symbol)


def try_again(turn: Turn, place: int) -> None:
    """Something has changed since the last attempt to leave failed: the next one need not wait."""
    member = turn.state.members[place]
    if not member.exit_failures:
        return
    turn.member(place, exit_failures=0, next_exit_ns=turn.now)
    turn.change(due_ns=turn.now)
    waiting = turn.state.orders.get(member.exit_id)
    if waiting is not None and waiting.life.status is OrderStatus.SENT and not waiting.sent_ns:
        turn.keep(replace(waiting, asked_ns=turn.now))


def ask_cancel(turn: Turn, name: str) -> None:
    """Ask for an order to be taken back, as soon as the broker may be called."""
    one = turn.state.orders.get(name)
    if one is None or one.life.status.is_over:
        return
    if not one.life.cancel_wanted:
        one = turn.keep(replace(one, life=one.life.cancel_asked()))
    ticket = turn.ticket()
    turn.keep(replace(one, asked_ns=turn.now))
    if ticket is not None:
        turn.command(Cancel(name, ticket))
