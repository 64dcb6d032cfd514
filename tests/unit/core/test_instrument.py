"""What a name means, and the broker's smallest steps."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import AssetClass, CalendarName, Instrument, currency_pair, instrument_named


@pytest.mark.parametrize("name", ["EUR_USD", "EURUSD", "eur/usd", " eur-usd ", "EUR.USD", "eur usd"])
def test_a_pair_is_known_by_every_spelling(name: str) -> None:
    assert instrument_named(name) == currency_pair("EUR", "USD")


@pytest.mark.parametrize(
    ("name", "symbol", "kind", "pip", "calendar"),
    [
        ("USDJPY", "USD_JPY", AssetClass.FX, "0.01", CalendarName.FX_24_5),
        ("USD_CHF", "USD_CHF", AssetClass.FX, "0.0001", CalendarName.FX_24_5),
        ("xauusd", "XAU_USD", AssetClass.METAL, "0.01", CalendarName.FX_24_5),
        ("BTC/USDT", "BTC_USDT", AssetClass.CRYPTO, "0.01", CalendarName.ALWAYS),
        ("BTCUSDT", "BTC_USDT", AssetClass.CRYPTO, "0.01", CalendarName.ALWAYS),
        ("OPUSDC", "OP_USDC", AssetClass.CRYPTO, "0.01", CalendarName.ALWAYS),
        ("SPX", "SPX", AssetClass.INDEX, "0.01", CalendarName.UNKNOWN),
        ("FOOBAR", "FOOBAR", AssetClass.INDEX, "0.01", CalendarName.UNKNOWN),
    ],
)
def test_a_name_brings_its_pip_and_calendar(
    name: str, symbol: str, kind: AssetClass, pip: str, calendar: CalendarName
) -> None:
    one = instrument_named(name)
    assert (one.symbol, one.asset_class, one.pip, one.calendar) == (symbol, kind, Decimal(pip), calendar)


@pytest.mark.parametrize("name", ["", "  ", "EUR_USD (1)", "€", "EUR_EUR", "a:b"])
def test_what_is_no_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"not the name of an instrument|not a pair"):
        instrument_named(name)


@pytest.mark.parametrize(
    ("symbol", "price", "rounded"),
    [("EUR_USD", 1.123456, "1.12346"), ("EUR_USD", 0.1 + 0.2, "0.30000"), ("USD_JPY", 149.9995, "150.000"),
     ("SPX", 5000.006, "5000.01")],
)  # fmt: skip
def test_a_price_goes_to_the_nearest_tick_exactly(symbol: str, price: float, rounded: str) -> None:
    assert str(instrument_named(symbol).quantise_price(price)) == rounded


@pytest.mark.parametrize(("units", "size"), [(1999.9, 1000), (-1999.9, -1000), (999.9, 0), (-999.9, 0), (3000, 3000)])
def test_units_are_rounded_towards_zero_and_below_the_minimum_there_is_no_trade(units: float, size: int) -> None:
    lots = Instrument("X", AssetClass.FX, "X", "USD", Decimal("0.1"), Decimal("0.1"), Decimal(1000), Decimal(1000))
    assert lots.quantise_units(units) == Decimal(size)


@pytest.mark.parametrize("field", ["pip", "tick", "lot_step", "min_units", "multiplier"])
def test_a_step_of_zero_is_refused(field: str) -> None:
    change: dict[str, Any] = {field: Decimal(0)}
    with pytest.raises(InputError, match=f"{field} must be above zero"):
        replace(instrument_named("X"), **change)
