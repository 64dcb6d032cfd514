"""What people and the desk's own house ask for: halts, resumes, locks, flattening, leaving; a kill is all at once."""

from types import MappingProxyType

from msgspec.structs import replace

from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.book_step import RECONCILIATION
from tradeworthy.live.desk_commands import Leave, NoteKind, NoteLevel
from tradeworthy.live.desk_events import OperatorAsked, SettingsDiffer, Trouble, Wish
from tradeworthy.live.desk_state import DeskState, Role, Unwinding
from tradeworthy.live.entry_step import not_active, refuse
from tradeworthy.live.exit_step import ask_cancel, try_again
from tradeworthy.live.mode import Mode, Restriction, lifted, restricted
from tradeworthy.live.moving_stop import move_stop
from tradeworthy.live.pressing import KILL_SWITCH
from tradeworthy.live.resuming import Resume, Scope, ScopeKind, resumed
from tradeworthy.live.turn import Turn

OPERATOR = "operator"
LOCK = "lock"
FLATTEN = "flatten"

_NAMED = 5
"""Changes of the settings that stand in a sentence; all of them stand behind it."""

_SOURCES = MappingProxyType({KILL_SWITCH: KILL_SWITCH, FLATTEN: OPERATOR})
"""By why everything is left, whose restriction holds while it is: with its end, the leaving ends."""


def operator_asked(turn: Turn, event: OperatorAsked) -> None:
    """Do what was asked, and say who asked and why."""
    reason = f"{event.operator}: {event.reason}"
    turn.tell(
        NoteKind.OPERATOR,
        NoteLevel.ALERT,
        f"{event.wish} {event.scope}".strip() + (f" to {event.price}" if event.price else "") + f" asked by {reason}",
        wish=str(event.wish),
    )
    if event.wish is Wish.HALT:
        turn.restrict(OPERATOR, Mode.HALTED, reason, latched=True)
        _cancel_entries(turn)
    elif event.wish is Wish.KILL:
        turn.restrict(KILL_SWITCH, Mode.HALTED, reason, latched=True)
        _unwind(turn, KILL_SWITCH)
    elif event.wish is Wish.FLATTEN:
        turn.restrict(OPERATOR, Mode.REDUCING, f"flattened by {reason}", latched=True)
        _unwind(turn, FLATTEN)
    elif event.wish is Wish.RESUME:
        _resume(turn, event)
    elif event.wish is Wish.LOCK:
        _lock(turn, event.scope, reason)
    elif event.wish is Wish.UNLOCK:
        _resume(turn, replace(event, scope=f"{ScopeKind.INSTRUMENT} {event.scope}"))
    elif event.wish is Wish.STOP:
        turn.command(Leave(reason))
    elif event.wish is Wish.MOVE_STOP:
        move_stop(turn, event)
    else:
        _compare(turn, event)


def _compare(turn: Turn, event: OperatorAsked) -> None:
    """The broker's book is looked at anew; what it contradicts may be written off before."""
    if event.wish is Wish.ACCEPT:
        _accept(turn, event)
    else:
        turn.change(book=replace(turn.state.book, due_ns=turn.now))


def trouble_came(turn: Turn, event: Trouble) -> None:
    """Something in the desk's own house: less is allowed while it lasts, or until somebody has looked."""
    if event.over:
        left = lifted(turn.state.mode, event.source, event.instrument)
        if left != turn.state.mode:
            turn.change(mode=left)
            turn.tell(NoteKind.MODE, NoteLevel.INFO, f"{event.source}: {event.reason}", symbol=event.instrument)
        return
    mode = Mode.HALTED if event.halts else Mode.REDUCING
    if event.expected:
        turn.change(mode=restricted(turn.state.mode, Restriction(event.source, mode, event.reason, turn.now)))
        return
    turn.restrict(event.source, mode, event.reason, latched=event.halts, instrument=event.instrument)


def settings_differ(turn: Turn, event: SettingsDiffer) -> None:
    """Tell it, and nothing else: what a desk started with holds until it is started again."""
    if not event.changes:
        sentence = f"{event.where} says again what the desk started with"
        turn.tell(NoteKind.DESK, NoteLevel.INFO, sentence)
        return
    more = len(event.changes) - _NAMED
    named = "; ".join(event.changes[:_NAMED]) + (f"; and {counted(more, 'other change')}" if more > 0 else "")
    holds = "which goes on with what it started with until the next start"
    sentence = f"{event.where} was changed under the running desk, {holds}: {named}"
    turn.tell(NoteKind.DESK, NoteLevel.ALERT, sentence, changes=list(event.changes))


def _accept(turn: Turn, event: OperatorAsked) -> None:
    """Somebody has looked, and says that what the desk thought it held of an instrument is gone: it is written off, and what
    it made is only in the broker's balance. Only where the broker has just said that it holds another amount."""
    symbol = event.scope
    if not is_contradicted(turn.state, symbol):
        sentence = f"{symbol or 'nothing'} is not locked by a difference to the broker, so there is nothing to accept"
        turn.tell(NoteKind.OPERATOR, NoteLevel.WARNING, sentence, symbol=symbol)
        return
    for place, (member, held) in enumerate(zip(turn.plan.members, turn.state.members, strict=True)):
        if member.instrument.symbol == symbol and held.holding is not None:
            turn.member(place, holding=None, wanted=None, exit_id="", exit_failures=0)
            sentence = f"{member.name}: {held.holding.units:,} {symbol} are written off, as {event.operator} asked"
            turn.tell(
                NoteKind.BREAK,
                NoteLevel.ALERT,
                sentence,
                strategy=member.name,
                symbol=symbol,
                units=str(held.holding.units),
            )
    turn.change(book=replace(turn.state.book, due_ns=turn.now))


def is_contradicted(state: DeskState, symbol: str) -> bool:
    """Whether the broker has just said that it holds another amount of an instrument than the desk."""
    return any(one.source == RECONCILIATION and one.instrument == symbol for one in state.mode.restrictions)


def _lock(turn: Turn, symbol: str, reason: str) -> None:
    if turn.plan.instrument_of(symbol) is None:
        known = ", ".join(sorted({one.instrument.symbol for one in turn.plan.members}))
        sentence = f"{symbol!r} is no instrument of this desk, so nothing was locked; it trades {known}"
        turn.tell(NoteKind.OPERATOR, NoteLevel.ALERT, sentence)
        return
    turn.restrict(LOCK, Mode.REDUCING, reason, latched=True, instrument=symbol)
    _cancel_entries(turn, symbol)


def _resume(turn: Turn, event: OperatorAsked) -> None:
    try:
        command = Resume(scope_of(event.scope), event.operator, event.reason, event.time_ns)
    except InputError as error:
        turn.tell(NoteKind.OPERATOR, NoteLevel.WARNING, str(error))
        return
    done = resumed(turn.state.mode, command)
    turn.change(mode=done.state)
    unwinding = turn.state.unwinding
    if unwinding is not None and not any(one.source == _SOURCES[unwinding.why] for one in done.state.restrictions):
        turn.change(unwinding=None)
    turn.tell(NoteKind.MODE, NoteLevel.ALERT, done.sentence, mode=str(done.state.mode))


def scope_of(text: str) -> Scope:
    """`all`, `instrument EUR_USD` or `source kill switch`. Raises InputError for anything else."""
    word, _, name = text.strip().partition(" ")
    if word not in list(ScopeKind):
        raise InputError(f"{text!r} is no scope of a resume; use all, instrument NAME or source NAME")
    return Scope(ScopeKind(word), name.strip())


def _cancel_entries(turn: Turn, symbol: str = "") -> None:
    """Take back every entry of an instrument ("": of all) that is on its way, and drop those that wait for a position to be
    left."""
    for one in list(turn.state.orders.values()):
        if one.role is Role.ENTRY and symbol in {"", one.life.symbol}:
            ask_cancel(turn, one.life.client_id)
    for place, (member, held) in enumerate(zip(turn.plan.members, turn.state.members, strict=True)):
        if held.wanted is None or symbol not in {"", member.instrument.symbol}:
            continue
        turn.member(place, wanted=None)
        refused = not_active(turn.state, place)
        if refused is not None:
            refuse(turn, place, held.wanted, refused)


def _unwind(turn: Turn, why: str) -> None:
    unwinding = turn.state.unwinding
    going = unwinding is not None and not unwinding.confirmed_ns
    if not going or (
        unwinding is not None and unwinding.why != why and why == KILL_SWITCH
    ):  # a kill is the more of both
        turn.change(unwinding=Unwinding(why, turn.now))
    for place in range(len(turn.state.members)):
        try_again(turn, place)
    _cancel_entries(turn)
