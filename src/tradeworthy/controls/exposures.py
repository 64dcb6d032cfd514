"""What the book would hold if an order, and everything pending, were filled: in money, and at the stops.

Nothing is set off against anything else: of a long and a short, either may be closed first. Only the net exposure to a
currency adds signed amounts, and there an unfilled order never makes room for another.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from tradeworthy.controls.account_view import AccountView, OpenPosition
from tradeworthy.controls.knowing import Known, Unknown, entry_of, known, known_above_zero, product
from tradeworthy.core.instrument import AssetClass, Instrument
from tradeworthy.core.order import Order

_TWO_CURRENCIES = frozenset({AssetClass.FX, AssetClass.METAL, AssetClass.CRYPTO})


@dataclass(frozen=True, slots=True)
class Exposure:
    """One position, held or to come. units: signed. entry: the last price of what is held, the worst fill of an order.

    notional: its size in account money, at the dearer of the last price and the limit price. risk: what it loses in account
    money if its stop is filled at its price; a gap through the stop loses more.
    """

    strategy: str
    instrument: Instrument
    units: Known
    last: Known
    entry: Known
    stop: Decimal | None
    filled: bool
    notional: Known = 0.0
    risk: Known = 0.0

    @property
    def sign(self) -> int:
        """+1 long, -1 short, 0 flat or unknown."""
        return 0 if isinstance(self.units, Unknown) else (self.units > 0) - (self.units < 0)

    @property
    def key(self) -> tuple[str, str]:
        """Positions are counted per strategy and instrument."""
        return self.strategy, self.instrument.symbol

    def __str__(self) -> str:
        return f"{self.instrument.symbol} of {self.strategy}"


def last_price(book: AccountView, symbol: str) -> Known:
    """The latest price of the instrument."""
    latest = entry_of(book.prices, symbol)
    return known_above_zero(None if latest is None else latest.price, f"the last price of {symbol}")


def of_order(order: Order, book: AccountView) -> Exposure:
    """The position that the order would open."""
    symbol = order.instrument.symbol
    last = last_price(book, symbol)
    entry = last if order.price is None else known_above_zero(order.price, f"the limit price of the {symbol} order")
    units = known(order.units, f"the units of the {symbol} order {order.client_id}")
    return _measured(Exposure(order.strategy, order.instrument, units, last, entry, order.stop, filled=False), book)


def of_position(position: OpenPosition, book: AccountView) -> Exposure:
    """The position as it is held."""
    symbol = position.instrument.symbol
    units = known(position.units, f"the units held of {symbol} of {position.strategy}")
    last = last_price(book, symbol)
    return _measured(
        Exposure(position.strategy, position.instrument, units, last, last, position.stop, filled=True), book
    )


def _measured(one: Exposure, book: AccountView) -> Exposure:
    """In money, once for all limits that ask."""
    point = (float(one.instrument.multiplier), rate_of(one.instrument.quote, book))
    return replace(one, notional=_notional(one, point), risk=_risk(one, point))


def rate_of(currency: str, book: AccountView) -> Known:
    """Account money for one unit of the currency."""
    if currency == book.currency:
        return 1.0
    return known_above_zero(entry_of(book.rates, currency), f"the conversion rate of {currency} into {book.currency}")


def _notional(one: Exposure, point: tuple[Known, Known]) -> Known:
    if isinstance(one.units, Unknown):
        return one.units
    if isinstance(one.last, Unknown) or isinstance(one.entry, Unknown):
        return one.last if isinstance(one.last, Unknown) else one.entry
    return product(abs(one.units), max(one.last, one.entry), *point)


def _risk(one: Exposure, point: tuple[Known, Known]) -> Known:
    if isinstance(one.units, Unknown):
        return one.units
    return product(abs(one.units), _distance(one), *point)


def _distance(one: Exposure) -> Known:
    if isinstance(one.last, Unknown) or isinstance(one.entry, Unknown):
        return one.last if isinstance(one.last, Unknown) else one.entry
    if one.stop is None and one.instrument.asset_class is AssetClass.OPTION and one.sign > 0:
        return max(one.entry, one.last)  # a bought option can lose what it costs and no more
    stop = known(one.stop, f"the stop of {one}")
    if isinstance(stop, Unknown):
        return stop
    nearest = min(one.sign * one.entry, one.sign * one.last)
    if nearest <= one.sign * stop:
        side = "below" if one.sign > 0 else "above"
        return Unknown(f"what {one} would lose, as its stop {stop:g} is not {side} the price {abs(nearest):g}")
    return one.sign * (one.entry - stop)


def currencies_of(instrument: Instrument) -> tuple[str, ...]:
    """Both legs of a pair; none for a share, an index or a future, which exchanges no currencies."""
    return (instrument.base, instrument.quote) if instrument.asset_class in _TWO_CURRENCIES else ()


def net_exposure(currency: str, exposures: tuple[Exposure, ...]) -> Known:
    """The most, in account money and without sign, that the account may be long or short of the currency."""
    held = up = down = 0.0
    for one in exposures:
        if currency not in currencies_of(one.instrument):
            continue
        size = one.notional
        if isinstance(size, Unknown):
            return size
        leg = one.sign * (size if currency == one.instrument.base else -size)
        if one.filled:
            held += leg
        else:
            up, down = up + max(leg, 0.0), down + min(leg, 0.0)
    return max(abs(held + up), abs(held + down))
