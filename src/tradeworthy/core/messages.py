"""What comes in from outside: bars from feeds, deals and news of orders from brokers, and how the lines are.

Every message says when it held at its source (`time_ns`, nanoseconds UTC). They are journaled as they are.
"""

from decimal import Decimal
from typing import TypeAlias

import msgspec

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.deals import Fill, OrderStatus


class ArrivingBar(msgspec.Struct, frozen=True, gc=False):
    """One bar as a feed says it. Times are nanoseconds UTC, prices are in the quote currency."""

    open_ns: int
    close_ns: int
    open: float
    high: float
    low: float
    close: float


class BarCame(msgspec.Struct, frozen=True, gc=False, tag="bar"):
    """A bar was closed. backfill: it was asked for afterwards; indicators see it, and nothing is entered on it."""

    time_ns: int
    symbol: str
    timeframe: Timeframe
    bar: ArrivingBar
    backfill: bool = False


class DealCame(msgspec.Struct, frozen=True, gc=False, tag="deal"):
    """The order of this client id, or a leg of it, was dealt in full or in part."""

    time_ns: int
    client_id: str
    fill: Fill


class OrderNews(msgspec.Struct, frozen=True, gc=False, tag="order"):
    """The broker took an order (WORKING), or it ended other than by a deal. filled: signed units dealt in all, if said."""

    time_ns: int
    client_id: str
    status: OrderStatus
    reason: str = ""
    filled: Decimal | None = None


class Heartbeat(msgspec.Struct, frozen=True, gc=False, tag="heartbeat"):
    """The line is alive, and says nothing of any market."""

    time_ns: int
    line: str


class LineUp(msgspec.Struct, frozen=True, gc=False, tag="line up"):
    """The line is connected, for the first time or again."""

    time_ns: int
    line: str


class LineDown(msgspec.Struct, frozen=True, gc=False, tag="line down"):
    """The line is lost, or was given up."""

    time_ns: int
    line: str
    reason: str


class FeedEnded(msgspec.Struct, frozen=True, gc=False, tag="ended"):
    """A replay is over: nothing more will come."""

    time_ns: int
    line: str


Message: TypeAlias = BarCame | DealCame | OrderNews | Heartbeat | LineUp | LineDown | FeedEnded
