"""The gate: what it lets out, what it refuses, and what it shows."""

from decimal import Decimal
from typing import get_type_hints

import pytest

from support.gate_accounts import ACCOUNT, NOW, account, order, position
from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.limits_of_loss import DailyLoss
from tradeworthy.controls.limits_of_size import RiskPerTrade
from tradeworthy.core.approved import Approved
from tradeworthy.core.errors import InputError
from tradeworthy.core.order import Order, Refused

UNKNOWN = AccountView(currency="USD")


def sent(approval: Approved[Order]) -> str:
    """Stands for a broker, which takes nothing else."""
    return approval.value.client_id


def test_an_order_that_no_limit_stops_is_approved_as_it_is() -> None:
    asked = order()
    answer = Gate().judge(asked, ACCOUNT, NOW)
    assert isinstance(answer, Approved)
    assert answer.value is asked
    assert sent(answer) == "c-1"


def test_a_broker_takes_neither_an_order_nor_an_approval_built_by_hand() -> None:
    with pytest.raises(AttributeError):
        sent(order())  # type: ignore[arg-type]  # mypy has to refuse this, or it calls the comment unused
    with pytest.raises(TypeError):
        Approved(order())  # type: ignore[call-arg]
    answer = Gate().judge(order(stop=None), ACCOUNT, NOW)
    with pytest.raises(AttributeError):
        sent(answer)  # type: ignore[arg-type]  # a refusal cannot be sent before somebody looked at it


def test_a_refusal_names_the_check_the_limit_and_what_was_found() -> None:
    answer = Gate([RiskPerTrade(share=0.01)]).judge(order("3000"), ACCOUNT, NOW)
    assert answer == Refused(
        "risk per trade",
        "risk per trade: 1.5% (150.00 USD); allowed is at most 1% of the equity (100.00 USD)",
        "at most 1% of the equity (100.00 USD)",
        "1.5% (150.00 USD)",
    )


def test_a_missing_input_is_named() -> None:
    answer = Gate([RiskPerTrade()]).judge(order("-1000", "170", "USD_JPY"), account(rates={}), NOW)
    assert isinstance(answer, Refused)
    assert answer.reason == (
        "risk per trade cannot be checked, because it is not known: the conversion rate of JPY into USD"
    )
    assert answer.actual == "unknown: the conversion rate of JPY into USD"


def test_every_check_is_shown_and_those_that_are_off_as_off() -> None:
    limits = Limits(daily_loss=DailyLoss(enabled=False))
    ruling = Gate(limits).ruling(order(stop=None), ACCOUNT, NOW)
    assert [one.check for one in ruling.outcomes] == ["reduce only", "units", *(one.name for one in limits)]
    states = {one.check: one.state for one in ruling.outcomes}
    assert states["daily loss"] is CheckState.OFF
    assert states["risk per trade"] is CheckState.MISSING
    assert states["price band"] is CheckState.NOT_APPLICABLE
    assert states["stale price"] is CheckState.PASSED
    assert isinstance(ruling.answer, Refused)
    assert ruling.answer.check == "risk per trade"


def test_with_every_limit_off_any_order_of_some_units_passes_even_when_nothing_is_known() -> None:
    assert isinstance(Gate([]).judge(order(), UNKNOWN, NOW), Approved)
    for nothing in ("0", "NaN", "Infinity"):
        answer = Gate([]).judge(order(nothing), ACCOUNT, NOW)
        assert isinstance(answer, Refused)
        assert answer.check == "units"


def test_nothing_known_refuses_every_entry() -> None:
    ruling = Gate().ruling(order(), UNKNOWN, NOW)
    assert isinstance(ruling.answer, Refused)
    passed = {one.check for one in ruling.outcomes if one.state is CheckState.PASSED}
    assert passed == {"units"}


@pytest.mark.parametrize("units", ["-10000", "-1", "-9999.5"])
def test_an_exit_of_no_more_than_is_held_is_let_out_whatever_else_is_missing_or_lost(units: str) -> None:
    asked = order(units, stop=None, reduce_only=True)
    ruined = account(positions=(position("10000"),), equity=1.0, trades_today=99)
    blind = AccountView(currency="USD", positions=(position("10000", stop=None),))
    for book in (ruined, blind):
        ruling = Gate().ruling(asked, book, NOW)
        assert isinstance(ruling.answer, Approved)
        assert ruling.outcomes[0].state is CheckState.PASSED
        assert {one.state for one in ruling.outcomes[1:]} == {CheckState.NOT_APPLICABLE, CheckState.OFF}


@pytest.mark.parametrize(
    ("units", "held", "strategy"),
    [
        ("-10000.5", "10000", "cross"),  # more than is held
        ("1", "10000", "cross"),  # the same direction
        ("-1", "-10000", "cross"),  # the same direction, short
        ("-1", "10000", "other"),  # what another strategy holds
        ("-1", "0", "cross"),
        ("0", "10000", "cross"),
        ("NaN", "10000", "cross"),
        ("-1", "NaN", "cross"),
        ("-1", None, "cross"),
    ],
)
def test_what_does_not_verifiably_reduce_is_refused(units: str, held: str | None, strategy: str) -> None:
    book = account(positions=(position(held, strategy=strategy),))
    answer = Gate([]).judge(order(units, reduce_only=True), book, NOW)
    assert isinstance(answer, Refused)
    assert answer.check == "reduce only"


def test_an_exit_is_refused_while_the_positions_are_unknown() -> None:
    answer = Gate().judge(order("-1", reduce_only=True), UNKNOWN, NOW)
    assert isinstance(answer, Refused)
    assert answer.actual == "unknown: the open positions"


def test_a_position_is_not_closed_twice_by_two_exits_on_their_way() -> None:
    book = account(positions=(position("10000"),), pending=(order("-6000", client_id="c-0", reduce_only=True),))
    assert isinstance(Gate().judge(order("-4000", reduce_only=True), book, NOW), Approved)
    assert isinstance(Gate().judge(order("-4001", reduce_only=True), book, NOW), Refused)


def test_pending_orders_that_are_not_known_do_not_hold_back_an_exit() -> None:
    broken = order("NaN", client_id="c-0", reduce_only=True)
    for pending in (None, (broken,)):
        book = account(positions=(position("10000"),), pending=pending)
        assert isinstance(Gate().judge(order("-10000", reduce_only=True), book, NOW), Approved)


def test_positions_of_one_strategy_in_one_instrument_are_added() -> None:
    book = account(positions=(position("3000"), position("2000"), position("9000", symbol="GBP_USD")))
    assert isinstance(Gate().judge(order("-5000", reduce_only=True), book, NOW), Approved)
    assert isinstance(Gate().judge(order("-5001", reduce_only=True), book, NOW), Refused)


def test_two_limits_of_one_name_are_a_mistake() -> None:
    with pytest.raises(InputError, match="two limits named 'daily loss'"):
        Gate([DailyLoss(), DailyLoss(share=0.03)])


def test_the_moment_and_the_account_are_parameters_and_nothing_is_remembered() -> None:
    gate = Gate()
    first = gate.ruling(order(), ACCOUNT, NOW)
    gate.ruling(order("900000"), ACCOUNT, NOW)
    again = gate.ruling(order(), ACCOUNT, NOW)
    assert first.outcomes == again.outcomes
    assert set(get_type_hints(Gate.judge)) == {"order", "book", "moment_ns", "return"}


def test_units_are_compared_exactly_at_the_end_of_a_position() -> None:
    book = account(positions=(position("0.3"),))
    tenths = Decimal("0.1") + Decimal("0.2")
    assert isinstance(Gate().judge(order(-tenths, reduce_only=True), book, NOW), Approved)
