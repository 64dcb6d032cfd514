"""Trades of freqtrade in columns, however they came: out of JSON, the bot's database, a CSV of either, or a dataframe."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.adapters.trades_from.notes import counted_names, left_out, note, present
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding
from tradeworthy.validation.trade_table import Floats, Names, Times, TradeTable, no_money, sound

_FARTHEST_STOP = 0.5
"""Of the money put in: freqtrade's stops of -99% switch stops off, and nobody plans a trade round half of its stake."""
_ROUNDED = 1e-4
"""Of the money traded: what rounding of prices and amounts may leave between a profit and its prices."""


@dataclass(frozen=True, slots=True, eq=False)
class FreqtradeColumns:
    """n trades (n,): times in nanoseconds UTC (0 while open), prices, money in the stake currency; NaN where unknown."""

    strategy: Names
    pair: Names
    is_open: np.ndarray
    is_short: np.ndarray
    opened: Times
    closed: Times
    amount: Floats
    stake: Floats
    leverage: Floats
    entry: Floats
    exit: Floats
    stop: Floats
    profit: Floats
    fee_open: Floats
    fee_close: Floats


def freqtrade_table(read: FreqtradeColumns, where: str, *, backtest: bool) -> TradeTable:
    """Closed trades, whose profits hold freqtrade's fees already. Raises InputError where there is none, or an impossible one."""
    keep = ~read.is_open & (read.closed > 0)
    open_ = int((~keep).sum())
    if not keep.any():
        raise InputError(f"{where}: no closed trade; {_none(open_)}")
    whole = sound(read.entry) & sound(read.exit) & sound(np.abs(read.profit) + 1.0) & (read.opened <= read.closed)
    bad = keep & ~whole
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"{where}: trade {row + 1} of {read.pair[row]} has {read.entry[row]:g} as open rate, {read.exit[row]:g} as close rate "
            f"and {read.profit[row]:g} as profit, or closes before it opens; export the trades again ({int(bad.sum())} such trades)"
        )
    entry, exit_ = read.entry[keep], read.exit[keep]
    side = np.where(read.is_short[keep], -1.0, 1.0)
    leverage = np.where(sound(read.leverage[keep]), read.leverage[keep], 1.0)
    staked = read.stake[keep] * leverage / entry
    quantity = np.where(np.nan_to_num(staked) > 0, staked, np.nan_to_num(read.amount[keep]))
    if not sound(quantity).all():
        row = int(np.argmax(~sound(quantity)))
        raise InputError(
            f"{where}: a trade of {read.pair[keep][row]} has neither stake nor amount; export the trades again"
        )
    stop, far = _planned(read.stop[keep], side, entry, leverage)
    odd = _odd(read, keep, side, quantity)
    return TradeTable(
        where, f"freqtrade {'backtest' if backtest else 'trades'}", read.opened[keep], read.closed[keep], side, quantity, entry,
        exit_, stop, read.profit[keep], np.zeros(len(entry)), quantity, no_money(len(entry)), read.strategy[keep],
        read.pair[keep],
        {
            "stops": "each trade's initial stop loss, before any trailing",
            "costs": "freqtrade's profits hold its fees and funding already, so nothing more is taken off",
            "strategies": "told apart by the name of the strategy; pairs are not judged apart",
            "instruments": counted_names(read.pair[keep]),
            "times": "freqtrade's times are UTC",
        },
        (*far, *odd, *present(left_out("open_trades", open_, "trade", "still open"))),
    )  # fmt: skip


def _none(open_: int) -> str:
    if open_:
        return f"the file holds {counted(open_, 'trade')} still open; wait until some have closed"
    return "the file holds no trades at all; run the backtest over a longer time, or export again"


def _planned(stop: Floats, side: Floats, entry: Floats, leverage: Floats) -> tuple[Floats, tuple[Finding, ...]]:
    """Stops that a trade was planned round, NaN for the others, and how many of those were only for emergencies."""
    given = np.where(sound(stop), stop, np.nan)
    with np.errstate(invalid="ignore"):
        far = side * (entry - given) * leverage / entry >= _FARTHEST_STOP
    count = int(far.sum())
    message = f"{counted(count, 'trade')} had a stop that would lose half of the stake or more, which is no stop to measure by"
    return np.where(far, np.nan, given), present(note("far_stops", count, message))


def _odd(read: FreqtradeColumns, keep: np.ndarray, side: Floats, quantity: Floats) -> tuple[Finding, ...]:
    """Trades whose profit is not what their prices, amount and fees give: bought in parts, sold in parts, or edited."""
    entry, exit_ = read.entry[keep], read.exit[keep]
    fees = quantity * (entry * np.nan_to_num(read.fee_open[keep]) + exit_ * np.nan_to_num(read.fee_close[keep]))
    gap = np.abs(read.profit[keep] - (side * (exit_ - entry) * quantity - fees))
    count = int((gap > _ROUNDED * quantity * entry + np.abs(fees)).sum())
    message = f"the profit of {counted(count, 'trade')} does not follow from its prices, stake and fees; it was taken as it is"
    return present(note("money", count, message))
