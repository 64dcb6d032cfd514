"""What a finished walk was worth at every bar, and how far each trade went against and for it; compiled."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account_steps import Charges, night_at, night_earns
from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.fill_steps import OPEN, SIGNAL
from tradeworthy.backtest.kernel_types import CHARGES, FLOATS, QUOTES, REPEATED, WHOLE
from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_MARKS = "Array(int64, 2, 'A', True, aligned=True)"
_PRICES = "Array(float64, 2, 'A', True, aligned=True)"


@compiled(f"void({QUOTES}, {QUOTES}, {_MARKS}, {_PRICES}, float64, float64[::1])")
def mark_units(bid: Quotes, ask: Quotes, marks: Whole, prices: Floats, start: float, out: Floats) -> None:
    """Fill `out` (n,): `start`, the P&L of one unit so far, and the open position at the price it could be left at."""
    _, _, _, bid_close, bid_added = bid
    _, _, _, ask_close, ask_added = ask
    realised, bar = start, 0
    for k in range(marks.shape[1]):
        entered, left, side, entry = marks[1, k], marks[2, k], marks[3, k], prices[0, k]
        out[bar:entered] = realised
        finished = marks[4, k] != OPEN
        held = left if finished else left + 1
        if side > 0:
            for t in range(entered, held):
                out[t] = realised + (bid_close[t] + bid_added[t] - entry)
        else:
            for t in range(entered, held):
                out[t] = realised + (entry - (ask_close[t] + ask_added[t]))
        realised += side * (prices[1, k] - entry) if finished else 0.0
        bar = held
    out[bar:] = realised


@compiled(
    f"void({QUOTES}, {QUOTES}, {_MARKS}, {_PRICES}, {_PRICES}, {REPEATED}, {WHOLE}, {WHOLE},"
    f" {WHOLE}, {WHOLE}, {CHARGES}, boolean, float64, float64[::1])"
)
def mark_account(
    bid: Quotes,
    ask: Quotes,
    marks: Whole,
    prices: Floats,
    money: Floats,
    rate: Floats,
    night: Whole,
    nights: Whole,
    open_time: Whole,
    close_time: Whole,
    charges: Charges,
    at_next_open: bool,
    start: float,
    out: Floats,
) -> None:
    """Fill `out` (n,): the balance, and what the open position would add if it could be left for nothing."""
    _, _, _, bid_close, bid_added = bid
    _, _, _, ask_close, ask_added = ask
    balance, bar, place = start, 0, 0
    for k in range(marks.shape[1]):
        entered, left, side, entry = marks[1, k], marks[2, k], marks[3, k], prices[0, k]
        units, paid = money[0, k], money[2, k]
        out[bar:entered] = balance
        finished = marks[4, k] != OPEN
        held = left if finished else left + 1
        moment = open_time[entered] if at_next_open else close_time[entered]
        place = since = night_at(night, place, moment, at_next_open)
        earns = night_earns(side, entry, charges)
        for t in range(entered, held):
            view = bid_close[t] + bid_added[t] if side > 0 else ask_close[t] + ask_added[t]
            place = night_at(night, place, close_time[t], False)
            moved = charges[7] * side * (view - entry) + (nights[place] - nights[since]) * earns
            out[t] = balance + units * moved * rate[t] - paid
        balance += money[5, k] if finished else 0.0
        bar = held
    out[bar:] = balance


@compiled(f"void({FLOATS}, float64, {_MARKS}, {FLOATS}, {FLOATS}, {FLOATS}, float64[::1])")
def mark_r(equity: Floats, start: float, marks: Whole, pnl: Floats, risked: Floats, r: Floats, out: Floats) -> None:
    """Fill `out` (n,): the same path with each trade's money in units of what it risked; NaN raises no line."""
    realised, balance, bar = 0.0, start, 0
    for k in range(marks.shape[1]):
        entered, left = marks[1, k], marks[2, k]
        out[bar:entered] = realised
        known = not math.isnan(r[k])
        held = left if marks[4, k] != OPEN else left + 1
        for t in range(entered, held):
            out[t] = realised + ((equity[t] - balance) / risked[k] if known else 0.0)
        realised += r[k] if known else 0.0
        balance += pnl[k]
        bar = held
    out[bar:] = realised


@compiled(f"void({QUOTES}, {QUOTES}, {_MARKS}, {_PRICES}, boolean, float64[:, ::1])")
def excursions(bid: Quotes, ask: Quotes, marks: Whole, prices: Floats, at_next_open: bool, out: Floats) -> None:
    """Fill `out` (2, k): how far each trade went against and for it, in price units, the exit counted; never below 0.

    The whole range counts of the entry bar (entered at its open), of the bars between, and of a bar left at its close.
    """
    _, bid_high, bid_low, _, bid_added = bid
    _, ask_high, ask_low, _, ask_added = ask
    for k in range(marks.shape[1]):
        side, entry, exit_ = marks[3, k], prices[0, k], prices[1, k]
        at_close = marks[4, k] == OPEN or (marks[4, k] == SIGNAL and not at_next_open)
        lowest, highest = exit_, exit_
        for t in range(marks[1, k] if at_next_open else marks[1, k] + 1, marks[2, k] + 1 if at_close else marks[2, k]):
            if side > 0:
                lowest, highest = min(lowest, bid_low[t] + bid_added[t]), max(highest, bid_high[t] + bid_added[t])
            else:
                lowest, highest = min(lowest, ask_low[t] + ask_added[t]), max(highest, ask_high[t] + ask_added[t])
        below, above = max(entry - lowest, 0.0), max(highest - entry, 0.0)
        out[0, k], out[1, k] = (below, above) if side > 0 else (above, below)
