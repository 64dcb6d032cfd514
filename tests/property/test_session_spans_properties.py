"""Open spans of every calendar, held against the calendars' other forms and against days counted one by one."""

import copy
import itertools
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, WEEK_NS, from_datetime, from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.live.freshness import FreshnessVerdict, freshness_of
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.session_spans import LATEST_NS, open_spans
from tradeworthy.market.sessions import fx_open_ns, is_fixing_day

FX, ECB = CalendarName.FX_24_5, CalendarName.ECB_FIXING
MOMENTS = st.integers(0, LATEST_NS) | st.integers(0, 60 * 365 * 24).map(lambda hour: hour * HOUR_NS)
NEAR = st.integers(-2 * WEEK_NS, 60 * WEEK_NS) | st.integers(-20, 20).map(lambda hours: hours * HOUR_NS)
FRANKFURT, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
EARLIEST, LAST = from_rfc3339("1999-01-01T00:00:00Z"), from_rfc3339("2060-01-01T00:00:00Z")
ALL_ECB = OpenHours.of_calendar(ECB, EARLIEST, LAST)
FIXINGS = [
    from_datetime(datetime.combine(day, time(16), FRANKFURT))
    for day in (date(1999, 1, 4) + timedelta(days=one) for one in range(61 * 365))
    if is_fixing_day(day)
]


def fx_between(start: int, end: int) -> int:
    """By the form for columns, which knows nothing of spans."""
    before, after = fx_open_ns(np.array([start, end], np.int64)).tolist()
    return int(after - before)


@settings(max_examples=200)
@given(st.integers(0, 80 * 52).map(lambda week: week * WEEK_NS), st.lists(NEAR, min_size=4, max_size=4))
def test_the_spans_of_fx_hold_as_much_open_time_as_its_other_form(base: int, away: list[int]) -> None:
    start, one, two, end = sorted(max(0, base + more) for more in away)
    spans = open_spans(FX, start, end)
    assert spans is not None
    assert sum(until - begin for begin, until in spans) == fx_between(start, end)
    hours = OpenHours.of_calendar(FX, start, end)
    assert hours.open_ns(one, two) == fx_between(one, two)
    if one < end:
        assert hours.is_open(one) == (fx_between(one, one + 1) == 1)
    for begin, until in spans:
        assert begin == start or datetime.fromtimestamp(begin / 1e9, NEW_YORK).strftime("%a %H:%M:%S") == "Sun 17:00:00"
        assert until == end or datetime.fromtimestamp(until / 1e9, NEW_YORK).strftime("%a %H:%M:%S") == "Fri 17:00:00"


@settings(max_examples=100)
@given(
    st.sampled_from(list(CalendarName)),
    st.lists(MOMENTS, min_size=2, max_size=2),
    st.lists(NEAR, min_size=2, max_size=2),
)
def test_a_part_of_a_calendar_is_that_part_of_its_spans(
    calendar: CalendarName, far: list[int], near: list[int]
) -> None:
    start, end = sorted(max(0, min(LATEST_NS, one)) for one in (far[0], far[0] + near[0]))
    spans = open_spans(calendar, start, end)
    if calendar is CalendarName.UNKNOWN:
        assert spans is None
        return
    assert spans is not None
    cut = min(max(start, start + near[1]), end)
    halves = (*(open_spans(calendar, start, cut) or ()), *(open_spans(calendar, cut, end) or ()))
    assert sum(b - a for a, b in halves) == sum(b - a for a, b in spans)
    assert {edge for span in spans for edge in span} <= {edge for span in halves for edge in span}
    assert all(start <= a < b <= end for a, b in spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


def test_the_spans_of_always_and_of_a_whole_calendar_reach_until_2116() -> None:
    assert open_spans(CalendarName.ALWAYS, 5, 9) == ((5, 9),)
    assert open_spans(CalendarName.ALWAYS, 5, 5) == ()
    whole = open_spans(FX, 0, LATEST_NS)
    assert whole is not None
    assert sum(b - a for a, b in whole) == fx_between(0, LATEST_NS)
    ended = [
        span[1]
        for span in open_spans(FX, from_rfc3339("2026-03-02T00:00:00Z"), from_rfc3339("2026-03-17T00:00:00Z")) or ()
    ]
    assert ended[:2] == [from_rfc3339("2026-03-06T22:00:00Z"), from_rfc3339("2026-03-13T21:00:00Z")]  # daylight saving


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (9, 5), (0, LATEST_NS + 1)])
def test_moments_out_of_order_or_out_of_time_are_told(start: int, end: int) -> None:
    with pytest.raises(InputError, match=f"from 1970 until 2116, and not from {start} to {end} ns"):
        open_spans(FX, start, end)


@settings(max_examples=300)
@given(st.integers(EARLIEST // HOUR_NS, LAST // HOUR_NS - 1), st.integers(0, HOUR_NS - 1))
def test_the_ecb_is_open_on_the_days_of_its_fixings_by_the_clocks_of_frankfurt(hour: int, more: int) -> None:
    moment = hour * HOUR_NS + more
    day = datetime.fromtimestamp(moment // 10**9, UTC).astimezone(FRANKFURT).date()
    assert ALL_ECB.is_open(moment) == is_fixing_day(day)


def test_from_one_fixing_until_the_next_it_is_24_hours_over_every_weekend_and_holiday_since_1999() -> None:
    known = FIXINGS[: bisect_left(FIXINGS, LAST)]
    assert {ALL_ECB.open_ns(one, after) for one, after in itertools.pairwise(known)} == {24 * HOUR_NS}


@settings(max_examples=300)
@given(st.integers(10, bisect_right(FIXINGS, LAST) - 20))
def test_a_fixing_is_fresh_from_its_moment_until_an_hour_after_the_next_is_due_and_stale_then(place: int) -> None:
    close, due = FIXINGS[place], FIXINGS[place + 1]
    for moment, expected in (
        (close, FreshnessVerdict.FRESH),
        (due, FreshnessVerdict.FRESH),
        (due + HOUR_NS, FreshnessVerdict.FRESH),
        (due + HOUR_NS + 1, FreshnessVerdict.STALE),
    ):
        assert freshness_of("EUR_USD", Timeframe.D, close, moment, ALL_ECB).verdict is expected
    if due - close > DAY_NS + HOUR_NS:
        closed = freshness_of("EUR_USD", Timeframe.D, close, close + DAY_NS, ALL_ECB)
        assert closed.verdict is FreshnessVerdict.OUT_OF_SESSION


def test_of_an_unknown_calendar_nothing_is_known_and_all_time_counts() -> None:
    hours = OpenHours.of_calendar(CalendarName.UNKNOWN, 10, 10**18)
    for moment in (0, 10, 11, 10**18, LATEST_NS):
        assert hours.is_open(moment) is None
        assert hours.open_ns(5, moment) == moment - 5


def test_hours_are_copied_compared_and_written_without_what_is_worked_out_from_them() -> None:
    hours = OpenHours.of_calendar(FX, EARLIEST, EARLIEST + 9 * WEEK_NS)
    other = copy.deepcopy(hours)
    assert (other, hash(other)) == (hours, hash(hours))
    assert other.open_ns(EARLIEST, EARLIEST + 8 * WEEK_NS) == 8 * 5 * DAY_NS
    assert msgspec.to_builtins(hours).keys() == {"spans", "known_from_ns", "known_until_ns"}


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 200), max_size=40, unique=True).map(sorted),
    st.lists(st.integers(-9, 220), min_size=2, max_size=2),
)
def test_open_time_by_sums_is_open_time_span_by_span(edges: list[int], ends: list[int]) -> None:
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    start, end = sorted(ends)
    hours = OpenHours(spans, 0, 200)
    assert hours.known_open_ns(start, end) == sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
