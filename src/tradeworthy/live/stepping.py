"""One event in, the next state and what to do about it out. Pure: no clock, no random, no waiting, nothing changed."""

from msgspec.structs import replace

from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, Heartbeat, LineDown, LineUp, OrderNews
from tradeworthy.live.bar_step import bar_came, new_day
from tradeworthy.live.book_step import book_came
from tradeworthy.live.breaker import restarted
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.deal_step import dealt
from tradeworthy.live.desk_commands import Command, NoteKind, NoteLevel
from tradeworthy.live.desk_events import (
    BookCame,
    CallFailed,
    CallKind,
    CancelTaken,
    DeskStarted,
    DeskStopped,
    Happened,
    OperatorAsked,
    Placed,
    Replaced,
    ReportCame,
    SettingsDiffer,
    SignalCame,
    SignedIn,
    TimeReached,
    Trouble,
)
from tradeworthy.live.desk_state import DeskState, Origin, SessionTalk
from tradeworthy.live.exit_step import try_again
from tradeworthy.live.health import Agreement, Reconciliation
from tradeworthy.live.mode import Mode, lifted, started
from tradeworthy.live.moving_stop import replaced
from tradeworthy.live.operator_step import operator_asked, settings_differ, trouble_came
from tradeworthy.live.pressing import press, started_again
from tradeworthy.live.reply_step import answered, call_failed, cancel_taken, news_came, placed, report_came
from tradeworthy.live.session_step import session_ended, sign_in_failed, signed_in
from tradeworthy.live.signal_step import signal_came
from tradeworthy.live.turn import Turn
from tradeworthy.live.verdict_chain import VerdictChain, Weighing


def step(state: DeskState, happened: Happened, weighing: Weighing | None = None) -> tuple[DeskState, list[Command]]:
    """The state after the event, and the commands that may be carried out once the event is durable.

    Equal states and events give equal results, on every machine and after every restart. A clock that was put back does not
    take the desk's time with it. weighing: has every check of the entries that are weighed written down; nothing else
    changes by it.
    """
    event = happened.event
    now = max(state.time_ns, happened.received_ns)
    turn = Turn(state, happened.sequence, now, weighing)
    if type(event) is BarCame:
        bar_came(turn, event)
        if turn.state.sequence != happened.sequence:  # a bar that is kept brings it along
            turn.state = replace(turn.state, sequence=happened.sequence, time_ns=now)
        if (turn.state.due_ns and now >= turn.state.due_ns) or turn.parts or turn.commands:
            press(turn)
        return turn.state, turn.commands
    turn.change(sequence=happened.sequence, time_ns=now)
    if now >= state.day.ends_ns and state.day.ends_ns:  # a deal at the open comes before the first bar of its day
        new_day(turn)
    if isinstance(event, DealCame):
        dealt(turn, event.client_id, event.fill)
    else:
        _HANDLERS[type(event)](turn, event)  # type: ignore[operator]  # each takes the event it is filed under
    press(turn)
    return turn.state, turn.commands


def explained(state: DeskState, happened: Happened) -> tuple[DeskState, list[Command], tuple[VerdictChain, ...]]:
    """The same step, and the chain of decision of every entry that it weighed."""
    weighing = Weighing(happened.sequence, max(state.time_ns, happened.received_ns))
    after, commands = step(state, happened, weighing)
    return after, commands, weighing.chains


def _started(turn: Turn, event: DeskStarted) -> None:
    turn.change(
        origin=Origin(
            event.generation, event.broker, event.simulated, event.fingerprint, turn.now, event.version, event.settings
        ),
        mode=started(turn.state.mode, turn.now), ended=False,
    )  # fmt: skip
    turn.change(
        breaker=restarted(turn.state.breaker, turn.now),
        book=replace(turn.state.book, asked_ns=0, due_ns=turn.now),
        session=SessionTalk(),
        reconciliation=Reconciliation(),
    )
    started_again(turn)
    paper = " (simulated: no money is moved)" if event.simulated else ""
    turn.tell(
        NoteKind.DESK,
        NoteLevel.INFO,
        f"started with {event.broker}{paper}, generation {event.generation}",
        version=event.version,
    )


def _stopped(turn: Turn, event: DeskStopped) -> None:
    turn.tell(NoteKind.DESK, NoteLevel.INFO, f"stopped: {event.reason}")


def _nothing(_turn: Turn, _event: object) -> None:
    """That the time came, or that a line is alive, is said by the event itself."""


def _call_failed(turn: Turn, event: CallFailed) -> None:
    call_failed(turn, event)
    if event.call is CallKind.SIGN_IN:
        sign_in_failed(turn, event)
    elif event.action is ActionKind.REFRESH:
        session_ended(turn)


def _replaced(turn: Turn, event: Replaced) -> None:
    answered(turn, event.ticket)
    replaced(turn, event)


def _line_down(turn: Turn, event: LineDown) -> None:
    turn.restrict(f"line {event.line}", Mode.REDUCING, f"the line to {event.line} is lost: {event.reason}")


def _line_up(turn: Turn, event: LineUp) -> None:
    """What was missed while the line was down is asked for before anything is entered."""
    for place in range(len(turn.state.members)):
        try_again(turn, place)
    mode = lifted(turn.state.mode, f"line {event.line}")
    if mode != turn.state.mode:
        turn.change(mode=mode)
        turn.tell(NoteKind.MODE, NoteLevel.INFO, f"the line to {event.line} is back; reconciling")
        turn.change(
            book=replace(turn.state.book, due_ns=turn.now),
            reconciliation=Reconciliation(Agreement.RUNNING, turn.state.breaker.ticket),
        )


def _ended(turn: Turn, event: FeedEnded) -> None:
    turn.change(ended=True)
    turn.tell(NoteKind.DESK, NoteLevel.INFO, f"{event.line} has ended")


_HANDLERS = {
    OrderNews: news_came,
    Heartbeat: _nothing,
    LineUp: _line_up,
    LineDown: _line_down,
    FeedEnded: _ended,
    DeskStarted: _started,
    DeskStopped: _stopped,
    Placed: placed,
    CancelTaken: cancel_taken,
    Replaced: _replaced,
    ReportCame: report_came,
    BookCame: book_came,
    SignedIn: signed_in,
    CallFailed: _call_failed,
    TimeReached: _nothing,
    OperatorAsked: operator_asked,
    Trouble: trouble_came,
    SettingsDiffer: settings_differ,
    SignalCame: signal_came,
}
