"""Running the compiled walk over bare columns, in the words of the plain one."""

from collections.abc import Sequence

import numpy as np

from support.plain_backtest import PlainTrade, Rules
from tradeworthy.backtest.marking import excursions, mark_units
from tradeworthy.backtest.unit_kernel import trade_units

REASONS = ("STOP", "TARGET", "SIGNAL", "OPEN")
NO_FINER = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))


def switches(rules: Rules) -> tuple[bool, bool, bool, bool, bool, bool, bool, bool]:
    """As the kernels take them."""
    return (
        rules.entry == "next_open", rules.stops_from == "fill", rules.check_entry_bar, rules.gap == "open",
        rules.both == "stop", rules.open_first, rules.reenter_on_exit_bar is not False, rules.reenter_on_exit_bar is True,
    )  # fmt: skip


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
    marks, numbers, equity = np.empty((6, n + 1), np.int64), np.empty((5, n + 1)), np.empty(n)
    open_, high, low, close = (np.array(column, np.float64) for column in prices)
    sells = (open_, high, low, close, np.broadcast_to(np.float64(bid), n))
    buys = (open_, high, low, close, np.broadcast_to(np.float64(ask), n))
    bar = np.flatnonzero(np.array(enter, bool) | np.array(leave, bool))
    wanted = (
        bar, np.array(enter, np.int8)[bar], np.array(leave, np.int8)[bar], np.array(stop, np.float64)[bar],
        np.array(target, np.float64)[bar],
    )  # fmt: skip
    at_next_open = rules.entry == "next_open"
    k = trade_units(sells, buys, close, wanted, switches(rules), NO_FINER, marks, numbers)
    marks, numbers, moved = marks[:, :k], numbers[:, :k], np.empty((2, k))
    mark_units(sells, buys, marks, numbers, 0.0, equity)
    excursions(sells, buys, marks, numbers, at_next_open, moved)
    trades = []
    for mark, number, (mae, mfe) in zip(marks.T.tolist(), numbers.T.tolist(), moved.T.tolist(), strict=True):
        signal, entered, left, side, reason, both = mark
        entry, exit_, stop_at, target_at, risk = number
        r = side * (exit_ - entry) / risk
        trades.append(
            PlainTrade(
                signal, entered, left, side, entry, exit_, stop_at, target_at, REASONS[reason - 1], risk, r, both == 1,
                mae, mfe,
            )
        )  # fmt: skip
    return trades, equity.tolist()
