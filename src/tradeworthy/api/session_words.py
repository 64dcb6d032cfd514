"""What the events and notes of a desk's journal hold, as far as an attribution asks: the shapes they are read into."""

from typing import Any

import msgspec


class Bar(msgspec.Struct, frozen=True, gc=False):
    """Of an event `bar`."""

    open_ns: int
    close_ns: int
    open: float
    high: float
    low: float
    close: float


class BarCame(msgspec.Struct, frozen=True, gc=False):
    """A bar, and whether it was asked for afterwards."""

    symbol: str
    timeframe: str
    bar: Bar
    backfill: bool = False


class Started(msgspec.Struct, frozen=True):
    """A process took the desk over, with these settings."""

    version: str
    simulated: bool
    currency: str
    settings: dict[str, Any]


class Fill(msgspec.Struct, frozen=True):
    """A deal; numbers are text, as brokers write them. rate: of the quote currency, where the broker said it."""

    fill_id: str
    units: str
    price: str
    fee: str
    time_ns: int
    rate: float | None = None


class Deal(msgspec.Struct, frozen=True):
    """A deal of an order."""

    client_id: str
    fill: Fill


class Report(msgspec.Struct, frozen=True):
    """What a broker says of an order."""

    fills: tuple[Fill, ...] = ()


class Reported(msgspec.Struct, frozen=True):
    """An order that was asked for."""

    client_id: str
    report: Report


class Balance(msgspec.Struct, frozen=True):
    """Of a broker's book."""

    balance: float


class Book(msgspec.Struct, frozen=True):
    """All that a broker holds."""

    book: Balance


class Named(msgspec.Struct, frozen=True):
    """An event about an order."""

    client_id: str


class Asked(msgspec.Struct, frozen=True):
    """An operator's wish."""

    wish: str


class Sent(msgspec.Struct, frozen=True):
    """A note: an order was sent, or ended without a deal. decided_ns: of an entry. status: of one that ended."""

    client_id: str = ""
    units: str = ""
    decided_ns: int = 0
    status: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A note: an entry was dealt, whole or in part."""

    client_id: str
    units: str


class Refused(msgspec.Struct, frozen=True):
    """A note: a check stopped an entry."""

    check: str


class Closed(msgspec.Struct, frozen=True):
    """A note: a trade is over, and what it made."""

    side: str
    units: str
    entry_price: float
    exit_price: float
    exit_ns: int
    decided_ns: int
    reason: str
    pnl: float
    r: float | None
    fees: float
    entry_id: str


class Note(msgspec.Struct, frozen=True):
    """What people were told about an event."""

    kind: str
    sentence: str
    about: int
    symbol: str
    data: dict[str, Any]
