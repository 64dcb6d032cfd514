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

    price: the worst price it may be filled at, None for an order at market.
    """

    client_id: str
    instrument: Instrument
    strategy: str
    units: Decimal
    stop: Decimal | None = None
    target: Decimal | None = None
    reduce_only: bool = False
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that may not be sent: the check that stopped it, why, the limit and what was found instead."""

    check: str
    reason: str
    limit: str
    actual: str
