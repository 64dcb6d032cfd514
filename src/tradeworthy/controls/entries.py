"""An order that may open a position, as the limits are asked about it."""

from dataclasses import dataclass

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.exposures import Exposure, of_order, of_position
from tradeworthy.controls.knowing import Unknown
from tradeworthy.core.order import Order


@dataclass(frozen=True, slots=True)
class Entry:
    """The order, the account it meets, and the moment (ns UTC).

    position: what the order would open. exposures: everything held, pending and asked for, `position` last; orders on
    their way that only reduce take nothing off.
    """

    order: Order
    book: AccountView
    moment_ns: int
    position: Exposure
    exposures: tuple[Exposure, ...] | Unknown

    @classmethod
    def of(cls, order: Order, book: AccountView, moment_ns: int) -> "Entry":
        """The question that this order puts to the limits."""
        position = of_order(order, book)
        return cls(order, book, moment_ns, position, _everything(position, book))

    @property
    def symbol(self) -> str:
        """Of the order's instrument."""
        return self.order.instrument.symbol


def _everything(position: Exposure, book: AccountView) -> tuple[Exposure, ...] | Unknown:
    if book.positions is None:
        return Unknown("the open positions")
    if book.pending is None:
        return Unknown("the pending orders")
    held = [of_position(one, book) for one in book.positions]
    pending = [of_order(one, book) for one in book.pending if not one.reduce_only]
    return *(one for one in (*held, *pending) if one.units != 0), position
