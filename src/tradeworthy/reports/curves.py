"""Curves for the page: R added up trade by trade, thinned where a screen could not show the difference."""

import heapq
from typing import Any

from tradeworthy.appraisal.record import StrategyReport, Validation
from tradeworthy.core.verdict import StrategyVerdict

MOST_POINTS = 1_200


def _thinned(times: list[str], levels: list[float], falls: list[float]) -> tuple[list[str], list[float], list[float]]:
    """At most about 1,200 points: of each stretch the last level and the deepest fall."""
    stretch = -(-len(times) // MOST_POINTS)
    if stretch <= 1:
        return times, levels, falls
    ends = [min(start + stretch, len(times)) for start in range(0, len(times), stretch)]
    starts = range(0, len(times), stretch)
    return (
        [times[end - 1] for end in ends],
        [levels[end - 1] for end in ends],
        [min(falls[start:end]) for start, end in zip(starts, ends, strict=True)],
    )


def curve(name: str, times: list[str], r: list[float], start: str) -> dict[str, Any]:
    """Level and drawdown in R after each trade, from zero at `start`."""
    level, peak = 0.0, 0.0
    moments, levels, falls = [start], [0.0], [0.0]
    for moment, value in zip(times, r, strict=True):
        level += value
        peak = max(peak, level)
        moments.append(moment)
        levels.append(round(level, 4))
        falls.append(round(level - peak, 4))
    moments, levels, falls = _thinned(moments, levels, falls)
    return {"name": name, "time": moments, "level": levels, "fall": falls}


def _merged(strategies: tuple[StrategyReport, ...]) -> tuple[list[str], list[float]]:
    streams = [list(zip(one.trades.exit_time, one.trades.r, strict=True)) for one in strategies]
    merged = list(heapq.merge(*streams))
    return [moment for moment, _ in merged], [value for _, value in merged]


def all_curves(validation: Validation) -> list[dict[str, Any]]:
    """All strategies that were judged together first, as in the pool; then each strategy that traded."""
    traded = tuple(one for one in validation.strategies if one.trades.r)
    judged = tuple(one for one in traded if one.judgement.verdict is not StrategyVerdict.OUT_OF_DATE)
    book = []
    if len(judged) > 1:
        times, r = _merged(judged)
        book = [curve("All strategies that were judged", times, r, min(one.data.first for one in judged))]
    return book + [curve(one.name, list(one.trades.exit_time), list(one.trades.r), one.data.first) for one in traded]
