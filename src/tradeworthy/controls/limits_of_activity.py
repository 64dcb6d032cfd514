"""Limits on how much is done: orders a minute, trades a day."""

from dataclasses import dataclass
from typing import ClassVar

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.knowing import Unknown, known_count, known_moment
from tradeworthy.controls.outcomes import Outcome, at_most, in_count, missing
from tradeworthy.controls.ranges import require_switch, require_whole
from tradeworthy.core.clock import MINUTE_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPerMinute:
    """Orders of any kind sent within the last 60 seconds, this one included. One sent 60 seconds ago has left them."""

    most: int = 10
    enabled: bool = True
    name: ClassVar[str] = "orders per minute"

    def __post_init__(self) -> None:
        require_whole(f"{self.name}: most", self.most, 1)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        now = known_moment(entry.moment_ns, "the present moment")
        if isinstance(now, Unknown):
            return missing(self.name, self._required(), now)
        if entry.book.orders_sent_ns is None:
            return missing(self.name, self._required(), Unknown("the times of the latest orders"))
        recent = 1
        for sent in entry.book.orders_sent_ns:
            time_ns = known_moment(sent, "the times of the latest orders")
            if isinstance(time_ns, Unknown):
                return missing(self.name, self._required(), time_ns)
            recent += time_ns > now - MINUTE_NS
        return at_most(self.name, self.most, float(recent), in_count)

    def _required(self) -> str:
        return f"at most {in_count(self.most)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradesPerDay:
    """Entries on the exchange's day: filled, pending, and this one. The default is that of `Calibration`."""

    most: int = Calibration().trades_per_day_max
    enabled: bool = True
    name: ClassVar[str] = "trades per day"

    def __post_init__(self) -> None:
        require_whole(f"{self.name}: most", self.most, 1)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        today = known_count(entry.book.trades_today, "the number of trades today")
        if isinstance(today, Unknown):
            return missing(self.name, self._required(), today)
        if entry.book.pending is None:
            return missing(self.name, self._required(), Unknown("the pending orders"))
        pending = sum(not one.reduce_only for one in entry.book.pending)
        return at_most(self.name, self.most, float(today + pending + 1), in_count)

    def _required(self) -> str:
        return f"at most {in_count(self.most)}"
