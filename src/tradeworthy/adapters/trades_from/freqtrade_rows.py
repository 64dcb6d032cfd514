"""freqtrade's trades out of tables: a CSV or dataframe with its columns, or the database of a live bot."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from tradeworthy.adapters.files.columns import numbers
from tradeworthy.adapters.files.times import moments
from tradeworthy.adapters.trades_from.freqtrade_columns import FreqtradeColumns, freqtrade_table
from tradeworthy.adapters.trades_from.freqtrade_dates import utc_dates
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import Floats, Names, Times, TradeTable

_NEEDED = frozenset({"pair", "open_rate", "close_rate", "stake_amount", "open_date", "close_date"})
_PROFITS = ("profit_abs", "close_profit_abs")
_STOPS = ("initial_stop_loss_abs", "initial_stop_loss", "stop_loss_abs", "stop_loss")
_READ = (
    *_NEEDED, *_PROFITS, *_STOPS, "max_stake_amount", "amount", "strategy", "leverage", "is_short", "is_open", "fee_open",
    "fee_close",
)  # fmt: skip
_TRUE = frozenset({"1", "1.0", "true", "t", "yes"})


def has_freqtrade_columns(names: Mapping[str, object] | list[str]) -> bool:
    """Whether a table has the columns that freqtrade gives its trades."""
    have = set(names)
    return have >= _NEEDED and bool(have & set(_PROFITS))


def freqtrade_frame(frame: pl.DataFrame, where: str) -> TradeTable:
    """Closed trades of a table with freqtrade's columns. Raises InputError for values that cannot be read."""
    if not frame.height:
        raise InputError(f"{where}: there is a header and no trade under it; export the history again")
    stake, most = _numbers(frame, ("stake_amount",), where), _numbers(frame, ("max_stake_amount",), where)
    read = FreqtradeColumns(
        strategy=_names(frame, "strategy", "all trades"),
        pair=_names(frame, "pair", "?"),
        is_open=_flags(frame, "is_open"),
        is_short=_flags(frame, "is_short"),
        opened=_times(frame["open_date"], where),
        closed=_times(frame["close_date"], where),
        amount=_numbers(frame, ("amount",), where),
        stake=np.fmax(stake, most),
        leverage=_numbers(frame, ("leverage",), where),
        entry=_numbers(frame, ("open_rate",), where),
        exit=_numbers(frame, ("close_rate",), where),
        stop=_numbers(frame, _STOPS, where),
        profit=_numbers(frame, _PROFITS, where),
        fee_open=_numbers(frame, ("fee_open",), where),
        fee_close=_numbers(frame, ("fee_close",), where),
    )
    return freqtrade_table(read, where, backtest=False)


def freqtrade_database(path: Path) -> TradeTable:
    """Closed trades of a live bot's database (tradesv3.sqlite), which is opened for reading alone."""
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            columns = [row[1] for row in base.execute("pragma table_info('trades')")]
            if not has_freqtrade_columns(columns):
                raise InputError(
                    f"{path}: an SQLite database without the trades of freqtrade; give the bot's tradesv3.sqlite"
                )
            wanted = [name for name in columns if name in _READ]
            rows = base.execute(f"select {', '.join(wanted)} from trades").fetchall()  # noqa: S608 - names of our own list
        finally:
            base.close()
    except sqlite3.Error as error:
        raise InputError(
            f"{path}: not a readable SQLite database ({error}); copy it again while the bot stands still"
        ) from error
    texts = {name: [None if row[at] is None else str(row[at]) for row in rows] for at, name in enumerate(wanted)}
    return freqtrade_frame(pl.DataFrame(texts, schema=dict.fromkeys(wanted, pl.String)), str(path))


def _numbers(frame: pl.DataFrame, names: tuple[str, ...], where: str) -> Floats:
    """The first of the columns that has a value, row by row."""
    out = np.full(frame.height, np.nan)
    for name in names:
        if name in frame.columns:
            out = np.where(np.isnan(out), numbers(frame, name, where), out)
    return out


def _names(frame: pl.DataFrame, name: str, otherwise: str) -> Names:
    if name not in frame.columns:
        return np.full(frame.height, otherwise)
    return np.array([str(value or "").strip() or otherwise for value in frame[name]])


def _flags(frame: pl.DataFrame, name: str) -> np.ndarray:
    if name not in frame.columns:
        return np.zeros(frame.height, bool)
    return np.array([str(value).lower() in _TRUE for value in frame[name]])


def _times(series: pl.Series, where: str) -> Times:
    """As text by freqtrade's own rules; as moments, which a dataframe may hold, by their zone or as UTC."""
    if series.dtype == pl.String:
        return utc_dates(series.to_list(), where)
    out = np.zeros(len(series), np.int64)
    given = series.is_not_null().to_numpy()
    if given.any():
        out[given] = moments(pl.DataFrame({"date": series.drop_nulls()}), ["date"], "UTC", where)
    return out
