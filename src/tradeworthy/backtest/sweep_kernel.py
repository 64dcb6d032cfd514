"""One unit traded for many sets of parameters, each reduced to a few measures before the next begins; compiled."""

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.fill_steps import OPEN
from tradeworthy.backtest.kernel_types import FINER, FLOATS, QUOTES, RULES
from tradeworthy.backtest.walking import Finer, Rules, walk
from tradeworthy.indicators.compiling import compiled
from tradeworthy.strategies.searching import FILL_SIGNATURE, Fill

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]


@compiled()
def reduced(bid: Quotes, ask: Quotes, marks: Whole, prices: Floats, k: int, out: Floats) -> None:
    """Fill `out`, the MEASURES of sweep_result in their order, from the first k trades; equity is seen at every bar's close."""
    realised, peak, fall, squares, before, held = 0.0, 0.0, 0.0, 0.0, 0.0, 0
    trades, wins, profit, loss, sum_r, squares_r, with_r = 0, 0, 0.0, 0.0, 0.0, 0.0, 0
    for i in range(k):
        entered, left, side, entry = marks[1, i], marks[2, i], marks[3, i], prices[0, i]
        closes, added = (bid[3], bid[4]) if side > 0 else (ask[3], ask[4])
        finished = marks[4, i] != OPEN
        for t in range(entered, left if finished else left + 1):
            equity = realised + side * (closes[t] + added[t] - entry)
            change = equity - before
            squares += change * change
            before = equity
            peak = max(peak, equity)
            fall = max(fall, peak - equity)
        held += left - entered + 1
        pnl = side * (prices[1, i] - entry)
        if finished:
            realised += pnl
            if i + 1 == k or marks[1, i + 1] != left:  # a bar in which the next trade begins is seen at its close, once
                change = realised - before
                squares += change * change
                before = realised
                peak = max(peak, realised)
                fall = max(fall, peak - realised)
            trades += 1
            wins += int(pnl > 0.0)
            profit += max(pnl, 0.0)
            loss -= min(pnl, 0.0)
            r = pnl / prices[4, i]
            if r == r:  # noqa: PLR0124 - compiled: a trade without a stop has no R
                sum_r += r
                squares_r += r * r
                with_r += 1
    out[0], out[1], out[2], out[3], out[4] = trades, wins, before, profit, loss
    out[5], out[6], out[7], out[8], out[9], out[10] = sum_r, squares_r, fall, squares, held, with_r


_COLUMNS = "Array(float64, 2, 'C', True, aligned=True)"
_ROWS = "Array(int64, 2, 'C', True, aligned=True)"


@compiled(
    f"void({QUOTES}, {QUOTES}, {FLOATS}, {RULES}, {FINER}, FunctionType({FILL_SIGNATURE}), {_COLUMNS}, {_ROWS},"
    f" {_COLUMNS}, int64, int64, Tuple((int64[::1], int8[::1], int8[::1], float64[::1], float64[::1])),"
    " int64[:, ::1], float64[:, ::1], float64[:, ::1])"
)
def try_sets(
    bid: Quotes,
    ask: Quotes,
    close: Floats,
    rules: Rules,
    finer: Finer,
    fill: Fill,
    columns: Floats,
    rows: Whole,
    numbers: Floats,
    first: int,
    end: int,
    wanted: tuple[Whole, Bytes, Bytes, Floats, Floats],
    marks: Whole,
    prices: Floats,
    out: Floats,
) -> None:
    """Fill `out` (sets, measures) for the sets `first` up to `end`; wanted (n), marks and prices (n + 1) are scratch."""
    bar, enter, leave, stop, target = wanted
    for s in range(first, end):
        k = fill(columns, rows[s], numbers[s], bar, enter, leave, stop, target)
        decided = (bar[:k], enter[:k], leave[:k], stop[:k], target[:k])
        trades = walk(bid, ask, close, decided, rules, finer, None, marks, prices)
        reduced(bid, ask, marks, prices, trades, out[s])
