"""From "something changed" to "this bar changed first, and so many later bars did it"."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.lookahead_report import Change, FoundBy
from tradeworthy.backtest.replays import Refusal, Replays
from tradeworthy.backtest.sameness import ROUNDING, at_bar, first_difference, same_decision
from tradeworthy.strategies.protocol import Decision, Decisions

ONE_BY_ONE = (8, 64)
"""So many later bars are given back one at a time, as far as the work allows; beyond that their number is doubled."""
MOST_REPLAYS = 4000
PROBES = 24
"""Numbers of later bars, beyond the one that settled a decision, at which it is looked at again."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A change seen at one cut: at the very bar before it (`own`), or else the lowest bar that changed.

    reach: the lowest bar that changed there looks at least so many bars ahead.
    """

    bar: int
    cut: int
    found_by: FoundBy
    own: bool
    reach: int = 1

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The smallest says most: what would have been decided at the time comes before what changed afterwards."""
        return not self.own, self.found_by is FoundBy.REPLACED, self.bar


@dataclass(frozen=True, slots=True)
class LeakSearch:
    """Looks closer at a leak in the decisions `whole`, without replaying more than `allowed` bars."""

    replays: Replays
    whole: Decisions
    first_cut: int
    allowed: int

    def replay(self, cut: int, found_by: FoundBy) -> Decisions | Refusal:
        """What is decided on the bars before the cut."""
        return self.replays.cut_off(cut) if found_by is FoundBy.CUT_OFF else self.replays.replaced(cut)

    def sighted(self, cut: int, there: Decisions, found_by: FoundBy) -> Sighting | None:
        """What differs by more than rounding from the decisions made with all bars."""
        bar = first_difference(self.whole.until(cut), there, ROUNDING)
        reach = 1 if bar is None else cut - bar
        if self._own_differs(cut, there):
            return Sighting(cut - 1, cut, found_by, own=True, reach=reach)
        return None if bar is None else Sighting(bar, cut, found_by, own=False, reach=reach)

    def change(self, sighting: Sighting, cuts: dict[FoundBy, int], reach: int) -> Change:
        """The first such bar, and how far ahead it looks; reach: the farthest that any bar was seen to look.

        One bar says little about how far: a mean over the whole history may part from itself at the first bar, be right
        by chance with the second, and go on changing everywhere else.
        """
        earliest, first = self._earliest(sighting) if sighting.own else (sighting, False)
        bars, bar = self.replays.bars, earliest.bar
        later = len(bars) - 1 - bar

        def row(ahead: int) -> Decision | None:
            there = self.whole if ahead >= later else self.replay(bar + 1 + ahead, earliest.found_by)
            return None if isinstance(there, Refusal) else at_bar(there, bar)

        final, alone = at_bar(self.whole, bar), row(0)
        known = later if earliest.own else earliest.cut - 1 - bar
        if earliest.own and earliest.found_by is FoundBy.REPLACED:
            settled: int | None = _settled(lambda count: same_decision(row(count), final), later, self._one_by_one)
            ahead = settled or known
        else:
            ahead = _smallest(lambda count: not same_decision(row(count), alone), known, self._one_by_one)
            settled = (
                _lasting(lambda count: same_decision(row(count), final), ahead - 1, later) if earliest.own else None
            )
        if settled is not None:
            settled = max(settled, min(reach, later))
        without = alone if earliest.own else row(known)
        return Change(
            bar, int(bars.close_time[bar]), final, without, earliest.found_by, ahead, settled, later, first,
            cuts[FoundBy.CUT_OFF], cuts[FoundBy.REPLACED],
        )  # fmt: skip

    @property
    def _one_by_one(self) -> int:
        fewest, most = ONE_BY_ONE
        return max(fewest, min(most, self.allowed // len(self.replays.bars)))

    def _own_differs(self, cut: int, there: Decisions) -> bool:
        return not same_decision(at_bar(self.whole, cut - 1), at_bar(there, cut - 1))

    def _earliest(self, sighting: Sighting) -> tuple[Sighting, bool]:
        """Cuts right after every bar before the one seen; where those are too many, after every decision."""
        cuts, complete = self._tried_before(sighting)
        for cut in cuts:
            there = self.replay(cut, sighting.found_by)
            if not isinstance(there, Refusal) and self._own_differs(cut, there):
                return Sighting(cut - 1, cut, sighting.found_by, own=True), cut <= complete
        return sighting, sighting.cut <= complete + 1

    def _tried_before(self, sighting: Sighting) -> tuple[list[int], int]:
        """Cuts before the one seen, in order, and up to which of them none is left out: half of the work goes there."""
        every = np.arange(self.first_cut, sighting.cut)
        if self._work(every, sighting.found_by).sum() <= self.allowed and len(every) <= MOST_REPLAYS:
            return every.tolist(), sighting.cut - 1
        start = self._affordable(every, sighting.found_by)
        places = self.whole.bar + 1
        rest = places[(places > start[-1] if len(start) else places >= self.first_cut) & (places < sighting.cut)]
        cuts: list[int] = [*start.tolist(), *self._affordable(rest, sighting.found_by).tolist()]
        return cuts, int(start[-1]) if len(start) else self.first_cut - 1

    def _affordable(self, cuts: npt.NDArray[np.int64], found_by: FoundBy) -> npt.NDArray[np.int64]:
        return cuts[np.cumsum(self._work(cuts, found_by)) <= self.allowed // 2][: MOST_REPLAYS // 2]

    def _work(self, cuts: npt.NDArray[np.int64], found_by: FoundBy) -> npt.NDArray[np.int64]:
        return cuts if found_by is FoundBy.CUT_OFF else np.full(len(cuts), len(self.replays.bars))


def _smallest(true_at: Callable[[int], bool], known: int, one_by_one: int) -> int:
    """The smallest count from 1 to `known`, at which it is true, that makes it true: one by one, then doubled and bisected."""
    below, count = 0, 1
    while count < known and not true_at(count):
        below = count
        count = count + 1 if count < one_by_one else count * 2
    return _boundary(true_at, below, min(count, known))


def _settled(final_at: Callable[[int], bool], later: int, one_by_one: int) -> int:
    """So many later bars make it final. Other futures may do that by chance, so small counts are tried one by one."""
    settled = _boundary(final_at, 0, later)
    for count in range(min(one_by_one, later - 1), settled, -1):
        if not final_at(count):
            return count + 1
    return settled


def _lasting(final_at: Callable[[int], bool], no: int, later: int) -> int:
    """So many later bars make it final, and more were not seen to undo that."""
    settled = _boundary(final_at, no, later)
    farther = np.unique(np.geomspace(settled, max(settled, later - 1), PROBES).astype(np.int64))
    for count in farther[::-1].tolist():
        if not final_at(count):
            return _boundary(final_at, count, later)
    return settled


def _boundary(true_at: Callable[[int], bool], no: int, yes: int) -> int:
    """Where false at `no` becomes true at `yes`."""
    while yes - no > 1:
        middle = (no + yes) // 2
        if true_at(middle):
            yes = middle
        else:
            no = middle
    return yes
