"""What the book would hold if an order, and everything pending, were filled: in money, and at the stops.

Nothing is set off against anything else: of a long and a short, either may be closed first. Only the net exposure to a
currency adds signed amounts, and there an unfilled order never makes room for another.
"""

from decimal import Decimal

import msgspec

from tradeworthy.controls.account_view import AccountView, OpenPosition
from tradeworthy.controls.knowing import Known, Unknown, entry_of, known_above_zero, number_of
from tradeworthy.core.instrument import AssetClass, Instrument
from tradeworthy.core.order import Order

_TWO_CURRENCIES = frozenset({AssetClass.FX, AssetClass.METAL, AssetClass.CRYPTO})


class Exposure(msgspec.Struct, frozen=True, gc=False):
    """One position, held or to come. units: signed. entry: the last price of what is held, the worst fill of an order.

    sign: +1 long, -1 short, 0 flat or unknown. currencies: both legs of a pair. notional: its size in account money, at
    the dearer of the last price and the limit price. risk: what it loses in account money if its stop is filled at its
    price; a gap through the stop loses more. One is made of every position whenever an order is judged, and a dataclass
    would take seven times as long.
    """

    strategy: str
    instrument: Instrument
    units: Known
    last: Known
    entry: Known
    stop: Decimal | None
    filled: bool
    notional: Known
    risk: Known
    symbol: str
    sign: int
    currencies: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.symbol} of {self.strategy}"


def last_price(book: AccountView, symbol: str) -> Known:
    """The latest price of the instrument."""
    latest = None if book.prices is None else book.prices.get(symbol)
    price = None if latest is None else number_of(latest.price)
    return price if price is not None and price > 0.0 else Unknown(f"the last price of {symbol}")


def of_order(order: Order, book: AccountView) -> Exposure:
    """The position that the order would open."""
    symbol = order.instrument.symbol
    last, units = last_price(book, symbol), number_of(order.units)
    entry = last if order.price is None else known_above_zero(order.price, f"the limit price of the {symbol} order")
    size = Unknown(f"the units of the {symbol} order {order.client_id}") if units is None else units
    return _measured(order, size, last, entry, book, filled=False)


def of_position(position: OpenPosition, book: AccountView) -> Exposure:
    """The position as it is held."""
    symbol, units = position.instrument.symbol, number_of(position.units)
    last = last_price(book, symbol)
    size = Unknown(f"the units held of {symbol} of {position.strategy}") if units is None else units
    return _measured(position, size, last, last, book, filled=True)


def _measured(
    held: Order | OpenPosition, units: Known, last: Known, entry: Known, book: AccountView, *, filled: bool
) -> Exposure:
    """In money, once for all limits that ask."""
    instrument = held.instrument
    notional: Known
    risk: Known
    if isinstance(units, Unknown):
        sign, notional, risk = 0, units, units
    else:
        sign, size = (units > 0.0) - (units < 0.0), abs(units)
        rate = rate_of(instrument.quote, book)
        if isinstance(last, Unknown) or isinstance(entry, Unknown):
            notional = risk = last if isinstance(last, Unknown) else entry
        else:
            multiplier, distance = float(instrument.multiplier), _distance(held, sign, last, entry)
            if isinstance(rate, Unknown):
                notional, risk = rate, distance if isinstance(distance, Unknown) else rate
            else:
                notional = size * max(last, entry) * multiplier * rate
                risk = distance if isinstance(distance, Unknown) else size * distance * multiplier * rate
    return Exposure(
        held.strategy, instrument, units, last, entry, held.stop, filled, notional, risk, instrument.symbol, sign,
        currencies_of(instrument),
    )  # fmt: skip


def rate_of(currency: str, book: AccountView) -> Known:
    """Account money for one unit of the currency."""
    if currency == book.currency:
        return 1.0
    rate = number_of(entry_of(book.rates, currency))
    return (
        rate if rate is not None and rate > 0.0 else Unknown(f"the conversion rate of {currency} into {book.currency}")
    )


def _distance(held: Order | OpenPosition, sign: int, last: float, entry: float) -> Known:
    if held.stop is None and held.instrument.asset_class is AssetClass.OPTION and sign > 0:
        return max(entry, last)  # a bought option can lose what it costs and no more
    stop = number_of(held.stop)
    if stop is None:
        return Unknown(f"the stop of {held.instrument.symbol} of {held.strategy}")
    nearest = min(sign * entry, sign * last)
    if nearest <= sign * stop:
        side, what = "below" if sign > 0 else "above", f"{held.instrument.symbol} of {held.strategy}"
        return Unknown(f"what {what} would lose, as its stop {stop:g} is not {side} the price {abs(nearest):g}")
    return sign * (entry - stop)


def currencies_of(instrument: Instrument) -> tuple[str, ...]:
    """Both legs of a pair; none for a share, an index or a future, which exchanges no currencies."""
    return (instrument.base, instrument.quote) if instrument.asset_class in _TWO_CURRENCIES else ()


def net_exposure(currency: str, exposures: tuple[Exposure, ...]) -> Known:
    """The most, in account money and without sign, that the account may be long or short of the currency."""
    held = up = down = 0.0
    for one in exposures:
        if currency not in one.currencies:
            continue
        size = one.notional
        if isinstance(size, Unknown):
            return size
        leg = one.sign * (size if currency == one.currencies[0] else -size)
        if one.filled:
            held += leg
        else:
            up, down = up + max(leg, 0.0), down + min(leg, 0.0)
    return max(abs(held + up), abs(held + down))
