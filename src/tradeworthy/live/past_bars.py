"""Bars of before: those that closed while the desk was away, or that strategies need to be warm. Lines that do not wait go on
meanwhile, and nothing newer is heard of any series until they have come."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Final

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import BrokerError
from tradeworthy.core.messages import BarCame, FeedEnded, Message
from tradeworthy.live.desk_events import DeskEvent, Trouble
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.holding_back import PAST_BARS
from tradeworthy.ports import Feed

HISTORY: Final = 1_000
"""Bars that are asked for of each series, or ten times what its strategies need to warm up if that is more: averages that
remember for ever have forgotten the rest by then, to the last digit that is kept."""
HISTORY_SOURCE: Final = "history"
"""Of the restriction while bars of before cannot be had."""
_AGAIN_NS: Final = 30 * SECOND_NS
_AT_ONCE: Final = 100
"""Bars that are told together; between two such lots everything else has its turn."""

Heard = Callable[[Sequence[DeskEvent]], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One series and what is asked for of it."""

    symbol: str
    timeframe: Timeframe
    after_ns: int
    count: int


class PastBars:
    """heard: takes what came, to be told like any answer. now: of the line."""

    def __init__(self, feed: Feed, heard: Heard, now: Callable[[], int]) -> None:
        self._feed, self._heard, self._now = feed, heard, now
        self._held: list[Message] = []
        self._again_ns = 0
        self._is_running = self._is_holding = self._is_asked_again = False

    async def asked(self, state: DeskState) -> list[DeskEvent]:
        """For a line that waits: all of it now, or how far it came and why no further."""
        told: list[DeskEvent] = []
        for one in _wanted(state):
            found = await self._bars(one, state.plan.timing.history_ns)
            if isinstance(found, str):
                return [*told, self._failed(found)]
            told += found
        return [*told, *self._came(state), *self._over(state)]

    def begin(self, state: DeskState) -> tuple[list[DeskEvent], Coroutine[None, None, None] | None]:
        """For a line that does not wait: what is to be known before, and the work; None while it is under way, after which it
        begins again. From now on newer bars are held back."""
        self._is_asked_again = self._is_running
        if self._is_running:
            return [], None
        self._is_running = self._is_holding = True
        known = _says(state, HISTORY_SOURCE) or _says(state, PAST_BARS)
        why = "they are being asked for"
        return ([] if known else [Trouble(self._now(), PAST_BARS, why, expected=True)]), self._run(state)

    def is_due(self) -> bool:
        """Whether they are to be asked for again."""
        late = 0 < self._again_ns <= self._now()
        return not self._is_running and (self._is_asked_again or late)

    def holds(self, message: Message) -> bool:
        """Whether the message waits for the bars before it, and comes after them."""
        waits = self._is_holding and isinstance(message, BarCame | FeedEnded)
        if waits:
            self._held.append(message)
        return waits

    async def _run(self, state: DeskState) -> None:
        wanted = _wanted(state)
        limit = state.plan.timing.history_ns
        found = await asyncio.gather(*(self._bars(one, limit) for one in wanted))
        for bars in found:
            older = [] if isinstance(bars, str) else self._older(bars)
            for first in range(0, len(older), _AT_ONCE):
                self._heard(older[first : first + _AT_ONCE])
                await asyncio.sleep(0)
        self._is_running = False
        if self._is_asked_again:  # what was missed since is asked for before anything newer is heard
            return
        failure = next((one for one in found if isinstance(one, str)), None)
        outcome = self._came(state) if failure is None else [self._failed(failure)]
        held, self._held, self._is_holding = self._held, [], False
        self._heard([*outcome, Trouble(self._now(), PAST_BARS, "they have been asked for", over=True), *held])

    def _older(self, bars: list[BarCame]) -> list[BarCame]:
        """Without those that wait already as they came: they may be entered on."""
        waiting = [one for one in self._held if isinstance(one, BarCame) and bars and _key(one) == _key(bars[0])]
        return [one for one in bars if not waiting or one.bar.open_ns < waiting[0].bar.open_ns]

    async def _bars(self, one: _Asked, limit_ns: int) -> list[BarCame] | str:
        """The bars, or why they cannot be had."""
        try:
            async with asyncio.timeout(limit_ns / SECOND_NS):
                bars = await self._feed.history(one.symbol, one.timeframe, one.after_ns, one.count)
        except (BrokerError, OSError) as error:
            return f"bars of before cannot be had: {str(error) or 'no answer came'}"
        return [BarCame(bar.close_ns, one.symbol, one.timeframe, bar, backfill=True) for bar in bars]

    def _failed(self, why: str) -> Trouble:
        self._again_ns = self._now() + _AGAIN_NS
        return Trouble(self._now(), HISTORY_SOURCE, why)

    def _came(self, state: DeskState) -> list[DeskEvent]:
        failed, self._again_ns = self._again_ns or _says(state, HISTORY_SOURCE), 0
        return [Trouble(self._now(), HISTORY_SOURCE, "bars of before have come", over=True)] if failed else []

    def _over(self, state: DeskState) -> list[DeskEvent]:
        """What a process that was killed meanwhile had said."""
        said = _says(state, PAST_BARS)
        return [Trouble(self._now(), PAST_BARS, "they have been asked for", over=True)] if said else []


def _wanted(state: DeskState) -> list[_Asked]:
    found = []
    for place, series in enumerate(state.plan.series):
        last = state.histories[place].last
        warm = max(state.plan.members[i].strategy.warm_up for i in series.members)
        after_ns = 0 if last is None else last.close_ns
        found.append(_Asked(series.symbol, series.timeframe, after_ns, max(HISTORY, 10 * warm)))
    return found


def _says(state: DeskState, source: str) -> bool:
    return any(one.source == source for one in state.mode.restrictions)


def _key(one: BarCame) -> tuple[str, Timeframe]:
    return one.symbol, one.timeframe
