"""On what terms the paper broker deals."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from types import MappingProxyType
from typing import Final

from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import non_negative, positive, whole_number
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.bars import Bars

_LEAST_PART: Final = 0.1
_DRAWN: Final = 2.0**-64


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """The paper account, and what its broker does to orders.

    balance: to begin with, in `currency` ("" is the quote currency of the first series). rates: account money for one unit of
    a quote currency, by that currency, as a number or as bars of the pair (docs/money.md). latency_ms: an order is live so
    much later than it was sent. partial_share: share of orders of which only a part is dealt at first. units_per_bar: the
    most that one order is dealt at one open. reject_share: share of orders that are refused. expiry: bars after which a
    waiting order expires. seed: of all that is drawn, with the client id, so that the order of asking does not matter.
    """

    balance: float = 10_000.0
    currency: str = ""
    rates: Mapping[str, float | Bars] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    latency_ms: float = 0.0
    partial_share: float = 0.0
    units_per_bar: float | None = None
    reject_share: float = 0.0
    expiry: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        positive(self.balance, "paper: balance")
        non_negative(self.latency_ms, "paper: latency_ms")
        for name in ("partial_share", "reject_share"):
            if non_negative(getattr(self, name), f"paper: {name}") > 1:
                raise InputError(f"paper: {name} is a share from 0 to 1, not {getattr(self, name)!r}")
        if self.units_per_bar is not None:
            positive(self.units_per_bar, "paper: units_per_bar")
        if self.expiry is not None and (whole_number(self.expiry) or 0) < 1:
            raise InputError(f"paper: expiry must be a whole number of bars, 1 or more, not {self.expiry!r}")
        if whole_number(self.seed) is None:
            raise InputError(f"paper: seed must be a whole number, not {self.seed!r}")

    @property
    def latency_ns(self) -> int:
        """How much later an order is live."""
        return round(self.latency_ms * SECOND_NS / 1000)

    def rejects(self, client_id: str) -> bool:
        """Whether this order is one of those that are refused."""
        return self._draw(client_id, "reject") < self.reject_share

    def part(self, client_id: str, left: Decimal, instrument: Instrument, *, is_first: bool) -> Decimal:
        """How many of the units that are left (signed) are dealt at one open."""
        most, step = abs(left), instrument.lot_step
        if is_first and self._draw(client_id, "partial") < self.partial_share:
            share = _LEAST_PART + (1 - 2 * _LEAST_PART) * self._draw(client_id, "part")
            most = _whole_steps(most * Decimal(repr(share)), step) or most
        if self.units_per_bar is not None:
            most = min(most, max(_whole_steps(Decimal(repr(float(self.units_per_bar))), step), step))
        return most.copy_sign(left)

    def _draw(self, client_id: str, what: str) -> float:
        """From 0 up to but without 1."""
        digest = hashlib.blake2b(f"{self.seed} {what} {client_id}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") * _DRAWN


def _whole_steps(units: Decimal, step: Decimal) -> Decimal:
    return (units / step).quantize(Decimal(1), ROUND_DOWN) * step
