"""How often the best of many backtests disappoints on data it was not chosen on: combinatorially symmetric cross-validation."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.validation.arguments import table, whole
from tradeworthy.validation.block_sharpe import BlockMoments

Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.bool_]
Metric = Callable[[Floats], npt.ArrayLike]
Score = Callable[[Masks], Floats]

_MOST_BLOCKS = 24  # 2.7 million splits; 26 would be 10 million
_CELLS_AT_ONCE = 2_000_000  # splits x columns that are in memory together
_TIE = 1e-12  # scores closer than this, relatively, are the same: equal columns must tie whatever the order of addition


@dataclass(frozen=True, slots=True, eq=False)
class BacktestOverfitting:
    """What choosing the best column on one half of the blocks is worth on the other half, over all splits.

    probability: share of splits whose logit is 0 or below: the chosen one lands in the lower half of the others.
    logits, shape (splits,): ln(w / (1 - w)), w = rank / (columns + 1) of the chosen one among all, out of sample.
    in_sample, out_of_sample, shape (splits,): its score on either half. slope, intercept, r_squared: the straight line of the
    second on the first; a slope below 0 says that a better backtest promises a worse future. probability_of_loss: share of
    splits in which it scores below 0 out of sample. blocks, rows: the blocks, and the rows that went into them.
    """

    probability: float
    logits: Floats
    in_sample: Floats
    out_of_sample: Floats
    slope: float
    intercept: float
    r_squared: float
    probability_of_loss: float
    blocks: int
    rows: int


def _halves(blocks: int, at_once: int) -> Iterator[Masks]:
    """Half of the splits, those whose first half holds the first block, in lexicographic order; the rest mirror them."""
    rest = combinations(range(1, blocks), blocks // 2 - 1)
    while chosen := list(islice(rest, at_once)):
        mask = np.zeros((len(chosen), blocks), dtype=np.bool_)
        mask[:, 0] = True
        if blocks > 2:
            mask[np.arange(len(chosen))[:, None], np.array(chosen)] = True
        yield mask


def _chosen(inside: Floats, outside: Floats) -> tuple[Floats, Floats, Floats]:
    """Score inside and outside, and logit outside, of the column that is best inside; the first of equal ones."""
    row, columns = np.arange(len(inside)), inside.shape[1]
    top = inside.max(axis=1)
    best = np.argmax(inside >= (top - _TIE * np.abs(top))[:, None], axis=1)
    score = outside[row, best]
    margin = _TIE * np.abs(score)
    lower = np.count_nonzero(outside < (score - margin)[:, None], axis=1)
    equal = np.count_nonzero(np.abs(outside - score[:, None]) <= margin[:, None], axis=1)
    rank = lower + (equal + 1) / 2
    return inside[row, best], score, np.log(rank / (columns + 1 - rank))


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Slope, intercept and R squared of least squares; a level line where x does not vary."""
    across, up = x - x.mean(), y - y.mean()
    spread, height, joint = float(across @ across), float(up @ up), float(across @ up)
    if spread <= _TIE * _TIE * float(x @ x):
        return 0.0, float(y.mean()), 0.0
    slope = joint / spread
    return slope, float(y.mean() - slope * x.mean()), joint * joint / (spread * height) if height > 0 else 0.0


def _metric_score(cells: Floats, metric: Metric) -> Score:
    def score(mask: Masks) -> Floats:
        halves = (metric(cells[chosen].reshape(-1, cells.shape[2])) for chosen in mask)
        found = [floats("the numbers of a metric", half) for half in halves]
        if any(half.shape != cells.shape[2:] or not np.isfinite(half).all() for half in found):
            raise InputError("a metric must give one finite number for each column of the rows it is called with")
        return np.array(found)

    return score


def _cells(returns: npt.ArrayLike, blocks: int) -> Floats:
    """The returns as (blocks, rows of a block, columns); rows beyond equal blocks are left out at the beginning."""
    values, count = table("returns", returns, math.inf), whole("blocks", blocks, 2)
    rows, columns = values.shape
    if count % 2 or count > _MOST_BLOCKS:
        raise InputError(f"blocks must be an even number from 2 to {_MOST_BLOCKS}, not {blocks}")
    if count > rows or rows // count * count < 4:
        raise NotEnoughData(
            f"{rows} rows cannot be cut into {count} blocks with two rows in each half; bring more, or ask for fewer"
        )
    if columns < 2:
        raise NotEnoughData(
            "overfitting is a matter of choosing: bring the returns of at least two tries, one column each"
        )
    constant = np.flatnonzero(values.max(axis=0) == values.min(axis=0))
    if len(constant):
        raise InputError(f"column {constant[0]} of the returns never changes; leave out what did not trade")
    return values[rows % count :].reshape(count, rows // count, columns)


def probability_of_backtest_overfitting(
    returns: npt.ArrayLike, blocks: int = 16, *, metric: Metric | None = None
) -> BacktestOverfitting:
    """Probability that the best of the columns in sample is below the median of all out of sample.

    `returns`, shape (T, N): returns per period, one column for each try. Rows are cut into `blocks` equal consecutive blocks (even
    number, the oldest T modulo blocks rows left out); every half of them is once the past on which the best column is chosen and
    once the future in which it is ranked: 12,870 splits for 16. The score is the Sharpe ratio per observation, 0 where a column
    did not trade, or `metric`, called with the rows (n, N) of a half and giving N numbers. Ties share their mean rank.
    Bailey, Borwein, Lopez de Prado, Zhu 2015/2017, "The Probability of Backtest Overfitting". Raises InputError for fewer
    than two columns, a column that never changes, values that are not finite, and blocks that are odd, above 24 or more than rows.
    """
    cells = _cells(returns, blocks)
    score: Score = _metric_score(cells, metric) if metric is not None else BlockMoments.of(cells).sharpe
    splits, count = math.comb(len(cells), len(cells) // 2), 0
    found = np.empty((3, splits))
    for mask in _halves(len(cells), max(1, _CELLS_AT_ONCE // cells.shape[2])):
        past, future = score(mask), score(~mask)
        end = count + len(mask)
        found[:, count:end] = _chosen(past, future)
        found[:, splits - end : splits - count] = np.array(_chosen(future, past))[:, ::-1]
        count = end
    inside, outside, logits = found
    slope, intercept, r_squared = _line(inside, outside)
    return BacktestOverfitting(
        probability=float(np.mean(logits <= 0.0)),
        logits=logits,
        in_sample=inside,
        out_of_sample=outside,
        slope=slope,
        intercept=intercept,
        r_squared=r_squared,
        probability_of_loss=float(np.mean(outside < 0.0)),
        blocks=len(cells),
        rows=cells.shape[0] * cells.shape[1],
    )
