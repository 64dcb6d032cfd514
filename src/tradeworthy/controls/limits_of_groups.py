"""The limit on positions that lose together."""

from dataclasses import dataclass
from typing import ClassVar

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.exposures import Exposure
from tradeworthy.controls.knowing import Known, Unknown, entry_of, known, total
from tradeworthy.controls.outcomes import Outcome, at_most_share
from tradeworthy.controls.ranges import require_number, require_switch

_HIGHEST = 1.0 + 1e-9
"""Rounding may leave a correlation a little above 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRisk:
    """What the positions that move together lose at their stops, as a share of the equity.

    Two positions are together when their instruments are in the same given group, or when their correlation, turned
    by the direction of each, is at least `correlation`: a long EUR_USD and a short USD_CHF are. Every circle of
    positions around one of them that the order joins has to stay within the limit.
    """

    share: float = 0.06
    correlation: float = 0.7
    enabled: bool = True
    name: ClassVar[str] = "group risk"

    def __post_init__(self) -> None:
        require_number(f"{self.name}: share", self.share, 0.0, 1.0, above=True)
        require_number(f"{self.name}: correlation", self.correlation, 0.0, 1.0, above=True)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        return at_most_share(self.name, self.share, self._worst(entry), entry.book)

    def _worst(self, entry: Entry) -> Known:
        book, exposures = entry.book, entry.exposures
        if isinstance(exposures, Unknown):
            return exposures
        circle = self._circle(entry.position, exposures, book)
        if isinstance(circle, Unknown):
            return circle
        worst = 0.0
        for centre in circle:
            members = self._circle(centre, exposures, book)
            money = members if isinstance(members, Unknown) else total(one.risk for one in members)
            if isinstance(money, Unknown):
                return money
            worst = max(worst, money)
        return worst

    def _circle(self, centre: Exposure, exposures: tuple[Exposure, ...], book: AccountView) -> list[Exposure] | Unknown:
        members = []
        for one in exposures:
            joined = one is centre or self._together(centre, one, book)
            if isinstance(joined, Unknown):
                return joined
            if joined:
                members.append(one)
        return members

    def _together(self, one: Exposure, other: Exposure, book: AccountView) -> bool | Unknown:
        first, second = one.instrument.symbol, other.instrument.symbol
        groups = entry_of(book.groups, first), entry_of(book.groups, second)
        if None not in groups and groups[0] == groups[1]:
            return True
        given = 1.0 if first == second else entry_of(book.correlations, frozenset((first, second)))
        what = f"the correlation of {first} and {second}, or the group of each"
        correlation = known(given, what)
        if not isinstance(correlation, Unknown) and abs(correlation) > _HIGHEST:
            correlation = Unknown(what)
        for units in (one.units, other.units):
            if isinstance(units, Unknown):
                return units
        if isinstance(correlation, Unknown):
            return False if None not in groups else correlation
        return correlation * one.sign * other.sign >= self.correlation
