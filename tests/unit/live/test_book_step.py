"""Reconciliation: over the symbols of both, locking what differs, and never before the fate of an order is known."""

from decimal import Decimal

import pytest

from support.desk_steps import EUR, GBP, LONG, LONG_WITH_STOP, OUT, SteppedDesk, fill_of, member
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.messages import LineDown, LineUp
from tradeworthy.live.desk_commands import NoteKind
from tradeworthy.live.desk_events import BookCame, CallKind, Wish


def resting_desk(*decisions: object) -> tuple[SteppedDesk, str]:
    """A desk that holds 10 EUR_USD whose stop rests, and trades GBP_USD too."""
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, *decisions]), member("b", [LONG, LONG], GBP))  # type: ignore[list-item]
    name = desk.enter()
    desk.report(f"{name}-stop", OrderStatus.WORKING)
    desk.now += 10**9
    return desk, name


@pytest.mark.parametrize("theirs", [0, 9, -10, 11])
def test_a_position_that_differs_locks_its_instrument_and_no_other(theirs: int) -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(positions={EUR: Decimal(theirs)} if theirs else {}))
    assert f"the desk holds 10 EUR_USD and the broker {theirs}" in desk.told(NoteKind.BREAK)[0].sentence
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert desk.holding.units == 10, "nothing is made up"


def test_a_position_in_what_the_desk_does_not_trade_is_a_difference_too() -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(positions={EUR: Decimal(10), "XAU_USD": Decimal(1)}))
    assert "the desk holds 0 XAU_USD and the broker 1" in desk.told(NoteKind.BREAK)[0].sentence


def test_a_difference_that_has_gone_unlocks_and_is_told() -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(positions={}))
    assert desk.asks_book(desk.time(10)), "again soon"
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"
    assert "reconciled with the broker: 1 position, 1 open order" in desk.told(NoteKind.BROKER)[-1].sentence


def test_the_same_difference_is_told_once() -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(positions={}))
    desk.time(10)
    desk.reconcile(desk.agreeing(positions={}))
    assert len(desk.told(NoteKind.BREAK)) == 1


def test_an_order_of_another_desk_on_the_account_restricts_and_is_not_touched() -> None:
    desk, name = resting_desk()
    desk.reconcile(desk.agreeing(open_orders=(f"{name}-stop", "tw-other-0000000001-000")))
    assert desk.state.mode.mode == "REDUCING"
    assert desk.cancels() == []
    assert "that this desk did not send, such as tw-other" in desk.told(NoteKind.BREAK)[0].sentence


def test_an_order_of_ours_that_is_over_here_is_taken_back() -> None:
    desk, name = resting_desk()
    desk.reconcile(desk.agreeing(open_orders=(f"{name}-stop", "tw-test-0000000001-000")))
    assert desk.cancels() == ["tw-test-0000000001-000"]


def test_an_order_under_way_that_the_book_does_not_name_is_asked_for_first() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    desk.reconcile(desk.agreeing(positions={EUR: Decimal(10)}, open_orders=()))
    assert desk.questions() == [name]
    assert desk.told(NoteKind.BREAK) == [], "no alarm before it is known"
    desk.report(name, OrderStatus.FILLED, fill_of(10))
    assert desk.asks_book()
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


def test_a_book_from_before_a_deal_raises_no_alarm() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    desk.placed(name)
    desk.wish(Wish.RECONCILE)
    asked, before = desk.now, desk.agreeing(open_orders=(name,))
    desk.now += 1_000_000
    desk.fill(name, 10)
    desk.happens(BookCame(desk.now, desk.ticket, asked, before))
    assert desk.told(NoteKind.BREAK) == []
    assert desk.state.mode.mode_of(EUR) == "ACTIVE"
    assert desk.asks_book(desk.time(2))


def test_a_book_that_was_asked_before_something_strange_does_not_clear_it() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.wish(Wish.RECONCILE)
    desk.fill("somebody's", 5)
    desk.reconcile()
    assert desk.state.mode.mode == "REDUCING"
    assert desk.asks_book(), "anew"
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


def test_a_book_that_does_not_come_is_asked_for_again() -> None:
    desk, _ = resting_desk()
    desk.wish(Wish.RECONCILE)
    assert not desk.asks_book(desk.time(9.9))
    assert desk.asks_book(desk.time(0.1))


def test_a_book_call_that_failed_is_tried_again() -> None:
    desk, _ = resting_desk()
    desk.wish(Wish.RECONCILE)
    desk.failed(CallKind.BOOK, wait_s=3)
    assert not desk.asks_book(desk.time(2.9))
    assert desk.asks_book(desk.time(0.1))


def test_nothing_is_entered_after_a_line_was_lost_before_the_broker_is_reconciled() -> None:
    desk, _ = resting_desk()
    desk.happens(LineDown(desk.now, "test", "reset by peer"))
    assert desk.state.mode.mode == "REDUCING"
    commands = desk.happens(LineUp(desk.now, "test"), 5)
    assert desk.asks_book(commands)
    assert desk.ids(desk.bar(GBP, after_s=1)) == []
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"
    assert len(desk.ids(desk.bar(GBP))) == 1


def test_a_stop_that_is_gone_from_the_book_and_was_cancelled_has_its_position_left() -> None:
    desk, name = resting_desk()
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.questions() == [f"{name}-stop"]
    desk.report(f"{name}-stop", OrderStatus.CANCELLED)
    assert desk.holding.leaving == "stop gone"


def test_a_stop_that_dealt_unheard_closes_the_position_without_an_alarm() -> None:
    desk, name = resting_desk()
    desk.reconcile(desk.agreeing(positions={}, open_orders=()))
    desk.report(f"{name}-stop", OrderStatus.FILLED, fill_of(-10, "1.09"))
    assert desk.first.holding is None
    assert desk.told(NoteKind.BREAK) == []
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


def test_the_brokers_balance_is_taken_and_a_large_difference_told() -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(balance=9_500.0))
    assert desk.state.balance == pytest.approx(9_500, abs=1e-9)
    assert "-500.00 from the desk's own sum" in desk.told(NoteKind.BROKER)[-1].sentence


def test_an_account_in_another_currency_halts() -> None:
    desk, _ = resting_desk()
    desk.reconcile(desk.agreeing(currency="EUR"))
    assert desk.state.mode.mode == "HALTED"


def test_fees_and_parts_closed_of_an_open_position_are_in_the_brokers_balance_already() -> None:
    desk, _ = resting_desk(OUT)
    out = desk.ids(desk.bar())[0]
    desk.fill(out, -4, 1.2)
    desk.placed(out)
    desk.now += 10**9
    desk.reconcile()
    assert desk.state.balance == pytest.approx(10_000, abs=1e-9)
    assert desk.holding.realised == pytest.approx(0.4, abs=1e-12)
    assert desk.told(NoteKind.BROKER)[1:] == []
