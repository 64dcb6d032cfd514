"""TradingView's list of trades: two rows a trade, in any order, in any language."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from tradeworthy.adapters.files.columns import find
from tradeworthy.adapters.files.option_words import has, naming_column
from tradeworthy.adapters.files.trade_columns import listed_names
from tradeworthy.adapters.trades_from.notes import left_out, note, present
from tradeworthy.adapters.trades_from.number_spelling import or_zero, written_numbers
from tradeworthy.adapters.trades_from.tradingview_pairs import paired
from tradeworthy.adapters.trades_from.tradingview_words import HEADINGS, headings, is_entry
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import Floats, TradeTable, no_money, sound

ROLES = tuple(HEADINGS)
_NEEDED = ("number", "side", "time", "price", "quantity", "profit")
_MONEY = ("price", "quantity", "profit", "value", "commission")
_FEWEST_COLUMNS = 6
_PAIRED = 0.8
_ONE = 0.05
"""How far from 1 the money for a point may seem to lie, by rounding and commissions, and still be 1."""
_OFF = 0.05
"""Of the money traded: further than this no commission carries a profit away from its prices."""


def is_tradingview(frame: pl.DataFrame) -> bool:
    """Whether a table is a list of trades: by types that say entry and exit, or by numbers of which most stand there twice."""
    roles = headings(frame.columns)
    if not frame.height or len(frame.columns) < _FEWEST_COLUMNS:
        return False
    kinds = [] if "side" not in roles else frame[roles["side"]].cast(pl.String).drop_nulls().unique().to_list()
    if "number" in roles and "price" in roles and kinds and all(is_entry(kind) is not None for kind in kinds):
        return True
    counts = _numbers(frame)
    return counts is not None and bool((counts == 2).sum() >= _PAIRED * len(counts))


def tradingview_table(frame: pl.DataFrame, where: str, zone: str | None, columns: Mapping[str, str]) -> TradeTable:
    """Closed trades of one strategy, named after the file. columns: roles of `ROLES` mapped to columns by the user.

    Raises InputError where a column is missing, rows do not pair, or times need a zone.
    """
    roles = _roles(frame, where, columns)
    pairs = paired(frame, roles, where, zone)
    count = pairs.entry.height
    if not count:
        raise InputError(
            f"{where}: no closed trade; the list holds {counted(pairs.open, 'open trade')} and nothing else"
        )
    read = written_numbers({name: pairs.exit[name].to_list() for name in pairs.exit.columns if name in _MONEY}, where)
    entry, exit_, quantity, profit = pairs.entry_price, pairs.exit_price, np.abs(read["quantity"]), read["profit"]
    bad = ~(sound(entry) & sound(exit_) & sound(quantity) & sound(np.abs(profit) + 1.0))
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"{where}: trade {pairs.exit['number'][row]} has {entry[row]:g} as entry, {exit_[row]:g} as exit, {quantity[row]:g} as "
            f"size and {profit[row]:g} as profit, which cannot be right; export again ({int(bad.sum())} such trades)"
        )
    move = pairs.side * (exit_ - entry)
    per_price = _per_price(move, entry, quantity, read)
    off = int((np.abs(profit - move * per_price) > _OFF * per_price * entry).sum())
    name = Path(where).stem or "TradingView"
    names = np.full(count, name)
    return TradeTable(
        where, "TradingView list of trades", pairs.opened, pairs.closed, pairs.side, quantity, entry, exit_, no_money(count),
        profit, np.zeros(count), per_price, no_money(count), names, names,
        {
            "costs": "TradingView's profits are after the commissions set in the strategy, so nothing more is taken off",
            "strategies": "one list is one strategy, named after the file",
            "columns": ", ".join(f"{role} is {column!r}" for role, column in sorted(roles.items())),
            "times": f"the chart's time, read as {zone or 'UTC'}",
        },
        present(
            left_out("open_trades", pairs.open, "trade", "still open"),
            note("money", off, f"{counted(off, 'profit')} do not follow from prices and size; they were taken as they are"),
        ),
    )  # fmt: skip


def _numbers(frame: pl.DataFrame) -> pl.Series | None:
    """How often each number of the first column stands there; None where it holds anything else."""
    number = frame[frame.columns[0]].cast(pl.String).str.strip_chars()
    return number.value_counts()["count"] if number.str.contains(r"^\d+$").fill_null(value=False).all() else None


def _roles(frame: pl.DataFrame, where: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what: as the user says, else by its heading; the first is the number if it holds numbers."""
    roles = headings(frame.columns) | find(frame, dict.fromkeys(ROLES, ()), columns, where)
    if "number" not in roles and _numbers(frame) is not None:
        roles["number"] = frame.columns[0]
    missing = [role for role in _NEEDED if role not in roles]
    if missing:
        raise InputError(
            f"{where}: this looks like TradingView's list of trades, but no column is known for {' and '.join(missing)}; "
            f"{has(where)} {listed_names(frame.columns)}; map one with {naming_column(missing[0], where)}, or export in English"
        )
    return roles


def _per_price(move: Floats, entry: Floats, quantity: Floats, read: Mapping[str, Floats]) -> Floats:
    """Money for a price move of 1: from the stated value of the position, else from the profits themselves."""
    value = read.get("value")
    if value is not None and sound(value).all():
        return value / entry
    gross = read["profit"] + or_zero(read.get("commission", np.zeros(len(move))))
    moved = move * quantity
    telling = (moved != 0) & (np.sign(moved) == np.sign(gross))
    if not telling.any():
        return quantity
    ratio, weight = gross[telling] / moved[telling], np.abs(moved[telling])
    order = np.argsort(ratio, kind="stable")
    total = np.cumsum(weight[order])
    usual = float(ratio[order][np.searchsorted(total, total[-1] / 2)])
    return quantity * (1.0 if abs(usual - 1.0) < _ONE else usual)
