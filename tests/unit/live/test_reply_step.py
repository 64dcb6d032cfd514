"""Answers of brokers: too late, never, refused, denied; and what is sent again, or not."""

from decimal import Decimal
from typing import Any

import pytest

from support.desk_steps import (
    EUR,
    LONG,
    LONG_WITH_STOP,
    NOTHING_WANTED,
    OUT,
    TURN_SHORT,
    SteppedDesk,
    fill_of,
    member,
)
from tradeworthy.core.clock import DAY_NS, HOUR_NS, SECOND_NS
from tradeworthy.core.deals import Fill, OrderStatus
from tradeworthy.core.messages import LineUp
from tradeworthy.live.breaker import BreakerPhase
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_commands import Command, NoteKind, NoteLevel, Place
from tradeworthy.live.desk_events import CallKind, Wish
from tradeworthy.live.desk_plan import Timing


def sent(*decisions: object) -> tuple[SteppedDesk, str]:
    """A desk that has just sent an entry, and its client id."""
    desk = SteppedDesk(member("a", [LONG, *decisions]))  # type: ignore[list-item]
    return desk, desk.ids(desk.bar())[0]


def test_an_order_without_an_answer_is_asked_for_and_not_sent_again_before() -> None:
    desk, name = sent()
    desk.time(9.9)
    assert desk.order(name).life.status is OrderStatus.SENT
    commands = desk.time(0.1)
    assert desk.order(name).life.status is OrderStatus.UNKNOWN
    assert desk.questions(commands) == [name]
    assert desk.ids(commands) == []
    assert desk.questions(desk.time(1.9)) == []
    assert desk.questions(desk.time(0.1)) == [name], "and again"


def test_an_order_that_is_found_goes_on() -> None:
    desk, name = sent()
    desk.time(10)
    desk.report(name, OrderStatus.WORKING)
    assert desk.order(name).life.status is OrderStatus.WORKING
    desk.fill(name, 10)
    assert desk.holding.units == 10


def test_an_order_that_is_found_dealt_is_a_position() -> None:
    desk, name = sent()
    desk.time(10)
    desk.report(name, OrderStatus.FILLED, fill_of(10))
    assert desk.holding.units == 10
    assert desk.first.entry_id == ""


def test_an_order_that_never_arrived_is_sent_again_under_its_own_id() -> None:
    desk, name = sent()
    desk.time(10)
    desk.report(name, None)
    assert desk.ids() == [name]
    assert desk.of(Place)[0].order.value.units == 10
    desk.fill(name, 10)
    assert desk.holding.entry_id == name


def test_an_entry_that_never_arrived_is_too_late_after_a_minute() -> None:
    desk, name = sent()
    desk.time(61)
    desk.report(name, None)
    assert desk.ids() == []
    assert desk.order(name).life.status is OrderStatus.NEVER_ARRIVED
    assert desk.first.entry_id == ""
    assert "it is too old" in desk.told(NoteKind.ORDER)[-1].sentence


def test_an_entry_that_never_arrived_is_not_sent_after_a_newer_bar() -> None:
    desk, name = sent(NOTHING_WANTED)
    desk.time(10)
    desk.bar(after_s=3590)
    desk.report(name, None)
    assert desk.ids() == []
    assert "a newer bar" in desk.told(NoteKind.ORDER)[-1].sentence


def test_an_exit_that_never_arrived_is_sent_again_however_late() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.time(600)
    desk.report(out, None)
    assert desk.ids() == [out]


def test_an_entry_that_was_to_be_taken_back_is_not_sent_again() -> None:
    desk, name = sent()
    desk.failed(CallKind.PLACE, name, ActionKind.RETRY, wait_s=1)
    desk.wish(Wish.HALT)
    desk.wish(Wish.RESUME, "all", after_s=0.5)
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"
    assert desk.ids(desk.time(1)) == []
    assert desk.order(name).life.status is OrderStatus.NEVER_ARRIVED


def test_an_order_that_was_denied_and_then_acknowledged_is_a_break_and_is_taken_back() -> None:
    desk, name = sent()
    desk.time(61)
    desk.report(name, None)
    desk.placed(name)
    assert desk.state.mode.mode_of(EUR) == "REDUCING"
    assert "denied it and then acknowledged it" in desk.told(NoteKind.BREAK)[0].sentence
    assert desk.asks_book()
    desk.reconcile(desk.agreeing(open_orders=(name,)))
    assert desk.cancels() == [name]


def test_a_rejected_entry_is_over_and_the_next_signal_may_go() -> None:
    desk, name = sent(LONG)
    desk.failed(CallKind.PLACE, name, ActionKind.REFUSE)
    assert desk.order(name).life.status is OrderStatus.REJECTED
    assert len(desk.ids(desk.bar())) == 1


def test_an_exit_that_is_rejected_is_sent_anew_after_a_pause() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.news(out, OrderStatus.REJECTED, reason="no")
    assert desk.ids(desk.time(4.9)) == []
    again = desk.ids(desk.time(0.1))
    assert len(again) == 1
    assert again[0] != out
    assert desk.order(again[0]).life.units == -10


def refused_exits(*decisions: Any, times: int) -> tuple[SteppedDesk, list[float]]:
    """A desk whose exits were refused so often, and the seconds after which each of them was sent anew."""
    desk = SteppedDesk(member("a", [LONG, OUT, *decisions]))
    desk.enter()
    out, waits = desk.ids(desk.bar())[0], list[float]()
    for _ in range(times):
        desk.news(out, OrderStatus.REJECTED, reason="no")
        waits.append((desk.first.next_exit_ns - desk.now) / SECOND_NS)
        assert desk.ids(desk.time(waits[-1] - 0.001)) == []
        (out,) = desk.ids(desk.time(0.001))
    return desk, waits


def test_the_pause_before_the_next_attempt_to_leave_doubles_up_to_five_minutes() -> None:
    desk, waits = refused_exits(times=9)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    (told,) = [one.sentence for one in desk.notes if one.level is NoteLevel.ALERT]
    assert told == (
        "a: 3 attempts in a row to leave 10 EUR_USD failed; the next follows in 20 s and with every new bar; if it cannot wait, "
        "close it at the broker and then `tradeworthy accept EUR_USD`"
    )


@pytest.mark.parametrize("what", ["bar", "line up", "deal", "kill", "start"])
def test_what_may_have_changed_the_brokers_mind_has_the_position_left_at_once(what: str) -> None:
    desk, _ = refused_exits(times=5)
    out = desk.first.exit_id
    if what == "deal":
        desk.fill(out, -4)
        desk.news(out, OrderStatus.CANCELLED, -4)
        assert desk.first.next_exit_ns - desk.now == 5 * SECOND_NS
        return
    desk.news(out, OrderStatus.REJECTED, reason="no")
    desk.now += SECOND_NS
    commands: list[Command] = []
    if what == "bar":
        commands = desk.bar()
    elif what == "line up":
        commands = desk.happens(LineUp(desk.now, "test"))
    else:
        commands = desk.wish(Wish.KILL) if what == "kill" else desk.start(2)
    (again,) = desk.ids(commands)
    desk.news(again, OrderStatus.REJECTED, reason="no")
    assert desk.first.next_exit_ns - desk.now == 5 * SECOND_NS, "it began anew"


def test_attempts_that_failed_are_forgotten_with_the_position() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, OUT, LONG]))
    name = desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.news(out, OrderStatus.REJECTED, reason="no")
    (again,) = desk.ids(desk.time(5))
    desk.fill(f"{name}-stop", -10)
    assert desk.first.exit_failures == 0
    desk.failed(CallKind.PLACE, again, ActionKind.HALT)
    assert desk.first.exit_failures == 0


def test_bars_of_before_are_no_reason_to_try_again() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]), timing=Timing(reconcile_ns=30 * DAY_NS, exit_ns=5 * HOUR_NS))
    desk.enter()
    desk.news(desk.ids(desk.bar())[0], OrderStatus.REJECTED, reason="no")
    assert desk.ids(desk.bar(backfill=True)) == []
    assert len(desk.ids(desk.bar())) == 1


def test_an_exit_that_a_broker_without_usable_settings_does_not_take_is_not_sent_every_second() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT, NOTHING_WANTED]))
    desk.enter()
    (out,) = desk.ids(desk.bar())
    waits = []
    for _ in range(4):
        desk.failed(CallKind.PLACE, out, ActionKind.HALT)
        waits.append((desk.order(out).asked_ns - desk.now) / SECOND_NS)
        assert desk.ids(desk.time(waits[-1])) == [out], "under its own id"
    assert waits == [5, 10, 20, 40]
    desk.failed(CallKind.PLACE, out, ActionKind.HALT)
    assert desk.ids(desk.happens(LineUp(desk.now, "test"), 1)) == [out]


def test_an_order_that_failed_before_anything_was_done_is_sent_again_after_the_wait() -> None:
    desk, name = sent()
    desk.failed(CallKind.PLACE, name, ActionKind.RETRY, wait_s=3)
    assert desk.ids(desk.time(2.9)) == []
    assert desk.ids(desk.time(0.1)) == [name]


@pytest.mark.parametrize("action", [ActionKind.PAUSE, ActionKind.REFRESH])
def test_no_entry_goes_after_a_pause_or_a_lost_session_until_the_broker_is_reconciled(action: ActionKind) -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, LONG, LONG]))
    desk.bar()
    desk.failed(CallKind.REPORT, "none", action, wait_s=7200)
    assert desk.ids(desk.bar()) == []
    assert desk.told(NoteKind.REFUSED)[-1].data["check"] == "mode"
    assert desk.asks_book(desk.time(3600))
    desk.reconcile()
    assert len(desk.ids(desk.bar())) == 1


def test_a_broker_that_says_halt_halts_until_a_person_resumes_and_waiting_entries_are_dropped() -> None:
    desk, name = sent()
    desk.failed(CallKind.PLACE, name, ActionKind.HALT)
    assert desk.state.mode.mode == "HALTED"
    desk.time(2)
    assert desk.order(name).life.status is OrderStatus.NEVER_ARRIVED
    desk.reconcile()
    assert desk.state.mode.mode == "HALTED"


def test_an_exit_decided_while_the_breaker_is_open_is_sent_when_it_closes() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    desk.enter()
    desk.now += 3_590 * 10**9
    for _ in range(3):
        desk.failed(CallKind.BOOK)
    commands = desk.bar(after_s=10)
    assert desk.ids(commands) == []
    assert desk.holding.leaving == "signal"
    probe = desk.time(20)
    assert len(desk.of(Place, probe)) + len([one for one in probe if desk.asks_book([one])]) == 1, "one probe"
    if desk.asks_book(probe):
        desk.reconcile()
    assert desk.first.exit_id, "the exit went"


def test_a_refused_cancellation_has_the_order_asked_for() -> None:
    desk, name = sent(OUT)
    desk.placed(name)
    assert desk.cancels(desk.bar()) == [name]
    assert desk.questions(desk.failed(CallKind.CANCEL, name, ActionKind.REFUSE)) == [name]
    desk.report(name, OrderStatus.FILLED, fill_of(10))
    assert desk.holding.leaving, "it was to be taken back"


def test_a_cancellation_that_is_not_heard_of_again_is_asked_for_again() -> None:
    desk, name = sent(OUT)
    desk.placed(name)
    desk.bar()
    desk.cancel_taken(name)
    assert desk.cancels(desk.time(9.9)) == []
    assert desk.cancels(desk.time(0.1)) == [name]
    desk.news(name, OrderStatus.CANCELLED, 0.0)
    assert desk.first.entry_id == ""


def test_a_cancellation_without_a_word_on_deals_is_settled_by_a_question() -> None:
    desk, name = sent()
    desk.placed(name)
    desk.news(name, OrderStatus.CANCELLED)
    assert desk.questions() == [name]
    desk.report(name, OrderStatus.CANCELLED, fill_of(3))
    assert desk.holding.units == 3
    assert desk.first.entry_id == ""


def test_an_order_that_ended_and_that_the_broker_then_denies_is_not_asked_for_for_ever() -> None:
    desk, name = sent()
    desk.placed(name)
    desk.news(name, OrderStatus.CANCELLED)
    desk.report(name, None)
    assert desk.questions(desk.time(60)) == []
    assert desk.first.entry_id == ""
    assert desk.state.mode.mode_of(EUR) == "REDUCING"


def test_a_stop_that_the_broker_no_longer_knows_has_its_position_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.enter()
    assert desk.questions() == [f"{name}-stop"], "whether it rests is asked after the deal"
    desk.report(f"{name}-stop", None)
    assert desk.holding.leaving == "", "it may come to rest a moment after the deal"
    desk.time(10)
    desk.report(f"{name}-stop", None)
    assert desk.holding.leaving == "stop gone"
    assert [desk.order(one).life.units for one in desk.ids()] == [-10]


def test_an_exit_that_the_broker_no_longer_knows_is_sent_anew() -> None:
    desk = SteppedDesk(member("a", [LONG, OUT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.placed(out)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.questions() == [out]
    desk.report(out, None)
    assert desk.first.exit_id == ""
    assert len(desk.ids(desk.time(5))) == 1


@pytest.mark.parametrize("units", ["NaN", "Infinity"])
def test_a_report_that_is_no_number_moves_nothing_and_is_asked_for_again(units: str) -> None:
    desk, name = sent()
    desk.time(10)
    desk.report(name, OrderStatus.FILLED, Fill("odd", Decimal(units), Decimal("1.1"), Decimal(0), desk.now))
    assert desk.first.holding is None
    assert desk.questions(desk.time(2)) == [name]


def test_what_a_killed_process_had_sent_is_asked_for_by_the_next() -> None:
    desk, name = sent()
    assert desk.questions(desk.start(2)) == [name]
    assert desk.state.mode.mode == "DISABLED"
    assert desk.state.reconciliation.agreement == "not run", "what agreed before is not known to agree now"
    desk.report(name, OrderStatus.WORKING)
    assert desk.asks_book()
    desk.reconcile()
    assert desk.state.mode.mode == "ACTIVE"


def test_a_reversal_is_not_sent_when_the_exit_is_too_slow() -> None:
    desk = SteppedDesk(member("a", [LONG, TURN_SHORT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.bar()
    assert desk.told(NoteKind.REFUSED)[-1].data["check"] == "reversal"
    desk.fill(out, -10)
    assert desk.ids() == []


@pytest.mark.parametrize("phase", [BreakerPhase.OPEN, BreakerPhase.HALF_OPEN])
def test_a_desk_whose_broker_is_away_is_not_due_again_and_again(phase: BreakerPhase) -> None:
    desk, name = sent()
    for _ in range(3):
        desk.failed(CallKind.BOOK)
    desk.wish(Wish.RECONCILE)
    if phase is BreakerPhase.HALF_OPEN:
        desk.time(30)
    assert desk.state.breaker.phase is phase
    assert desk.order(name).life.status is not OrderStatus.FILLED
    seen = 0
    begun = desk.now
    while desk.now - begun < 600 * 10**9:
        desk.time((desk.state.due_ns - desk.now) / 10**9)
        seen += 1
        assert seen < 600, "it wakes for nothing"
