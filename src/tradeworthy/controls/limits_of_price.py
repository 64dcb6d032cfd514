"""Limits on the price: how far a limit order may stand from it, and how old it may be."""

from dataclasses import dataclass
from typing import ClassVar

from tradeworthy.controls.entries import Entry
from tradeworthy.controls.exposures import last_price
from tradeworthy.controls.knowing import Unknown, entry_of, known_above_zero, known_moment
from tradeworthy.controls.outcomes import Outcome, at_most, in_count, in_percent, missing, not_applicable
from tradeworthy.controls.ranges import require_number, require_share, require_switch
from tradeworthy.core.clock import SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """How far a limit price may stand from the last price, on either side, as a share of the last price."""

    share: float = 0.02
    enabled: bool = True
    name: ClassVar[str] = "price band"

    def __post_init__(self) -> None:
        require_share(f"{self.name}: share", self.share)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        if entry.order.price is None:
            return not_applicable(self.name, "an order at market")
        symbol = entry.symbol
        required = f"at most {in_percent(self.share)} from the last price"
        price, last = (
            known_above_zero(entry.order.price, f"the limit price of {symbol}"),
            last_price(entry.book, symbol),
        )
        if isinstance(price, Unknown):
            return missing(self.name, required, price)
        if isinstance(last, Unknown):
            return missing(self.name, required, last)
        return at_most(self.name, self.share, abs(price - last) / last, in_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class StalePrice:
    """The age of the last price in seconds, counted from the quote's receipt or the bar's close.

    A price from further ahead than this is refused too: then one of the two clocks is wrong.
    """

    seconds: float = 60.0
    enabled: bool = True
    name: ClassVar[str] = "stale price"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: seconds", self.seconds, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        symbol = entry.symbol
        latest = entry_of(entry.book.prices, symbol)
        price, now = last_price(entry.book, symbol), known_moment(entry.moment_ns, "the present moment")
        time_ns = known_moment(None if latest is None else latest.time_ns, f"the time of the last price of {symbol}")
        if isinstance(price, Unknown) or isinstance(time_ns, Unknown) or isinstance(now, Unknown):
            unknown = next(one for one in (price, time_ns, now) if isinstance(one, Unknown))
            return missing(self.name, f"at most {in_count(self.seconds)} s", unknown)
        return at_most(self.name, self.seconds, abs(now - time_ns) / SECOND_NS, lambda age: f"{in_count(age)} s")
