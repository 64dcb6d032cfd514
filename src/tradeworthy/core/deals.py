"""What a broker says of orders, deals and the account, in the words of every broker and of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

NOTHING = Decimal(0)


class OrderStatus(StrEnum):
    """Where an order stands. NEVER_ARRIVED: the broker was asked and does not know it."""

    NEW = "new"
    SENT = "sent"
    UNKNOWN = "unknown"
    WORKING = "working"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    NEVER_ARRIVED = "never arrived"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self in _OVER


_OVER = frozenset({
    OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.REJECTED, OrderStatus.NEVER_ARRIVED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fill:
    """A deal: the broker's id of it, signed units, price, fee in account money, when (nanoseconds UTC).

    rate: account money for one unit of the quote currency, by which the broker books it; None where it does not say.
    """

    fill_id: str
    units: Decimal
    price: Decimal
    fee: Decimal
    time_ns: int
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """The broker's answer when asked for an order. status: None where it does not know the order; else WORKING or how it
    ended. filled: signed units dealt so far. fills: those that it tells of."""

    status: OrderStatus | None
    filled: Decimal = NOTHING
    fills: tuple[Fill, ...] = ()


class Leg(StrEnum):
    """The orders that rest at the broker for a position, one cancelling the other; their ids are the entry's and this."""

    STOP = "stop"
    TARGET = "target"

    def of(self, entry_id: str) -> str:
        """The client id of the leg that protects what the entry opened."""
        return f"{entry_id}-{self.value}"


LEGS = tuple(Leg)


@dataclass(frozen=True, slots=True)
class BrokerBook:
    """All that a broker holds for the account at one moment (nanoseconds UTC).

    positions: net signed units by symbol, those of zero left out. open_orders: client ids of everything that may still
    deal, legs included. balance: realised, in `currency`; financing: swap booked since the account was opened.
    """

    time_ns: int
    currency: str
    balance: float
    positions: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    open_orders: tuple[str, ...] = ()
    financing: float = 0.0


@dataclass(frozen=True, slots=True)
class SessionGrant:
    """A session that a broker has granted, and when it expires (nanoseconds UTC); None where it did not say."""

    expires_ns: int | None = None
