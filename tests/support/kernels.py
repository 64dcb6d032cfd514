"""Running the compiled kernel over bare columns, in the words of the plain one."""

from collections.abc import Sequence

import numpy as np

from support.plain_backtest import PlainTrade, Rules
from tradeworthy.backtest.kernel import MARKS, PRICES, trade_loop

REASONS = ("STOP", "TARGET", "SIGNAL", "OPEN")


def kernel_backtest(
    prices: Sequence[Sequence[float]],
    enter: Sequence[int],
    leave: Sequence[int],
    stop: Sequence[float],
    target: Sequence[float],
    rules: Rules,
    ask: float,
    bid: float,
) -> tuple[list[PlainTrade], list[float]]:
    """The same as `plain_backtest` with the columns open, high, low, close in `prices`."""
    n = len(enter)
    marks, numbers, equity = np.empty((n + 1, MARKS), np.int64), np.empty((n + 1, PRICES)), np.empty(n)
    open_, high, low, close = (np.array(column, np.float64) for column in prices)
    k = trade_loop(
        open_, high, low, close, np.array(enter, np.int8), np.array(leave, np.int8), np.array(stop, np.float64),
        np.array(target, np.float64), ask, bid, rules.entry == "next_open", rules.stops_from == "fill",
        rules.check_entry_bar, rules.gap == "open", rules.both == "stop", rules.reenter_on_exit_bar, marks, numbers, equity,
    )  # fmt: skip
    trades = []
    for mark, number in zip(marks[:k].tolist(), numbers[:k].tolist(), strict=True):
        r = mark[3] * (number[1] - number[0]) / number[4]
        signal, entered, left, side, reason, both = mark
        entry, exit_, stop_at, target_at, risk, mae, mfe = number
        trades.append(
            PlainTrade(
                signal, entered, left, side, entry, exit_, stop_at, target_at, REASONS[reason - 1], risk, r, bool(both),
                mae, mfe,
            )
        )  # fmt: skip
    return trades, equity.tolist()
