"""The limit on positions that lose together."""

from dataclasses import dataclass
from typing import ClassVar, Final

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.exposures import Exposure
from tradeworthy.controls.knowing import Known, Unknown, entry_of, number_of, total
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
        worst, drawn, own = 0.0, set(), (entry.position.symbol, entry.position.sign)
        for centre in circle:
            side = centre.symbol, centre.sign
            if centre.sign != 0:  # all that stand on one side of one instrument have the same circle
                if side in drawn:
                    continue
                drawn.add(side)
            same = centre is entry.position or (side == own and centre.sign != 0)
            members = circle if same else self._circle(centre, exposures, book)
            money = members if isinstance(members, Unknown) else total([one.risk for one in members])
            if isinstance(money, Unknown):
                return money
            worst = max(worst, money)
        return worst

    def _circle(self, centre: Exposure, exposures: tuple[Exposure, ...], book: AccountView) -> list[Exposure] | Unknown:
        members: list[Exposure] = []
        links: dict[str, Known] = {}  # asked once for a symbol, and not for each of its positions
        for one in exposures:
            symbol = one.symbol
            link = links.get(symbol)
            if link is None:
                link = links[symbol] = _link(centre.symbol, symbol, book)
            if link == _ONE_GROUP or one is centre:
                members.append(one)
                continue
            if centre.sign == 0 and isinstance(centre.units, Unknown):
                return centre.units
            if one.sign == 0 and isinstance(one.units, Unknown):
                return one.units
            if isinstance(link, Unknown):
                return link
            if link * centre.sign * one.sign >= self.correlation:
                members.append(one)
        return members


_ONE_GROUP: Final = 2.0
_APART: Final = 0.0
"""No correlation is this far from anything: what is known to be in two groups is not together."""


def _link(first: str, second: str, book: AccountView) -> Known:
    """The correlation of two symbols, _ONE_GROUP of those in the same."""
    one, other = entry_of(book.groups, first), entry_of(book.groups, second)
    both = one is not None and other is not None
    if both and one == other:
        return _ONE_GROUP
    correlation = number_of(1.0 if first == second else entry_of(book.correlations, frozenset((first, second))))
    if correlation is not None and abs(correlation) <= _HIGHEST:
        return correlation
    return _APART if both else Unknown(f"the correlation of {first} and {second}, or the group of each")
