"""Many bars in one step, as long as nothing comes of them but what the bars themselves change. Pure, as the step is.

A desk that replays years spends nearly all of its steps on bars that no strategy decides on, while nothing waits for an
answer. `passed` takes such bars together and gives the very state that stepping through them one by one gives.
"""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from tradeworthy.core.messages import ArrivingBar
from tradeworthy.live.bar_arrival import REMEMBERED, BarHistory, longest_ns
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState, MemberState
from tradeworthy.live.health import is_well
from tradeworthy.live.mode import Mode
from tradeworthy.live.pressing import loud_orders
from tradeworthy.market.bar_stretch import BarStretch
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, BatchStream, DecisionStream

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_ALL: Final = 2**62


def can_pass(plan: DeskPlan) -> bool:
    """Whether all its strategies take many bars at once."""
    return all(isinstance(one.strategy.stream(), BatchStream) for one in plan.members)


def passed(state: DeskState, ahead: BarStretch) -> tuple[DeskState, int]:
    """The state after as many of these bars as ask for nothing, each having come when it closed, and how many those are.

    Equal to that many steps, for a plan that `can_pass`. Where the desk is not at rest it is none.
    """
    if not len(ahead) or not _is_at_rest(state):
        return state, 0
    at = state.plan.series_at
    place = np.array([at.get(key, -1) for key in ahead.series])[ahead.place]
    sound = _sound(state, place, ahead)
    pieces = [] if not sound else _pieces(state, place[:sound], ahead)
    quiet = min((one.quiet_for(state) for one in pieces), default=0)
    return _after(state, place[: min(quiet, sound)], ahead, pieces) if quiet else (state, 0)


class _Piece:
    """The bars of one series of the desk in a stretch. order: where in the stretch they stand. bars: their columns."""

    __slots__ = ("_streams", "bars", "order", "place")

    def __init__(self, place: int, order: Whole, bars: tuple[Floats, Floats, Floats]) -> None:
        self.place, self.order, self.bars = place, order, bars
        self._streams: dict[int, DecisionStream] = {}

    def quiet_for(self, state: DeskState) -> int:
        """How many bars of the whole stretch come before the first of these on which something is decided."""
        quiet = len(self.order)
        for i in state.plan.series[self.place].members:
            held, stream = state.members[i].holding, state.streams[i]
            leaves = 0 if held is None else (LEAVE_LONG if held.side > 0 else LEAVE_SHORT)
            after, bars = stream.taken(*self.bars, enters=held is None, leaves=leaves)
            self._streams[i] = after
            quiet = min(quiet, bars)
        return int(self.order[quiet]) if quiet < len(self.order) else _ALL

    def take(self, ahead: BarStretch, count: int, streams: list[Any], histories: list[Any]) -> int:
        """Take those of the first `count` bars of the stretch that are of this series; how many they are."""
        bars = len(self.order) if count > self.order[-1] else int(np.searchsorted(self.order, count))
        if not bars:
            return 0
        for i, after in self._streams.items():
            streams[i] = after if bars == len(self.order) else streams[i].after(*(one[:bars] for one in self.bars))
        rows = self.order[max(bars - REMEMBERED, 0) : bars]
        columns = (ahead.open_time, ahead.close_time, ahead.open, ahead.high, ahead.low, ahead.close)
        new = [ArrivingBar(*row) for row in zip(*(one[rows].tolist() for one in columns), strict=True)]
        before = histories[self.place]
        recent = (*before.recent, *new)[-REMEMBERED:]
        histories[self.place] = BarHistory(before.instrument, before.timeframe, recent)
        return bars


def _is_at_rest(state: DeskState) -> bool:
    """Whether only a bar or the clock can bring something: nothing is asked, sent, wanted or left, and nothing holds back the
    whole desk."""
    book, session = state.book, state.session
    if any(not one.instrument or one.mode is not Mode.REDUCING for one in state.mode.restrictions):
        return False
    if state.unwinding is not None or not is_well(state.breaker, state.reconciliation):
        return False
    agreed = book.agreed_ns and book.due_ns and not book.asked_ns and not book.differences
    signed_in = session.is_begun and not session.is_asked and session.session is None
    return bool(agreed) and signed_in and not loud_orders(state) and not any(map(_is_busy, state.members))


def _is_busy(member: MemberState) -> bool:
    held = member.holding
    on_its_way = member.wanted is not None or bool(member.entry_id or member.exit_id)
    return on_its_way or (held is not None and (bool(held.leaving) or held.mark is None))


def _sound(state: DeskState, place: Whole, ahead: BarStretch) -> int:
    """How many bars come before the first that the desk does not trade, that cannot be, before which one is missing, that
    begins another day, or that may end a restriction of its instrument."""
    from tradeworthy.live.quiet_scan import sound_until

    plan = state.plan
    held_back = {one.instrument for one in state.mode.restrictions}
    longest = np.array([0 if one.symbol in held_back else longest_ns(one.timeframe) for one in plan.series])
    closed = np.array([-1 if one.last is None else one.last.close_ns for one in state.histories])
    columns = (ahead.open_time, ahead.close_time, ahead.open, ahead.high, ahead.low, ahead.close)
    bar = 0
    while True:
        bar, gap = sound_until(place, *columns, bar, state.time_ns, state.day.ends_ns, longest, closed)
        if not gap:
            return bar
        at, opened = int(place[bar]), int(ahead.open_time[bar])
        if plan.hours[plan.series[at].symbol].open_ns(int(closed[at]), opened):
            return bar
        closed[at] = opened  # the market was closed: nothing is missing


def _pieces(state: DeskState, place: Whole, ahead: BarStretch) -> list[_Piece]:
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(len(state.plan.series) + 1)).tolist()
    high, low, close = ahead.high[order], ahead.low[order], ahead.close[order]
    return [
        _Piece(i, order[first:end], (high[first:end], low[first:end], close[first:end]))
        for i, (first, end) in enumerate(pairwise(ends))
        if first < end
    ]


def _after(state: DeskState, place: Whole, ahead: BarStretch, pieces: list[_Piece]) -> tuple[DeskState, int]:
    from tradeworthy.live.quiet_scan import DAY_HIGH, PEAK, bars_passed

    plan, count, last = state.plan, len(place), [one.last for one in state.histories]
    looks, money = np.array(state.looks), np.array([state.balance, state.peak_equity, state.day.high_equity])
    closes, closed = (
        [0.0 if one is None else one.close for one in last],
        [-1 if one is None else one.close_ns for one in last],
    )
    series = (looks, np.array(plan.limits_ns), np.array(closes), np.array(closed))
    holders, held, rates, marks = _held(state)
    count, due = bars_passed(
        place, ahead.close_time, ahead.close, state.book.due_ns, state.due_ns, series, held, rates, money, marks
    )
    if not count:
        return state, 0
    streams, histories, volatility = list(state.streams), list(state.histories), list(state.volatility)
    for one in pieces:
        bars = one.take(ahead, count, streams, histories)
        if volatility and bars:
            times = ahead.close_time[one.order[:bars]]
            high, low, close = (column[:bars] for column in one.bars)
            volatility[one.place] = volatility[one.place].after(high, low, close, times)
    after: DeskState = replace(
        state, streams=tuple(streams), histories=tuple(histories), volatility=tuple(volatility),
        members=_marked(state, holders, marks), looks=tuple(looks.tolist()), sequence=state.sequence + count,
        time_ns=int(ahead.close_time[count - 1]), due_ns=due, peak_equity=float(money[PEAK]),
        day=replace(state.day, high_equity=float(money[DAY_HIGH])),
    )  # fmt: skip
    return after, count


def _held(state: DeskState) -> tuple[list[int], tuple[Any, ...], tuple[Whole, Whole], Floats]:
    """What the scan has to know of positions and of the rates that value them."""
    plan = state.plan
    holders: list[int] = []
    on, factor, price, booked, marks, first = [], [], [], [], [], [0]
    pairs: list[tuple[int, bool]] = []
    for i, (one, member) in enumerate(zip(plan.members, state.members, strict=True)):
        holding = member.holding
        if holding is None:
            continue
        holders.append(i)
        on.append(plan.series_at[one.key])
        factor.append(float(holding.units) * holding.side * float(one.instrument.multiplier) * holding.side)
        price.append(holding.price)
        booked.append(holding.booked)
        marks.append(holding.mark)
        if one.instrument.quote != plan.currency:
            pairs += plan.rate_series.get(one.instrument.quote, ())
        first.append(len(pairs))
    rates = np.array([at for at, _ in pairs], np.int64), np.array([inverse for _, inverse in pairs], np.int64)
    numbers = (np.array(one, np.float64) for one in (factor, price, booked))
    return holders, (np.array(on, np.int64), *numbers, np.array(first, np.int64)), rates, np.array(marks, np.float64)


def _marked(state: DeskState, holders: list[int], marks: Floats) -> tuple[Any, ...]:
    members = list(state.members)
    for i, mark in zip(holders, marks.tolist(), strict=True):
        holding = members[i].holding
        if holding is not None:
            members[i] = replace(members[i], holding=replace(holding, mark=mark))
    return tuple(members)
