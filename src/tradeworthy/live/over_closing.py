"""More was closed than was held: deals are facts and count, and what they left the other way is turned back, by a reduce-only
order and not before the broker's book says that it is there."""

from decimal import Decimal

from msgspec.structs import replace

from tradeworthy.core.deals import NOTHING, Fill, Leg
from tradeworthy.live.desk_commands import NoteKind, NoteLevel
from tradeworthy.live.desk_state import Holding, Wanted, Working
from tradeworthy.live.exit_step import ask_cancel, leave
from tradeworthy.live.mode import Mode
from tradeworthy.live.turn import Turn

DEALS = "deals"
"""The source of restrictions for deals and orders that cannot be true."""
OVER_CLOSED = "over-closed"
"""Why what is held too much the other way is left."""


def over_closed(turn: Turn, one: Working, left: Decimal) -> None:
    """The deals of a position's exits went beyond it, and `left` units are held the other way."""
    place = one.member
    holding = turn.state.members[place].holding
    if holding is None:
        return
    turn.member(place, holding=replace(holding, over_in=turn.sequence))
    turn.change(book=replace(turn.state.book, due_ns=turn.now))
    symbol = one.life.symbol
    sentence = (
        f"{one.life.strategy}: more was closed than was held of {symbol}, {left} units are left the other way; they are turned "
        f"back once the broker's book has them too, and {symbol} stays locked until {_resume(symbol)}"
    )
    _told(turn, one, sentence)
    for name in dict.fromkeys(
        (one.life.client_id, turn.state.members[place].exit_id, *(leg.of(one.closes) for leg in Leg))
    ):
        ask_cancel(turn, name)  # the rest of it would close still more
    leave(turn, place, OVER_CLOSED)


def closed_twice(turn: Turn, one: Working, fill: Fill) -> bool:
    """Whether a deal that closes what is not held is a second closing by another order of ours, and nothing else: then it is
    a position of its own, the other way, and is turned back."""
    place, member = one.member, turn.state.members[one.member]
    held, name = member.holding, one.life.client_id
    mine = held is not None and held.entry_id == name
    if (held is not None and not mine) or member.entry_id or not _explained(turn, one, held, fill):
        return False
    price, fee = float(fill.price), float(fill.fee)
    if held is None:
        wanted = Wanted(1 if fill.units > NOTHING else -1, price, fill.time_ns, None, None)
        turn.member(
            place, holding=Holding(name, fill.units, fill.units, price, fill.time_ns, wanted, None, None, fees=fee)
        )
    else:
        units = held.units + fill.units
        mean = (float(held.units) * held.price + float(fill.units) * price) / float(units)
        turn.member(
            place, holding=replace(held, units=units, opened=held.opened + fill.units, price=mean, fees=held.fees + fee)
        )
    over_closed(turn, one, fill.units if held is None else held.units + fill.units)
    return True


def unexplained(turn: Turn, one: Working, fill: Fill) -> None:
    """A deal closes what is not held, and the desk cannot tell what is: nothing is sent, and a person has to look."""
    symbol = one.life.symbol
    sentence = (
        f"order {one.life.client_id} dealt {fill.units} to close {one.closes}, which is not held; look at the broker, close there "
        f"what is too much of {symbol}, and then {_resume(symbol)}"
    )
    _told(turn, one, sentence)


def confirm(turn: Turn, differences: dict[str, str], asked_in: int) -> None:
    """The broker's book, asked for with the event `asked_in`, says of a symbol what the desk says: what is too much of it may
    be turned back."""
    for place, (member, state) in enumerate(zip(turn.plan.members, turn.state.members, strict=True)):
        held = state.holding
        if held is not None and 0 < held.over_in <= asked_in and member.instrument.symbol not in differences:
            turn.member(place, holding=replace(held, over_in=0))


def _explained(turn: Turn, one: Working, held: Holding | None, fill: Fill) -> bool:
    """Whether all deals of the entry and of what closed it, as they are known here, leave just this much."""
    known = {**turn.state.done, **turn.state.orders}
    entry = known.get(one.closes)
    if entry is None:
        return False
    dealt = sum((other.life.filled for other in known.values() if other.closes == one.closes), entry.life.filled)
    excess = fill.units if held is None else held.opened + fill.units
    return dealt == excess and fill.units * entry.life.units < NOTHING


def _told(turn: Turn, one: Working, sentence: str) -> None:
    turn.tell(NoteKind.BREAK, NoteLevel.ALERT, sentence, strategy=one.life.strategy, symbol=one.life.symbol)
    turn.restrict(DEALS, Mode.REDUCING, sentence, latched=True, instrument=one.life.symbol)


def _resume(symbol: str) -> str:
    return f"`tradeworthy resume --scope instrument:{symbol}`"
