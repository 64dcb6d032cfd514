"""Limits on the whole book as it would stand with this order, and everything pending, filled."""

from dataclasses import dataclass
from typing import ClassVar

from tradeworthy.controls.entries import Entry
from tradeworthy.controls.exposures import currencies_of, net_exposure
from tradeworthy.controls.knowing import Known, Unknown, total
from tradeworthy.controls.outcomes import (
    Outcome,
    at_most,
    at_most_share,
    at_most_times,
    in_count,
    not_applicable,
)
from tradeworthy.controls.ranges import require_number, require_switch, require_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPerInstrument:
    """What all positions in the order's instrument lose together at their stops, as a share of the equity."""

    share: float = 0.05
    enabled: bool = True
    name: ClassVar[str] = "risk per instrument"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: share", self.share, 0.0, 1.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        exposures, symbol = entry.exposures, entry.symbol
        if isinstance(exposures, Unknown):
            return at_most_share(self.name, self.share, exposures, entry.book)
        money = total([one.risk for one in exposures if one.symbol == symbol])
        return at_most_share(self.name, self.share, money, entry.book)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionalPerInstrument:
    """The size of all positions in the order's instrument, as a multiple of the equity."""

    times: float = 15.0
    enabled: bool = True
    name: ClassVar[str] = "notional per instrument"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: times", self.times, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        exposures, symbol = entry.exposures, entry.symbol
        if isinstance(exposures, Unknown):
            return at_most_times(self.name, self.times, exposures, entry.book)
        money = total([one.notional for one in exposures if one.symbol == symbol])
        return at_most_times(self.name, self.times, money, entry.book)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyExposure:
    """The net exposure to each currency of the order's pair, as a multiple of the equity; both legs of every pair count.

    The account's own currency counts too: many pairs against it are one bet.
    """

    times: float = 20.0
    enabled: bool = True
    name: ClassVar[str] = "currency exposure"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: times", self.times, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry; the currency with the larger exposure speaks."""
        legs = currencies_of(entry.order.instrument)
        if not legs:
            return not_applicable(self.name, f"{entry.symbol} exchanges no currencies")
        exposures = entry.exposures
        if isinstance(exposures, Unknown):
            return at_most_times(self.name, self.times, exposures, entry.book)
        money = _largest([net_exposure(currency, exposures) for currency in legs])
        return at_most_times(self.name, self.times, money, entry.book)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPositions:
    """How many positions, per strategy and instrument, would be open. Adding to one opens no other."""

    most: int = 16
    enabled: bool = True
    name: ClassVar[str] = "open positions"

    def __post_init__(self) -> None:
        require_whole(f"{self.name}: most", self.most, 1)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        exposures = entry.exposures
        if isinstance(exposures, Unknown):
            return at_most(self.name, self.most, exposures, in_count)
        unknown = next((one.units for one in exposures if one.sign == 0 and isinstance(one.units, Unknown)), None)
        return at_most(
            self.name, self.most, unknown or float(len({(one.strategy, one.symbol) for one in exposures})), in_count
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrossLeverage:
    """The size of all positions, long and short added, as a multiple of the equity.

    The default is what European rules let private clients hold in major pairs (ESMA decision 2018/796, 30 to 1).
    """

    times: float = 30.0
    enabled: bool = True
    name: ClassVar[str] = "gross leverage"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: times", self.times, 0.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        exposures = entry.exposures
        if isinstance(exposures, Unknown):
            return at_most_times(self.name, self.times, exposures, entry.book)
        return at_most_times(self.name, self.times, total([one.notional for one in exposures]), entry.book)


def _largest(amounts: list[Known]) -> Known:
    unknown = next((one for one in amounts if isinstance(one, Unknown)), None)
    return unknown or max(one for one in amounts if not isinstance(one, Unknown))
