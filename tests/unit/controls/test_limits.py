"""Each limit at its very boundary, and without its inputs."""

import math
from dataclasses import replace
from typing import Any

import pytest

from support.gate_accounts import ACCOUNT, NOW, PRICES, account, order, outcome, position, state
from tradeworthy.controls.account_view import AccountView, LastPrice
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import CheckState
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
from tradeworthy.controls.limits_of_price import PriceBand, StalePrice
from tradeworthy.controls.limits_of_size import FatFinger, NotionalPerOrder, RiskPerTrade, UnitsPerOrder
from tradeworthy.controls.outcomes import Limit
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import AssetClass, instrument_named
from tradeworthy.core.order import Order

PASSED, REFUSED, MISSING = CheckState.PASSED, CheckState.REFUSED, CheckState.MISSING
NOT_APPLICABLE = CheckState.NOT_APPLICABLE
LONG_5K = position("5000")
"""Risks 250 USD of 10,000, is worth 6,250 USD."""


def prices(**changed: float | None) -> dict[str, LastPrice]:
    """The prices of the account, changed."""
    return {symbol: LastPrice(price, NOW) for symbol, price in {**PRICES, **changed}.items()}


@pytest.mark.parametrize(
    ("limit", "at", "past", "book"),
    [
        (RiskPerTrade(share=0.025), order("5000"), order("5001"), ACCOUNT),
        (RiskPerTrade(share=0.025), order("-5000", "1.30"), order("-5000", "1.3001"), ACCOUNT),
        (RiskPerTrade(share=0.025), order("-4000", "170", "USD_JPY"), order("-4001", "170", "USD_JPY"), ACCOUNT),
        (RiskPerTrade(share=0.03), order("5000", price="1.26"), order("5000", price="1.2601"), ACCOUNT),
        (UnitsPerOrder(most=5000, enabled=True), order("-5000"), order("-5001"), ACCOUNT),
        (NotionalPerOrder(times=1), order("8000"), order("8001"), ACCOUNT),
        (NotionalPerOrder(times=1), order("-8000", price="1.24"), order("-8000", price="1.26"), ACCOUNT),
        (RiskPerInstrument(share=0.05), order("5000"), order("5001"), account(positions=(LONG_5K,))),
        (RiskPerInstrument(share=0.05), order("-5000", "1.30"), order("-5001", "1.30"), account(positions=(LONG_5K,))),
        (RiskPerInstrument(share=0.05), order("5000"), order("5001"), account(pending=(order("5000"),))),
        (NotionalPerInstrument(times=1), order("3000"), order("3001"), account(positions=(LONG_5K,))),
        (NotionalPerInstrument(times=1), order("3000"), order("3001"),
         account(positions=(LONG_5K, position("9000", "1.40", "GBP_USD")))),
        (GrossLeverage(times=2), order("11000"), order("11001"), account(positions=(position("-5000"),))),
        (GrossLeverage(times=2), order("4000"), order("4001"),
         account(positions=(LONG_5K,), pending=(order("-5833.333333333333", symbol="GBP_USD"),))),
        (OpenPositions(most=2), order(strategy="other"), order(strategy="third"),
         account(positions=(LONG_5K,), pending=(order(strategy="other"),))),
        (GroupRisk(share=0.05), order("5000"), order("5001"), account(positions=(LONG_5K,))),
        (FatFinger(times=5), order("-5000"), order("5001"),
         account(recent_units={"EUR_USD": (900.0, -1000.0, 1000.0, 1100.0, 9e9)})),
        (PriceBand(share=0.02), order(price="1.275"), order(price="1.2751"), ACCOUNT),
        (PriceBand(share=0.02), order(price="1.225"), order(price="1.2249"), ACCOUNT),
    ],
)  # fmt: skip
def test_a_limit_lets_through_what_is_at_it_and_nothing_past_it(
    limit: Limit, at: Order, past: Order, book: AccountView
) -> None:
    assert state(limit, at, book) is PASSED
    refused = outcome(limit, past, book)
    assert refused.state is REFUSED
    assert refused.required in refused.reason
    assert refused.actual in refused.reason


@pytest.mark.parametrize(
    ("stop", "units"), [("1.25", "1000"), ("1.26", "1000"), ("1.25", "-1000"), ("1.24", "-1000"), (None, "1000")]
)
def test_an_order_needs_a_stop_on_its_losing_side(stop: str | None, units: str) -> None:
    for limit in (RiskPerTrade(), RiskPerInstrument(), GroupRisk(), DailyLoss(with_stops=True)):
        assert state(limit, order(units, stop)) is MISSING


def test_a_limit_price_past_the_stop_leaves_no_losing_side() -> None:
    assert state(RiskPerTrade(), order(price="1.20")) is MISSING
    assert state(RiskPerTrade(), order("-1000", "1.30", price="1.31")) is MISSING


def test_a_stop_that_the_market_has_passed_is_no_stop_for_a_limit_order_either() -> None:
    assert state(RiskPerTrade(), order(stop="1.26", price="1.27")) is MISSING
    assert (
        "its stop 1.26 is not below the price 1.25" in outcome(RiskPerTrade(), order(stop="1.26", price="1.27")).reason
    )


def test_a_bought_option_risks_its_price_and_a_sold_one_needs_a_stop() -> None:
    option = replace(instrument_named("NIFTY_CALL"), asset_class=AssetClass.OPTION)
    book = account(prices={option.symbol: LastPrice(50.0, NOW)})
    bought = order("5", None, instrument=option)
    assert outcome(RiskPerTrade(), bought, book).actual == "2.5% (250.00 USD)"
    assert state(RiskPerTrade(), bought, book) is PASSED
    assert state(RiskPerTrade(), replace(bought, units=-bought.units), book) is MISSING


def test_exposure_to_a_currency_is_net_and_an_unfilled_order_makes_no_room() -> None:
    limit = CurrencyExposure(times=1)
    short_euro = position("-8000", "1.30")
    assert state(limit, order("16000"), account(positions=(short_euro,))) is PASSED
    assert state(limit, order("16001"), account(positions=(short_euro,))) is REFUSED
    assert state(limit, order("8000"), account(pending=(order("-8000", "1.30"),))) is PASSED
    assert state(limit, order("8001"), account(pending=(order("-8000", "1.30"),))) is REFUSED


def test_both_legs_of_a_pair_count_and_so_does_the_currency_of_the_account() -> None:
    limit = CurrencyExposure(times=1)
    long_pound = position("4000", "1.40", "GBP_USD")  # 6,000 USD in pounds, against dollars
    assert state(limit, order("3200"), account(positions=(long_pound,))) is PASSED
    assert state(limit, order("3201"), account(positions=(long_pound,))) is REFUSED
    cross = order("8000", "0.7", "EUR_GBP")  # 9,600 USD in euros, against pounds
    assert outcome(limit, cross).actual == "0.96 times (9,600.00 USD)"
    assert outcome(limit, cross, account(positions=(long_pound,))).actual == "0.96 times (9,600.00 USD)"
    euro = account(positions=(position("1000"),))
    assert outcome(limit, cross, euro).actual == "1.085 times (10,850.00 USD)"
    assert state(limit, order(symbol="SPX", stop="4900")) is NOT_APPLICABLE


def test_positions_count_together_when_they_move_together_in_their_directions() -> None:
    pound, key = position("2500", "1.40", "GBP_USD"), frozenset({"EUR_USD", "GBP_USD"})  # risks 250 USD
    limit = GroupRisk(share=0.04, correlation=0.7)
    for correlation, units, expected in (
        (0.7, "5000", REFUSED), (0.69, "5000", PASSED), (0.7, "-5000", PASSED), (-0.7, "-5000", REFUSED),
        (math.nan, "5000", MISSING), (2.0, "5000", MISSING),
    ):  # fmt: skip
        asked = order(units, "1.20" if units == "5000" else "1.30")
        book = account(positions=(pound,), groups=None, correlations={key: correlation})
        assert state(limit, asked, book) is expected
    unknown = account(positions=(pound,), groups={"EUR_USD": "a"}, correlations={})
    assert "the correlation of EUR_USD and GBP_USD" in outcome(limit, order("5000"), unknown).reason


def test_a_given_group_counts_together_in_any_direction() -> None:
    pound = position("2500", "1.40", "GBP_USD")
    for group, expected in (("majors", REFUSED), ("others", PASSED)):
        book = account(positions=(pound,), groups={"EUR_USD": "majors", "GBP_USD": group})
        assert state(GroupRisk(share=0.04), order("-5000", "1.30"), book) is expected


def test_an_order_may_not_fill_the_circle_of_a_position_that_it_joins() -> None:
    pound, index = position("2500", "1.40", "GBP_USD"), position("1", "4750", "SPX")
    linked = {frozenset(pair): 0.8 for pair in (("EUR_USD", "GBP_USD"), ("GBP_USD", "SPX"))}
    apart = {frozenset(("EUR_USD", "SPX")): 0.0}
    book = account(positions=(pound, index), groups=None, correlations={**linked, **apart})
    assert state(GroupRisk(share=0.075), order("5000"), book) is PASSED
    assert state(GroupRisk(share=0.075), order("5001"), book) is REFUSED  # 250 + 250 around the pound, and this


@pytest.mark.parametrize(("limit", "field"), [(DailyLoss(), "day_start_equity"), (DrawdownStop(), "equity_peak")])
def test_a_limit_on_losses_is_reached_at_its_figure(limit: DailyLoss | DrawdownStop, field: str) -> None:
    start = 10_000.0
    assert state(limit, order(), account(equity=start * (1 - limit.share) + 0.01, **{field: start})) is PASSED
    assert state(limit, order(), account(equity=start * (1 - limit.share), **{field: start})) is REFUSED
    assert state(limit, order(), account(equity=start * (1 - limit.share) + 1e-9, **{field: start})) is REFUSED


def test_a_trailing_daily_loss_falls_from_the_highest_of_the_day() -> None:
    book = account(equity=10_000.0, day_high_equity=10_500.0)
    assert state(DailyLoss(share=0.04), order(), book) is PASSED
    assert state(DailyLoss(share=0.04, trailing=True), order(), book) is REFUSED
    assert state(DailyLoss(share=0.04, trailing=True), order(), account(day_high_equity=None)) is MISSING
    assert state(DailyLoss(share=0.04), order(), account(day_high_equity=None)) is PASSED


def test_a_daily_loss_may_count_what_the_stops_would_lose() -> None:
    limit = DailyLoss(share=0.05, with_stops=True)
    assert state(limit, order("4999"), account(positions=(LONG_5K,))) is PASSED
    assert state(limit, order("5000"), account(positions=(LONG_5K,))) is REFUSED
    assert state(limit, order("1"), account(positions=None)) is MISSING


def test_the_stops_of_the_gate_and_of_calibration_are_the_same() -> None:
    assert DrawdownStop().share == Calibration().drawdown_stop == 0.20
    assert TradesPerDay().most == Calibration().trades_per_day_max == 10


def test_orders_of_the_last_sixty_seconds_count_and_later_ones_too() -> None:
    limit = OrdersPerMinute(most=3)
    minute = 60 * SECOND_NS
    assert state(limit, order(), account(orders_sent_ns=(NOW - minute, NOW - minute + 1, NOW))) is PASSED
    assert state(limit, order(), account(orders_sent_ns=(NOW - minute + 1, NOW, NOW + 5))) is REFUSED
    assert state(limit, order(), account(orders_sent_ns=(NOW, None))) is MISSING


def test_trades_of_the_day_count_with_those_pending() -> None:
    limit, waiting, leaving = TradesPerDay(most=3), order(), order("-1", reduce_only=True)
    assert state(limit, order(), account(trades_today=1, pending=(waiting, leaving))) is PASSED
    assert state(limit, order(), account(trades_today=2, pending=(waiting,))) is REFUSED
    assert state(limit, order(), account(trades_today=-1)) is MISSING


@pytest.mark.parametrize(
    ("age_s", "expected"), [(0, PASSED), (60, PASSED), (-60, PASSED), (61, REFUSED), (-61, REFUSED)]
)
def test_a_price_may_be_a_minute_old_and_not_from_the_future(age_s: int, expected: CheckState) -> None:
    book = account(prices={"EUR_USD": LastPrice(1.25, NOW - age_s * SECOND_NS)})
    assert state(StalePrice(seconds=60), order(), book) is expected


def test_a_market_order_has_no_price_to_band() -> None:
    assert state(PriceBand(), order()) is NOT_APPLICABLE


def test_a_fat_finger_needs_a_habit_of_the_same_instrument() -> None:
    few = {"EUR_USD": (1000.0,) * 4, "GBP_USD": (1.0,) * 9}
    assert state(FatFinger(), order("900000"), account(recent_units=few)) is NOT_APPLICABLE
    older = account(recent_units={"EUR_USD": (1e6,) * 20 + (1000.0,) * 20})
    assert state(FatFinger(orders=20), order("5001"), older) is REFUSED
    assert state(FatFinger(orders=40), order("5001"), older) is PASSED


@pytest.mark.parametrize(
    ("limits", "missing"),
    [
        ((RiskPerTrade(), NotionalPerOrder(), RiskPerInstrument(), NotionalPerInstrument(), GroupRisk(),
          CurrencyExposure(), GrossLeverage(), DailyLoss(), DrawdownStop()), {"equity": None}),
        ((RiskPerInstrument(), NotionalPerInstrument(), GroupRisk(), CurrencyExposure(), GrossLeverage(),
          OpenPositions()), {"positions": None}),
        ((RiskPerInstrument(), NotionalPerInstrument(), GroupRisk(), CurrencyExposure(), GrossLeverage(),
          OpenPositions(), TradesPerDay()), {"pending": None}),
        ((RiskPerTrade(), NotionalPerOrder(), RiskPerInstrument(), NotionalPerInstrument(), GroupRisk(),
          CurrencyExposure(), GrossLeverage(), StalePrice()), {"prices": prices(EUR_USD=math.nan)}),
        ((GrossLeverage(), CurrencyExposure(), GroupRisk(), DailyLoss(with_stops=True)),
         {"prices": prices(GBP_USD=None), "groups": None, "positions": (position("1", "1.4", "GBP_USD"),)}),
        ((RiskPerInstrument(), GroupRisk(), DailyLoss(with_stops=True)), {"positions": (position("1", None),)}),
        ((NotionalPerInstrument(), OpenPositions(), GrossLeverage()), {"positions": (position("NaN"),)}),
        ((FatFinger(),), {"recent_units": None}),
        ((FatFinger(),), {"recent_units": {"EUR_USD": None}}),
        ((FatFinger(),), {"recent_units": {"EUR_USD": (1.0, 1.0, math.nan, 1.0, 1.0)}}),
        ((OrdersPerMinute(),), {"orders_sent_ns": None}),
        ((TradesPerDay(),), {"trades_today": None}),
        ((DailyLoss(),), {"day_start_equity": 0.0}),
        ((DrawdownStop(),), {"equity_peak": math.nan}),
        ((StalePrice(),), {"prices": {"EUR_USD": LastPrice(1.25, None)}}),
    ],
)  # fmt: skip
def test_a_limit_refuses_when_an_input_that_it_needs_is_missing(
    limits: tuple[Limit, ...], missing: dict[str, Any]
) -> None:
    for limit in limits:
        found = outcome(limit, order(), account(**missing))
        assert found.state is MISSING, limit.name
        assert "because it is not known" in found.reason


def test_no_equity_left_refuses_everything_measured_against_it() -> None:
    for limit in (RiskPerTrade(), NotionalPerOrder(), GrossLeverage()):
        for equity in (0.0, -5.0):
            assert state(limit, order(), account(equity=equity)) is REFUSED


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (lambda: RiskPerTrade(share=0), "risk per trade: share"),
        (lambda: RiskPerTrade(share=math.nan), "risk per trade: share"),
        (lambda: UnitsPerOrder(most=-1), "units per order: most"),
        (lambda: FatFinger(orders=4), "fat finger: orders"),
        (lambda: OpenPositions(most=0), "open positions: most"),
        (lambda: DailyLoss(share=1.0), "daily loss: share"),
        (lambda: DailyLoss(trailing=1), "daily loss: trailing"),  # type: ignore[arg-type]
        (lambda: GroupRisk(correlation=0.0), "group risk: correlation"),
        (lambda: StalePrice(seconds=0), "stale price: seconds"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(settings: Any, field: str) -> None:
    with pytest.raises(InputError, match=field):
        settings()


def test_every_limit_can_be_switched_off_by_name() -> None:
    for limit in Limits():
        make: Any = type(limit)
        off: Limit = make(enabled=False)
        assert state(off, order(), AccountView(currency="USD")) is CheckState.OFF
        with pytest.raises(InputError, match=f"{limit.name}: enabled"):
            make(enabled=None)
