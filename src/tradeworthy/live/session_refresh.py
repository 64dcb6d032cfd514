"""When a broker's session is renewed: before it expires, one attempt at a time, with time left to try again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from tradeworthy.core.clock import MINUTE_NS, SECOND_NS, rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.durations import spoken
from tradeworthy.live.mode import Mode, Restriction
from tradeworthy.live.plain_records import from_plain, to_plain

SESSION: Final = "session"
"""The source of its restriction."""


class SessionNeed(StrEnum):
    """What the session needs now."""

    NOTHING = "nothing"
    REFRESH = "refresh"
    WAIT = "wait"
    SIGN_IN = "sign in"


@dataclass(frozen=True, slots=True)
class SessionRules:
    """refresh_ns: renewed at the latest so long after it began. margin_ns: and so long before it expires. retry_ns: between
    attempts that fail. attempt_ns: one without an outcome for so long has failed. entries_ns: with less than this left
    nothing is entered, so that nothing is opened that could not be closed. Raises InputError for margins out of order.
    """

    refresh_ns: int = 240 * MINUTE_NS
    margin_ns: int = 10 * MINUTE_NS
    retry_ns: int = 30 * SECOND_NS
    attempt_ns: int = 30 * SECOND_NS
    entries_ns: int = 2 * MINUTE_NS

    def __post_init__(self) -> None:
        if min(self.refresh_ns, self.retry_ns, self.attempt_ns) <= 0:
            raise InputError("refresh_ns, retry_ns and attempt_ns of a session must be above zero")
        if not 0 <= self.entries_ns < self.margin_ns:
            raise InputError(
                "entries_ns of a session must be zero or more and below margin_ns, or it is renewed too late"
            )


USUAL_SESSION = SessionRules()


@dataclass(frozen=True, slots=True)
class BrokerSession:
    """began_ns: when it was signed in or renewed. expires_ns: as the broker said, None where it said nothing.

    failures: of attempts to renew it, in a row. tried_ns: when the latest began, None for none. trying: it is under way.
    ended: the broker no longer accepts it, whatever it said before.
    """

    began_ns: int
    expires_ns: int | None = None
    failures: int = 0
    tried_ns: int | None = None
    trying: bool = False
    ended: bool = False

    def __post_init__(self) -> None:
        if self.expires_ns is not None and self.expires_ns <= self.began_ns:
            raise InputError("a session must expire after it begins; check the clocks and the time zone of its expiry")

    def to_dict(self) -> dict[str, Any]:
        """Plain types for the journal; there is no token in it."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the session in the journal")


@dataclass(frozen=True, slots=True)
class SessionReading:
    """What the session needs now, whether entries are allowed on it, and a sentence. failures: attempts that failed, in a row."""

    need: SessionNeed
    allows_entries: bool
    sentence: str
    failures: int = 0

    def restriction(self, time_ns: int) -> Restriction | None:
        """No entries on a session that is about to end."""
        return None if self.allows_entries else Restriction(SESSION, Mode.REDUCING, self.sentence, time_ns)


def due_ns(session: BrokerSession, rules: SessionRules = USUAL_SESSION) -> int:
    """When it is to be renewed. One so short that the margin would take all of it is renewed half way."""
    by_age = session.began_ns + rules.refresh_ns
    if session.expires_ns is None:
        return by_age
    life = session.expires_ns - session.began_ns
    return min(by_age, session.began_ns + max(life - rules.margin_ns, life // 2))


def session_at(session: BrokerSession, time_ns: int, rules: SessionRules = USUAL_SESSION) -> SessionReading:
    """What it needs now. At the very moment of its expiry it has expired."""
    left = None if session.expires_ns is None else session.expires_ns - time_ns
    if session.ended or (left is not None and left <= 0):
        why = (
            "the broker no longer accepts it" if session.ended else f"it expired at {rfc3339(session.expires_ns or 0)}"
        )
        return SessionReading(SessionNeed.SIGN_IN, False, f"sign in to the broker again: {why}", session.failures)
    allowed = left is None or left >= _entries_ns(session, rules)
    if time_ns < due_ns(session, rules):
        return SessionReading(
            SessionNeed.NOTHING, allowed, f"the session is renewed at {rfc3339(due_ns(session, rules))}"
        )
    end = "" if left is None else f"; it expires in {spoken(left)}"
    failed = f"renewing the session failed {counted(session.failures, 'time')}{end}" if session.failures else ""
    if _wait_ns(session, time_ns, rules) > 0:
        return SessionReading(
            SessionNeed.WAIT, allowed, failed or f"the session is being renewed{end}", session.failures
        )
    return SessionReading(
        SessionNeed.REFRESH, allowed, failed or f"the session is due to be renewed{end}", session.failures
    )


def _entries_ns(session: BrokerSession, rules: SessionRules) -> int:
    """A quarter of a session that is very short: after half of it, it is renewed."""
    return min(rules.entries_ns, ((session.expires_ns or 0) - session.began_ns) // 4)


def _wait_ns(session: BrokerSession, time_ns: int, rules: SessionRules) -> int:
    """Until the next attempt. A clock that was put back counts as no time, and then as a wait that is over."""
    if session.tried_ns is None or time_ns < session.tried_ns:
        return 0
    return session.tried_ns + (rules.attempt_ns if session.trying else rules.retry_ns) - time_ns


def refresh_begun(session: BrokerSession, time_ns: int) -> BrokerSession:
    """An attempt begins; one that never came back counts as failed."""
    return replace(session, tried_ns=time_ns, trying=True, failures=session.failures + session.trying)


def refresh_failed(session: BrokerSession, time_ns: int, *, ended: bool = False) -> BrokerSession:
    """It failed. ended: the broker refused the session itself, so that only signing in helps."""
    return replace(session, tried_ns=time_ns, trying=False, failures=session.failures + 1, ended=session.ended or ended)


def refreshed(time_ns: int, expires_ns: int | None = None) -> BrokerSession:
    """A session that was signed in or renewed now. Raises InputError for one that has expired already."""
    return BrokerSession(time_ns, expires_ns)
