"""The one walk over decisions: from each entry to its exit and on. Rules stand in docs/fills.md and docs/money.md.

It goes from decision to decision and looks at bars only while a position is held, so its time is that of the trades.
Compiled twice: with `account` None whatever belongs to it falls away.
"""

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account_steps import NOT_RUNNING, Account, booked, opened, running_from
from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.fill_steps import (
    AT_OPEN,
    BOTH,
    INSIDE,
    OPEN,
    SIGNAL,
    STOP,
    dealt,
    level_exit,
    long_hit,
    looked_into,
    short_hit,
    slips,
    usable,
)
from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

Wanted = tuple[Whole, Bytes, Bytes, Floats, Floats]
"""Columns of `Decisions`: bar, enter, leave, stop distance, target distance."""
Rules = tuple[bool, bool, bool, bool, bool, bool, bool, bool]
"""`FillRules.switches`."""
Finer = tuple[Whole, Whole, Floats, Floats, Floats]
"""First and one past the last finer bar of each bar (empty without finer bars); their open, high and low."""
MARKS = ("signal_index", "entry_index", "exit_index", "side", "reason", "how")
PRICES = ("entry_price", "exit_price", "stop", "target", "risk")
MONEY = ("units", "multiplier", "entry_fee", "exit_fee", "swap", "pnl", "entry_rate")


@compiled()
def held_until(
    side: int,
    stop: float,
    target: float,
    start: int,
    e: int,
    bar: Whole,
    leave: Bytes,
    rules: Rules,
    bid: Quotes,
    ask: Quotes,
) -> tuple[int, int, float, int, int]:
    """How a position ends: reason, bar, price, how it came there, and the decision to go on with.

    start: the first bar whose range counts. e: the first decision that was made with the position held.
    """
    bid_open, bid_high, bid_low, bid_close, bid_added = bid
    ask_open, ask_high, ask_low, _, ask_added = ask
    at_next_open, _, _, gap_at_open, stop_first, open_first, _, _ = rules
    n, decisions, delay = len(bid_close), len(bar), int(at_next_open)
    bit = 1 if side > 0 else 2
    while True:
        last = bar[e] if e < decisions else n - 1
        if side > 0:
            x = long_hit(bid_low, bid_high, bid_added, start, last, stop, target)
        else:
            x = short_hit(ask_low, ask_high, ask_added, start, last, stop, target)
        if x <= last:
            if side > 0:
                o, h, lo = bid_open[x] + bid_added[x], bid_high[x] + bid_added[x], bid_low[x] + bid_added[x]
            else:
                o, h, lo = ask_open[x] + ask_added[x], ask_high[x] + ask_added[x], ask_low[x] + ask_added[x]
            reason, price, how = level_exit(side, o, h, lo, stop, target, gap_at_open, stop_first, open_first)
            return reason, x, price, how, e
        ended = e == decisions
        if ended or ((leave[e] & bit) != 0 and last + delay < n):
            x = last if ended else last + delay
            at_open = at_next_open and not ended
            price = dealt(side < 0, at_open, x, bid, ask)
            return OPEN if ended else SIGNAL, x, price, AT_OPEN if at_open else INSIDE, e
        start = last + 1
        e += 1


@compiled()
def walk(
    bid: Quotes,
    ask: Quotes,
    close: Floats,
    wanted: Wanted,
    rules: Rules,
    finer: Finer,
    account: Account | None,
    marks: Whole,
    prices: Floats,
) -> int:
    """Fills `marks` (6, k) and `prices` (5, k), one column a trade; gives the number of trades, the open one last."""
    bar, enter, leave, stop_distance, target_distance = wanted
    finer_first, finer_end, finer_open, finer_high, finer_low = finer
    at_next_open, from_fill, check_entry_bar, _, _, _, reenter, reenter_after_level = rules
    k, e, closed_at, may_reenter, delay = 0, 0, -1, True, int(at_next_open)
    running, units, share, since = NOT_RUNNING, 1.0, 1.0, 0
    if account is not None:
        running = running_from(account)
    while e < len(bar) and bar[e] + delay < len(close):
        side, distance, j = enter[e], stop_distance[e], bar[e] + delay
        if side == 0 or (j == closed_at and not may_reenter) or not usable(distance) or not usable(target_distance[e]):
            e += 1
            continue
        fill = dealt(side > 0, at_next_open, j, bid, ask)
        if account is not None:
            running, units, share, since = opened(account, running, e, j, at_next_open, close[bar[e]], distance)
            if units == 0.0:
                e += 1
                continue
            fill += side * account[0][0][j]
        base = fill if from_fill else close[bar[e]]
        stop, target = base - side * distance, base + side * target_distance[e]
        marks[0, k], marks[1, k], marks[3, k] = bar[e], j, side
        prices[0, k], prices[2, k], prices[3, k], prices[4, k] = fill, stop, target, distance
        start = j if at_next_open and check_entry_bar else j + 1
        reason, x, price, how, e = held_until(side, stop, target, start, e + 1, bar, leave, rules, bid, ask)
        if how == BOTH and len(finer_first) > 0:
            added = bid[4][x] if side > 0 else ask[4][x]
            told = looked_into(
                side, finer_open, finer_high, finer_low, finer_first[x], finer_end[x], added, stop, target
            )
            if told != 0:
                reason, price, how = told, stop if told == STOP else target, INSIDE
        if account is not None:
            price -= side * account[0][0][x] if slips(reason) else 0.0
            end = (side, reason == OPEN, how == AT_OPEN)
            running = booked(account, running, k, (units, share, since), end, (j, x), (fill, price), distance)
        marks[2, k], marks[4, k], marks[5, k], prices[1, k] = x, reason, how, price
        k += 1
        closed_at, may_reenter = x, reenter if reason == SIGNAL else reenter_after_level
        if reason == OPEN or (reason == SIGNAL and enter[e] != -side):
            e += 1
    return k
