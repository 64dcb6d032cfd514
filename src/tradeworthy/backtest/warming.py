"""How much history the decisions of a strategy need, seen by starting the history later."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.lookahead_report import WarmUp
from tradeworthy.backtest.replays import Refusal, Replays
from tradeworthy.backtest.sameness import close_enough
from tradeworthy.strategies.protocol import Decisions

STARTS = 40
SPAN_WARM_UPS = 50
SHORTEST_SPAN = 2000
SETTLED = 0.9
"""A difference in the last tenth of what was compared has not ended yet."""
EXACTLY, LOOSELY = 1e-6, 1e-3


@dataclass(frozen=True, slots=True)
class _Parted:
    """The last places, counted from a later start, at which something still differs; -1 for nowhere."""

    entries: int
    exactly: int
    loosely: int


def measure_warm_up(replays: Replays, whole: Decisions, stated: int, seed: int, allowed: int) -> WarmUp:
    """Compares histories that begin later with the whole one, bar by bar, without replaying more than `allowed` bars.

    Recursive averages never forget their beginning exactly, so distances are compared within a share of themselves.
    """
    n = len(replays.bars)
    span = min(max(SPAN_WARM_UPS * (stated + 1), SHORTEST_SPAN), n - 1, max(allowed // STARTS, 2 * (stated + 1)))
    starts = _starts(whole, n, stated, span, seed)
    if not len(starts):
        return WarmUp(stated, not_run="there are too few bars to start later")
    seen = []
    for start in starts.tolist():
        stop = min(n, start + span)
        later = replays.run(start, stop)
        if isinstance(later, Refusal):
            return WarmUp(stated, not_run=f"started at bar {start:,}, the strategy raised {later.words}")
        seen.append((_parted(whole, later, start, stop), stop - start))
    entries, exactly, loosely = (
        _needed([(getattr(parted, name), length) for parted, length in seen], stated)
        for name in ("entries", "exactly", "loosely")
    )
    return WarmUp(stated, entries, exactly, loosely, len(starts), span)


def _starts(whole: Decisions, n: int, stated: int, span: int, seed: int) -> npt.NDArray[np.int64]:
    """Half so that a decision stands right where warming up has ended, half anywhere."""
    latest = n - max(stated + 1, span // 2)
    if latest < 1:
        return np.zeros(0, np.int64)
    rng = np.random.default_rng(seed)
    ending = whole.bar - max(stated, 1) + 1
    ending = ending[(ending >= 1) & (ending <= latest)]
    chosen = rng.choice(ending, min(len(ending), STARTS // 2), replace=False)
    return np.unique(np.concatenate((chosen, rng.integers(1, latest + 1, STARTS - len(chosen)))))


def _parted(whole: Decisions, later: Decisions, start: int, stop: int) -> _Parted:
    low, high = np.searchsorted(whole.bar, (start, stop))
    n = stop - start
    part = slice(int(low), int(high))
    shifted = Decisions(
        whole.bar[part] - start, whole.enter[part], whole.leave[part], whole.stop_distance[part],
        whole.target_distance[part],
    )  # fmt: skip
    enter, leave, stop_distance, target_distance = shifted.columns(n)
    other_enter, other_leave, other_stop, other_target = later.columns(n)
    apart = (enter != other_enter) | (leave != other_leave)
    both = ~apart & (enter != 0)

    def last_apart(within: float) -> int:
        same = close_enough(stop_distance, other_stop, within) & close_enough(target_distance, other_target, within)
        return _last(both & ~same)

    return _Parted(_last(apart), last_apart(EXACTLY), last_apart(LOOSELY))


def _last(flags: npt.NDArray[np.bool_]) -> int:
    places = np.flatnonzero(flags)
    return int(places[-1]) if len(places) else -1


def _needed(lasts: list[tuple[int, int]], stated: int) -> int | None:
    """Place p is decided with p + 1 bars, so bars are enough from p + 2 on; None where differences had not ended."""
    need = stated
    for place, length in lasts:
        if place + 1 < stated:
            continue
        if place >= SETTLED * length:
            return None
        need = max(need, place + 2)
    return need
