"""Books, read slowly: fees, nights, profit and loss, excursions, and the equity curve.

Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from support.plain_backtest import LONG
from support.plain_setup import AccountTrade, Candles, Setup


class Market:
    """The prices one deals at: bar prices moved by offsets, or quotes."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        bars = len(setup.candles)
        zeros = [0.0] * bars
        self.ask_offset = setup.ask_offset if setup.ask_offset is not None else zeros
        self.bid_offset = setup.bid_offset if setup.bid_offset is not None else zeros
        self.slippage = setup.slippage if setup.slippage is not None else zeros
        if setup.quotes is not None:
            self.bid, self.ask = setup.quotes
        else:
            self.bid = _moved(setup.candles, self.bid_offset)
            self.ask = _moved(setup.candles, self.ask_offset)
        if setup.rate is not None:
            self.rate = setup.rate
        else:
            self.rate = [1.0] * bars
        self.contract = setup.account.contract if setup.account is not None else 1.0

    def entry_side(self, side: int) -> Candles:
        """A long is opened by buying, a short by selling."""
        return self.ask if side == LONG else self.bid

    def exit_side(self, side: int) -> Candles:
        """A long is left by selling, a short by buying."""
        return self.bid if side == LONG else self.ask

    def exit_offset(self, side: int, bar: int) -> float:
        """What moves a finer bar of this bar to the side at which the position would be left."""
        return self.bid_offset[bar] if side == LONG else self.ask_offset[bar]


@dataclass(frozen=True)
class Position:
    """A position from the moment it was opened."""

    signal_index: int
    entry_index: int
    side: int
    entry_price: float
    stop: float
    target: float
    risk: float
    units: float
    multiplier: float


@dataclass(frozen=True)
class Exit:
    """Where, at what price and why a position ended; at the bar's open, or inside it and at its close."""

    index: int
    price: float
    reason: str
    at_open: bool = False
    ambiguous: bool = False


def _moved(candles: Candles, by: Sequence[float]) -> Candles:
    columns = (candles.open, candles.high, candles.low, candles.close)
    open_, high, low, close = ([price + offset for price, offset in zip(column, by, strict=True)] for column in columns)
    return Candles(open_, high, low, close)


def fee(setup: Setup, market: Market, units: float, price: float, bar: int) -> float:
    """What one order costs."""
    terms = setup.commission
    notional = units * market.contract * price * market.rate[bar]
    cost = terms.per_unit * units + terms.per_lot * units / terms.lot_units + terms.percent / 100 * notional
    return max(cost, terms.minimum)


def entry_at_open(setup: Setup) -> bool:
    """Are entries carried out at an open?"""
    return setup.rules.entry == "next_open"


def exit_moment(setup: Setup, exit_: Exit) -> int:
    """The time that an exit carries."""
    times = setup.candles.open_time if exit_.at_open else setup.candles.close_time
    return times[exit_.index]


def nights_held(setup: Setup, entry_index: int, end_index: int, *, end_at_open: bool) -> int:
    """Nights between entry and end; opens come just after their moment, everything else just before the close's."""
    opens, closes = setup.candles.open_time, setup.candles.close_time
    total = 0
    for moment, weight in setup.swap.nights:
        begun = moment > opens[entry_index] if entry_at_open(setup) else moment >= closes[entry_index]
        not_over = moment <= opens[end_index] if end_at_open else moment < closes[end_index]
        if begun and not_over:
            total += weight
    return total


def swap_earned(setup: Setup, market: Market, side: int, units: float, entry_price: float, nights: int) -> float:
    """What the nights earned, in the quote currency."""
    terms = setup.swap
    value, percent = (
        (terms.long_value, terms.long_percent) if side == LONG else (terms.short_value, terms.short_percent)
    )
    return units * market.contract * nights * (value + percent / 100 / 365 * entry_price)


def book(setup: Setup, market: Market, position: Position, exit_: Exit, balance: float) -> AccountTrade:
    """The record of a trade; `balance` is the one before it."""
    side, units, entry, end = position.side, position.units, position.entry_index, exit_.index
    gross = units * market.contract * side * (exit_.price - position.entry_price)
    nights = nights_held(setup, entry, end, end_at_open=exit_.at_open)
    swap = swap_earned(setup, market, side, units, position.entry_price, nights)
    fees = fee(setup, market, units, position.entry_price, entry)
    if exit_.reason != "OPEN":
        fees += fee(setup, market, units, exit_.price, end)
    pnl = (gross + swap) * market.rate[end] - fees
    mae, mfe = _excursions(setup, market, position, exit_)
    return AccountTrade(
        signal_index=position.signal_index,
        entry_index=entry,
        exit_index=end,
        side=side,
        entry_price=position.entry_price,
        exit_price=exit_.price,
        stop=position.stop,
        target=position.target,
        reason=exit_.reason,
        risk=position.risk,
        r=pnl / (units * market.contract * position.risk * market.rate[entry]),
        ambiguous=exit_.ambiguous,
        mae=mae,
        mfe=mfe,
        units=units,
        multiplier=position.multiplier,
        commission=fees,
        swap=swap,
        pnl=pnl,
        balance=balance + pnl,
    )


def _excursions(setup: Setup, market: Market, position: Position, exit_: Exit) -> tuple[float, float]:
    """How far the price went against and in favour of the position, both at least zero."""
    quotes = market.exit_side(position.side)
    first = position.entry_index if entry_at_open(setup) else position.entry_index + 1
    left_at_close = exit_.reason == "OPEN" or (exit_.reason == "SIGNAL" and not entry_at_open(setup))
    bars = range(first, exit_.index + 1 if left_at_close else exit_.index)
    lowest = min([exit_.price] + [quotes.low[bar] for bar in bars])
    highest = max([exit_.price] + [quotes.high[bar] for bar in bars])
    below = max(0.0, position.entry_price - lowest)
    above = max(0.0, highest - position.entry_price)
    return (below, above) if position.side == LONG else (above, below)


def equity_curve(setup: Setup, market: Market, trades: Sequence[AccountTrade]) -> list[float]:
    """At each close: the balance, or the balance before the trade that is held and what it is worth by then."""
    start = setup.account.start if setup.account is not None else 0.0
    return [_equity_at(bar, setup, market, trades, start) for bar in range(len(setup.candles))]


def _equity_at(bar: int, setup: Setup, market: Market, trades: Sequence[AccountTrade], start: float) -> float:
    balance = start
    for trade in trades:
        if trade.entry_index > bar:
            break
        if trade.reason == "OPEN" or trade.exit_index > bar:
            return balance + _worth(bar, setup, market, trade)
        balance = trade.balance
    return balance


def _worth(bar: int, setup: Setup, market: Market, trade: AccountTrade) -> float:
    price = market.exit_side(trade.side).close[bar]
    gross = trade.units * market.contract * trade.side * (price - trade.entry_price)
    nights = nights_held(setup, trade.entry_index, bar, end_at_open=False)
    swap = swap_earned(setup, market, trade.side, trade.units, trade.entry_price, nights)
    paid = fee(setup, market, trade.units, trade.entry_price, trade.entry_index)
    return (gross + swap) * market.rate[bar] - paid


def nan_if_none(values: Sequence[float] | None, index: int) -> float:
    """One of a list that may not have been given."""
    return math.nan if values is None else values[index]
