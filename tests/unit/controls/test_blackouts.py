"""Windows in which nothing is entered: by date, by the week on a market's own clocks, and around events."""

from datetime import time

import pytest

from support.gate_accounts import ACCOUNT, account, order, outcome, state
from tradeworthy.controls.account_view import CalendarEvent
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.limits_of_time import Blackout, Blackouts, EventBlackout, Weekday, WeeklyBlackout
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.core.errors import InputError

PASSED, REFUSED, MISSING = CheckState.PASSED, CheckState.REFUSED, CheckState.MISSING
HOLIDAYS = Blackout(from_rfc3339("2026-12-24T12:00:00Z"), from_rfc3339("2027-01-02T00:00:00Z"), "the holidays")
WEEKEND = WeeklyBlackout(Weekday.FRIDAY, time(16, 30), Weekday.SUNDAY, time(17, 0), "America/New_York", "the weekend")
NIGHT = WeeklyBlackout(
    Weekday.SUNDAY, time(1, 0), Weekday.SUNDAY, time(3, 0), "Europe/Berlin", "the night of the clocks"
)
ACROSS = WeeklyBlackout(Weekday.SUNDAY, time(22, 0), Weekday.MONDAY, time(2, 0), "UTC", "the week's end")


@pytest.mark.parametrize(
    ("window", "moment", "expected"),
    [
        (HOLIDAYS, "2026-12-24T11:59:59.999999999Z", PASSED),
        (HOLIDAYS, "2026-12-24T12:00:00Z", REFUSED),
        (HOLIDAYS, "2027-01-01T23:59:59.999999999Z", REFUSED),
        (HOLIDAYS, "2027-01-02T00:00:00Z", PASSED),
        (WEEKEND, "2026-01-09T21:29:59Z", PASSED),  # winter: 16:29:59 in New York
        (WEEKEND, "2026-01-09T21:30:00Z", REFUSED),
        (WEEKEND, "2026-07-10T20:29:59Z", PASSED),  # summer: an hour earlier
        (WEEKEND, "2026-07-10T20:30:00Z", REFUSED),
        (WEEKEND, "2026-03-08T20:59:59Z", REFUSED),  # the Sunday on which clocks go forward
        (WEEKEND, "2026-03-08T21:00:00Z", PASSED),
        (WEEKEND, "2026-11-01T21:59:59Z", REFUSED),  # and back
        (WEEKEND, "2026-11-01T22:00:00Z", PASSED),
        (NIGHT, "2026-03-28T23:59:59Z", PASSED),  # 2:00 to 3:00 is skipped: one hour
        (NIGHT, "2026-03-29T00:00:00Z", REFUSED),
        (NIGHT, "2026-03-29T00:59:59Z", REFUSED),
        (NIGHT, "2026-03-29T01:00:00Z", PASSED),
        (NIGHT, "2026-10-24T23:00:00Z", REFUSED),  # 2:00 to 3:00 comes twice: three hours
        (NIGHT, "2026-10-25T01:59:59Z", REFUSED),
        (NIGHT, "2026-10-25T02:00:00Z", PASSED),
        (ACROSS, "2026-01-11T21:59:59Z", PASSED),
        (ACROSS, "2026-01-11T22:00:00Z", REFUSED),
        (ACROSS, "2026-01-12T01:59:59Z", REFUSED),
        (ACROSS, "2026-01-12T02:00:00Z", PASSED),
    ],
)
def test_a_window_holds_its_first_moment_and_not_its_last(
    window: Blackout | WeeklyBlackout, moment: str, expected: CheckState
) -> None:
    found = outcome(Blackouts(windows=(window,)), order(), ACCOUNT, from_rfc3339(moment))
    assert found.state is expected
    assert (window.reason in found.reason) == (expected is REFUSED)


def test_any_of_several_windows_refuses_and_none_do_not_apply() -> None:
    both = Blackouts(windows=(HOLIDAYS, WEEKEND))
    assert state(both, order(), ACCOUNT, HOLIDAYS.from_ns) is REFUSED
    assert state(both, order(), ACCOUNT, from_rfc3339("2026-07-11T00:00:00Z")) is REFUSED
    assert state(Blackouts(), order()) is CheckState.NOT_APPLICABLE


NEWS = from_rfc3339("2026-03-06T13:30:00Z")


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-301, PASSED), (-300, REFUSED), (0, REFUSED), (599, REFUSED), (600, PASSED)]
)
def test_entries_wait_around_an_event_that_concerns_them(seconds: int, expected: CheckState) -> None:
    limit = EventBlackout(minutes_before=5, minutes_after=10, enabled=True)
    book = account(events=(CalendarEvent(NEWS, "US payrolls", ("USD",)), CalendarEvent(NEWS, "a speech", ("CHF",))))
    found = outcome(limit, order(), book, NEWS + seconds * 1_000_000_000)
    assert found.state is expected
    assert ("US payrolls" in found.actual) == (expected is REFUSED)


def test_events_concern_currencies_symbols_or_everything() -> None:
    limit = EventBlackout(enabled=True)
    for concerns, expected in (
        (("JPY", "CHF"), PASSED), (("EUR",), REFUSED), (("EUR_USD",), REFUSED), (("GBP_USD",), PASSED), ((), REFUSED)
    ):  # fmt: skip
        book = account(events=(CalendarEvent(NEWS, "an event", concerns),))
        assert state(limit, order(), book, NEWS) is expected


def test_an_event_without_a_time_refuses_whom_it_concerns() -> None:
    limit = EventBlackout(enabled=True)
    book = account(events=(CalendarEvent(None, "a decision of the ECB", ("EUR",)),))
    assert outcome(limit, order(), book).actual == "unknown: the time of a decision of the ECB"
    assert state(limit, order(symbol="USD_JPY", stop="150"), book) is PASSED
    assert state(limit, order(), account(events=None)) is MISSING


def test_a_moment_that_is_none_is_missing() -> None:
    for moment in (-1, 2**63, 10**40, None, 0.5):
        for limit in (Blackouts(windows=(WEEKEND,)), EventBlackout(enabled=True)):
            assert state(limit, order(), ACCOUNT, moment) is MISSING  # type: ignore[arg-type]
    assert state(Blackouts(windows=(WEEKEND,)), order(), ACCOUNT, 2**63 - 1) is not MISSING


def test_windows_that_cannot_be_are_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="from_ns must lie before until_ns"):
        Blackout(2, 2, "nothing")
    with pytest.raises(InputError, match="'Mars/Olympus' is not a time zone"):
        WeeklyBlackout(Weekday.MONDAY, time(1), Weekday.MONDAY, time(2), "Mars/Olympus", "dust")
    with pytest.raises(InputError, match="must end at another time"):
        WeeklyBlackout(Weekday.MONDAY, time(1), Weekday.MONDAY, time(1), "UTC", "nothing")
    with pytest.raises(InputError, match="from_time must be a time of day in whole minutes"):
        WeeklyBlackout(Weekday.MONDAY, time(1, 0, 30), Weekday.MONDAY, time(2), "UTC", "seconds")
    with pytest.raises(InputError, match="event blackout: minutes_before"):
        EventBlackout(minutes_before=-1)
