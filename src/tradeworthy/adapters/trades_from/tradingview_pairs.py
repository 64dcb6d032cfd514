"""Entries and exits of TradingView's list of trades put beside each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeworthy.adapters.files.times import moments
from tradeworthy.adapters.trades_from.number_spelling import written_numbers
from tradeworthy.adapters.trades_from.tradingview_words import SIGNALS, is_entry, is_long
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import Floats, Times


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Entry and exit rows of n closed trades in order of their numbers, what is read of both, and how many are still open."""

    entry: pl.DataFrame
    exit: pl.DataFrame
    opened: Times
    closed: Times
    entry_price: Floats
    exit_price: Floats
    side: Floats
    open: int


def paired(frame: pl.DataFrame, roles: Mapping[str, str], where: str, zone: str | None) -> Pairs:
    """Rows of closed trades under the names of their roles.

    Raises InputError where a number is none, stands there too often, or has an exit alone.
    """
    rows = _rows(frame, roles, where)
    kinds = {kind: is_entry(kind) for kind in rows["side"].drop_nulls().unique()}
    known = all(said is not None for said in kinds.values())
    entry_row = rows["side"].is_in([kind for kind, said in kinds.items() if said]) if known else _earlier(rows)
    entries = rows.filter(entry_row)
    exits = rows.filter(
        ~entry_row & ~rows["still"] & rows["price"].str.contains(r"\d") & rows["time"].str.contains(r"\d")
    )
    for part, what in ((entries, "entries"), (exits, "exits")):
        again = part["number"].is_duplicated()
        if again.any():
            raise InputError(
                f"{where}: trade {part['number'].filter(again)[0]} has several {what}; are there several lists in this file? Give "
                "one at a time"
            )
    entry = entries.filter(entries["number"].is_in(exits["number"].to_list())).sort("number")
    out = exits.filter(exits["number"].is_in(entries["number"].to_list())).sort("number")
    lone = exits.height - out.height
    if lone:
        raise InputError(f"{where}: {counted(lone, 'exit')} without an entry; is the list cut off? Export it again")
    if not out.height:
        nothing, never = np.empty(0), np.empty(0, np.int64)
        return Pairs(entry, out, never, never, nothing, nothing, nothing, entries.height)
    prices = written_numbers({"entry": entry["price"].to_list(), "exit": out["price"].to_list()}, where)
    both = moments(pl.concat([entry.select("time"), out.select("time")]), ["time"], zone, where)
    return Pairs(
        entry, out, both[: entry.height], both[entry.height :], prices["entry"], prices["exit"],
        _sides(entry, out, prices["exit"] - prices["entry"], where), entries.height - out.height,
    )  # fmt: skip


def _rows(frame: pl.DataFrame, roles: Mapping[str, str], where: str) -> pl.DataFrame:
    """Columns under the names of their roles, as text, and `still`: whether the row stands for an exit yet to come."""
    signal = next((name for name in frame.columns if name.strip().lower() in SIGNALS), None)
    still = pl.Series("still", [False] * frame.height)
    if signal is not None:
        still = (frame[signal].cast(pl.String).str.to_lowercase() == "open").fill_null(value=False).alias("still")
    rows = frame.select(
        pl.col(name).cast(pl.String).str.strip_chars().fill_null("").alias(role) for role, name in roles.items()
    )
    number = rows["number"].cast(pl.Int64, strict=False)
    if number.null_count():
        row = int(number.is_null().arg_max() or 0)
        raise InputError(
            f"{where}: {rows['number'][row]!r} in data row {row + 1} is no trade's number; export the list again"
        )
    return rows.with_columns(number, still)


def _earlier(rows: pl.DataFrame) -> pl.Series:
    """Entries where types are in a language that is not known: the earlier row of two, and the only one of one."""
    placed = rows.with_row_index("place")
    newest_first = bool((rows["number"].diff().drop_nulls() < 0).any())
    upper = pl.col("place").max() if newest_first else pl.col("place").min()
    tied = pl.col("time").n_unique() == 1
    first = pl.when(tied.over("number")).then(pl.col("place") == upper.over("number"))
    return placed.select(first.otherwise(pl.col("time") == pl.col("time").min().over("number")).alias("entry"))["entry"]


def _sides(entry: pl.DataFrame, out: pl.DataFrame, rise: Floats, where: str) -> Floats:
    """1 and -1 by the words of the entries; where they are not known, by what most profits of such a type say."""
    kinds = {kind: is_long(kind) for kind in entry["side"].unique()}
    if all(said is not None for said in kinds.values()):
        return np.where(entry["side"].is_in([kind for kind, said in kinds.items() if said]).to_numpy(), 1.0, -1.0)
    says = np.sign(rise) * np.sign(written_numbers({"profit": out["profit"].to_list()}, where)["profit"])
    side = np.ones(entry.height)
    for kind in kinds:
        mine = (entry["side"] == kind).to_numpy()
        side[mine] = 1.0 if np.nansum(says[mine]) >= 0 else -1.0
    return side
