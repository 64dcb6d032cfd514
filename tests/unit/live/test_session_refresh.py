"""When a broker's session is renewed, and what happens if that fails."""

import pytest

from tradeworthy.core.clock import HOUR_NS, MINUTE_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.session_refresh import (
    BrokerSession,
    SessionNeed,
    SessionRules,
    due_ns,
    refresh_begun,
    refresh_failed,
    refreshed,
    session_at,
)

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
SIX_HOURS = refreshed(NOON, NOON + 6 * HOUR_NS)
ONE_HOUR = refreshed(NOON, NOON + HOUR_NS)
DUE = NOON + 50 * MINUTE_NS


def test_a_session_is_renewed_after_240_minutes_or_ten_before_it_expires() -> None:
    assert due_ns(refreshed(NOON)) == NOON + 240 * MINUTE_NS
    assert due_ns(SIX_HOURS) == NOON + 240 * MINUTE_NS
    assert due_ns(ONE_HOUR) == DUE
    assert session_at(ONE_HOUR, DUE - 1).need is SessionNeed.NOTHING
    assert session_at(ONE_HOUR, DUE).need is SessionNeed.REFRESH


def test_a_session_shorter_than_the_margin_is_renewed_half_way() -> None:
    short = refreshed(NOON, NOON + 8 * MINUTE_NS)
    assert due_ns(short) == NOON + 4 * MINUTE_NS
    shortest = refreshed(NOON, NOON + 4)
    assert [session_at(shortest, NOON + k).allows_entries for k in range(5)] == [True, True, True, True, False]


def test_one_attempt_at_a_time_and_a_lost_one_counts_as_failed() -> None:
    trying = refresh_begun(ONE_HOUR, DUE)
    assert session_at(trying, DUE).need is SessionNeed.WAIT
    assert session_at(trying, DUE + 30 * SECOND - 1).need is SessionNeed.WAIT
    assert session_at(trying, DUE + 30 * SECOND).need is SessionNeed.REFRESH
    assert refresh_begun(trying, DUE + 30 * SECOND).failures == 1


def test_a_failed_attempt_is_repeated_after_a_while_and_said() -> None:
    failed = refresh_failed(refresh_begun(ONE_HOUR, DUE), DUE + SECOND)
    waiting = session_at(failed, DUE + 31 * SECOND - 1)
    assert (waiting.need, waiting.allows_entries, waiting.failures) == (SessionNeed.WAIT, True, 1)
    assert waiting.sentence == "renewing the session failed 1 time; it expires in 9.4 min"
    assert session_at(failed, DUE + 31 * SECOND).need is SessionNeed.REFRESH


def test_entries_stop_two_minutes_before_the_end() -> None:
    end = NOON + HOUR_NS
    assert session_at(ONE_HOUR, end - 2 * MINUTE_NS).allows_entries
    late = session_at(ONE_HOUR, end - 2 * MINUTE_NS + 1)
    assert not late.allows_entries
    restriction = late.restriction(NOON)
    assert restriction is not None
    assert restriction.source == "session"
    assert session_at(ONE_HOUR, NOON).restriction(NOON) is None


def test_at_the_moment_it_expires_it_has_expired() -> None:
    end = NOON + HOUR_NS
    assert session_at(ONE_HOUR, end - 1).need is SessionNeed.REFRESH
    over = session_at(ONE_HOUR, end)
    assert (over.need, over.allows_entries) == (SessionNeed.SIGN_IN, False)
    assert over.sentence == "sign in to the broker again: it expired at 2026-10-30T13:00:00Z"


def test_a_session_the_broker_refuses_needs_a_new_sign_in_whatever_its_expiry() -> None:
    ended = refresh_failed(SIX_HOURS, NOON + 1, ended=True)
    assert session_at(ended, NOON + 2).sentence == "sign in to the broker again: the broker no longer accepts it"
    still = refresh_failed(refresh_begun(ended, NOON + 3), NOON + 4)
    assert session_at(still, NOON + 5).need is SessionNeed.SIGN_IN
    assert session_at(refreshed(NOON + 6, NOON + HOUR_NS), NOON + 6).need is SessionNeed.NOTHING


def test_a_session_without_an_expiry_is_renewed_and_never_said_to_expire() -> None:
    session = refresh_failed(refreshed(NOON), NOON + 300 * MINUTE_NS)
    reading = session_at(session, NOON + 10**6 * HOUR_NS)
    assert (reading.need, reading.allows_entries) == (SessionNeed.REFRESH, True)
    assert reading.sentence == "renewing the session failed 1 time"


def test_a_clock_that_is_put_back_does_not_make_a_wait_longer() -> None:
    failed = refresh_failed(refresh_begun(ONE_HOUR, DUE + MINUTE_NS), DUE + MINUTE_NS)
    assert session_at(failed, DUE).need is SessionNeed.REFRESH


def test_a_session_in_the_journal_goes_on_where_it_was() -> None:
    for session in (SIX_HOURS, refresh_begun(ONE_HOUR, DUE), refresh_failed(ONE_HOUR, DUE, ended=True)):
        assert BrokerSession.from_dict(session.to_dict()) == session


def test_rules_and_sessions_that_make_no_sense_are_refused() -> None:
    assert SessionRules(entries_ns=0).entries_ns == 0
    with pytest.raises(InputError, match="must expire after it begins"):
        refreshed(NOON, NOON)
    with pytest.raises(InputError, match="above zero"):
        SessionRules(retry_ns=0)
    with pytest.raises(InputError, match="below margin_ns"):
        SessionRules(margin_ns=MINUTE_NS)
