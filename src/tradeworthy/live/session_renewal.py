"""The session with a broker, renewed by somebody's own function: once, whichever thread comes first."""

from dataclasses import replace
from typing import Any

from tradeworthy.core.clock import MINUTE_NS, now_ns
from tradeworthy.core.deals import SessionGrant
from tradeworthy.core.errors import InputError, RefreshError
from tradeworthy.core.finite import positive
from tradeworthy.core.moments import Clock, moment_ns, now_by
from tradeworthy.live.attempting import Attempt
from tradeworthy.live.cells import Cell, MemoryCell
from tradeworthy.live.session_refresh import (
    BrokerSession,
    SessionNeed,
    SessionReading,
    SessionRules,
    refresh_begun,
    refresh_failed,
    refreshed,
    session_at,
)
from tradeworthy.strategies.foreign_code import said


class SessionAutoRefresh:
    """Renews after 240 minutes, or ten minutes before a known end, or when the broker says that the session has ended.

    callback: signs in again or renews. It gives nothing, the moment of expiry (aware datetime) or a `SessionGrant`; False
    and any exception are a failure, tried again after 30 seconds. None: the need is told and nothing is called. It is called
    by the thread that asks first and holds no lock, so it may ask anything here; one that has not come back after 30
    seconds counts as failed. Any thread may call.
    """

    def __init__(
        self, callback: Any = None, minutes: float = 240.0, *, clock: Clock = now_ns,
        state: Cell[BrokerSession] | None = None,
    ) -> None:  # fmt: skip
        if callback is not None and not callable(callback):
            raise InputError(f"the callback that renews a session must be a function, not {type(callback).__name__}")
        self.rules = SessionRules(refresh_ns=round(positive(minutes, "minutes") * MINUTE_NS))
        self._callback = callback
        self._clock = clock
        self.last_error = ""
        self._state: Cell[BrokerSession] = MemoryCell(BrokerSession(now_by(clock))) if state is None else state

    def signed_in(self, expires: Any = None) -> None:
        """A new session begins now. expires: aware datetime, or None where the broker did not say."""
        now = now_by(self._clock)
        fresh = refreshed(now, None if expires is None else moment_ns(expires, "the expiry of the session"))
        self._state.change(lambda _: fresh)

    def ended(self) -> None:
        """The broker no longer accepts the session, whatever it said before."""
        self._state.change(lambda session: replace(session, ended=True))

    def reading(self) -> SessionReading:
        """What the session needs now, whether entries are allowed on it, and a sentence."""
        return session_at(self._state.get(), now_by(self._clock), self.rules)

    def refresh_if_due(self) -> bool:
        """Renew it where that is due and nobody else is at it; whether this call did so."""
        if self._callback is None or not self._is_due(self._state.get(), now_by(self._clock)):
            return False
        now, mine = now_by(self._clock), [False]

        def step(session: BrokerSession) -> BrokerSession:
            mine[0] = self._is_due(session, now)
            return refresh_begun(session, now) if mine[0] else session

        self._state.change(step)
        return mine[0] and self._renewed()

    def _renewed(self) -> bool:
        answer: Any = False
        with Attempt() as tried:
            answer = self._callback()
            fresh = self._session(answer)
        now = now_by(self._clock)
        if tried.error is not None or answer is False:
            self.last_error = "it gave False" if tried.error is None else said(tried.error)
            refused = isinstance(tried.error, RefreshError)
            self._state.change(lambda session: refresh_failed(session, now, ended=refused))
            return False
        self._state.change(lambda _: fresh)
        self.last_error = ""
        return True

    def _session(self, answer: Any) -> BrokerSession:
        expires = answer.expires_ns if isinstance(answer, SessionGrant) else answer
        told = hasattr(expires, "tzinfo") or (isinstance(answer, SessionGrant) and expires is not None)
        now = now_by(self._clock)
        return refreshed(now, moment_ns(expires, "the expiry of the session") if told else None)

    def _is_due(self, session: BrokerSession, now: int) -> bool:
        need = session_at(session, now, self.rules).need
        if need is not SessionNeed.SIGN_IN:
            return need is SessionNeed.REFRESH
        tried = replace(session, began_ns=now - self.rules.refresh_ns, expires_ns=None, ended=False)
        return session_at(tried, now, self.rules).need is SessionNeed.REFRESH
