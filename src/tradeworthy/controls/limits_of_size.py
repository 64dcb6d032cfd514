"""Limits on one order by itself: what it risks, how large it is, and whether it looks like a slip of the finger."""

from dataclasses import dataclass
from statistics import median
from typing import ClassVar

from tradeworthy.controls.entries import Entry
from tradeworthy.controls.knowing import Known, Unknown, entry_of, number_of
from tradeworthy.controls.outcomes import (
    Outcome,
    at_most,
    at_most_share,
    at_most_times,
    in_count,
    in_times,
    missing,
    not_applicable,
)
from tradeworthy.controls.ranges import require_number, require_switch, require_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPerTrade:
    """The loss at the order's stop, as a share of the equity. An order without a stop is refused.

    The default leaves room above 2% sizes for quiet markets (1.1 times) and for prices that move before the gate.
    """

    share: float = 0.025
    enabled: bool = True
    name: ClassVar[str] = "risk per trade"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: share", self.share, 0.0, 1.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        return at_most_share(self.name, self.share, entry.position.risk, entry.book)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPerOrder:
    """Units of one order, long or short. Off, because no number suits every instrument."""

    most: float = 1_000_000.0
    enabled: bool = False
    name: ClassVar[str] = "units per order"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: most", self.most, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        return at_most(self.name, self.most, _units(entry), in_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionalPerOrder:
    """The size of one order in account money, as a multiple of the equity."""

    times: float = 10.0
    enabled: bool = True
    name: ClassVar[str] = "notional per order"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: times", self.times, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        return at_most_times(self.name, self.times, entry.position.notional, entry.book)


@dataclass(frozen=True, slots=True, kw_only=True)
class FatFinger:
    """Units of one order against the median of the latest orders in the same instrument.

    times: how many medians are too many beyond. orders: how many of the latest count. least: with fewer there is no
    habit to compare with, and the limit does not apply.
    """

    times: float = 5.0
    orders: int = 20
    least: int = 5
    enabled: bool = True
    name: ClassVar[str] = "fat finger"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: times", self.times, 1.0)
        require_whole(f"{self.name}: least", self.least, 1)
        require_whole(f"{self.name}: orders", self.orders, self.least)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        symbol = entry.symbol
        recent = entry_of(entry.book.recent_units, symbol, ())
        if recent is None:
            return missing(self.name, self._usual(symbol), Unknown("the units of the latest orders"))
        latest = recent[-self.orders :]
        if len(latest) < self.least:
            return not_applicable(self.name, f"{len(latest)} earlier orders in {symbol}, {self.least} are needed")
        sizes = [abs(number) for one in latest if (number := number_of(one)) is not None]
        if len(sizes) < len(latest):
            return missing(self.name, self._usual(symbol), Unknown(f"the units of the latest {symbol} orders"))
        return at_most(self.name, self.times * median(sizes), _units(entry), in_count)

    def _usual(self, symbol: str) -> str:
        return f"at most {in_times(self.times)} the median of the latest {symbol} orders"


def _units(entry: Entry) -> Known:
    units = entry.position.units
    return units if isinstance(units, Unknown) else abs(units)
