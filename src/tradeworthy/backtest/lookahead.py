"""Does a strategy use bars that had not come yet? Cut its history at many places, and see whether the past changes."""

from dataclasses import dataclass, replace

from tradeworthy.backtest.cuts import cut_points
from tradeworthy.backtest.leak_search import LeakSearch, Sighting
from tradeworthy.backtest.lookahead_report import Answer, Change, FoundBy, LookaheadReport, StreamParity, WarmUp
from tradeworthy.backtest.replays import Refusal, Replays
from tradeworthy.backtest.sameness import first_difference
from tradeworthy.backtest.streaming import stream_parity
from tradeworthy.backtest.warming import measure_warm_up
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.ports import Progress
from tradeworthy.strategies.checking import check_strategy
from tradeworthy.strategies.protocol import Decisions, Strategy

BUDGET = 50_000_000
"""Bars that may be replayed for a strategy that decides whole columns at once."""
SLOW_BUDGET = 500_000
"""The same for one that is called once for every bar (its `bar_by_bar` is true): so many calls."""
FEWEST_CUTS = 20
"""Down to so many cuts, cuts are saved before bars are."""
FEWEST_DECISIONS = 10
"""Fewer decisions tell too little to call a strategy clean."""
_WORK_OF_A_CUT = 1.5
"""Histories: half of one is replayed with the rest cut off, on average, and a whole one with the rest replaced."""
_OTHER_RUNS = 4
"""Two over everything and two over a half, to see that the strategy repeats itself."""
_NOTHING = "nothing could be compared"
_DEPENDS = "it means little while decisions depend on later bars"
_UNSTEADY = "the strategy is not deterministic: two runs over the same bars differ"


_NO_STREAM = StreamParity(not_run=_NOTHING)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the cuts showed. raised: what the strategy said where it should have decided."""

    sightings: tuple[Sighting, ...] = ()
    refused: int = 0
    raised: str = ""
    rounded: bool = False


def find_lookahead(
    strategy: Strategy, bars: Bars, *, cuts: int = 100, seed: int = 0, budget: int | None = None,
    progress: Progress | None = None,
) -> LookaheadReport:  # fmt: skip
    """Replays a strategy at `cuts` places, with the later bars cut off and with others in their place.

    A decision made at a bar's close has to be the same whatever came after. budget: how many bars may be replayed in
    all, `BUDGET` where None, `SLOW_BUDGET` for a strategy whose `bar_by_bar` is true; first cuts are saved, then the
    oldest bars. What the strategy raises on a part of the history is part of the answer. Raises NotEnoughData when there
    are no more than a few bars beyond its warm-up, InputError for cuts, a budget or a warm-up that are no counts, and for
    a strategy that raises on the whole history.
    """
    check_strategy(strategy)
    allowed = _count(_usual_budget(strategy) if budget is None else budget, "budget", 1)
    asked, warm_up = _count(cuts, "cuts", 1), _count(strategy.warm_up, f"{strategy.name}: warm_up", 0)
    if len(bars) < warm_up + 4:
        raise NotEnoughData(
            f"{bars.label}: {strategy.name} states a warm-up of {counted(warm_up, 'bar')}, and to look for leaks takes "
            f"{warm_up + 4} or more; there are {len(bars)}; bring more history"
        )
    used, kept = _fitted(len(bars), asked, allowed // 2, warm_up)
    replays = Replays(strategy, bars.slice(len(bars) - kept, len(bars)), seed)
    found = _inquire(_Inquiry(strategy, replays, used, seed, warm_up, allowed, progress))
    before = len(bars) - kept
    return LookaheadReport(
        answer=_answer(found),
        reasons=_reasons(found),
        strategy=strategy.name,
        parameters=tuple(strategy.parameters.items()),
        label=bars.label,
        source=bars.source,
        bars=kept,
        bars_given=len(bars),
        cuts=len(found.places),
        cuts_asked=asked,
        seed=seed,
        decisions=len(found.decisions.until(max(found.places))) if found.places else len(found.decisions),
        at_their_bar=len(set((found.decisions.bar + 1).tolist()) & set(found.places)),
        refused=found.seen.refused,
        rounded=found.seen.rounded,
        change=None if found.change is None else replace(found.change, bar=found.change.bar + before),
        stream=_moved(found.stream, before),
        warm_up=found.warm_up,
    )


@dataclass(frozen=True, slots=True)
class _Inquiry:
    strategy: Strategy
    replays: Replays
    cuts: int
    seed: int
    warm_up: int
    allowed: int
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class _Found:
    decisions: Decisions
    warm_up: WarmUp
    unsteady: str = ""
    places: tuple[int, ...] = ()
    seen: _Seen = _Seen()
    change: Change | None = None
    stream: StreamParity = _NO_STREAM


def _inquire(asked: _Inquiry) -> _Found:
    replays, n = asked.replays, len(asked.replays.bars)
    half = max(n // 2, asked.warm_up + 1)
    early = replays.run(
        0, half
    )  # before the strategy has seen what comes later: one that remembers says otherwise again
    whole = replays.run(0, n)
    no_warm_up = WarmUp(asked.warm_up, not_run=_NOTHING)
    if isinstance(whole, Refusal):
        raise InputError(whole.words)
    unsteady = _parted(replays, whole, replays.run(0, n))
    if unsteady:
        return _Found(whole, no_warm_up, unsteady)
    first = _first_cut(whole, asked.warm_up)
    places = cut_points(whole.bar, n, first, asked.cuts, asked.seed)
    search = LeakSearch(replays, whole, first, asked.allowed // 4)
    seen = _look(search, places, asked.progress)
    unsteady = _parted(replays, early, replays.run(0, half))
    if unsteady:
        return _Found(whole, no_warm_up, unsteady, places, seen)
    stream = stream_parity(asked.strategy, replays.bars, whole, max(asked.allowed // 100, 1000))
    if seen.sightings:
        change = _closest_look(search, seen.sightings)
        return _Found(whole, WarmUp(asked.warm_up, not_run=_DEPENDS), "", places, seen, change, stream)
    warm_up = measure_warm_up(replays, whole, asked.warm_up, asked.seed, asked.allowed // 4)
    return _Found(whole, warm_up, "", places, seen, None, stream)


def _first_cut(whole: Decisions, warm_up: int) -> int:
    """Right after the warm-up, of which nothing can be asked, unless something is decided before it has ended."""
    return min(warm_up + 1, int(whole.bar[0]) + 1) if len(whole) and whole.bar[0] < warm_up - 1 else warm_up + 1


def _look(search: LeakSearch, places: tuple[int, ...], progress: Progress | None) -> _Seen:
    """Every cut, by both ways."""
    sightings: list[Sighting] = []
    refused, raised, rounded = 0, "", False
    for number, cut in enumerate(places, 1):
        for way in FoundBy:
            there = search.replay(cut, way)
            if isinstance(there, Refusal):
                refused += 1
                if way is FoundBy.CUT_OFF and not raised and len(search.whole.until(cut)):
                    raised = f"given only the first {counted(cut, 'bar')} the strategy raised {there.words}"
                continue
            sighting = search.sighted(cut, there, way)
            if sighting is not None:
                sightings.append(sighting)
            elif first_difference(search.whole.until(cut), there) is not None:
                rounded = True
        if progress is not None:
            progress.update("replays", number, len(places))
    return _Seen(tuple(sightings), refused, raised, rounded)


def _closest_look(search: LeakSearch, sightings: tuple[Sighting, ...]) -> Change:
    counts = {way: sum(one.found_by is way for one in sightings) for way in FoundBy}
    return search.change(min(sightings, key=lambda one: one.rank), counts, max(one.reach for one in sightings))


def _parted(replays: Replays, one: Decisions | Refusal, again: Decisions | Refusal) -> str:
    """Why two runs over equal bars are not the same; empty where they are."""
    if isinstance(one, Refusal) or isinstance(again, Refusal):
        return "" if isinstance(one, Refusal) and isinstance(again, Refusal) else f"{_UNSTEADY}, one of which raised"
    bar = first_difference(one, again)
    moment = "" if bar is None else rfc3339(int(replays.bars.close_time[bar]))
    return "" if bar is None else f"{_UNSTEADY}, first for the bar that closed at {moment}"


def _moved(stream: StreamParity, before: int) -> StreamParity:
    return stream if stream.bar is None else replace(stream, bar=stream.bar + before)


def _answer(found: _Found) -> Answer:
    if found.unsteady:
        return Answer.COULD_NOT_TELL
    if found.change is not None:
        return Answer.LOOKS_AHEAD
    few = len(found.decisions) < FEWEST_DECISIONS
    return Answer.COULD_NOT_TELL if few or found.seen.raised else Answer.CLEAN


def _reasons(found: _Found) -> tuple[str, ...]:
    if found.unsteady:
        return (found.unsteady,)
    reasons = []
    if found.seen.raised:
        reasons.append(f"{found.seen.raised}, and with all bars it decides there; state the warm-up it needs")
    if len(found.decisions) < FEWEST_DECISIONS:
        reasons.append(
            f"there are {counted(len(found.decisions), 'decision')}, and fewer than {FEWEST_DECISIONS} tell too little; "
            "bring more bars, or settings that trade more often"
        )
    return tuple(reasons)


def _usual_budget(strategy: Strategy) -> int:
    return SLOW_BUDGET if getattr(strategy, "bar_by_bar", False) else BUDGET


def _count(value: object, name: str, least: int) -> int:
    number = whole_number(value)
    if number is None or number < least:
        raise InputError(f"{name} must be a whole number, {least} or more, not {value!r}")
    return number


def _fitted(n: int, cuts: int, allowed: int, warm_up: int) -> tuple[int, int]:
    """How many cuts, of how many bars, can be had for `allowed` bars of work."""
    affordable = int((allowed / n - _OTHER_RUNS) / _WORK_OF_A_CUT)
    few = min(cuts, FEWEST_CUTS)
    if affordable >= few:
        return min(cuts, affordable), n
    kept = int(allowed / (_WORK_OF_A_CUT * few + _OTHER_RUNS))
    return few, min(n, max(kept, 4 * (warm_up + 50)))
