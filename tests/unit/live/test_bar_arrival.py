"""The verdict on bars that come late, early, twice, out of order, from the future or broken."""

import math
from typing import Any

import pytest
from msgspec.structs import replace

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS
from tradeworthy.core.messages import ArrivingBar
from tradeworthy.live.bar_arrival import REMEMBERED, Arrival, Arrived, BarHistory, judge
from tradeworthy.live.open_hours import OpenHours

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
ALWAYS = OpenHours.always()
EMPTY = BarHistory("EUR_USD", Timeframe.H1)


def hour(k: int, close: float = 1.1) -> ArrivingBar:
    """The bar that begins k hours after noon."""
    return ArrivingBar(NOON + k * HOUR_NS, NOON + (k + 1) * HOUR_NS, 1.1, max(1.2, close), min(1.0, close), close)


def after(*hours: int) -> BarHistory:
    """A history of these."""
    return BarHistory("EUR_USD", Timeframe.H1, tuple(hour(k) for k in hours))


def arrive(history: BarHistory, bar: ArrivingBar, late_ns: int = SECOND) -> Arrived:
    """The bar comes so long after its close."""
    return judge(history, bar, bar.close_ns + late_ns, ALWAYS)


def test_the_next_bar_is_accepted_and_kept() -> None:
    for history in (EMPTY, after(0, 1)):
        outcome = arrive(history, hour(2))
        assert outcome.verdict is Arrival.ACCEPT
        assert outcome.history.last == hour(2)
    assert arrive(EMPTY, hour(0)).sentence == "EUR_USD H1, bar of 2026-10-30T12:00:00Z: accepted"


def test_a_late_bar_is_kept_for_history_and_not_traded_on() -> None:
    assert arrive(EMPTY, hour(0), 2 * HOUR_NS).verdict is Arrival.ACCEPT
    late = arrive(EMPTY, hour(0), 2 * HOUR_NS + 1)
    assert (late.verdict, late.history.last) == (Arrival.STALE, hour(0))
    assert (late.verdict.keeps, late.verdict.trades) == (True, False)


def test_a_bar_that_is_not_over_and_one_that_has_not_begun_are_from_the_future() -> None:
    assert arrive(EMPTY, hour(0), -SECOND).verdict is Arrival.ACCEPT
    early = arrive(EMPTY, hour(0), -SECOND - 1)
    assert early.verdict is Arrival.FUTURE
    assert "is not over before 2026-10-30T13:00:00Z" in early.sentence
    ahead = judge(EMPTY, hour(5), NOON, ALWAYS)
    assert ahead.verdict is Arrival.FUTURE
    assert "lies in the future" in ahead.sentence


def test_a_bar_that_comes_twice_is_a_duplicate_or_a_contradiction() -> None:
    for k in (0, 1, 2):
        assert judge(after(0, 1, 2), hour(k), NOON + 3 * HOUR_NS, ALWAYS).verdict is Arrival.DUPLICATE
        other = judge(after(0, 1, 2), hour(k, close=1.15), NOON + 3 * HOUR_NS, ALWAYS)
        assert other.verdict is Arrival.CONFLICT
        assert other.verdict.asks_again
        assert other.sentence.endswith("it came before with other prices (1.1 1.2 1 1.1, now 1.1 1.2 1 1.15)")
    longer = replace(hour(1), close_ns=hour(1).close_ns - MINUTE_NS)
    assert judge(after(0, 1, 2), longer, NOON + 3 * HOUR_NS, ALWAYS).verdict is Arrival.CONFLICT


def test_a_bar_before_the_last_one_is_out_of_order_and_one_inside_it_is_bad() -> None:
    assert judge(after(0, 2), hour(1), NOON + 3 * HOUR_NS, ALWAYS).verdict is Arrival.OUT_OF_ORDER
    inside = replace(hour(2), open_ns=hour(2).open_ns + MINUTE_NS)
    assert judge(after(0, 2), inside, NOON + 3 * HOUR_NS, ALWAYS).verdict is Arrival.BAD


def test_a_duplicate_older_than_memory_is_out_of_order() -> None:
    history = EMPTY
    for k in range(REMEMBERED + 1):
        history = arrive(history, hour(k)).history
    assert len(history.recent) == REMEMBERED
    assert arrive(history, hour(1)).verdict is Arrival.DUPLICATE
    assert arrive(history, hour(0)).verdict is Arrival.OUT_OF_ORDER


@pytest.mark.parametrize("name", ["open", "high", "low", "close"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -1.0])
def test_a_price_that_is_none_makes_the_bar_bad(name: str, value: float) -> None:
    change: dict[str, Any] = {name: value}
    outcome = arrive(EMPTY, replace(hour(0), **change))
    assert (outcome.verdict, outcome.history) == (Arrival.BAD, EMPTY)


@pytest.mark.parametrize("change", [{"high": 1.05}, {"low": 1.15}, {"open": 1.3}, {"close": 0.9}])
def test_prices_that_contradict_each_other_make_it_bad(change: dict[str, Any]) -> None:
    assert arrive(EMPTY, replace(hour(0), **change)).verdict is Arrival.BAD


def test_a_bar_of_another_length_is_bad_but_for_days_that_are_an_hour_longer() -> None:
    for length, verdict in (
        (0, Arrival.BAD),
        (1, Arrival.ACCEPT),
        (HOUR_NS, Arrival.ACCEPT),
        (HOUR_NS + 1, Arrival.BAD),
    ):
        bar = replace(hour(0), close_ns=NOON + length)
        assert arrive(EMPTY, bar).verdict is verdict
    days = BarHistory("EUR_USD", Timeframe.D)
    for length, verdict in ((DAY_NS + HOUR_NS, Arrival.ACCEPT), (DAY_NS + HOUR_NS + 1, Arrival.BAD)):
        bar = replace(hour(0), close_ns=NOON + length)
        assert arrive(days, bar).verdict is verdict


def test_missing_bars_are_counted_in_open_time() -> None:
    gap = arrive(after(0), hour(3))
    assert (gap.verdict, gap.missing_ns) == (Arrival.ACCEPT, 2 * HOUR_NS)
    assert gap.sentence.endswith("accepted; 2 h of open time before it are missing")
    closed = OpenHours(((NOON, NOON + HOUR_NS), (NOON + 3 * HOUR_NS, NOON + 9 * HOUR_NS)), NOON, NOON + 9 * HOUR_NS)
    assert judge(after(0), hour(3), NOON + 4 * HOUR_NS, closed).missing_ns == 0


def test_a_time_that_no_calendar_holds_is_still_answered() -> None:
    far = ArrivingBar(10**20, 10**20 + HOUR_NS, 1.0, 1.0, 1.0, 1.0)
    assert judge(EMPTY, far, NOON, ALWAYS).verdict is Arrival.FUTURE


def test_what_is_refused_changes_nothing() -> None:
    history = after(0, 1)
    for bar in (hour(0), hour(1, close=1.15), hour(9), replace(hour(2), low=math.nan)):
        outcome = judge(history, bar, NOON + 3 * HOUR_NS, ALWAYS)
        assert not outcome.verdict.keeps
        assert outcome.history is history
