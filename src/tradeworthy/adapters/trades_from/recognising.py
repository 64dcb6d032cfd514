"""Which platform a history of trades comes from, told by what it holds, and its trades in one table."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeworthy.adapters.files.tables import csv_frame, parquet_frame, read_table
from tradeworthy.adapters.files.trade_columns import is_plain, plain_table
from tradeworthy.adapters.trades_from.decoding import Decoded, decoded_text
from tradeworthy.adapters.trades_from.freqtrade_results import freqtrade_json
from tradeworthy.adapters.trades_from.freqtrade_rows import freqtrade_database, freqtrade_frame, has_freqtrade_columns
from tradeworthy.adapters.trades_from.metatrader import metatrader_table
from tradeworthy.adapters.trades_from.metatrader_rows import is_metatrader
from tradeworthy.adapters.trades_from.rows import report_from_html, report_from_text
from tradeworthy.adapters.trades_from.tradingview import ROLES, is_tradingview, tradingview_table
from tradeworthy.adapters.trades_from.unpacking import Contents, Kind, contents
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import TradeTable

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 20_000
"""Characters that are enough to tell a report of MetaTrader's in separated text."""
_LISTED = frozenset({"number", "price", "profit"})
"""Roles that plain columns do not have."""
READ = "a freqtrade backtest, a MetaTrader report, TradingView's list of trades, or a table with time, side, entry, exit and stop"


def table_from_path(path: Path, where: str, columns: Mapping[str, str], zone: str | None) -> TradeTable:
    """Closed trades of a file. Raises InputError where it is no history of trades that is known here."""
    read = contents(path)
    if read.kind in {Kind.DATABASE, Kind.JSON, Kind.MARKUP} and columns:
        raise InputError(
            f"{where}: {read.kind} is read by its own names, so there are no columns to map; leave --column out"
        )
    if read.kind is Kind.DATABASE:
        return freqtrade_database(path)
    if read.kind is Kind.JSON:
        return freqtrade_json(read.data, where)
    if read.kind is Kind.MARKUP:
        return _from_html(read, where, zone)
    if read.kind is Kind.PARQUET:
        return _from_frame(parquet_frame(read.data, path), where, columns, zone)
    return _from_text(read, where, columns, zone)


def table_from_source(source: Any, where: str, columns: Mapping[str, str], zone: str | None) -> TradeTable:
    """Closed trades of a dataframe of any library."""
    return _from_frame(read_table(source), where, columns, zone)


def _from_html(read: Contents, where: str, zone: str | None) -> TradeTable:
    decoded = decoded_text(read.data)
    report = report_from_html(decoded)
    if not report.rows:
        raise InputError(
            f"{where}: a web page without tables (read as {decoded.encoding}), so no report of a terminal; save the report as "
            "HTML"
        )
    return metatrader_table(report, where, zone)


def _from_text(read: Contents, where: str, columns: Mapping[str, str], zone: str | None) -> TradeTable:
    decoded = decoded_text(read.data)
    if "\x00" in decoded.text[:4000]:
        raise InputError(f"{where}: this is not a text file; give CSV or Parquet, or {READ}")
    start = decoded.text[:_SAMPLE]
    report = report_from_text(Decoded(start, decoded.encoding))
    if not columns and report.rows and is_metatrader(report, plain=is_plain(report.rows[0].cells)):
        return metatrader_table(report_from_text(decoded), where, zone)
    lines = [line for line in start.splitlines() if line.strip()]
    whole = lines if len(start) < _SAMPLE else lines[:-1] or lines
    if whole and not _tabular(whole):
        raise InputError(f"{where}: {whole[0][:60]!r} does not begin a table of trades; give {READ}")
    return _from_frame(csv_frame(decoded.text, read.path), where, columns, zone)


def _from_frame(frame: "pl.DataFrame", where: str, columns: Mapping[str, str], zone: str | None) -> TradeTable:
    """A platform's table where its columns say so, and none is mapped to a role that only plain columns have."""
    if not columns and has_freqtrade_columns(frame.columns):
        return freqtrade_frame(frame, where)
    if columns.keys() <= set(ROLES) and (
        columns.keys() & _LISTED or (is_tradingview(frame) and not is_plain(frame.columns))
    ):
        return tradingview_table(frame, where, zone, columns)
    return plain_table(frame, columns, zone, where)


def _tabular(lines: list[str]) -> bool:
    """Whether most lines have as many separators as the first; code and logs do not."""
    separator = max(",;\t|", key=lines[0].count)
    wanted = lines[0].count(separator)
    return wanted > 0 and sum(line.count(separator) >= wanted for line in lines) > len(lines) / 2
