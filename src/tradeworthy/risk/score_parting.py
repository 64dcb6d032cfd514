"""Where a score comes from: which strategy, and whether its drift, its volatility or its dependence."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import NotEnoughData
from tradeworthy.risk.drawdown_scoring import BLOCKS_NEEDED, DAYS_NEEDED, breaches, missing_for, scores_without
from tradeworthy.risk.driftless_walk import driftless_drawdown_probability
from tradeworthy.risk.score_questions import Question, block_of, record_of_days
from tradeworthy.risk.score_record import ScoreParts

Grid = npt.NDArray[np.float64]

ORDERS = 20
"""Orders of its own in which each strategy's days are drawn, where strategies are to know nothing of each other."""


def score_parts(
    daily: npt.ArrayLike,
    limit: float = 0.20,
    horizon: int = 252,
    *,
    names: Sequence[str] | None = None,
    risk_per_trade: float | None = None,
    recorded_risk: float | None = None,
    paths: int = 10_000,
    seed: int = 0,
    block: float | None = None,
    threads: int | None = None,
) -> ScoreParts:
    """What each strategy, and what volatility, dependence and drift add to a `drawdown_score`, in points.

    daily: (days, strategies), or (days,) for one; names: of the columns. Everything is drawn with the same random numbers,
    so that differences are not those of drawing. Raises NotEnoughData where there is no score to take apart, InputError as
    `drawdown_score` does.
    """
    asked = Question.of(limit, horizon, (risk_per_trade, recorded_risk), (paths, 40), 0.95, seed)
    grid, called = record_of_days(daily, names)
    book = grid.sum(axis=1)
    length = block_of(book, block)
    missing = missing_for(grid, None, max(DAYS_NEEDED, int(np.ceil(BLOCKS_NEEDED * length))))
    if missing:
        raise NotEnoughData(f"there is no score to take apart: {missing}")

    def points(returns: npt.NDArray[np.float64], blocks: float) -> float:
        return 100.0 * breaches(returns * asked.scale, asked, blocks, threads=threads) / asked.paths

    flat = book - book.mean()
    whole, driftless, shuffled = points(book, length), points(flat, length), points(book, 1.0)
    alone, joint = points(_apart(grid - grid.mean(axis=0), asked.seed), 1.0), points(flat, 1.0)
    without = scores_without(grid, called, asked, length, threads)
    walk = driftless_drawdown_probability(
        float(np.std(np.log1p(np.maximum(flat * asked.scale, -0.999999)))), asked.limit, asked.horizon
    )
    return ScoreParts(
        whole, alone, joint - alone, driftless - joint, whole - driftless, driftless, shuffled, 100.0 * walk,
        {name: whole - score for name, score in without.items()},
    )  # fmt: skip


def _apart(grid: Grid, seed: int) -> npt.NDArray[np.float64]:
    """Days of the book as if its strategies knew nothing of each other."""
    if grid.shape[1] == 1:
        return grid[:, 0]
    stream = np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, 2**63], np.uint64)))
    return np.concatenate([stream.permuted(grid, axis=0).sum(axis=1) for _ in range(ORDERS)])
