"""What is traded: names, smallest steps, currencies and calendar. It travels inside bars and orders."""

import re
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from types import MappingProxyType

from tradeworthy.core.errors import InputError


class AssetClass(StrEnum):
    """Kind of market."""

    FX = "fx"
    METAL = "metal"
    CRYPTO = "crypto"
    EQUITY = "equity"
    INDEX = "index"
    OPTION = "option"
    FUTURE = "future"


class CalendarName(StrEnum):
    """Session calendar by which gaps are judged. UNKNOWN means gaps are not checked, and that is said."""

    FX_24_5 = "fx-24/5"
    ALWAYS = "24/7"
    ECB_FIXING = "ecb-fixing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable thing.

    pip, tick: in price units. lot_step, min_units: in units of the base. multiplier: account money per unit and price
    point (1 for spot). aliases: the broker's or vendor's name for it, by broker.
    """

    symbol: str
    asset_class: AssetClass
    base: str
    quote: str
    pip: Decimal
    tick: Decimal
    lot_step: Decimal = Decimal(1)
    min_units: Decimal = Decimal(1)
    multiplier: Decimal = Decimal(1)
    calendar: CalendarName = CalendarName.UNKNOWN
    aliases: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __post_init__(self) -> None:
        for name in ("pip", "tick", "lot_step", "min_units", "multiplier"):
            if not getattr(self, name) > 0:
                raise InputError(f"{self.symbol}: {name} must be above zero, not {getattr(self, name)}")

    def quantise_price(self, price: float) -> Decimal:
        """The nearest tick, as an exact decimal for the broker's edge."""
        return (Decimal(repr(price)) / self.tick).quantize(Decimal(1), ROUND_HALF_EVEN) * self.tick

    def quantise_units(self, units: float) -> Decimal:
        """Whole lot steps, rounded towards zero; below the minimum it is zero, which is no trade."""
        size = (abs(Decimal(repr(units))) / self.lot_step).quantize(Decimal(1), ROUND_DOWN) * self.lot_step
        if size < self.min_units:
            return Decimal(0)
        return size if units > 0 else -size


# fmt: off
CURRENCIES = frozenset({
    "AUD", "BGN", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK",
    "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
})
# fmt: on
_METALS = frozenset({"XAU", "XAG", "XPT", "XPD"})
_STABLE = frozenset({"USDT", "USDC"})
_TWO_DECIMAL_QUOTES = frozenset({"JPY", "HUF", "KRW", "IDR", "ISK"})


def currency_pair(base: str, quote: str) -> Instrument:
    """Spot FX `BASE_QUOTE`: pip 0.0001 (0.01 against the yen and its like), tick a tenth of it, one unit minimum."""
    if base == quote:
        raise InputError(f"{base}_{quote} is not a pair: both currencies are the same")
    pip = Decimal("0.01") if quote in _TWO_DECIMAL_QUOTES else Decimal("0.0001")
    symbol = f"{base}_{quote}"
    return Instrument(
        symbol,
        AssetClass.FX,
        base,
        quote,
        pip,
        pip / 10,
        calendar=CalendarName.FX_24_5,
        aliases=MappingProxyType({"oanda": symbol, "metatrader": base + quote, "iso": f"{base}/{quote}"}),
    )


def instrument_named(name: str) -> Instrument:
    """The instrument that a file name or setting means: `EUR_USD`, `EURUSD`, `eur/usd`, `XAU_USD`, `BTC_USDT`, `BTCUSDT`, `SPX`.

    What is no known currency, metal or crypto pair becomes an instrument of its own name with a tick of 0.01 and an
    unknown calendar: gaps are then not judged, which the quality findings say.
    """
    cleaned = re.sub(r"[/\-. ]", "_", name.strip().upper())
    joined = re.fullmatch(r"([A-Z0-9]+)(USD[TC])", cleaned) or re.fullmatch(r"([A-Z]{3})([A-Z]{3})", cleaned)
    parts = joined.groups() if joined else tuple(cleaned.split("_"))
    if len(parts) == 2 and parts[0] in CURRENCIES and parts[1] in CURRENCIES:
        return currency_pair(*parts)
    if len(parts) == 2 and parts[0] in _METALS and parts[1] in CURRENCIES:
        cent = Decimal("0.01")
        return Instrument("_".join(parts), AssetClass.METAL, *parts, cent, cent / 10, calendar=CalendarName.FX_24_5)
    if len(parts) == 2 and parts[1] in _STABLE:
        step = Decimal("0.00001")
        return Instrument(
            "_".join(parts),
            AssetClass.CRYPTO,
            *parts,
            Decimal("0.01"),
            Decimal("0.01"),
            step,
            step,
            calendar=CalendarName.ALWAYS,
        )
    if not cleaned or not re.fullmatch(r"[A-Z0-9_]+", cleaned):
        raise InputError(f"{name!r} is not the name of an instrument; use letters and digits, such as EUR_USD")
    return Instrument(cleaned, AssetClass.INDEX, cleaned, "USD", Decimal("0.01"), Decimal("0.01"))
