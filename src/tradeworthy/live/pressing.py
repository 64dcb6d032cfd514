"""What is still to be done, found from the state itself and not remembered: so a desk that was killed goes on where it was."""

from msgspec.structs import replace

from tradeworthy.core.deals import NOTHING, OrderStatus
from tradeworthy.live.book_step import ask_book
from tradeworthy.live.breaker import BreakerPhase
from tradeworthy.live.desk_commands import AskReport, Leave, NoteKind, NoteLevel
from tradeworthy.live.desk_state import DeskState, Moving, Role, Working
from tradeworthy.live.entry_step import enter_waiting
from tradeworthy.live.exit_step import ask_cancel, leave, press_exit, try_again
from tradeworthy.live.freshness_step import check_freshness
from tradeworthy.live.health import HEALTH, Agreement, HealthReport, is_well
from tradeworthy.live.holding_back import only_for_a_while
from tradeworthy.live.mode import Mode, reported
from tradeworthy.live.moving_stop import next_move_ns, press_move
from tradeworthy.live.reply_step import send_again
from tradeworthy.live.session_step import press_session, session_due_ns
from tradeworthy.live.turn import Turn

KILL_SWITCH = "kill switch"
"""The source of a kill's restriction, and why everything is closed: the desk leaves when that is confirmed."""

_UNSURE = frozenset({OrderStatus.SENT, OrderStatus.UNKNOWN})


def press(turn: Turn) -> None:
    """Ask for what is not known, send what has to go, leave what is to be left; and find out when to look again."""
    press_session(turn)
    restrictions = turn.state.mode.restrictions
    halted = bool(restrictions) and any(one.mode is Mode.HALTED for one in restrictions)
    for one in list(turn.state.orders.values()) if halted else loud_orders(turn.state):
        _order(turn, one)
    if turn.state.unwinding is not None:
        _unwind(turn)
    if turn.state.book.agreed_ns and turn.now >= min(turn.state.looks):
        check_freshness(turn)
    _book(turn)
    _health(turn)
    for place, member in enumerate(turn.state.members):
        if member.holding is not None:
            press_exit(turn, place)
        elif member.wanted is not None:
            enter_waiting(turn, place)
    turn.change(due_ns=_due(turn))


def _order(turn: Turn, one: Working) -> None:
    timing, life = turn.plan.timing, one.life
    if _is_halted(turn, one):
        ask_cancel(turn, life.client_id)
        return
    if is_quiet(one):
        return
    if one.moving is not None:
        one = press_move(turn, one)
    if life.status is OrderStatus.SENT and not one.sent_ns:
        if turn.now >= one.asked_ns:
            send_again(turn, one)
        return
    if life.status is OrderStatus.SENT and turn.now - one.sent_ns >= timing.answer_ns:
        one = turn.keep(replace(one, life=life.timed_out()))
    if (one.life.must_ask or one.doubted) and (not one.asked_ns or turn.now - one.asked_ns >= timing.ask_ns):
        ticket = turn.ticket()
        turn.keep(replace(one, asked_ns=turn.now))
        if ticket is not None:
            turn.command(AskReport(one.life.client_id, ticket))
    elif one.life.cancel_wanted and turn.now - one.asked_ns >= timing.answer_ns:
        ask_cancel(turn, one.life.client_id)


def _is_halted(turn: Turn, one: Working) -> bool:
    """Whether it is an entry that nobody wants any more, whoever halted the desk; one that was not sent ends by itself."""
    if one.role is not Role.ENTRY or one.life.cancel_wanted or one.life.status.is_over or not one.sent_ns:
        return False
    return turn.state.mode.mode_of(one.life.symbol) is Mode.HALTED


def unsettled(state: DeskState) -> bool:
    """Whether the desk waits for an answer, or for the moment to ask again."""
    asking = any(not is_quiet(one) and one.role in {Role.ENTRY, Role.EXIT} for one in state.orders.values())
    leaving = any(one.holding is not None and one.holding.leaving and not one.exit_id for one in state.members)
    unwinding = state.unwinding is not None and not state.unwinding.confirmed_ns
    return asking or leaving or unwinding or bool(state.book.differences) or not state.book.agreed_ns


def is_quiet(one: Working) -> bool:
    """Whether an order rests at the broker and nothing is to be asked or done about it."""
    life = one.life
    return life.status is OrderStatus.WORKING and not (one.doubted or life.cancel_wanted or life.missing or one.moving)


def loud_orders(state: DeskState) -> list[Working]:
    """Those that are not quiet; nearly all are, so they are told apart here and in one go."""
    working = OrderStatus.WORKING
    return [
        one
        for one in state.orders.values()
        if one.life.status is not working or one.doubted or one.life.cancel_wanted or one.life.missing or one.moving
    ]


def _unwind(turn: Turn) -> None:
    """Cancel every entry, then leave every position, then have the broker confirm that nothing is left."""
    unwinding = turn.state.unwinding
    if unwinding is None or unwinding.confirmed_ns:
        return
    entries = [one for one in turn.state.orders.values() if one.role is Role.ENTRY]
    for one in entries:
        if not one.life.cancel_wanted:
            ask_cancel(turn, one.life.client_id)
    for place, member in enumerate(turn.state.members):
        if member.wanted is not None:
            turn.member(place, wanted=None)
        leave(turn, place, unwinding.why)
    held = [one for one in turn.state.members if one.holding is not None]
    if entries or held:
        turn.change(unwinding=replace(unwinding, flat_in=0))
        return
    book = turn.state.book
    if not unwinding.flat_in:  # only a book that is asked for now says that nothing is left
        turn.change(unwinding=replace(unwinding, flat_in=turn.sequence), book=replace(book, due_ns=turn.now))
    elif book.agreed_in >= unwinding.flat_in and turn.state.reconciliation.agreement is Agreement.AGREES:
        turn.change(unwinding=replace(unwinding, confirmed_ns=turn.now))
        sentence = f"flat, and the broker confirms it: no position and no entry is left ({unwinding.why})"
        turn.tell(NoteKind.OPERATOR, NoteLevel.ALERT, sentence)
        if unwinding.why == KILL_SWITCH:
            turn.command(Leave(sentence))


def _book(turn: Turn) -> None:
    book = turn.state.book
    if book.asked_ns and turn.now - book.asked_ns >= turn.plan.timing.answer_ns:
        book = replace(book, asked_ns=0, due_ns=turn.now)
        turn.change(book=book)
    is_due = not book.asked_ns and turn.now >= book.due_ns and turn.state.origin.generation
    if is_due and not _is_asking(loud_orders(turn.state)):
        ask_book(turn)


def _health(turn: Turn) -> None:
    state = turn.state
    if is_well(state.breaker, state.reconciliation) and all(one.source != HEALTH for one in state.mode.restrictions):
        return
    report = HealthReport(state.breaker, state.reconciliation)
    restriction = report.restriction(turn.now)
    mode = reported(state.mode, HEALTH, () if restriction is None else (restriction,))
    if mode == state.mode:
        return
    turn.change(mode=mode)
    if mode.mode is not state.mode.mode:
        why = report.sentences[0] if report.sentences else "the broker answers and agrees"
        level = NoteLevel.INFO if restriction is None else NoteLevel.WARNING
        turn.tell(NoteKind.MODE, level, f"the desk is {mode.mode}: {why}", health=str(report.health))


def _due(turn: Turn) -> int:
    """The next moment at which something can be done. What waits for the broker's answer or for the breaker is not due: the
    answer is an event of its own, and a desk that looked again and again would fill its journal with nothing."""
    state, closed = turn.state, _closed_until(turn.state)
    loud = loud_orders(state)
    moments = [closed, session_due_ns(turn), min(state.looks) if state.book.agreed_ns else 0]
    calls = [] if state.book.asked_ns or _is_asking(loud) else [state.book.due_ns]
    if state.book.asked_ns:
        moments.append(state.book.asked_ns + turn.plan.timing.answer_ns)
    for one in loud:
        if one.life.status is OrderStatus.SENT and one.sent_ns:
            moments.append(one.sent_ns + turn.plan.timing.answer_ns)
        calls += (_next_call(state, one), next_move_ns(state, one))
    calls += [
        one.next_exit_ns
        for one in state.members
        if one.holding is not None and one.holding.leaving and not (one.exit_id or one.holding.over_in)
    ]
    ahead = [moment for moment in (*moments, *(max(moment, closed) for moment in calls if moment)) if moment]
    return max(min(ahead), turn.now + 1) if ahead else 0


def _next_call(state: DeskState, one: Working) -> int:
    """When the broker is next called about an order, if it may be; 0 for not before something else happens."""
    timing, life = state.plan.timing, one.life
    if is_quiet(one):
        return 0
    if life.status is OrderStatus.SENT and not one.sent_ns:
        return 0 if only_for_a_while(state, one.member) else one.asked_ns
    if life.must_ask or one.doubted:
        return one.asked_ns + timing.ask_ns
    return one.asked_ns + timing.answer_ns if life.cancel_wanted and not life.status.is_over else 0


def _is_asking(loud: list[Working]) -> bool:
    """Whether the fate of an order is open: the book is asked for after it."""
    return any(one.doubted or one.life.must_ask for one in loud)


def _closed_until(state: DeskState) -> int:
    """When the breaker may next let a call through; 0 while it is closed."""
    one = state.breaker
    if one.phase is BreakerPhase.CLOSED:
        return 0
    return one.since_ns + (one.pause_ns if one.phase is BreakerPhase.OPEN else state.plan.breaker.probe_ns)


def started_again(turn: Turn) -> None:
    """What a process that was killed had sent may be there or not: all of it is asked for."""
    for place in range(len(turn.state.members)):
        try_again(turn, place)
    for one in list(turn.state.orders.values()):
        if one.role in {Role.ENTRY, Role.EXIT} and one.life.status in _UNSURE:
            turn.keep(replace(one, life=replace(one.life, status=OrderStatus.UNKNOWN), asked_ns=0))
        elif one.moving is not None:
            turn.keep(replace(one, moving=Moving(one.moving.price), asked_ns=0))
        elif one.life.filled != NOTHING or one.life.status is OrderStatus.WORKING:
            turn.keep(replace(one, asked_ns=0))
