"""Bars that come late, early, twice, out of order, from the future or not as numbers; and clocks that jump under them."""

import math

import pytest

from support.desk_steps import EUR, GBP, LONG, NOTHING_WANTED, OUT, SHORT, TURN_SHORT, SteppedDesk, member
from tradeworthy.core.bar import NEW_YORK_CLOSE, Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS, from_datetime
from tradeworthy.core.deals import BrokerBook
from tradeworthy.core.messages import ArrivingBar, BarCame
from tradeworthy.live.desk_commands import NoteKind
from tradeworthy.live.desk_events import BookCame, CallFailed, TimeReached, Trouble, Wish
from tradeworthy.live.sound_events import sound
from tradeworthy.live.trading_days import trading_day
from tradeworthy.strategies.protocol import Decision


def bar_at(close_ns: int, price: float = 1.1, **changes: object) -> BarCame:
    """One hour of one price, closed at that moment."""
    given = {"open": price, "high": price, "low": price, "close": price, **changes}
    bar = ArrivingBar(close_ns - HOUR_NS, close_ns, given["open"], given["high"], given["low"], given["close"])  # type: ignore[arg-type]
    return BarCame(close_ns, EUR, Timeframe.H1, bar)


def seen(desk: SteppedDesk) -> int:
    """How many bars the first strategy has been fed."""
    return int(desk.state.streams[0].at)


def test_a_bar_that_comes_twice_is_decided_on_once() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, LONG]))
    desk.bar()
    event = bar_at(desk.now)
    desk.happens(event)
    assert desk.ids() == []
    assert seen(desk) == 1
    assert desk.told(NoteKind.DATA) == [], "the same again is nothing to tell"


def test_a_bar_that_comes_again_with_other_prices_locks_its_instrument() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, LONG]))
    desk.bar()
    desk.happens(bar_at(desk.now, 1.2))
    assert seen(desk) == 1
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert desk.ids(desk.bar()) == []


def test_a_bar_out_of_order_is_not_fed_to_the_strategy() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, NOTHING_WANTED, LONG]))
    desk.bar()
    desk.bar()
    desk.happens(bar_at(desk.now - 20 * HOUR_NS))
    assert seen(desk) == 2
    assert desk.state.mode.mode_of(EUR) == "REDUCING"


def test_a_bar_that_is_not_over_is_refused_and_taken_when_it_is() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, LONG]))
    desk.bar()
    early = bar_at(desk.now + HOUR_NS)
    desk.happens(early, 1800)
    assert seen(desk) == 1
    assert "it is not over before" in desk.told(NoteKind.DATA)[-1].sentence
    desk.happens(early, 1800)
    assert seen(desk) == 2
    assert len(desk.ids()) == 1


def test_a_bar_from_the_far_future_is_refused() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.happens(bar_at(desk.now + 400 * DAY_NS))
    assert seen(desk) == 0
    assert "lies in the future" in desk.told(NoteKind.DATA)[-1].sentence


def test_a_bar_a_day_old_is_kept_and_not_entered_on_and_its_exit_goes() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT, LONG]))
    desk.enter()
    old = bar_at(desk.now + HOUR_NS)
    out = desk.ids(desk.happens(old, 25 * 3600))
    assert [desk.order(one).life.units for one in out] == [-10], "leaving is no risk"
    desk.fill(out[0], -10)
    older = bar_at(old.time_ns + HOUR_NS)
    assert desk.ids(desk.happens(older)) == []
    assert seen(desk) == 3
    assert desk.told(NoteKind.REFUSED)[-1].data["check"] in {"data", "mode"}


def leaving_desk(*decisions: Decision) -> SteppedDesk:
    """A desk that has been told to flatten and whose exit has not dealt yet."""
    desk = SteppedDesk(member("a", [LONG, *decisions]))
    desk.enter()
    desk.wish(Wish.FLATTEN)
    return desk


@pytest.mark.parametrize("decision", [LONG, SHORT, TURN_SHORT])
def test_an_entry_that_is_wanted_while_the_position_is_left_for_another_reason_is_refused_by_name(
    decision: Decision,
) -> None:
    desk = leaving_desk(decision)
    assert desk.ids(desk.bar()) == []
    refused = desk.told(NoteKind.REFUSED)[-1]
    assert refused.sentence == "a: no entry, its position is still being left (flatten)"
    assert [refused.data[name] for name in ("check", "limit", "actual")] == ["one position", "none held", "10 units"]


@pytest.mark.parametrize("decision", [OUT, NOTHING_WANTED])
def test_nothing_is_refused_where_nothing_was_wanted_while_the_position_is_left(decision: Decision) -> None:
    desk = leaving_desk(decision, LONG)
    desk.bar()
    desk.bar(backfill=True)
    assert desk.told(NoteKind.REFUSED) == []


def test_a_bar_that_was_asked_for_afterwards_is_never_entered_on() -> None:
    desk = SteppedDesk(member("a", [LONG, NOTHING_WANTED]))
    desk.bar(backfill=True)
    assert desk.ids() == []
    assert seen(desk) == 1


@pytest.mark.parametrize("name", ["open", "high", "low", "close"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_bar_that_is_no_number_becomes_a_trouble_that_names_it(name: str, value: float) -> None:
    desk = SteppedDesk(member("a", [LONG, LONG, LONG]))
    event = sound(bar_at(desk.now, **{name: value}))
    assert isinstance(event, Trouble)
    desk.happens(event)
    assert "EUR_USD H1, bar of 2026-" in desk.told(NoteKind.MODE)[-1].sentence
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    desk.bar()
    desk.bar()
    assert desk.state.mode.mode_of(EUR) == "ACTIVE", "bars are whole again"


@pytest.mark.parametrize("prices", [{"low": 0.0}, {"low": -1.0}, {"high": 1.0}, {"low": 1.2}])
def test_a_bar_that_contradicts_itself_is_refused_until_bars_are_whole(prices: dict[str, float]) -> None:
    desk = SteppedDesk(member("a", [LONG, LONG]))
    desk.happens(bar_at(desk.now + HOUR_NS, **prices), 3600)
    assert seen(desk) == 0
    assert desk.state.mode.mode_of(EUR) == "REDUCING"


def test_a_moment_that_no_journal_holds_becomes_a_trouble() -> None:
    bar = ArrivingBar(2**70, 2**70 + 1, 1.0, 1.0, 1.0, 1.0)
    found = sound(BarCame(2**70, EUR, Timeframe.H1, bar))
    assert isinstance(found, Trouble)
    assert found.time_ns == 0


@pytest.mark.parametrize(("balance", "financing"), [(math.nan, 0.0), (math.inf, 0.0), (1.0, math.nan)])
def test_a_balance_that_is_no_number_is_a_call_that_failed(balance: float, financing: float) -> None:
    book = BrokerBook(0, "USD", balance, financing=financing)
    found = sound(BookCame(0, 3, 0, book))
    assert isinstance(found, CallFailed)
    assert found.ticket == 3
    desk = SteppedDesk(member("a", [LONG]))
    desk.happens(found)
    assert desk.state.balance == 10_000
    assert desk.state.mode.mode == "REDUCING"


def test_what_is_whole_is_handed_on_as_it_is() -> None:
    event = bar_at(HOUR_NS)
    assert sound(event) is event
    book = BookCame(0, 0, 0, BrokerBook(0, "USD", 1.0))
    assert sound(book) is book


def test_a_bar_of_what_nobody_trades_is_told_and_changes_nothing() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.bar(GBP)
    assert "which no strategy trades" in desk.told(NoteKind.DATA)[-1].sentence
    assert seen(desk) == 0


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_an_hour_never_takes_the_desks_time_back(hours: int) -> None:
    desk = SteppedDesk(member("a", [LONG, LONG, LONG]))
    desk.bar()
    before = desk.state.time_ns
    desk.now += hours * HOUR_NS
    desk.happens(TimeReached(desk.now))
    assert desk.state.time_ns == max(before, desk.now)
    desk.now = before + MINUTE_NS
    desk.happens(TimeReached(desk.now))
    assert desk.state.time_ns >= before


def test_a_strategy_fed_after_the_clock_went_back_still_sees_every_bar() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED] * 3))
    desk.bar()
    desk.now -= HOUR_NS
    desk.bar(after_s=2 * 3600)
    assert seen(desk) == 2


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 7, 1), 24), ((2026, 12, 25), 24)]
)
def test_a_trading_day_is_an_hour_shorter_or_longer_when_clocks_change(day: tuple[int, int, int], hours: int) -> None:
    from datetime import UTC, datetime

    noon = from_datetime(datetime(*day, 12, tzinfo=UTC))
    one = trading_day(noon, NEW_YORK_CLOSE)
    begins = next(
        moment for moment in range(one.ends_ns - 26 * HOUR_NS, one.ends_ns, HOUR_NS)
        if trading_day(moment, NEW_YORK_CLOSE).number == one.number
    )  # fmt: skip
    assert one.ends_ns - begins == hours * HOUR_NS
    assert trading_day(one.ends_ns - 1, NEW_YORK_CLOSE) == one
    assert trading_day(one.ends_ns, NEW_YORK_CLOSE).number == one.number + 1
    assert one.ends_ns > noon + SECOND_NS
