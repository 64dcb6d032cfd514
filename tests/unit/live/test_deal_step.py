"""Deals as brokers tell them: in parts, twice, late, too many, of orders that nobody sent, and of no number at all."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.desk_steps import (
    EUR,
    GBP,
    LONG,
    LONG_WITH_BOTH,
    LONG_WITH_STOP,
    NOTHING_WANTED,
    OUT,
    SHORT,
    TURN_SHORT,
    YEN,
    SteppedDesk,
    fill_of,
    member,
)
from tradeworthy.core.clock import DAY_NS, SECOND_NS
from tradeworthy.core.deals import Fill, Leg, OrderStatus
from tradeworthy.core.messages import DealCame
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Place
from tradeworthy.live.desk_events import BookCame, Wish


def test_an_entry_that_is_dealt_in_parts_is_one_position_at_their_average() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_BOTH]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 4, 1.10)
    assert desk.first.entry_id == name, "the rest is still on its way"
    desk.fill(name, 6, 1.20)
    assert desk.holding.units == desk.holding.opened == 10
    assert desk.holding.price == pytest.approx(1.16, abs=1e-12)
    assert desk.first.entry_id == ""
    assert desk.order(f"{name}-stop").life.units == -10
    assert desk.order(f"{name}-target").life.status is OrderStatus.WORKING


def test_an_exit_that_is_dealt_in_parts_closes_when_nothing_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.fill(out, -3, 1.2)
    assert desk.holding.units == 7
    assert not desk.told(NoteKind.CLOSED)
    desk.fill(out, -7, 1.3)
    assert desk.first.holding is None
    assert desk.first.pnl == pytest.approx(3 * 0.1 + 7 * 0.2, abs=1e-12)
    assert desk.state.balance == pytest.approx(10_000 + 1.7, abs=1e-9)


def test_a_deal_that_comes_twice_counts_once() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 10, deal="one")
    desk.fill(name, 10, deal="one")
    assert desk.holding.units == 10
    out = desk.ids(desk.bar())[0]
    desk.fill(out, -10, 1.2, deal="two")
    before = desk.state.balance
    desk.fill(out, -10, 1.2, deal="two")
    assert (desk.state.balance, desk.first.trades) == (before, 1)
    assert not desk.told(NoteKind.BREAK)


def test_a_deal_in_a_report_and_in_a_message_counts_once() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    desk.report(name, OrderStatus.FILLED, fill_of(10, deal="one"))
    desk.fill(name, 10, deal="one")
    assert desk.holding.units == 10


def test_more_than_was_asked_for_counts_and_locks_the_instrument() -> None:
    desk = SteppedDesk(member("a", [LONG]), member("b", [NOTHING_WANTED, LONG], GBP))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 12)
    assert desk.holding.units == 12
    assert "12 units were dealt and 10 were asked for" in desk.told(NoteKind.BREAK)[0].sentence
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert desk.state.mode.mode_of(GBP) == "ACTIVE"
    desk.reconcile()
    assert desk.state.mode.mode_of(EUR) == "REDUCING", "until a person has looked"


def test_a_deal_of_an_order_that_nobody_sent_makes_no_position_and_restricts_until_the_broker_agrees() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.fill("somebody's", 5)
    assert desk.first.holding is None
    assert desk.state.mode.mode == "REDUCING"
    assert desk.asks_book()
    assert "somebody's, which the desk does not know" in desk.told(NoteKind.BREAK)[0].sentence
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


def test_a_deal_after_a_cancellation_is_a_position_with_its_stop() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    desk.news(name, OrderStatus.CANCELLED, 0.0)
    assert f"{name}-stop" not in desk.state.orders
    desk.fill(name, 10)
    assert desk.holding.units == 10
    stop = desk.state.orders[f"{name}-stop"]
    assert stop.life.status is OrderStatus.WORKING
    assert stop.life.units == -10
    desk.reconcile(desk.agreeing())
    assert desk.cancels() == [], "the stop protects what is held"


def test_a_position_whose_stop_never_came_to_rest_is_found_and_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    desk.news(name, OrderStatus.CANCELLED, 0.0)
    desk.fill(name, 10)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.questions() == [f"{name}-stop"]
    desk.report(f"{name}-stop", OrderStatus.CANCELLED)
    assert desk.holding.leaving == "stop gone"
    assert len(desk.ids()) == 1


def test_an_entry_that_is_dealt_while_it_is_taken_back_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    assert desk.cancels(desk.bar()) == [name]
    desk.fill(name, 10)
    out = desk.ids()
    assert len(out) == 1
    assert desk.order(out[0]).life.units == -10
    assert desk.holding.leaving == "its entry was to be taken back"


def test_an_entry_that_is_dealt_while_the_desk_halts_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    assert desk.cancels(desk.wish(Wish.HALT)) == [name]
    desk.fill(name, 10)
    assert len(desk.ids()) == 1


def test_leaving_a_position_takes_the_rest_of_its_entry_back() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 4)
    commands = desk.bar()
    assert desk.cancels(commands) == [name]
    out = desk.ids(commands)[0]
    assert desk.order(out).life.units == -4
    desk.fill(out, -4)
    desk.fill(name, 1)
    again = desk.ids()
    assert [desk.order(one).life.units for one in again] == [-1], "what was dealt too late is left too"


def test_a_stop_that_deals_while_an_exit_is_on_its_way_takes_the_exit_back() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT]))
    name = desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.placed(out)
    desk.fill(f"{name}-stop", -10, 1.09)
    assert desk.first.holding is None
    assert desk.first.exit_id == ""
    assert desk.cancels() == [out]
    assert desk.told(NoteKind.CLOSED)[0].data["reason"] == "stop"


def closed_twice_desk(*exits: float, first: str = "stop") -> tuple[SteppedDesk, str]:
    """A desk whose stop and whose exit both dealt, and the client id of the one that came second."""
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT, LONG]))
    name = desk.enter()
    names = {"stop": f"{name}-stop", "exit": desk.ids(desk.bar())[0]}
    desk.fill(names[first], -10, 1.09)
    second = names["exit" if first == "stop" else "stop"]
    for units in exits:
        desk.fill(second, units, 1.08)
    return desk, second


@pytest.mark.parametrize("first", ["stop", "exit"])
@pytest.mark.parametrize("exits", [(-10,), (-4, -6), (-4,)])
def test_a_position_that_stop_and_exit_both_closed_is_turned_back_when_the_brokers_book_has_it(
    first: str, exits: tuple[float, ...]
) -> None:
    desk, second = closed_twice_desk(*exits, first=first)
    excess = sum(exits)
    assert desk.holding.units == excess
    assert desk.holding.entry_id == second
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    if excess > -10:
        assert desk.order(second).life.cancel_wanted, "the rest of it would close still more"
        desk.news(second, OrderStatus.CANCELLED, excess)
    assert desk.ids(desk.time(60)) == []
    book = desk.agreeing(open_orders=())
    desk.now += 1
    (back,) = desk.ids(desk.happens(BookCame(desk.now, desk.ticket, desk.now, book)))
    assert desk.order(back).life.units == -excess
    desk.fill(back, -excess, 1.07)
    assert desk.first.holding is None
    assert desk.state.balance == pytest.approx(10_000 - 10 * 0.01 - excess * 0.01, abs=1e-9)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.ids(desk.bar()) == [], "it stays locked"
    desk.wish(Wish.RESUME, f"instrument {EUR}", after_s=1)
    assert desk.state.mode.mode_of(EUR) == "ACTIVE"


def test_a_second_closing_that_the_broker_does_not_have_is_a_difference_and_nothing_is_sent() -> None:
    desk, _ = closed_twice_desk(-10)
    commands = desk.reconcile(desk.agreeing(positions={}, open_orders=()))
    assert desk.ids(commands) == desk.ids(desk.time(60)) == []
    assert "the desk holds -10 EUR_USD and the broker 0" in desk.told(NoteKind.BREAK)[-1].sentence
    desk.wish(Wish.ACCEPT, EUR)
    assert desk.first.holding is None
    assert desk.ids(desk.reconcile(desk.agreeing(open_orders=()))) == []


def test_a_desk_that_waits_for_the_book_before_it_turns_anything_back_is_not_due_again_and_again() -> None:
    desk, _ = closed_twice_desk(-10)
    assert desk.state.due_ns - desk.now > SECOND_NS


def test_what_was_closed_too_much_is_turned_back_in_the_next_process_too() -> None:
    desk, _ = closed_twice_desk(-10)
    assert desk.ids(desk.start(2)) == []
    desk.now += SECOND_NS
    (back,) = desk.ids(desk.reconcile(desk.agreeing(open_orders=())))
    assert desk.order(back).life.units == 10


def test_a_second_closing_while_the_next_position_is_held_is_told_with_what_to_do() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, TURN_SHORT]))
    name = desk.enter()
    out = desk.ids(desk.bar())[0]
    (turned,) = desk.ids(desk.fill(f"{name}-stop", -10, 1.09))
    desk.fill(turned, -10, 1.09)
    desk.fill(out, -10, 1.09)
    assert desk.holding.units == -10
    assert desk.told(NoteKind.BREAK)[-1].sentence == (
        f"order {out} dealt -10 to close {name}, which is not held; look at the broker, close there what is too much of EUR_USD, "
        "and then `tradeworthy resume --scope instrument:EUR_USD`"
    )
    assert desk.ids(desk.reconcile(desk.agreeing(positions={EUR: Decimal(-20)}))) == []


def test_the_rest_of_an_exit_is_taken_back_when_the_stop_closed_too_much() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT]))
    name = desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.fill(out, -4)
    assert out in desk.cancels(desk.fill(f"{name}-stop", -10, 1.09))
    assert desk.holding.units == -4


def test_a_part_of_the_stop_leaves_the_rest_protected_by_what_is_left_of_it() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.enter()
    desk.fill(f"{name}-stop", -4, 1.09)
    assert desk.holding.units == 6
    assert desk.order(f"{name}-stop").life.open_units == -6
    desk.fill(f"{name}-stop", -6, 1.08)
    assert desk.first.pnl == pytest.approx(-4 * 0.01 - 6 * 0.02, abs=1e-12)


def test_a_deal_of_the_stop_is_not_forgotten_when_more_of_the_entry_deals() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 6)
    desk.fill(f"{name}-stop", -2, 1.09, deal="stop 1")
    desk.fill(name, 4)
    desk.fill(f"{name}-stop", -2, 1.09, deal="stop 1")
    assert desk.holding.units == 8


def test_what_deals_after_its_stop_had_dealt_in_full_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 6)
    desk.fill(f"{name}-stop", -6, 1.09)
    assert desk.cancels() == [name], "the rest of the entry"
    desk.fill(name, 4)
    assert [desk.order(one).life.units for one in desk.ids()] == [-4]


def test_a_stop_that_is_heard_of_before_its_entry_closes_what_the_entry_opened() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    desk.fill(f"{name}-stop", -10, 1.09)
    assert desk.first.holding is None
    assert desk.state.mode.mode == "REDUCING"
    assert desk.questions() == [name]
    desk.report(name, OrderStatus.FILLED, fill_of(4, "1.1", "one"), fill_of(6, "1.1", "two"))
    assert desk.first.holding is None
    assert desk.first.pnl == pytest.approx(-0.1, abs=1e-12)
    assert desk.ids() == [], "there is nothing to leave"
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


@pytest.mark.parametrize("decision", [LONG_WITH_STOP, SHORT])
def test_deals_that_cancel_each_other_end_the_position_and_not_the_desk(decision: object) -> None:
    desk = SteppedDesk(member("a", [decision]))  # type: ignore[list-item]
    name = desk.ids(desk.bar())[0]
    units = int(desk.order(name).life.units)
    desk.fill(name, units, 1.1)
    desk.fill(name, -units, 1.2)
    assert desk.first.holding is None
    assert abs(desk.first.pnl) == pytest.approx(1.0, abs=1e-12)
    assert "goes against the order" in desk.told(NoteKind.BREAK)[0].sentence
    assert desk.state.mode.mode_of(EUR) == "REDUCING"


def test_a_deal_of_no_units_is_told_and_makes_no_position() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.fill(name, 0)
    assert desk.first.holding is None
    assert desk.told(NoteKind.BREAK)


@pytest.mark.parametrize(
    ("units", "price", "fee"), [("NaN", "1.1", "0"), ("10", "NaN", "0"), ("10", "1.1", "Infinity")]
)
def test_a_deal_that_is_no_number_is_refused_and_the_broker_asked(units: str, price: str, fee: str) -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    made = Fill("odd", Decimal(units), Decimal(price), Decimal(fee), desk.now)
    desk.happens(DealCame(desk.now, name, made))
    assert desk.first.holding is None
    assert desk.asks_book()
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert desk.told(NoteKind.BREAK)[0].level is NoteLevel.ALERT


def test_more_closed_than_was_held_is_the_other_way_and_money_still_adds_up() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT]))
    name = desk.enter()
    desk.fill(f"{name}-stop", -12, 1.2)
    assert desk.holding.units == -2
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert desk.told(NoteKind.BREAK)[-1].sentence == (
        "a: more was closed than was held of EUR_USD, -2 units are left the other way; they are turned back once the broker's "
        "book has them too, and EUR_USD stays locked until `tradeworthy resume --scope instrument:EUR_USD`"
    )
    assert desk.ids(desk.bar(close=1.3)) == [], "the broker has not said that they are there"
    (out,) = desk.ids(desk.reconcile())
    assert desk.order(out).life.units == 2
    assert desk.order(out).why == "over-closed"
    assert desk.of(Place)[0].order.value.reduce_only
    desk.fill(out, 2, 1.3)
    assert desk.first.holding is None
    assert desk.first.pnl == pytest.approx(12 * 1.2 - 10 * 1.1 - 2 * 1.3, abs=1e-12)


def test_a_reversal_enters_when_the_old_position_is_gone_and_not_before() -> None:
    desk = SteppedDesk(member("a", [LONG, TURN_SHORT]))
    desk.enter()
    out = desk.ids(desk.bar())
    assert [desk.order(one).life.units for one in out] == [-10]
    desk.fill(out[0], -6)
    assert desk.ids() == []
    desk.fill(out[0], -4)
    assert [desk.order(one).life.units for one in desk.ids()] == [-10]


def test_two_strategies_on_one_instrument_each_have_their_own_position() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]), member("b", [SHORT], units=4))
    one, two = desk.ids(desk.bar())
    desk.fill(one, 10, 1.1)
    desk.fill(two, -4, 1.1)
    assert [held.holding.units for held in desk.state.members if held.holding is not None] == [10, -4]
    desk.reconcile(desk.agreeing(positions={EUR: Decimal(6)}))
    assert desk.state.mode.mode == "ACTIVE", "the broker holds the net"
    out = desk.ids(desk.bar())
    assert [desk.order(name).life.units for name in out] == [-10]
    desk.fill(out[0], -10, 1.1)
    assert desk.state.members[1].holding is not None


def test_what_a_deal_earned_in_a_currency_without_a_rate_is_not_made_up() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT], YEN, 1000), member("b", [], EUR))
    name = desk.ids(desk.bar(YEN, 150.0))[0]
    desk.fill(name, 1000, 150)
    out = desk.ids(desk.bar(YEN, 151.5))[0]
    desk.fill(out, -1000, 151.5)
    assert desk.first.pnl == pytest.approx(1000 * 1.5 / 151.5, rel=1e-12)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from([1.0, 1.1, 1.25]), st.booleans()), min_size=1, max_size=12)
)
def test_whatever_deals_come_the_money_is_that_of_the_cash_that_moved(deals: list[tuple[int, float, bool]]) -> None:
    """In all orders of parts of an entry and of its stop, against a sum of units times price."""
    desk = SteppedDesk(member("a", [LONG_WITH_STOP], units=100))
    name = desk.ids(desk.bar())[0]
    held, cash = 0, 0.0
    for units, price, buys in deals:
        signed = units if buys or not held else -min(units, held)
        desk.fill(name if signed > 0 else f"{name}-stop", signed, price)
        held, cash = held + signed, cash - signed * price
    desk.bar(close=1.5)
    assert desk.state.equity == pytest.approx(10_000 + cash + held * 1.5, abs=1e-6)
    assert (desk.first.holding.units if desk.first.holding else 0) == held


def test_a_deal_at_the_open_of_a_day_counts_in_that_day_though_its_first_bar_comes_later() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]), balance=1_000.0)
    entry = desk.enter()
    before, equity = desk.state.day, desk.state.equity
    desk.now += DAY_NS
    desk.fill(Leg.STOP.of(entry), -10, "1.05")
    assert desk.state.day.number > before.number
    assert desk.state.day.start_equity == desk.state.day.high_equity == equity
    assert desk.state.equity == pytest.approx(1_000.0 - 0.5)
    desk.bar()
    assert desk.state.day.start_equity == equity
