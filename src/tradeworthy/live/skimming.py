"""Following a replay over the bars on which nothing happens, many at a time."""

from typing import Final, Protocol

from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.quiet_bars import passed
from tradeworthy.market.bar_stretch import BarStretch

LEAST: Final = 64
MOST: Final = 4_096
"""Bars that are looked at together."""
WORTH: Final = 16
WAIT: Final = 16
"""Where fewer bars are taken at a time than looking at them is worth, so many messages are left to come by themselves."""


class Ahead(Protocol):
    """A line that can say what comes next."""

    def ahead(self, most: int) -> BarStretch | None:
        """At most so many of the next bars, as long as the line has nothing else to tell before them; None while it cannot
        say."""

    def took(self, count: int) -> None:
        """So many of them are known now and are not told again."""


class Skim:
    """Takes the bars that ask for nothing; the longer nothing happens, the more of them are looked at together."""

    def __init__(self, line: Ahead) -> None:
        self._line, self._most, self._wait = line, LEAST, 0

    def over(self, state: DeskState) -> DeskState:
        """The state before the next bar of which something comes, or nearer to it."""
        self._wait -= 1
        stretch = self._line.ahead(self._most) if self._wait < 0 else None
        if stretch is None:
            return state
        after, count = passed(state, stretch)
        self._line.took(count)
        self._most = min(2 * self._most, MOST) if count == len(stretch) else max(count, LEAST)
        self._wait = 0 if count >= WORTH else WAIT
        return after
