"""What people ask for: halt, kill, flatten, resume by scope, lock and unlock; and that nothing of it undoes another."""

from decimal import Decimal

import pytest

from support.desk_steps import EUR, GBP, LONG, LONG_WITH_STOP, NOTHING_WANTED, OUT, TURN_SHORT, SteppedDesk, member
from tradeworthy.core.deals import OrderStatus
from tradeworthy.live.desk_commands import Leave, NoteKind, NoteLevel
from tradeworthy.live.desk_events import CallKind, SettingsDiffer, Trouble, Wish
from tradeworthy.live.mode import Mode
from tradeworthy.live.operator_step import is_contradicted


def holding_desk(*decisions: object) -> tuple[SteppedDesk, str]:
    """A desk that holds 10 EUR_USD with a stop, and its entry's client id."""
    desk = SteppedDesk(member("a", [LONG_WITH_STOP, *decisions]), member("b", [NOTHING_WANTED, LONG, LONG], GBP))  # type: ignore[list-item]
    name = desk.enter()
    desk.report(f"{name}-stop", OrderStatus.WORKING)
    return desk, name


def test_a_halt_takes_waiting_entries_back_and_refuses_new_ones_by_name_of_the_check() -> None:
    desk = SteppedDesk(member("a", [LONG]), member("b", [LONG], GBP))
    name = desk.ids(desk.bar())[0]
    assert desk.cancels(desk.wish(Wish.HALT)) == [name]
    assert desk.ids(desk.bar(GBP)) == []
    refused = desk.told(NoteKind.REFUSED)[0].data
    assert (refused["check"], refused["limit"], refused["actual"]) == ("mode", "ACTIVE", "HALTED")


def test_an_exit_goes_while_the_desk_is_halted() -> None:
    desk, _ = holding_desk(OUT)
    desk.wish(Wish.HALT)
    out = desk.ids(desk.bar())
    assert [desk.order(one).life.units for one in out] == [-10]


def test_a_reversal_under_a_halt_leaves_and_does_not_enter() -> None:
    desk = SteppedDesk(member("a", [LONG, TURN_SHORT]))
    desk.enter()
    out = desk.ids(desk.bar())[0]
    desk.wish(Wish.HALT)
    desk.fill(out, -10)
    assert desk.first.holding is None
    assert desk.ids() == []


def test_whatever_halts_the_desk_takes_waiting_entries_back() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    commands = desk.happens(Trouble(desk.now, "lease", "another desk has the account", halts=True))
    assert desk.cancels(commands) == [name]


def test_a_trouble_that_is_over_lifts_what_it_brought_and_a_halt_of_it_stays() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.happens(Trouble(desk.now, "clock", "it jumped"))
    assert desk.state.mode.mode == "REDUCING"
    desk.happens(Trouble(desk.now, "clock", "it is steady", over=True))
    assert desk.state.mode.mode == "ACTIVE"
    desk.happens(Trouble(desk.now, "clock", "it jumped", halts=True))
    desk.happens(Trouble(desk.now, "clock", "it is steady", over=True))
    assert desk.state.mode.mode == "HALTED"


def test_a_kill_cancels_closes_and_leaves_when_the_brokers_book_says_so_and_not_before() -> None:
    desk, _ = holding_desk()
    out = desk.ids(desk.wish(Wish.KILL))
    assert desk.of(Leave) == []
    assert [desk.order(one).life.units for one in out] == [-10]
    desk.fill(out[0], -10)
    assert desk.first.holding is None
    assert desk.of(Leave) == []
    assert desk.asks_book()
    desk.reconcile(desk.agreeing(open_orders=()))
    assert [one.reason for one in desk.of(Leave)] == [
        "flat, and the broker confirms it: no position and no entry is left (kill switch)"
    ]
    assert desk.state.mode.mode == "HALTED"


def test_a_kill_of_a_desk_that_holds_nothing_leaves_with_the_next_book() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    assert desk.asks_book(desk.wish(Wish.KILL))
    assert desk.of(Leave) == []
    desk.reconcile()
    assert len(desk.of(Leave)) == 1


def test_a_kill_is_not_confirmed_by_a_book_from_before_the_position_was_closed() -> None:
    desk, name = holding_desk()
    out = desk.ids(desk.wish(Wish.KILL))[0]
    desk.placed(out)
    desk.wish(Wish.RECONCILE)
    desk.reconcile(desk.agreeing(open_orders=(f"{name}-stop", out)))
    assert desk.state.mode.mode == "HALTED"
    desk.fill(out, -10)
    assert desk.of(Leave) == []
    assert desk.asks_book()
    desk.reconcile(desk.agreeing(open_orders=()))
    assert len(desk.of(Leave)) == 1


def test_a_kill_is_not_confirmed_by_a_book_that_still_has_a_position() -> None:
    desk, _ = holding_desk()
    out = desk.ids(desk.wish(Wish.KILL))
    desk.fill(out[0], -10)
    desk.reconcile(desk.agreeing(positions={EUR: Decimal(10)}, open_orders=()))
    assert desk.of(Leave) == []
    assert "the desk holds 0 EUR_USD and the broker 10" in desk.told(NoteKind.BREAK)[-1].sentence


def test_what_an_entry_deals_after_a_kill_is_closed_before_the_desk_leaves() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    name = desk.ids(desk.bar())[0]
    assert desk.cancels(desk.wish(Wish.KILL)) == [name]
    desk.fill(name, 10)
    out = desk.ids()
    assert [desk.order(one).life.units for one in out] == [-10]
    desk.fill(out[0], -10)
    desk.reconcile()
    assert len(desk.of(Leave)) == 1


def test_a_kill_goes_on_in_the_next_process() -> None:
    desk, _ = holding_desk()
    out = desk.ids(desk.wish(Wish.KILL))[0]
    desk.start(2)
    assert out in desk.questions()
    desk.report(out, None)
    assert desk.ids() == [out], "it never arrived, so it is sent under its own id"
    desk.fill(out, -10)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.of(Leave) == [], "that book was asked for before it was closed"
    desk.reconcile(desk.agreeing(open_orders=()))
    assert len(desk.of(Leave)) == 1


def test_a_flatten_does_not_undo_a_kill() -> None:
    desk, _ = holding_desk()
    out = desk.ids(desk.wish(Wish.KILL))[0]
    desk.wish(Wish.FLATTEN)
    desk.fill(out, -10)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert len(desk.of(Leave)) == 1, "it was killed, so it leaves"


def test_a_kill_goes_before_a_flatten() -> None:
    desk, _ = holding_desk()
    out = desk.ids(desk.wish(Wish.FLATTEN))[0]
    desk.wish(Wish.KILL)
    desk.fill(out, -10)
    desk.reconcile(desk.agreeing(open_orders=()))
    assert len(desk.of(Leave)) == 1


@pytest.mark.parametrize(
    ("wish", "scope"), [(Wish.RESUME, f"instrument {GBP}"), (Wish.UNLOCK, GBP), (Wish.RESUME, "x")]
)
def test_a_resume_of_something_else_does_not_end_a_flatten(wish: Wish, scope: str) -> None:
    desk, _ = holding_desk()
    for _ in range(3):
        desk.failed(CallKind.BOOK)
    desk.wish(Wish.LOCK, GBP)
    desk.wish(Wish.FLATTEN)
    desk.wish(wish, scope)
    assert desk.state.unwinding is not None
    assert desk.holding.leaving == "flatten"


def test_a_resume_of_a_flatten_ends_it() -> None:
    desk, _ = holding_desk()
    desk.wish(Wish.FLATTEN)
    desk.wish(Wish.RESUME, "all", after_s=1)
    assert desk.state.unwinding is None


def test_a_resume_of_one_source_leaves_the_others() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.wish(Wish.HALT)
    desk.happens(Trouble(desk.now, "queue", "it ran over", halts=True))
    desk.wish(Wish.RESUME, "source operator", after_s=1)
    assert desk.state.mode.mode == "HALTED"
    desk.wish(Wish.RESUME, "source queue", after_s=1)
    assert desk.state.mode.mode == "ACTIVE"


def test_a_lock_stops_one_instrument_and_an_unlock_frees_it() -> None:
    desk = SteppedDesk(member("a", [LONG, LONG]), member("b", [LONG], GBP))
    desk.wish(Wish.LOCK, EUR)
    assert desk.ids(desk.bar()) == []
    assert len(desk.ids(desk.bar(GBP, after_s=1))) == 1
    desk.wish(Wish.UNLOCK, EUR, after_s=1)
    assert len(desk.ids(desk.bar(after_s=3600))) == 1


def test_a_lock_takes_back_the_waiting_entries_of_its_instrument_and_no_other() -> None:
    desk = SteppedDesk(member("a", [LONG]), member("b", [LONG], GBP))
    euro = desk.ids(desk.bar())[0]
    pound = desk.ids(desk.bar(GBP, after_s=1))[0]
    assert desk.cancels(desk.wish(Wish.LOCK, EUR)) == [euro]
    desk.news(euro, OrderStatus.CANCELLED, 0)
    assert desk.first.entry_id == ""
    assert not desk.order(pound).life.cancel_wanted


def test_an_entry_that_is_dealt_while_a_lock_takes_it_back_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_STOP]))
    name = desk.ids(desk.bar())[0]
    desk.wish(Wish.LOCK, EUR)
    out = desk.ids(desk.fill(name, 10))
    assert [desk.order(one).life.units for one in out] == [-10]


def test_a_lock_leaves_a_position_and_its_stop_alone() -> None:
    desk, _ = holding_desk()
    commands = desk.wish(Wish.LOCK, EUR)
    assert (desk.cancels(commands), desk.ids(commands)) == ([], [])
    assert desk.holding.leaving == ""


@pytest.mark.parametrize(("wish", "scope", "mode"), [(Wish.LOCK, EUR, "REDUCING"), (Wish.HALT, "", "HALTED")])
def test_a_reversal_that_waits_is_dropped_by_a_lock_or_a_halt_and_told_so(wish: Wish, scope: str, mode: str) -> None:
    desk = SteppedDesk(member("a", [LONG, TURN_SHORT]), member("b", [LONG, TURN_SHORT], GBP))
    desk.enter()
    waiting = [bool(desk.bar()) and desk.first.wanted is not None]
    for what, about in ((Wish.LOCK, GBP), (wish, scope)):
        desk.wish(what, about)
        waiting.append(desk.first.wanted is not None)
    assert waiting == [True, True, False]
    refused = desk.told(NoteKind.REFUSED)[-1]
    assert (refused.strategy, refused.data["check"]) == ("a", "mode")
    assert (refused.data["limit"], refused.data["actual"]) == ("ACTIVE", mode)
    assert "Ann: a test" in refused.sentence


@pytest.mark.parametrize("scope", ["", "EURUSD", "eur_usd"])
def test_a_lock_of_what_the_desk_does_not_trade_says_that_nothing_was_locked(scope: str) -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.wish(Wish.LOCK, scope)
    assert desk.state.mode.mode is Mode.ACTIVE
    assert "nothing was locked; it trades EUR_USD" in desk.told(NoteKind.OPERATOR)[-1].sentence


def test_a_resume_without_a_scope_changes_nothing_and_says_which_there_are() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.wish(Wish.HALT)
    desk.wish(Wish.RESUME, "everything", after_s=1)
    assert desk.state.mode.mode == "HALTED"
    assert "use all, instrument NAME or source NAME" in desk.told(NoteKind.OPERATOR)[-1].sentence


def test_a_wish_to_stop_leaves_at_once_and_touches_nothing() -> None:
    desk, _ = holding_desk()
    desk.wish(Wish.STOP)
    assert [one.reason for one in desk.of(Leave)] == ["Ann: a test"]
    assert desk.cancels() == []
    assert desk.ids() == []


def test_changed_settings_are_an_alert_that_names_them_and_change_nothing_else() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    mode = desk.state.mode
    changes = tuple(f"limits.a{i}: 1 -> 2" for i in range(7))
    desk.happens(SettingsDiffer(desk.now, "tradeworthy.toml", changes))
    told = desk.told(NoteKind.DESK)[-1]
    assert told.level is NoteLevel.ALERT
    assert told.sentence == (
        "tradeworthy.toml was changed under the running desk, which goes on with what it started with until the next start: "
        + "; ".join(changes[:5])
        + "; and 2 other changes"
    )
    assert told.data["changes"] == list(changes)
    desk.happens(SettingsDiffer(desk.now, "tradeworthy.toml"))
    assert desk.told(NoteKind.DESK)[-1].sentence == "tradeworthy.toml says again what the desk started with"
    assert desk.state.mode == mode


def test_accepting_writes_off_what_the_broker_does_not_have_and_sends_nothing() -> None:
    desk, _ = holding_desk()
    desk.reconcile(desk.agreeing(positions={}))
    assert is_contradicted(desk.state, EUR)
    commands = desk.wish(Wish.ACCEPT, EUR)
    assert desk.first.holding is None
    assert (desk.ids(commands), desk.cancels(commands)) == ([], [])
    assert desk.told(NoteKind.BREAK)[-1].sentence == "a: 10 EUR_USD are written off, as Ann asked"
    assert desk.state.balance == 10_000
    desk.reconcile(desk.agreeing(open_orders=()))
    assert desk.state.mode.mode_of(EUR) is Mode.ACTIVE


def test_accepting_is_only_for_what_differs() -> None:
    desk, _ = holding_desk()
    desk.wish(Wish.ACCEPT, EUR)
    assert desk.holding.units == 10
    assert "nothing to accept" in desk.told(NoteKind.OPERATOR)[-1].sentence
