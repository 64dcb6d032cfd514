"""What changes in a paper account, as plain records: they are what its store keeps, and folding them is the account."""

from decimal import Decimal
from typing import TypeAlias

import msgspec

from tradeworthy.core.deals import Fill, OrderStatus
from tradeworthy.core.messages import DealCame, OrderNews


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """The account was opened."""

    time_ns: int
    balance: float
    currency: str


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """An order was accepted, and is live from `live_ns` on. Prices and distances as in `Order`."""

    time_ns: int
    live_ns: int
    broker_id: str
    client_id: str
    symbol: str
    strategy: str
    units: Decimal
    stop: float | None
    target: float | None
    reduce_only: bool
    price: float | None
    stop_distance: float | None
    target_distance: float | None
    closes: str

    @property
    def sign(self) -> int:
        """+1 buys, -1 sells."""
        return 1 if self.units > 0 else -1


class Rejected(msgspec.Struct, frozen=True, tag="rejected"):
    """An order was refused when it came."""

    time_ns: int
    client_id: str
    broker_id: str
    reason: str


class Opening(msgspec.Struct, frozen=True):
    """What a deal opened. since_ns: nights after that moment are financed. from_ns: legs are held against bars that open then or
    later. stop, target: where the legs rest."""

    since_ns: int
    from_ns: int
    stop: float | None
    target: float | None


class Closing(msgspec.Struct, frozen=True):
    """How many units (above zero) of which trade a deal closed."""

    entry_id: str
    units: Decimal


class Dealt(msgspec.Struct, frozen=True, kw_only=True, tag="dealt"):
    """A deal. raw_fee: before the least fee of an order. pnl, swap: booked by it, in account money. rate: account money for one
    unit of the quote currency then; None in accounts that were kept before it was."""

    time_ns: int
    client_id: str
    fill_id: str
    units: Decimal
    price: float
    fee: float
    raw_fee: float
    opening: Opening | None = None
    closings: tuple[Closing, ...] = ()
    pnl: float = 0.0
    swap: float = 0.0
    rate: float | None = None

    @property
    def fill(self) -> Fill:
        """As it is told; the price with every digit of the bar's."""
        price, fee = Decimal(repr(self.price)), Decimal(repr(self.fee))
        return Fill(self.fill_id, self.units, price, fee, self.time_ns, self.rate)


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """An order or a leg ended other than by being dealt in full."""

    time_ns: int
    client_id: str
    status: OrderStatus
    reason: str
    filled: Decimal


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """A leg rests elsewhere from now on: it is held against bars that open at that moment or later, and those before against
    where it rested."""

    time_ns: int
    client_id: str
    price: float


Change: TypeAlias = Begun | Taken | Rejected | Dealt | Ended | Moved


def message_of(change: Change) -> DealCame | OrderNews | None:
    """What the desk is told of it; None for what `place` has answered."""
    if isinstance(change, Dealt):
        return DealCame(change.time_ns, change.client_id, change.fill)
    if isinstance(change, Ended):
        return OrderNews(change.time_ns, change.client_id, change.status, change.reason, change.filled)
    return None
