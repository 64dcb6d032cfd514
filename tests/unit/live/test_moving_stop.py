"""A stop that an operator moves: asked of the broker until it answers, nearer to the market only, and never absent."""

from decimal import Decimal

import pytest

from support.desk_steps import EUR, LONG, LONG_WITH_BOTH, LONG_WITH_STOP, NOTHING_WANTED, OUT, SteppedDesk, member
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Replace
from tradeworthy.live.desk_events import CallKind, Replaced, Wish
from tradeworthy.live.moving_stop import move_refused
from tradeworthy.strategies.protocol import Decision

SHORT_WITH_STOP = Decision(-1, 0, 0.01, float("nan"))


def holding_desk(decision: Decision = LONG_WITH_STOP, *more: Decision) -> tuple[SteppedDesk, str]:
    """A desk that holds 10 EUR_USD from 1.1 with a stop at 1.09 (or short, at 1.11), and the stop's client id."""
    desk = SteppedDesk(member("a", [decision, *more]))
    name = desk.enter(units=10 if decision.enter > 0 else -10)
    desk.report(f"{name}-stop", OrderStatus.WORKING)
    return desk, f"{name}-stop"


def moved(desk: SteppedDesk, price: str = "1.095") -> list[tuple[str, Decimal]]:
    """What the broker is asked to move, on that wish."""
    return moves(desk, desk.wish(Wish.MOVE_STOP, "a", price=price))


def moves(desk: SteppedDesk, commands: object = None) -> list[tuple[str, Decimal]]:
    """What the broker is asked to move."""
    return [(one.client_id, one.price) for one in desk.of(Replace, commands)]  # type: ignore[arg-type]


def answer(desk: SteppedDesk, stop: str, price: str = "1.095") -> None:
    """The broker has moved it."""
    desk.happens(Replaced(desk.now, desk.ticket, stop, Decimal(price)))


def test_a_stop_is_moved_and_told_when_the_broker_has_answered() -> None:
    desk, stop = holding_desk()
    assert moved(desk) == [(stop, Decimal("1.095"))]
    assert desk.holding.stop == pytest.approx(1.09), "it rests there until the broker says otherwise"
    answer(desk, stop)
    assert desk.holding.stop == 1.095
    assert desk.told(NoteKind.OPERATOR)[-1].sentence == "a: the stop of 10 EUR_USD was moved from 1.09 to 1.095"
    assert desk.order(stop).life.status is OrderStatus.WORKING
    assert moved(desk, "1.097") == [(stop, Decimal("1.097"))], "and may be moved again"


def test_a_stop_of_a_short_position_is_moved_down() -> None:
    desk, stop = holding_desk(SHORT_WITH_STOP)
    assert moved(desk, "1.105") == [(stop, Decimal("1.105"))]
    assert move_refused(desk.state, "a", Decimal("1.12"))


@pytest.mark.parametrize(
    ("price", "why"),
    [
        ("1.08", "the stop of a rests at 1.09, and 1.08 is not nearer to the market; a stop that is moved away risks more than"),
        ("1.09", "1.09 is not nearer to the market"),
        ("1.1", "EUR_USD is at 1.1, and a stop of what is held lies below that; `tradeworthy flatten` leaves at once"),
        ("1.2", "EUR_USD is at 1.1, and a stop of what is held lies below that"),
        ("-1", "-1 is no price"),
        ("NaN", "NaN is no price"),
        ("", "None is no price"),
    ],
)  # fmt: skip
def test_a_price_that_is_no_place_for_the_stop_is_refused_and_nothing_is_sent(price: str, why: str) -> None:
    desk, _ = holding_desk()
    assert moved(desk, price) == []
    told = desk.told(NoteKind.OPERATOR)[-1]
    assert told.sentence.startswith("the stop is not moved: ")
    assert why in told.sentence
    assert told.level is NoteLevel.WARNING


def test_what_has_no_stop_to_move_is_refused_by_name() -> None:
    desk, stop = holding_desk(LONG_WITH_STOP, NOTHING_WANTED)
    price = Decimal("1.095")
    assert move_refused(desk.state, "b", price) == "b is none of this desk; it has a"
    moved(desk)
    assert move_refused(desk.state, "a", Decimal("1.096")) == "the stop of a is being moved to 1.095 already"
    answer(desk, stop)
    desk.wish(Wish.FLATTEN)
    assert move_refused(desk.state, "a", price) == "a is being left already (flatten)"
    bare = SteppedDesk(member("a", [LONG]))
    assert move_refused(bare.state, "a", price) == "a holds nothing"
    bare.enter()
    assert move_refused(bare.state, "a", price) == "no stop rests for a"
    part = SteppedDesk(member("a", [LONG_WITH_STOP]))
    part.fill(part.ids(part.bar())[0], 4)
    assert move_refused(part.state, "a", price) == "the entry of a is still being dealt; wait until it is over"


def test_a_broker_that_refuses_leaves_the_stop_where_it_was_and_people_are_told() -> None:
    desk, stop = holding_desk()
    moved(desk)
    desk.failed(CallKind.REPLACE, stop, ActionKind.REFUSE)
    assert stop in desk.questions(), "whether it rests is asked for"
    assert desk.holding.stop == pytest.approx(1.09)
    told = desk.told(NoteKind.OPERATOR)[-1]
    assert told.level is NoteLevel.ALERT
    assert told.sentence == "a: the stop of 10 EUR_USD stays at 1.09: the test says so"
    assert moves(desk, desk.time(600)) == []


@pytest.mark.parametrize("action", [ActionKind.RETRY, ActionKind.PAUSE, ActionKind.REFRESH])
def test_a_call_of_which_nobody_knows_how_far_it_went_is_made_again(action: ActionKind) -> None:
    desk, stop = holding_desk()
    moved(desk)
    desk.failed(CallKind.REPLACE, stop, action, wait_s=3)
    assert moves(desk, desk.time(2.9)) == []
    assert moves(desk, desk.time(0.1)) == [(stop, Decimal("1.095"))]
    answer(desk, stop)
    assert desk.holding.stop == 1.095


def test_no_answer_has_it_asked_again_and_the_desk_is_not_due_before() -> None:
    desk, stop = holding_desk()
    moved(desk)
    assert desk.state.due_ns - desk.now == 10 * SECOND_NS
    assert moves(desk, desk.time(9.9)) == []
    assert moves(desk, desk.time(0.1)) == [(stop, Decimal("1.095"))]


def test_a_market_that_went_past_the_price_before_it_was_sent_keeps_the_stop_where_it_is() -> None:
    desk, stop = holding_desk()
    moved(desk)
    desk.failed(CallKind.REPLACE, stop, ActionKind.RETRY, wait_s=3)
    desk.bar(close=1.094)
    assert moves(desk) == []
    assert "stays at 1.09: EUR_USD is at 1.094" in desk.told(NoteKind.OPERATOR)[-1].sentence


def test_the_next_process_asks_again_for_what_the_killed_one_had_asked() -> None:
    desk, stop = holding_desk()
    moved(desk)
    assert moves(desk, desk.start(2)) == [(stop, Decimal("1.095"))]
    answer(desk, stop)
    assert desk.holding.stop == 1.095


def test_a_stop_that_deals_while_it_is_moved_closes_the_position_and_nothing_is_asked_any_more() -> None:
    desk, stop = holding_desk(LONG_WITH_BOTH)
    moved(desk)
    desk.fill(stop, -10, 1.09)
    desk.failed(CallKind.REPLACE, stop, ActionKind.REFUSE)
    assert desk.first.holding is None
    assert moves(desk, desk.time(600)) == []
    answer(desk, stop)
    assert desk.first.holding is None


def test_a_position_that_is_left_takes_its_move_along() -> None:
    desk, stop = holding_desk(LONG_WITH_STOP, OUT)
    moved(desk)
    desk.failed(CallKind.REPLACE, stop, ActionKind.RETRY, wait_s=8_000)
    out = desk.ids(desk.bar())[0]
    desk.fill(out, -10)
    desk.news(stop, OrderStatus.CANCELLED, 0)
    assert moves(desk, desk.time(9_000)) == []


def test_an_answer_to_what_nobody_waits_for_changes_nothing() -> None:
    desk, stop = holding_desk()
    answer(desk, stop, "1.2")
    answer(desk, "tw-test-0000000099-000-stop")
    assert desk.holding.stop == pytest.approx(1.09)
    assert desk.order(stop).life.symbol == EUR
