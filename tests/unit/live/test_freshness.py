"""How old bars may be, and whether feeds are alive, at the edges."""

from types import MappingProxyType

import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.durations import spoken
from tradeworthy.live.freshness import FreshnessLimits, FreshnessVerdict, freshness_of
from tradeworthy.live.liveness import Liveness, LivenessRules, Pulse, framed, pulse_of
from tradeworthy.live.mode import Mode
from tradeworthy.live.open_hours import OpenHours

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
ALWAYS = OpenHours.always()
WEEKEND = OpenHours(((NOON - DAY_NS, NOON), (NOON + 2 * DAY_NS, NOON + 7 * DAY_NS)), NOON - DAY_NS, NOON + 7 * DAY_NS)


def verdict(
    close_ns: int | None, time_ns: int, frame: Timeframe = Timeframe.H1, hours: OpenHours = ALWAYS
) -> FreshnessVerdict:
    """Under the usual limits."""
    return freshness_of("EUR_USD", frame, close_ns, time_ns, hours).verdict


@pytest.mark.parametrize(
    ("frame", "limit"),
    [
        (Timeframe.M1, 2 * MINUTE_NS),
        (Timeframe.M15, 30 * MINUTE_NS),
        (Timeframe.H1, 2 * HOUR_NS),
        (Timeframe.H4, 5 * HOUR_NS),
        (Timeframe.D, 25 * HOUR_NS),
    ],
)
def test_the_limit_is_the_bars_own_length_and_an_hour_on_top_or_its_length_if_that_is_less(
    frame: Timeframe, limit: int
) -> None:
    assert verdict(NOON, NOON + limit, frame) is FreshnessVerdict.FRESH
    assert verdict(NOON, NOON + limit + 1, frame) is FreshnessVerdict.STALE


def test_a_grace_of_ones_own_holds_for_its_timeframe_alone() -> None:
    limits = FreshnessLimits(grace_ns=MappingProxyType({Timeframe.H1: 5 * MINUTE_NS}))
    assert limits.limit_ns(Timeframe.H1) == 65 * MINUTE_NS
    assert limits.limit_ns(Timeframe.H4) == 5 * HOUR_NS
    assert FreshnessLimits(usual_grace_ns=0).limit_ns(Timeframe.D) == DAY_NS


def daily(days: tuple[int, ...], hours_open: dict[int, float]) -> OpenHours:
    """Open from noon on these days after the first, six hours where nothing else is said."""
    spans = tuple((NOON + day * DAY_NS, NOON + day * DAY_NS + int(hours_open.get(day, 6.0) * HOUR_NS)) for day in days)
    return OpenHours(spans, NOON, NOON + 30 * DAY_NS)


def test_a_day_of_six_hours_is_stale_when_the_next_should_have_closed() -> None:
    hours = daily((0, 1, 2, 3, 4, 7, 8), {})
    friday, monday = NOON + 4 * DAY_NS + 6 * HOUR_NS, NOON + 7 * DAY_NS
    limits = FreshnessLimits(usual_grace_ns=HOUR_NS // 2)
    for moment, expected in (
        (monday + 6 * HOUR_NS - 1, FreshnessVerdict.FRESH),
        (monday + DAY_NS, FreshnessVerdict.FRESH),
        (monday + DAY_NS + HOUR_NS // 2, FreshnessVerdict.FRESH),
        (monday + DAY_NS + HOUR_NS // 2 + 1, FreshnessVerdict.STALE),
    ):
        assert freshness_of("NIFTY", Timeframe.D, friday, moment, hours, limits).verdict is expected


def test_a_half_day_is_not_taken_for_the_usual_length() -> None:
    hours = daily((0, 1, 2, 3, 4, 7, 8), {4: 1.0})
    friday = NOON + 4 * DAY_NS + HOUR_NS
    assert FreshnessLimits().limit_ns(Timeframe.D, friday, hours) == 7 * HOUR_NS
    unknown = OpenHours((), NOON, NOON + DAY_NS)
    assert FreshnessLimits().limit_ns(Timeframe.D, friday, unknown) == 25 * HOUR_NS


def test_longer_days_count_from_the_day_before_them_on() -> None:
    hours = daily(tuple(range(12)), dict.fromkeys(range(8, 12), 9.0))
    for day, length in ((6, 6), (7, 6), (8, 9)):
        close = NOON + day * DAY_NS + (9 if day == 8 else 6) * HOUR_NS
        assert FreshnessLimits(usual_grace_ns=0).limit_ns(Timeframe.D, close, hours) == length * HOUR_NS


def test_a_weekend_makes_no_bar_older() -> None:
    opening = NOON + 2 * DAY_NS
    assert verdict(NOON, opening, hours=WEEKEND) is FreshnessVerdict.FRESH
    assert verdict(NOON, opening + 2 * HOUR_NS, hours=WEEKEND) is FreshnessVerdict.FRESH
    assert verdict(NOON, opening + 2 * HOUR_NS + 1, hours=WEEKEND) is FreshnessVerdict.STALE


def test_outside_of_the_session_and_past_the_horizon_nothing_is_entered() -> None:
    assert verdict(NOON, NOON - 1, hours=WEEKEND) is FreshnessVerdict.FRESH
    assert verdict(NOON, NOON, hours=WEEKEND) is FreshnessVerdict.OUT_OF_SESSION
    assert verdict(NOON, NOON + 7 * DAY_NS - 1, hours=WEEKEND) is FreshnessVerdict.STALE
    assert verdict(NOON + 7 * DAY_NS, NOON + 7 * DAY_NS, hours=WEEKEND) is FreshnessVerdict.HOURS_UNKNOWN


def test_a_bar_that_never_came_and_one_from_the_future_allow_nothing() -> None:
    assert verdict(None, NOON) is FreshnessVerdict.NEVER
    assert verdict(NOON + SECOND, NOON) is FreshnessVerdict.FRESH
    assert verdict(NOON + SECOND + 1, NOON) is FreshnessVerdict.FROM_THE_FUTURE


def test_what_is_not_fresh_restricts_its_instrument_in_a_sentence() -> None:
    stale = freshness_of("EUR_USD", Timeframe.H1, NOON, NOON + 3 * HOUR_NS, ALWAYS)
    restriction = stale.restriction(NOON)
    assert restriction is not None
    assert (restriction.mode, restriction.instrument, restriction.source, restriction.latched) == (
        Mode.REDUCING,
        "EUR_USD",
        "freshness H1",
        False,
    )
    assert restriction.reason == (
        "EUR_USD H1 is stale: the last bar closed at 2026-10-30T12:00:00Z, 3 h ago in open time, more than 2 h"
    )
    assert freshness_of("EUR_USD", Timeframe.H1, NOON, NOON, ALWAYS).restriction(NOON) is None


def test_pings_do_not_make_frozen_prices_alive() -> None:
    state = framed(Liveness("EUR_USD", NOON), NOON, useful=True)
    state = framed(state, NOON + 10 * SECOND, useful=False)
    assert pulse_of(state, NOON + 10 * SECOND, ALWAYS).pulse is Pulse.ALIVE
    frozen = pulse_of(state, NOON + 10 * SECOND + 1, ALWAYS)
    assert (frozen.pulse, frozen.resubscribes, frozen.reconnects) == (Pulse.FROZEN, True, False)
    assert frozen.sentence == "EUR_USD: the data are frozen, nothing useful came for 10 s"


def test_a_socket_without_any_frame_is_silent_even_when_the_market_is_closed() -> None:
    state = framed(Liveness("EUR_USD", NOON), NOON, useful=True)
    assert pulse_of(state, NOON + 10 * SECOND, WEEKEND).pulse is Pulse.OUT_OF_SESSION
    silent = pulse_of(state, NOON + 10 * SECOND + 1, WEEKEND)
    assert (silent.pulse, silent.resubscribes, silent.reconnects) == (Pulse.SOCKET_SILENT, False, True)


def test_a_subscription_without_an_answer_waits_as_long_as_between_two_messages() -> None:
    state = framed(Liveness("EUR_USD", NOON), NOON + 5 * SECOND, useful=False)
    waiting = pulse_of(state, NOON + 10 * SECOND, ALWAYS)
    assert (waiting.pulse, waiting.allows_entries, waiting.resubscribes) == (Pulse.WAITING, False, False)
    assert pulse_of(state, NOON + 10 * SECOND + 1, ALWAYS).pulse is Pulse.FROZEN


def test_after_an_opening_prices_have_time_to_come() -> None:
    opening = NOON + 2 * DAY_NS
    state = Liveness("EUR_USD", NOON - DAY_NS, opening, NOON)
    assert pulse_of(state, opening + 10 * SECOND, WEEKEND).pulse is Pulse.ALIVE
    assert pulse_of(
        framed(state, opening + 10 * SECOND + 1, useful=False), opening + 10 * SECOND + 1, WEEKEND
    ).pulse is (Pulse.FROZEN)


def test_a_clock_that_is_put_back_makes_nothing_alive() -> None:
    state = framed(Liveness("EUR_USD", NOON), NOON, useful=True)
    assert pulse_of(state, NOON - HOUR_NS, ALWAYS).pulse is Pulse.SOCKET_SILENT
    only_pings = framed(state, NOON - HOUR_NS, useful=False)
    assert pulse_of(only_pings, NOON - HOUR_NS, ALWAYS).pulse is Pulse.FROZEN


def test_a_feed_whose_hours_nobody_knows_allows_nothing() -> None:
    late = NOON + 7 * DAY_NS
    reading = pulse_of(Liveness("EUR_USD", NOON, late, late), late, WEEKEND)
    assert (reading.pulse, reading.allows_entries) == (Pulse.HOURS_UNKNOWN, False)
    restriction = reading.restriction(late)
    assert restriction is not None
    assert (restriction.source, restriction.instrument) == ("feed", "EUR_USD")


def test_limits_and_hours_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError, match="zero or more nanoseconds"):
        FreshnessLimits(usual_grace_ns=-1)
    with pytest.raises(InputError, match="zero or more nanoseconds"):
        FreshnessLimits(grace_ns=MappingProxyType({Timeframe.D: -1}))
    with pytest.raises(InputError, match="above zero"):
        LivenessRules(frame_ns=0)
    touching = OpenHours(((0, 5), (5, 9)), 0, 10)
    assert [touching.is_open(moment) for moment in (-1, 0, 4, 5, 8, 9, 10)] == [
        None,
        True,
        True,
        True,
        True,
        False,
        None,
    ]
    for spans, why in (
        (((5, 5),), "end after"),
        (((0, 5), (4, 9)), "not overlap"),
        (((0, 11),), "outside of the time"),
    ):
        with pytest.raises(InputError, match=why):
            OpenHours(spans, 0, 10)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (450_000_000, "0.4 s"),
        (119_990_000_000, "119.9 s"),
        (2 * MINUTE_NS, "2 min"),
        (2 * HOUR_NS - 1, "119.9 min"),
        (2 * HOUR_NS, "2 h"),
        (3 * DAY_NS + DAY_NS // 2, "3.5 days"),
        (-90 * SECOND, "-90 s"),
        (-1, "0 s"),
    ],
)
def test_lengths_of_time_are_spoken_in_the_unit_people_use(length: int, words: str) -> None:
    assert spoken(length) == words
