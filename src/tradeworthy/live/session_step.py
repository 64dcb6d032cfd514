"""The session with the broker: begun before anything else, renewed before it expires, and no entries on one that ends."""

from dataclasses import replace as changed

from msgspec.structs import replace

from tradeworthy.live import session_refresh as session
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, SignIn
from tradeworthy.live.desk_events import CallFailed, SignedIn
from tradeworthy.live.desk_state import SessionTalk
from tradeworthy.live.mode import reported
from tradeworthy.live.reply_step import answered
from tradeworthy.live.session_refresh import SESSION, USUAL_SESSION, SessionNeed
from tradeworthy.live.turn import Turn


def signed_in(turn: Turn, event: SignedIn) -> None:
    """There is a session, or the broker has none."""
    answered(turn, event.ticket)
    now = max(turn.now, event.time_ns)
    granted = session.refreshed(now, event.expires_ns) if event.has_session else None
    turn.change(session=SessionTalk(is_asked=False, is_begun=True, session=granted))


def sign_in_failed(turn: Turn, event: CallFailed) -> None:
    """It is tried again; while there is none, nothing is entered."""
    talk = turn.state.session
    ended = event.action in {ActionKind.REFRESH, ActionKind.HALT}
    failed = None if talk.session is None else session.refresh_failed(talk.session, turn.now, ended=ended)
    turn.change(session=replace(talk, is_asked=False, session=failed, tried_ns=turn.now))


def session_ended(turn: Turn) -> None:
    """The broker no longer accepts it, as it said in its answer to something else."""
    talk = turn.state.session
    if talk.session is not None and not talk.session.ended:
        turn.change(session=replace(talk, session=changed(talk.session, ended=True)))
        turn.tell(NoteKind.BROKER, NoteLevel.WARNING, "the broker no longer accepts the session; signing in again")


def press_session(turn: Turn) -> None:
    """Sign in, or renew, when that is due; and say what a session that is about to end forbids."""
    talk = turn.state.session
    if not turn.state.origin.generation:
        return
    if not talk.is_begun:
        if turn.now >= talk.tried_ns + USUAL_SESSION.retry_ns or not talk.tried_ns:
            _ask(turn)
        return
    if talk.session is None:
        return
    reading = session.session_at(talk.session, turn.now)
    waited = talk.session.tried_ns is None or turn.now - talk.session.tried_ns >= USUAL_SESSION.retry_ns
    if reading.need is SessionNeed.REFRESH or (reading.need is SessionNeed.SIGN_IN and waited):
        _ask(turn)
    restriction = reading.restriction(turn.now)
    mode = reported(turn.state.mode, SESSION, () if restriction is None else (restriction,))
    if mode != turn.state.mode:
        told = mode.mode is not turn.state.mode.mode
        turn.change(mode=mode)
        if told:
            level = NoteLevel.INFO if restriction is None else NoteLevel.ALERT
            turn.tell(NoteKind.MODE, level, f"the desk is {mode.mode}: {reading.sentence}")


def session_due_ns(turn: Turn) -> int:
    """When to look again; 0 where there is nothing to look for."""
    talk = turn.state.session
    if talk.is_asked or not turn.state.origin.generation:
        return 0
    if not talk.is_begun:
        return talk.tried_ns + USUAL_SESSION.retry_ns
    if talk.session is None:
        return 0
    if talk.session.tried_ns is not None:
        return talk.session.tried_ns + USUAL_SESSION.retry_ns
    return session.due_ns(talk.session)


def _ask(turn: Turn) -> None:
    talk = turn.state.session
    if talk.is_asked:
        return
    ticket = turn.ticket()
    if ticket is None:
        turn.change(session=replace(talk, tried_ns=turn.now))
        return
    begun = None if talk.session is None else session.refresh_begun(talk.session, turn.now)
    turn.change(session=replace(talk, is_asked=True, session=begun, tried_ns=turn.now))
    turn.command(SignIn(ticket))
