"""Strategies that look into the future, each in another way, and some that only look as if they did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decision, Decisions, DecisionStream

Floats = npt.NDArray[np.float64]
Sides = npt.NDArray[np.int64]
Rule = Callable[[Bars], tuple[Sides, Floats]]
PERIOD = 10


def mean_before(x: Floats, n: int = PERIOD) -> Floats:
    """Mean of the last n, NaN during warm-up."""
    out = np.full(len(x), np.nan)
    if len(x) >= n:
        out[n - 1 :] = sliding_window_view(x, n).mean(axis=1)
    return out


def crosses(line: Floats) -> Sides:
    """+1 where it rises above zero, -1 where it falls below, 0 elsewhere and next to NaN."""
    above = np.sign(line)
    out = np.zeros(len(line), np.int64)
    turned = (above[1:] != above[:-1]) & (above[1:] != 0) & ~np.isnan(line[1:]) & ~np.isnan(line[:-1])
    out[1:][turned] = above[1:][turned].astype(np.int64)
    return out


def later(x: Floats, n: int = 1) -> Floats:
    """What comes n bars later, NaN at the end."""
    return np.concatenate((x[n:], np.full(min(n, len(x)), np.nan)))


def honest(bars: Bars) -> tuple[Sides, Floats]:
    """Close through its average; the stop is the average range."""
    return crosses(bars.close - mean_before(bars.close)), mean_before(bars.high - bars.low)


def next_close(bars: Bars) -> tuple[Sides, Floats]:
    """shift(-1): no long before a fall."""
    side, stop = honest(bars)
    rises = later(bars.close) > bars.close
    return np.where((side > 0) & ~rises, 0, side), stop


def centred_average(bars: Bars) -> tuple[Sides, Floats]:
    """An average of five bars back and five ahead."""
    _, stop = honest(bars)
    return crosses(bars.close - later(mean_before(bars.close, 11), 5)), stop


def share_of_the_maximum(bars: Bars) -> tuple[Sides, Floats]:
    """Normalised by the highest close there ever was."""
    _, stop = honest(bars)
    return crosses(bars.close / bars.close.max() - 0.985), stop


def z_score(bars: Bars) -> tuple[Sides, Floats]:
    """Mean and standard deviation of all data."""
    _, stop = honest(bars)
    return crosses((bars.close - bars.close.mean()) / max(bars.close.std(), 1e-9)), stop


def backfill(bars: Bars) -> tuple[Sides, Floats]:
    """The average's warm-up filled with its first value."""
    _, stop = honest(bars)
    average = mean_before(bars.close)
    if len(bars) >= PERIOD:
        average[: PERIOD - 1] = average[PERIOD - 1]
    return crosses(bars.close - average), np.where(np.isnan(stop), 0.01, stop)


def stop_of_tomorrow(bars: Bars) -> tuple[Sides, Floats]:
    """Right sides, but the stop holds the next close."""
    side, stop = honest(bars)
    return side, np.where(np.isnan(later(bars.close)), stop, stop + np.abs(later(bars.close) - bars.close))


def one_rare_bar(bars: Bars) -> tuple[Sides, Floats]:
    """Peeks at the twentieth of its decisions and at no other."""
    side, stop = honest(bars)
    places = np.flatnonzero(side)
    if len(places) > 19 and places[19] + 1 < len(bars):
        side[places[19]] *= -1
    return side, stop


def one_veto(bars: Bars) -> tuple[Sides, Floats]:
    """Takes the twentieth away, so that with all bars nothing stands there."""
    side, stop = honest(bars)
    places = np.flatnonzero(side)
    if len(places) > 19 and places[19] + 1 < len(bars):
        side[places[19]] = 0
    return side, stop


def unfinished_bar(bars: Bars) -> tuple[Sides, Floats]:
    """The close of the bar of eight that each bar belongs to, known from its beginning."""
    _, stop = honest(bars)
    ends = np.minimum(np.arange(len(bars)) // 8 * 8 + 7, len(bars) - 1)
    return crosses(bars.close[ends] - mean_before(bars.close)), stop


def pivots(bars: Bars) -> tuple[Sides, Floats]:
    """Long in every trough, seen from both sides."""
    _, stop = honest(bars)
    side = np.zeros(len(bars), np.int64)
    side[signal.argrelextrema(bars.close, np.less, order=4)[0]] = 1
    return side, stop


def ranking(bars: Bars) -> tuple[Sides, Floats]:
    """Rank of the close among all closes."""
    _, stop = honest(bars)
    ranks = np.argsort(np.argsort(bars.close, kind="stable"), kind="stable")
    return crosses(ranks / len(bars) - 0.7), stop


def trend_line(bars: Bars) -> tuple[Sides, Floats]:
    """Distance from a line through everything."""
    _, stop = honest(bars)
    x = np.arange(len(bars), dtype=float)
    slope = np.polyfit(x, bars.close, 1) if len(bars) > 2 else np.zeros(2)
    return crosses(bars.close - np.polyval(slope, x)), stop


def interpolated(bars: Bars) -> tuple[Sides, Floats]:
    """Every sixth close, and straight lines between."""
    _, stop = honest(bars)
    known = np.arange(0, len(bars), 6)
    return crosses(bars.close - np.interp(np.arange(len(bars)), known, bars.close[known])), stop


def second_half(bars: Bars) -> tuple[Sides, Floats]:
    """Trades the second half of whatever it is given: no price of the future, but its length."""
    side, stop = honest(bars)
    return np.where(np.arange(len(bars)) < len(bars) // 2, 0, side), stop


LEAKS: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        next_close, centred_average, share_of_the_maximum, z_score, backfill, stop_of_tomorrow, one_rare_bar,
        unfinished_bar, pivots, ranking, trend_line, interpolated, second_half,
    )
}  # fmt: skip


@dataclass
class RuleStrategy:
    """A rule over columns as a strategy."""

    rule: Rule
    warm_up: int = PERIOD + 1
    fewest: int = 0
    name: str = "rule"
    parameters: Mapping[str, float | int | bool] = field(default_factory=dict)

    def decisions(self, bars: Bars) -> Decisions:
        """Whatever the rule says; an entry leaves the other side."""
        if len(bars) < self.fewest:
            raise ValueError(f"needs {self.fewest} bars, got {len(bars)}")
        side, stop = self.rule(bars)
        side[: 1 if self.rule is backfill else PERIOD] = 0
        place = np.flatnonzero(side)
        leave = np.where(side[place] > 0, 2, 1).astype(np.int8)
        return Decisions(place, side[place].astype(np.int8), leave, stop[place], np.full(len(place), np.nan))

    def stream(self) -> DecisionStream:
        """There is none."""
        raise NotImplementedError("columns only")


def rows(decisions: Decisions) -> dict[int, Decision]:
    """By bar; NaN distances as -1, so that rows compare."""
    columns = (decisions.enter, decisions.leave, decisions.stop_distance, decisions.target_distance)
    values = [np.nan_to_num(column, nan=-1.0).tolist() for column in columns]
    return {bar: Decision(*row) for bar, *row in zip(decisions.bar.tolist(), *values, strict=True)}


def plainly_first(strategy: RuleStrategy, bars: Bars) -> int:
    """The first bar that is decided otherwise with the bars up to it, by trying every one."""
    whole = rows(strategy.decisions(bars))
    for bar in range(min(strategy.warm_up, *whole), len(bars)):
        if rows(strategy.decisions(bars.slice(0, bar + 1))).get(bar) != whole.get(bar):
            return bar
    raise AssertionError("the strategy does not look ahead")


def plainly_ahead(strategy: RuleStrategy, bars: Bars, bar: int) -> int:
    """The fewest later bars that change what is decided at a bar, by trying every number."""
    alone = rows(strategy.decisions(bars.slice(0, bar + 1))).get(bar)
    for ahead in range(1, len(bars) - bar):
        if rows(strategy.decisions(bars.slice(0, bar + 1 + ahead))).get(bar) != alone:
            return ahead
    raise AssertionError("no later bar changes it")
