"""The scenario transformation of docs/stress.md once more, bar by bar in plain Python, to be held against the other."""

import math
from itertools import pairwise

from tradeworthy.market.bars import Bars
from tradeworthy.risk.scenarios import Scenario

Price = tuple[float, float, float, float]


def plain_drifts(closes: list[float], stretch: int) -> list[float]:
    """Mean log return of the stretch that each bar but the first lies in; a short rest belongs to the stretch before it."""
    n = len(closes)
    edges = list(range(0, n, stretch))
    if edges[-1] != n - 1:
        if len(edges) > 1 and n - 1 - edges[-1] < stretch // 2:
            edges.pop()
        edges.append(n - 1)
    drifts = [0.0]
    for i in range(1, n):
        start, end = next((a, b) for a, b in pairwise(edges) if a < i <= b)
        drifts.append(math.log(closes[end] / closes[start]) / (end - start))
    return drifts


def plain_stress(bars: Bars, scenario: Scenario) -> list[Price]:
    """Open, high, low and close of each bar; for scenarios that draw nothing."""
    volatility, trend = scenario.volatility, scenario.trend
    gap_factor = volatility if scenario.gap is None else scenario.gap
    rows = list(zip(bars.open.tolist(), bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True))
    drifts = plain_drifts([row[3] for row in rows], scenario.trend_bars)
    made: list[Price] = []
    for i, (open_, high, low, close) in enumerate(rows):
        upper, lower = math.log(high / max(open_, close)), math.log(min(open_, close) / low)
        if i == 0:
            new_open, new_close = open_, close
        else:
            before, new_before = rows[i - 1][3], made[i - 1][3]
            gap, whole = math.log(open_ / before), math.log(close / before)
            if bars.close_only:
                gap = 0.0
            move = trend * drifts[i] + volatility * (whole - drifts[i] - gap) + gap_factor * gap
            new_open, new_close = new_before * math.exp(gap_factor * gap), new_before * math.exp(move)
        if bars.close_only:
            new_open = new_close
        top, bottom = max(new_open, new_close), min(new_open, new_close)
        made.append((new_open, top * math.exp(volatility * upper), bottom * math.exp(-volatility * lower), new_close))
    return _jumped(made, scenario, close_only=bars.close_only)


def _jumped(rows: list[Price], scenario: Scenario, *, close_only: bool) -> list[Price]:
    """With the jump: its bar's range lies around the moved open and close as it lay around them before."""
    shock = scenario.shock
    if shock is None or shock.bar is None:
        return rows
    place = shock.bar if shock.bar >= 0 else len(rows) + shock.bar
    jump = math.log(1 + shock.percent / 100)
    left = math.exp((1 - shock.recovery) * jump)
    made = rows[:place]
    for i, (open_, high, low, close) in enumerate(rows[place:], place):
        by_open = math.exp(jump) if i == place else left
        by_close = math.exp(jump) if i == place and close_only else left
        new_open, new_close = open_ * by_open, close * by_close
        top, bottom = max(new_open, new_close), min(new_open, new_close)
        made.append((new_open, top * high / max(open_, close), bottom * low / min(open_, close), new_close))
    return made
