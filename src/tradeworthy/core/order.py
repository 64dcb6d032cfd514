"""What is asked of a broker."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tradeworthy.core.instrument import Instrument


class Side(StrEnum):
    """Direction of a trade."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 for long, -1 for short."""
        return 1 if self is Side.LONG else -1


@dataclass(frozen=True, slots=True)
class Order:
    """One order with the stop and target that rest with it. `units` is signed: below zero sells.

    price: the worst price it may be filled at, None for an order at market. stop_distance, target_distance: in price
    units from the fill, unrounded; where they are given they decide, and `stop` and `target` are where they are expected
    to lie. closes: the client id of the entry that opened what a reduce-only order closes, "" where it is not known.
    """

    client_id: str
    instrument: Instrument
    strategy: str
    units: Decimal
    stop: Decimal | None = None
    target: Decimal | None = None
    reduce_only: bool = False
    price: Decimal | None = None
    stop_distance: float | None = None
    target_distance: float | None = None
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that may not be sent: the check that stopped it, why, the limit and what was found instead."""

    check: str
    reason: str
    limit: str
    actual: str
