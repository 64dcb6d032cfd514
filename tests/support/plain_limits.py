"""What a book of positions is worth, risks and exposes, written down once more as plainly as can be.

Every pending entry and the order are taken as filled. Everything has to be known.
"""

from dataclasses import dataclass
from itertools import groupby

from tradeworthy.controls.account_view import AccountView
from tradeworthy.core.order import Order


@dataclass(frozen=True, slots=True)
class Line:
    """One position of the book after the fills, in account money."""

    strategy: str
    symbol: str
    signed_units: float
    worth: float
    at_stop: float
    legs: tuple[tuple[str, float], tuple[str, float]]


def lines(order: Order, book: AccountView) -> list[Line]:
    """The book with everything filled."""
    orders = [*(one for one in book.pending or () if not one.reduce_only), order]
    held = [_line(one.strategy, one.instrument.symbol, one.units, one.stop, None, book) for one in book.positions or ()]
    return held + [_line(one.strategy, one.instrument.symbol, one.units, one.stop, one.price, book) for one in orders]


def _line(strategy: str, symbol: str, units: object, stop: object, price: object, book: AccountView) -> Line:
    base, quote = symbol.split("_")
    assert book.prices is not None
    assert book.rates is not None
    last = float(str(book.prices[symbol].price))
    entry = last if price is None else float(str(price))
    rate = 1.0 if quote == book.currency else book.rates[quote]
    held = float(str(units))
    worth = abs(held) * max(entry, last) * rate
    at_stop = abs(held) * abs(entry - float(str(stop))) * rate
    direction = 1.0 if held > 0 else -1.0
    return Line(strategy, symbol, held, worth, at_stop, ((base, direction * worth), (quote, -direction * worth)))


def net_of(currency: str, book: list[Line]) -> float:
    """Long less short of one currency, without sign."""
    return abs(sum(amount for one in book for name, amount in one.legs if name == currency))


def risk_by_group(book: list[Line], groups: dict[str, str]) -> dict[str, float]:
    """Lost at the stops, by given group."""
    ordered = sorted(book, key=lambda one: groups[one.symbol])
    return {name: sum(one.at_stop for one in part) for name, part in groupby(ordered, lambda one: groups[one.symbol])}


def worst_circle(book: list[Line], groups: dict[str, str], links: dict[frozenset[str], float], least: float) -> float:
    """The most that is lost at the stops by a position and all that move with it, where the last position is one of them.

    links: correlations by pair of symbols.
    """

    def together(one: Line, other: Line) -> bool:
        if one.symbol in groups and groups[one.symbol] == groups.get(other.symbol):
            return True
        if one.symbol != other.symbol and frozenset((one.symbol, other.symbol)) not in links:
            return False
        correlation = 1.0 if one.symbol == other.symbol else links[frozenset((one.symbol, other.symbol))]
        same_side = (one.signed_units > 0) == (other.signed_units > 0)
        return (correlation if same_side else -correlation) >= least

    circles = [[place for place, other in enumerate(book) if together(one, other)] for one in book]
    return max(sum(book[place].at_stop for place in circle) for circle in circles if len(book) - 1 in circle)
