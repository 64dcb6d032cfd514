"""Whether a strategy fed one bar at a time decides what it decides over columns."""

import numpy as np

from tradeworthy.backtest.lookahead_report import StreamParity
from tradeworthy.backtest.replays import RAISED, described
from tradeworthy.backtest.sameness import ROUNDING, at_bar, first_difference, wanted_only
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions, Strategy


def stream_parity(strategy: Strategy, bars: Bars, whole: Decisions, most: int) -> StreamParity:
    """Feeds the first `most` bars. Distances that agree but for rounding count as the same."""
    if not callable(getattr(strategy, "stream", None)):
        return StreamParity(not_run="the strategy has no stream()")
    n = min(len(bars), most)
    try:
        fed = wanted_only(_fed(strategy, bars, n))
    except RAISED as error:
        return StreamParity(not_run=f"stream() raised {described(error)}")
    bar = first_difference(whole.until(n), fed, ROUNDING)
    if bar is None:
        return StreamParity(n)
    return StreamParity(n, bar, int(bars.close_time[bar]), at_bar(whole, bar), at_bar(fed, bar))


def _fed(strategy: Strategy, bars: Bars, n: int) -> Decisions:
    stream = strategy.stream()
    enter, leave = np.zeros(n, np.int8), np.zeros(n, np.int8)
    stop, target = np.full(n, np.nan), np.full(n, np.nan)
    columns = (bars.high[:n].tolist(), bars.low[:n].tolist(), bars.close[:n].tolist())
    for i, (high, low, close) in enumerate(zip(*columns, strict=True)):
        decision = stream.update(high, low, close)
        if decision.enter or decision.leave:
            enter[i], leave[i] = decision.enter, decision.leave
            stop[i], target[i] = decision.stop_distance, decision.target_distance
    return Decisions(np.arange(n), enter, leave, stop, target)
