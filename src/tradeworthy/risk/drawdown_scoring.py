"""The score that can be proved wrong: the chance of falling by a limit within a horizon, from the book's own days."""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown
from tradeworthy.risk.drawn_records import drawn_days
from tradeworthy.risk.observations import count
from tradeworthy.risk.score_questions import INNER_PATHS, Question, block_of, record_of_days, trades_counted
from tradeworthy.risk.score_record import DrawdownLevel, DrawdownScore, level_of
from tradeworthy.risk.shares import Span, share_interval

Floats = npt.NDArray[np.float64]

RESAMPLES = 400
DAYS_NEEDED = 120
"""Half a year of trading: under that, a year's worst fall is guessed and not estimated."""
BLOCKS_NEEDED = 10
"""Blocks that the record has to hold, for their order to be a matter of chance."""
TRADES_NEEDED = 30
ROUNDING = 1e-12
"""A loss of exactly the limit reaches it, whatever binary fractions make of 0.2."""


def drawdown_score(
    daily: npt.ArrayLike,
    limit: float = 0.20,
    horizon: int = 252,
    *,
    risk_per_trade: float | None = None,
    recorded_risk: float | None = None,
    drift: float = 1.0,
    trades: int | None = None,
    paths: int = 10_000,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
    seed: int = 0,
    block: float | None = None,
    threads: int | None = None,
) -> DrawdownScore:
    """100 x the chance of a fall by `limit` or more from a peak within `horizon` days, with what is open about it.

    daily: (days,) of a book, or (days, strategies): each day's profit or loss as a share of the equity that the day began
    with, 0 where nothing was traded. Strategies are added up day by day before days are drawn, so what they share stays
    shared. Equity compounds: sizes follow it, and a day's shares are taken of what the day before left. Falls are seen at
    days' ends. risk_per_trade, recorded_risk: shares of equity; the record is multiplied by their ratio. drift: share of
    the record's mean that is believed to go on, 0 to 1. trades: behind the record, if known. block: days, by default the
    book's own (Patton, Politis, White 2009). threads change no number.

    Days are drawn by the stationary bootstrap (Politis, Romano 1994), as in `monte_carlo`. Raises InputError for a limit
    of 0 or 100% and beyond, a count out of its range, and a record that is none; too few days or trades are no error.
    """
    asked = Question.of(limit, horizon, (risk_per_trade, recorded_risk), (paths, resamples), confidence, seed)
    grid, _ = record_of_days(daily, None)
    book, known, kept = grid.sum(axis=1), trades_counted(trades), finite_number(drift, "drift")
    if not 0.0 <= kept <= 1.0:
        raise InputError(f"drift is the share of the record's mean to keep, from 0 to 1, not {shown(drift)}")
    workers = count((os.cpu_count() or 1) if threads is None else threads, "threads", 1, 1_024)
    length = block_of(book, block)
    needed = max(DAYS_NEEDED, math.ceil(BLOCKS_NEEDED * length))
    missing = missing_for(grid, known, needed)
    if missing:
        return _scored(None, missing, asked, (len(book), known, needed), (length, kept), (None, None, None, None))
    hits = breaches(_drifting(book, kept) * asked.scale, asked, length, threads=workers)
    score = 100.0 * hits / asked.paths
    again = 100.0 * _resampled(book, kept, asked, length, workers)
    same = float(np.mean([level_of(float(one)) is level_of(score) for one in again]))
    open_questions = (
        share_interval(hits, asked.paths, asked.confidence).times(100.0),
        estimation_interval(score, again, len(book) / length, asked.confidence),
        float(again.mean()),
        same,
    )
    return _scored(score, _sentence(score, asked), asked, (len(book), known, needed), (length, kept), open_questions)


def missing_for(grid: npt.NDArray[np.float64], trades: int | None, days_needed: int) -> str:
    """What a record (days, strategies) lacks, as a sentence; empty where it will do."""
    days, active = len(grid), int(np.count_nonzero(np.any(grid != 0.0, axis=1)))
    if days < days_needed:
        if trades is not None and trades < TRADES_NEEDED:
            return (
                f"the record has {days:,} days and {counted(trades, 'trade')}, and a score takes {days_needed:,} and "
                f"{TRADES_NEEDED}: {counted(days_needed - days, 'day')} and {counted(TRADES_NEEDED - trades, 'trade')} more"
            )
        return f"the record has {days:,} days and a score takes {days_needed:,}: {days_needed - days:,} more"
    if trades is not None and trades < TRADES_NEEDED:
        return f"the record has {trades:,} trades and a score takes {TRADES_NEEDED}: {TRADES_NEEDED - trades} more"
    if active < TRADES_NEEDED:
        return f"money moved on {active:,} days of the record and a score takes {TRADES_NEEDED} such: {TRADES_NEEDED - active} more"
    if not np.any(grid.sum(axis=1) < 0.0):
        return f"none of the {days:,} days lost anything, so how deep a loss goes is not known; at least 1 losing day is needed"
    return ""


def breaches(book: Floats, asked: Question, block: float, *, threads: int | None = 1, paths: int | None = None) -> int:
    """How many of the paths fall by the limit."""
    from tradeworthy.risk.simulation import monte_carlo

    many = asked.paths if paths is None else paths
    drawn = monte_carlo(book, many, asked.horizon, seed=asked.seed, block=block, threads=threads)
    return int(np.count_nonzero(drawn.max_drawdown <= ROUNDING - asked.limit))


def _drifting(book: Floats, kept: float) -> Floats:
    """The days with that share of their mean; the very days where all of it is kept."""
    return book if kept == 1.0 else book - (1.0 - kept) * book.mean()


def _resampled(book: Floats, kept: float, asked: Question, block: float, threads: int) -> Floats:
    """(resamples,) the chance in each record drawn anew, from paths of its own."""
    from tradeworthy.risk.simulation import monte_carlo

    def chance(number: int) -> float:
        again = _drifting(book[drawn_days(len(book), block, asked.seed, number)], kept) * asked.scale
        seed = asked.seed + (number + 1) * 0x9E3779B1
        drawn = monte_carlo(again, INNER_PATHS, asked.horizon, seed=seed, block=block, threads=1)
        return float(np.mean(drawn.max_drawdown <= ROUNDING - asked.limit))

    if threads == 1:
        return np.array([chance(number) for number in range(asked.resamples)])
    with ThreadPoolExecutor(threads) as pool:
        return np.array(list(pool.map(chance, range(asked.resamples))))


def estimation_interval(score: float, again: Floats, blocks: float, confidence: float) -> Span:
    """Around a score, from the scores of resampled records (resamples,), all in points.

    On the scale of Normal quantiles, where chances near 0 and 100 are as free as those between: the bootstrap's standard
    error times Student's quantile with as many degrees of freedom (f) as the record has blocks, less one, and widened by
    the root of f / (f - 1). Percentiles of the resampled scores alone held the truth too rarely (docs/risk-score.md).
    """
    from scipy.special import ndtr, ndtri, stdtrit

    least = 0.5 / INNER_PATHS
    at = ndtri(np.clip(again / 100.0, least, 1.0 - least))
    middle = float(ndtri(min(max(score / 100.0, least), 1.0 - least)))
    free = max(2.0, blocks - 1.0)
    reach = float(stdtrit(free, 0.5 + confidence / 2.0)) * math.sqrt(free / (free - 1.0)) * float(at.std(ddof=1))
    low, high = (100.0 * float(ndtr(middle + side * reach)) for side in (-1.0, 1.0))
    return Span(min(low, score), max(high, score))


def _sentence(score: float, asked: Question) -> str:
    return (
        f"in {score:.1f} of 100 drawn futures of {asked.horizon:,} days equity falls by {100 * asked.limit:g}% or more "
        "from a peak"
    )


def _scored(
    score: float | None,
    reason: str,
    asked: Question,
    have: tuple[int, int | None, int],
    drawn: tuple[float, float],
    open_questions: tuple[Span | None, Span | None, float | None, float | None],
) -> DrawdownScore:
    days, trades, needed = have
    level = DrawdownLevel.INSUFFICIENT_DATA if score is None else level_of(score)
    return DrawdownScore(
        score, level, reason, *open_questions, asked.limit, asked.horizon, asked.risk_per_trade, asked.confidence, days,
        trades, needed, TRADES_NEEDED, asked.paths, asked.resamples, *drawn, asked.seed,
    )  # fmt: skip


def scores_without(
    grid: npt.NDArray[np.float64], names: Sequence[str], asked: Question, block: float, threads: int | None
) -> dict[str, Any]:
    """By name, the score of the book without that strategy, on the same drawn days."""
    whole = grid.sum(axis=1)
    return {
        name: 100.0 * breaches((whole - grid[:, place]) * asked.scale, asked, block, threads=threads) / asked.paths
        for place, name in enumerate(names)
    }
