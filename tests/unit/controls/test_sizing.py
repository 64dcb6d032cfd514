"""Sizes by published examples and at their edges; nothing is ever rounded up to a trade."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tradeworthy.controls import FixedFraction, Kelly, Refusal, SizeLimits, Units, VolatilityTarget, sizing_steps
from tradeworthy.controls.sizing import PACKED, Sizing
from tradeworthy.controls.sizing_steps import TradeRecord
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named

NAN, INF = math.nan, math.inf
NO_TRADES: TradeRecord = (0, 0, 0.0, 0.0)


def wanted(
    sizing: Sizing,
    *,
    equity: float = 10_000.0,
    price: float = 1.25,
    stop: float = 0.01,
    rate: float = 1.0,
    volatility: float = 0.08,
    record: TradeRecord = NO_TRADES,
    multiplier: float = 1.0,
) -> tuple[float, Refusal]:
    """Wanted units and the refusal."""
    packed = sizing.packed()
    units, code = sizing_steps.wanted_units(packed, equity, price, stop, rate, volatility, record, multiplier)
    return units, Refusal(code)


def permitted(
    units: float, limits: SizeLimits, *, price: float = 1.0, rate: float = 1.0, equity: float = 10_000.0
) -> tuple[float, Refusal]:
    """Permitted units and the refusal."""
    sized, code = sizing_steps.permitted_units(units, price, rate, equity, *limits.numbers())
    return sized, Refusal(code)


def test_units_are_the_same_for_every_trade() -> None:
    assert wanted(Units(500)) == (500.0, Refusal.NONE)
    assert wanted(Units(500), multiplier=0.1) == (50.0, Refusal.NONE)
    assert wanted(Units(500), stop=NAN, volatility=NAN, price=NAN) == (500.0, Refusal.NONE)


def test_a_fixed_fraction_loses_just_that_at_the_stop() -> None:
    units, code = wanted(FixedFraction(0.02), stop=0.01, rate=0.5)
    assert code == Refusal.NONE
    assert units == pytest.approx(40_000.0)
    assert units * 0.01 * 0.5 == pytest.approx(10_000 * 0.02)
    assert wanted(FixedFraction(0.02), multiplier=0.5, rate=0.5)[0] == pytest.approx(20_000.0)
    assert FixedFraction().risk == 0.02


def test_a_volatility_target_holds_what_moves_that_much_a_year() -> None:
    units, code = wanted(VolatilityTarget(0.10), price=1.25, rate=0.8, volatility=0.08)
    assert code == Refusal.NONE
    assert units * 1.25 * 0.8 * 0.08 == pytest.approx(10_000 * 0.10)


@pytest.mark.parametrize("sizing", [Units(5), FixedFraction(), VolatilityTarget(), Kelly()])
@pytest.mark.parametrize(
    ("bad", "code"),
    [({"multiplier": 0.0}, "NO_MULTIPLIER"), ({"multiplier": NAN}, "NO_MULTIPLIER"), ({"multiplier": -1.0}, "NO_MULTIPLIER"),
     ({"multiplier": INF}, "NO_MULTIPLIER"), ({"equity": 0.0}, "NO_EQUITY"), ({"equity": -5.0}, "NO_EQUITY"),
     ({"equity": NAN}, "NO_EQUITY"), ({"equity": INF}, "NO_EQUITY"), ({"rate": NAN}, "NO_RATE"), ({"rate": 0.0}, "NO_RATE"),
     ({"rate": INF}, "NO_RATE")],
)  # fmt: skip
def test_no_size_comes_from_an_unusable_number(sizing: Sizing, bad: dict[str, float], code: str) -> None:
    assert wanted(sizing, **bad) == (0.0, Refusal[code])  # type: ignore[arg-type]  # only numbers are in it


@pytest.mark.parametrize("sizing", [FixedFraction(), Kelly()])
@pytest.mark.parametrize("stop", [NAN, 0.0, -0.01, INF])
def test_sizing_by_the_stop_needs_one(sizing: Sizing, stop: float) -> None:
    assert wanted(sizing, stop=stop) == (0.0, Refusal.NO_STOP)


@pytest.mark.parametrize("volatility", [NAN, 0.0, -0.1, INF])
def test_sizing_by_volatility_needs_it(volatility: float) -> None:
    assert wanted(VolatilityTarget(), volatility=volatility, stop=NAN) == (0.0, Refusal.NO_VOLATILITY)


@pytest.mark.parametrize("price", [NAN, 0.0, -1.0, INF])
def test_sizing_by_volatility_needs_a_price(price: float) -> None:
    assert wanted(VolatilityTarget(), price=price) == (0.0, Refusal.NO_PRICE)


def test_kelly_starts_with_a_small_fixed_fraction() -> None:
    expected = pytest.approx(10_000 * 0.01 / 0.01)
    assert wanted(Kelly())[0] == expected
    assert wanted(Kelly(), record=(29, 0, 60.0, 0.0))[0] == expected
    assert wanted(Kelly(), record=(20, 9, 60.0, -9.0))[0] == expected
    assert wanted(Kelly(), record=(30, 0, 60.0, 0.0))[0] == expected  # nobody knows yet how large a loss is
    assert wanted(Kelly(until_then=0.0)) == (0.0, Refusal.NOT_ENOUGH_TRADES)


@pytest.mark.parametrize(
    "record",
    [(0, 30, 0.0, -30.0), (15, 15, 15.0, -15.0), (16, 15, 16.0, -15.0), (60, 40, 20.0, -40.0), (30, 10, NAN, -10.0),
     (30, 10, 30.0, NAN), (30, 10, -3.0, -10.0), (30, 10, 30.0, 0.0)],
)  # fmt: skip
def test_without_an_edge_kelly_does_not_trade(record: TradeRecord) -> None:
    assert wanted(Kelly(), record=record) == (0.0, Refusal.NO_EDGE)
    assert sizing_steps.kelly_risk(Kelly().packed(), record) == (0.0, Refusal.NO_EDGE)


def test_an_edge_of_exactly_zero_is_none() -> None:
    as_it_is = Kelly(confidence=0.0).packed()
    assert sizing_steps.kelly_risk(as_it_is, (50, 50, 50.0, -50.0)) == (0.0, Refusal.NO_EDGE)
    assert sizing_steps.kelly_risk(Kelly(until_then=0.0).packed(), NO_TRADES) == (0.0, Refusal.NOT_ENOUGH_TRADES)


def test_kelly_takes_half_of_the_cautious_share() -> None:
    # 60 of 100: the Wilson interval at 95% starts at 0.50200; wins of 2 R against losses of 1 R.
    share = 0.5020026 - (1 - 0.5020026) / 2
    risk, code = sizing_steps.kelly_risk(Kelly(cap=0.9, until_then=0.01).packed(), (60, 40, 120.0, -40.0))
    assert code == 0
    assert risk == pytest.approx(share / 2, rel=1e-6)


def test_kelly_is_capped_for_the_average_loss_and_for_a_full_stop() -> None:
    record: TradeRecord = (60, 40, 240.0, -80.0)  # losses of 2 R, odds 2
    assert sizing_steps.kelly_risk(Kelly().packed(), record) == (0.025, 0)
    small: TradeRecord = (60, 40, 60.0, -20.0)  # losses of half an R, odds 2
    assert sizing_steps.kelly_risk(Kelly().packed(), small) == (0.05, 0)
    assert sizing_steps.kelly_risk(Kelly().packed(), (60, 40, 60.0, 20.0)) == (0.05, 0)


def test_a_step_of_a_tenth_neither_loses_nor_gains_to_float_noise() -> None:
    tenths = SizeLimits(0.1, 0.1, 1e9)
    for units, size in [
        (0.1 + 0.2, 0.3),
        (0.7999999999999999, 0.8),
        (0.799999, 0.7),
        (0.3, 0.3),
        (0.0999, 0.0),
        (1e9, 1e9),
    ]:
        assert permitted(units, tenths)[0] == size
    satoshi = SizeLimits.of(instrument_named("BTC_USDT"), 1e9)
    assert permitted(100_000_000.00001, satoshi)[0] == 100_000_000.00001
    assert permitted(72_984_690.2426, satoshi)[0] == 72_984_690.2426  # times 100,000 it is a thousandth below whole


def test_a_step_that_is_no_simple_fraction_is_counted_as_it_is() -> None:
    assert sizing_steps.whole_steps(0.95, 0.3) == pytest.approx(0.9)
    assert sizing_steps.whole_steps(7.6, 2.5) == 7.5
    assert sizing_steps.whole_steps(0.75, 0.75) == 0.75


@pytest.mark.parametrize(
    ("units", "limits", "expected"),
    [
        (999.0, SizeLimits(1000, 1000, 30), (0.0, Refusal.BELOW_MINIMUM)),
        (1999.0, SizeLimits(1000, 1000, 30), (1000.0, Refusal.NONE)),
        (1999.0, SizeLimits(1000, 2000, 30), (0.0, Refusal.BELOW_MINIMUM)),
        (2000.0, SizeLimits(1000, 2000, 30), (2000.0, Refusal.NONE)),
        (0.7, SizeLimits(1, 0.5, 30), (0.0, Refusal.BELOW_MINIMUM)),
        (500_000.0, SizeLimits(1, 1, 30), (300_000.0, Refusal.NONE)),
        (500_000.0, SizeLimits(1, 1, 0.5), (5_000.0, Refusal.NONE)),
        (500_000.0, SizeLimits(1, 6_000, 0.5), (0.0, Refusal.NO_MARGIN)),
        (500_000.0, SizeLimits(1, 1, 30, 1234.5), (1234.0, Refusal.NONE)),
        (INF, SizeLimits(1, 1, 30), (300_000.0, Refusal.NONE)),
        (0.0, SizeLimits(1, 1, 30), (0.0, Refusal.BELOW_MINIMUM)),
        (-5.0, SizeLimits(1, 1, 30), (0.0, Refusal.BELOW_MINIMUM)),
        (NAN, SizeLimits(1, 1, 30), (0.0, Refusal.BELOW_MINIMUM)),
    ],
)
def test_limits_cut_round_down_and_refuse(units: float, limits: SizeLimits, expected: tuple[float, Refusal]) -> None:
    assert permitted(units, limits) == expected


def test_the_leverage_counts_notional_in_the_account_currency() -> None:
    assert permitted(1e9, SizeLimits(1, 1, 2), price=150.0, rate=0.005, equity=7_500.0) == (20_000.0, Refusal.NONE)


@pytest.mark.parametrize(
    ("bad", "code"),
    [({"equity": 0.0}, "NO_EQUITY"), ({"equity": -1.0}, "NO_EQUITY"), ({"equity": NAN}, "NO_EQUITY"),
     ({"rate": NAN}, "NO_RATE"), ({"price": NAN}, "NO_PRICE"), ({"price": -37.6}, "NO_PRICE")],
)  # fmt: skip
def test_nothing_is_permitted_by_an_unusable_number(bad: dict[str, float], code: str) -> None:
    assert permitted(5_000.0, SizeLimits(1, 1, 30), **bad) == (0.0, Refusal[code])


def test_limits_take_the_instruments_steps() -> None:
    assert SizeLimits.of(instrument_named("BTC_USDT"), 3) == SizeLimits(0.00001, 0.00001, 3)
    assert SizeLimits(1, 2, 3).numbers() == (1.0, 2.0, 3.0, INF)
    assert SizeLimits(1, 2, 3, 4).numbers() == (1.0, 2.0, 3.0, 4.0)


def test_all_sizings_pack_to_vectors_of_one_length_and_different_kinds() -> None:
    packed = [one.packed() for one in (Units(5), FixedFraction(0.03), VolatilityTarget(0.2), Kelly())]
    assert {vector.shape for vector in packed} == {(PACKED,)}
    assert len({vector[0] for vector in packed}) == 4
    assert [vector[1] for vector in packed] == [5, 0.03, 0.2, 0.05]
    np.testing.assert_allclose(packed[3][1:], [0.05, 0.5, 1.959964, 30, 0.01], rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        (Units, {"units": 0}, "units: units must be a number above 0"),
        (Units, {"units": True}, "units: units must be"),
        (Units, {"units": Decimal(5)}, "units: units must be"),
        (FixedFraction, {"risk": 0.0}, "fixed fraction: risk must be a number above 0 and below 1"),
        (FixedFraction, {"risk": 2}, "fixed fraction: risk must be"),
        (FixedFraction, {"risk": NAN}, "fixed fraction: risk must be"),
        (VolatilityTarget, {"annual": -0.1}, "volatility target: annual must be"),
        (VolatilityTarget, {"annual": INF}, "volatility target: annual must be"),
        (Kelly, {"cap": 1.0}, "kelly: cap must be"),
        (Kelly, {"fraction": 1.5}, "kelly: fraction must be"),
        (Kelly, {"fraction": 0}, "kelly: fraction must be"),
        (Kelly, {"confidence": 1.0}, "kelly: confidence must be"),
        (Kelly, {"confidence": 95}, "kelly: confidence must be"),
        (Kelly, {"least_trades": 0}, "kelly: least_trades must be"),
        (Kelly, {"least_trades": 30.0}, "kelly: least_trades must be"),
        (Kelly, {"until_then": 0.06}, "kelly: until_then must be a number of at least 0 and at most 0.05"),
        (Kelly, {"until_then": -0.01}, "kelly: until_then must be"),
        (SizeLimits, {"lot_step": 0, "min_units": 1, "leverage": 1}, "size limits: lot_step must be"),
        (SizeLimits, {"lot_step": 1, "min_units": NAN, "leverage": 1}, "size limits: min_units must be"),
        (SizeLimits, {"lot_step": 1, "min_units": 1, "leverage": -30}, "size limits: leverage must be"),
        (
            SizeLimits,
            {"lot_step": 1, "min_units": 1, "leverage": 1, "max_units": 0.5},
            "max_units must be at least min_units",
        ),
        (
            SizeLimits,
            {"lot_step": 1, "min_units": 1, "leverage": 1, "max_units": True},
            "size limits: max_units must be",
        ),
    ],
)
def test_a_field_that_cannot_be_used_is_named(kind: type, change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        kind(**change)
