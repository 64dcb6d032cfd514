"""What must hold of the gate for any account, any order and any limits."""

import copy
import math
import pickle
import random
from dataclasses import asdict, fields, replace
from datetime import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as other_record

from support.gate_accounts import NOW, account
from support.plain_limits import lines, net_of, risk_by_group, worst_circle
from tradeworthy.controls.account_view import AccountView, CalendarEvent, LastPrice, OpenPosition
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.limits_of_activity import OrdersPerMinute, TradesPerDay
from tradeworthy.controls.limits_of_exposure import (
    CurrencyExposure,
    GrossLeverage,
    NotionalPerInstrument,
    OpenPositions,
    RiskPerInstrument,
)
from tradeworthy.controls.limits_of_groups import GroupRisk
from tradeworthy.controls.limits_of_loss import DailyLoss, DrawdownStop
from tradeworthy.controls.limits_of_size import NotionalPerOrder, RiskPerTrade, UnitsPerOrder
from tradeworthy.controls.limits_of_time import Blackouts, EventBlackout, Weekday, WeeklyBlackout
from tradeworthy.controls.outcomes import Limit, Outcome
from tradeworthy.core.approved import Approved
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.order import Order

PRICES = {"EUR_USD": 1.25, "GBP_USD": 1.5, "USD_JPY": 160.0, "EUR_GBP": 0.8}
GROUPS = {"EUR_USD": "a", "GBP_USD": "b", "USD_JPY": "c", "EUR_GBP": "a"}
SYMBOLS = st.sampled_from(sorted(PRICES))
STRATEGIES = st.sampled_from(["cross", "bands"])
UNITS = st.integers(-60, 60).filter(bool).map(lambda hundreds: Decimal(100 * hundreds))
SLACK = 1.0 + 1e-9


def stop_of(symbol: str, units: Decimal, percent: int) -> Decimal:
    """A stop on the losing side."""
    return Decimal(str(PRICES[symbol])) * (100 - percent if units > 0 else 100 + percent) / 100


@st.composite
def orders(draw: st.DrawFn, client_id: str = "c-1") -> Order:
    """An entry at market or at a limit near it."""
    symbol, units = draw(SYMBOLS), draw(UNITS)
    per_mille = draw(st.none() | st.integers(-9, 9))
    price = None if per_mille is None else Decimal(str(PRICES[symbol])) * (1000 + per_mille) / 1000
    stop = stop_of(symbol, units, draw(st.integers(1, 9)))
    return Order(client_id, instrument_named(symbol), draw(STRATEGIES), units, stop, price=price)


@st.composite
def positions(draw: st.DrawFn) -> OpenPosition:
    """Something held with a stop."""
    symbol, units = draw(SYMBOLS), draw(UNITS)
    return OpenPosition(
        draw(STRATEGIES), instrument_named(symbol), units, stop_of(symbol, units, draw(st.integers(1, 9)))
    )


@st.composite
def accounts(draw: st.DrawFn) -> AccountView:
    """An account of which everything is known."""
    return account(
        equity=draw(st.sampled_from([500.0, 9_000.0, 10_000.0, 50_000.0])),
        positions=tuple(draw(st.lists(positions(), max_size=4))),
        pending=tuple(draw(st.lists(orders("c-0"), max_size=3))),
        prices={symbol: LastPrice(price, NOW) for symbol, price in PRICES.items()},
        trades_today=draw(st.integers(0, 6)),
        orders_sent_ns=tuple(NOW - second * 10**9 for second in draw(st.lists(st.integers(0, 90), max_size=5))),
        groups=GROUPS,
        correlations={},
    )


SHARES = st.sampled_from([0.005, 0.02, 0.05, 0.2, 0.9])
TIMES = st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0])


@st.composite
def tightened(draw: st.DrawFn) -> Limits:
    """Limits of any tightness, some of them off."""
    on = st.sampled_from([True, True, False])
    return Limits(
        risk_per_trade=RiskPerTrade(share=draw(SHARES), enabled=draw(on)),
        units_per_order=UnitsPerOrder(most=draw(st.sampled_from([500.0, 3000.0])), enabled=draw(on)),
        notional_per_order=NotionalPerOrder(times=draw(TIMES), enabled=draw(on)),
        risk_per_instrument=RiskPerInstrument(share=draw(SHARES), enabled=draw(on)),
        notional_per_instrument=NotionalPerInstrument(times=draw(TIMES), enabled=draw(on)),
        group_risk=GroupRisk(share=draw(SHARES), enabled=draw(on)),
        currency_exposure=CurrencyExposure(times=draw(TIMES), enabled=draw(on)),
        gross_leverage=GrossLeverage(times=draw(TIMES), enabled=draw(on)),
        open_positions=OpenPositions(most=draw(st.integers(1, 8)), enabled=draw(on)),
        daily_loss=DailyLoss(with_stops=draw(on), enabled=draw(on)),
        drawdown_stop=DrawdownStop(enabled=draw(on)),
        trades_per_day=TradesPerDay(most=draw(st.integers(1, 10)), enabled=draw(on)),
        orders_per_minute=OrdersPerMinute(most=draw(st.integers(1, 6)), enabled=draw(on)),
        blackouts=Blackouts(enabled=False),
    )


def broken(limits: Limits, asked: Order, book: AccountView) -> set[str]:
    """The enabled limits past which the book would be with everything filled, found without the gate."""
    after = lines(asked, book)
    own, symbol = after[-1], asked.instrument.symbol
    same = [one for one in after if one.symbol == symbol]
    equity = book.equity or 0.0
    at_stops = sum(one.at_stop for one in after) if limits.daily_loss.with_stops else 0.0
    minute = sum(sent > NOW - 60 * 10**9 for sent in book.orders_sent_ns or ())
    found: list[tuple[Limit, float, float]] = [
        (limits.risk_per_trade, own.at_stop, limits.risk_per_trade.share * equity),
        (limits.units_per_order, abs(own.signed_units), limits.units_per_order.most),
        (limits.notional_per_order, own.worth, limits.notional_per_order.times * equity),
        (limits.risk_per_instrument, sum(one.at_stop for one in same), limits.risk_per_instrument.share * equity),
        (limits.notional_per_instrument, sum(one.worth for one in same), limits.notional_per_instrument.times * equity),
        (limits.group_risk, risk_by_group(after, GROUPS)[GROUPS[symbol]], limits.group_risk.share * equity),
        (limits.currency_exposure, max(net_of(one, after) for one in symbol.split("_")),
         limits.currency_exposure.times * equity),
        (limits.gross_leverage, sum(one.worth for one in after), limits.gross_leverage.times * equity),
        (limits.open_positions, len({(one.strategy, one.symbol) for one in after}), limits.open_positions.most),
        (limits.daily_loss, 10_000.0 - equity + at_stops, 10_000.0 * limits.daily_loss.share),
        (limits.drawdown_stop, 10_000.0 - equity, 10_000.0 * limits.drawdown_stop.share),
        (limits.trades_per_day, (book.trades_today or 0) + len(book.pending or ()) + 1, limits.trades_per_day.most),
        (limits.orders_per_minute, minute + 1, limits.orders_per_minute.most),
    ]  # fmt: skip
    return {limit.name for limit, actual, most in found if limit.enabled and actual > most * SLACK}


@given(orders(), accounts(), tightened())
@settings(max_examples=400)
def test_no_approved_entry_leaves_the_book_past_an_enabled_limit(
    asked: Order, book: AccountView, limits: Limits
) -> None:
    ruling = Gate(limits).ruling(asked, book, NOW)
    past = broken(limits, asked, book)
    refused = {one.check for one in ruling.outcomes if one.refuses}
    assert past <= refused
    assert isinstance(ruling.answer, Approved) == (not refused)
    # Refused without being past it: a net exposure with some orders unfilled, and a daily loss that is just reached.
    assert refused - past <= {"currency exposure", "daily loss"}


@given(accounts(), tightened(), st.data())
def test_an_order_that_truly_reduces_is_never_refused(book: AccountView, limits: Limits, data: st.DataObject) -> None:
    known = [(one.strategy, one.instrument.symbol) for one in book.positions or ()]
    known += [(one.strategy, one.instrument.symbol) for one in book.pending or ()]
    strategy, symbol = data.draw(st.sampled_from(known or [("cross", "EUR_USD")]))
    blind = replace(
        data.draw(st.sampled_from([book, AccountView(currency="USD")])),
        positions=book.positions, pending=data.draw(st.sampled_from([book.pending, None])),
    )  # fmt: skip
    mine = [one for one in book.positions or () if (one.strategy, one.instrument.symbol) == (strategy, symbol)]
    held = sum((one.units for one in mine if one.units is not None), Decimal(0))
    leaving = sum(
        (one.units for one in blind.pending or ()
         if (one.strategy, one.instrument.symbol) == (strategy, symbol) and one.units * held < 0),
        Decimal(0),
    )  # fmt: skip
    units = data.draw(
        st.sampled_from([-held, -held - leaving, -held - leaving - held / 100, -held / 2, held / 2]) | UNITS
    )
    asked = Order("c-1", instrument_named(symbol), strategy, units, reduce_only=True)
    reduces = units * held < 0 and abs(units) <= abs(held) - abs(leaving)
    assert isinstance(Gate(limits).judge(asked, blind, NOW), Approved) == reduces


LINKS = st.sampled_from([-1.0, -0.9, -0.7, -0.1, 0.0, 0.4, 0.7, 0.9, 1.0])


@given(orders(), accounts(), st.dictionaries(SYMBOLS, st.sampled_from("xy")), st.data())
@settings(max_examples=300)
def test_the_worst_circle_of_positions_that_move_together_is_that_of_asking_each_pair(
    asked: Order, book: AccountView, groups: dict[str, str], data: st.DataObject
) -> None:
    pairs = [frozenset((one, other)) for one in PRICES for other in PRICES if one < other]
    unknown = [pair for pair in pairs if pair <= groups.keys()]  # of which the groups say enough
    links = {pair: data.draw(LINKS) for pair in pairs if pair not in unknown or data.draw(st.booleans())}
    least, share = data.draw(st.sampled_from([0.3, 0.7, 1.0])), data.draw(SHARES)
    ruling = Gate([GroupRisk(share=share, correlation=least)]).ruling(
        asked, replace(book, groups=groups, correlations=links, equity=10_000.0), NOW
    )
    worst, outcome = worst_circle(lines(asked, book), groups, links, least), ruling.outcomes[-1]
    assert outcome.state is (CheckState.PASSED if worst <= share * 10_000.0 * (1.0 + 1e-12) else CheckState.REFUSED)
    said = float(outcome.actual.partition("(")[2].removesuffix(" USD)").replace(",", ""))
    assert math.isclose(said, worst, abs_tol=0.0051)


@given(orders(), accounts(), tightened())
def test_the_words_of_a_check_are_the_same_whenever_they_are_made(
    asked: Order, book: AccountView, limits: Limits
) -> None:
    outcomes, others = (Gate(limits).ruling(asked, book, NOW).outcomes for _ in range(2))
    for one, other in zip(outcomes, others, strict=True):
        written = Outcome(other.check, other.state, other.required, other.actual, other.reason)
        assert hash(one) == hash(written)
        assert one == written == other
        assert (repr(one), asdict(one)) == (repr(written), asdict(written))
        if one.state in {CheckState.PASSED, CheckState.REFUSED}:
            assert one.required
            assert one.actual
            assert bool(one.reason) == one.refuses


def through_pickle(one: Outcome) -> Any:
    """There and back."""
    return pickle.loads(pickle.dumps(one))  # noqa: S301 - its own bytes


def test_an_outcome_that_nobody_read_is_copied_and_written_down_with_its_words() -> None:
    for write in (copy.copy, copy.deepcopy, through_pickle):
        for one in Gate(EVERYTHING_ON).ruling(SMALL, OPEN, NOW).outcomes:
            assert write(one) == one == replace(one)
    fresh, read = (Gate(EVERYTHING_ON).ruling(SMALL, OPEN, NOW).outcomes for _ in range(2))
    assert all(f"{one.required}{one.actual}{one.reason}" for one in read)
    assert msgspec.json.encode(fresh) == msgspec.json.encode(read)
    with pytest.raises(AttributeError, match="an outcome has no 'nonsense'"):
        _ = fresh[2].nonsense


NOTHING: list[Any] = [None, math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("sNaN"), "text", True]
EVERYTHING_ON = Limits(
    units_per_order=UnitsPerOrder(enabled=True),
    event_blackout=EventBlackout(enabled=True),
    daily_loss=DailyLoss(trailing=True, with_stops=True),
    blackouts=Blackouts(
        windows=(WeeklyBlackout(Weekday.SATURDAY, time(1), Weekday.SATURDAY, time(2), "Asia/Kolkata", "rest"),)
    ),
)
OPEN = account(
    positions=(OpenPosition("bands", instrument_named("EUR_GBP"), Decimal(100), Decimal("0.79")),),
    recent_units={"EUR_USD": (1000.0,) * 6},
    correlations={},
    groups={**GROUPS, "EUR_GBP": "x"},
    events=(CalendarEvent(NOW - 10**13, "an event", ("EUR",)),),
)
SMALL = Order("c-1", instrument_named("EUR_USD"), "cross", Decimal(1000), Decimal("1.24"), price=Decimal("1.25"))


def changed(field: str, value: Any) -> AccountView:
    """The account with one field replaced."""
    fresh: dict[str, Any] = {field: value}
    return replace(OPEN, **fresh)


def spoilt(draw: Any, nothing: Any) -> tuple[Order, AccountView, int, str]:
    """One number of the inputs made into nothing; the field it stands in."""
    held, last = (OPEN.positions or ())[0], LastPrice(1.25, NOW)
    cases: dict[str, tuple[Order, AccountView, Any]] = {
        **{f"order.{name}": (replace(SMALL, **{name: nothing}), OPEN, NOW) for name in ("units", "stop", "price")},
        **{one.name: (SMALL, changed(one.name, nothing), NOW)
           for one in fields(AccountView) if one.name.endswith(("equity", "peak", "today"))},
        **{one.name: (SMALL, changed(one.name, None), NOW)
           for one in fields(AccountView) if one.name not in {"currency", "groups", "correlations"}},
        "last": (SMALL, replace(OPEN, prices={**(OPEN.prices or {}), "EUR_USD": other_record(last, price=nothing)}), NOW),
        "last time": (SMALL, replace(OPEN, prices={**(OPEN.prices or {}), "EUR_USD": other_record(last, time_ns=nothing)}), NOW),
        "other last": (SMALL, replace(OPEN, prices={**(OPEN.prices or {}), "EUR_GBP": LastPrice(nothing, NOW)}), NOW),
        "rate": (SMALL, replace(OPEN, rates={"GBP": nothing}), NOW),
        "held units": (SMALL, replace(OPEN, positions=(other_record(held, units=nothing),)), NOW),
        "held stop": (SMALL, replace(OPEN, positions=(other_record(held, stop=nothing),)), NOW),
        "pending units": (SMALL, replace(OPEN, pending=(replace(SMALL, units=nothing),)), NOW),
        "pending stop": (SMALL, replace(OPEN, pending=(replace(SMALL, stop=nothing),)), NOW),
        "sent": (SMALL, replace(OPEN, orders_sent_ns=(NOW, nothing)), NOW),
        "recent": (SMALL, replace(OPEN, recent_units={"EUR_USD": (1000.0,) * 5 + (nothing,)}), NOW),
        "group": (SMALL, replace(OPEN, groups={"EUR_USD": "a"}, correlations={frozenset(("EUR_USD", "EUR_GBP")): nothing}), NOW),
        "event": (SMALL, replace(OPEN, events=(CalendarEvent(nothing, "an event"),)), NOW),
        "moment": (SMALL, OPEN, nothing),
    }  # fmt: skip
    name = draw(st.sampled_from(sorted(cases)))
    return *cases[name], name


def test_the_account_that_is_spoilt_below_is_let_trade() -> None:
    ruling = Gate(EVERYTHING_ON).ruling(SMALL, OPEN, NOW)
    assert {one.state for one in ruling.outcomes[1:]} == {CheckState.PASSED}


@given(st.data(), st.sampled_from(NOTHING))
@settings(max_examples=600)
def test_a_number_missing_anywhere_never_raises_and_is_never_approved(data: st.DataObject, nothing: Any) -> None:
    asked, book, moment, name = spoilt(data.draw, nothing)
    ruling = Gate(EVERYTHING_ON).ruling(asked, book, moment)
    if name == "order.price" and nothing is None:  # an order at market
        assert isinstance(ruling.answer, Approved)
        return
    assert not isinstance(ruling.answer, Approved), name
    assert any(one.state is CheckState.MISSING for one in ruling.outcomes), name


@given(orders(), accounts(), tightened(), st.randoms(use_true_random=False))
def test_the_order_of_the_limits_does_not_change_what_is_approved(
    asked: Order, book: AccountView, limits: Limits, shuffler: random.Random
) -> None:
    shuffled = list(limits)
    shuffler.shuffle(shuffled)
    plain, other = Gate(limits).ruling(asked, book, NOW), Gate(shuffled).ruling(asked, book, NOW)
    assert isinstance(plain.answer, Approved) == isinstance(other.answer, Approved)
    assert set(plain.outcomes) == set(other.outcomes)


@given(orders(), accounts(), tightened(), st.integers(2, 50))
def test_a_bigger_order_is_never_approved_where_a_smaller_one_is_refused(
    asked: Order, book: AccountView, limits: Limits, times: int
) -> None:
    bigger = replace(asked, units=asked.units * times)
    small, big = (Gate(limits).ruling(one, book, NOW) for one in (asked, bigger))
    assert {one.check for one in small.outcomes if one.refuses} <= {one.check for one in big.outcomes if one.refuses}
