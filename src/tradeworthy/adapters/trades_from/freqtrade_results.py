"""freqtrade's JSON: results of backtests in their shapes over the years, and lists of live trades."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from tradeworthy.adapters.trades_from.freqtrade_columns import FreqtradeColumns, freqtrade_table
from tradeworthy.adapters.trades_from.freqtrade_dates import utc_dates
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import Floats, TradeTable

_MILLISECOND_NS = 1_000_000

Number = float | None


class _Trade(msgspec.Struct):
    """What is read of one trade; `orders` and the rest are passed over unread."""

    pair: str
    open_rate: float
    close_rate: Number = None
    stake_amount: Number = None
    max_stake_amount: Number = None
    amount: Number = None
    open_timestamp: Number = None
    close_timestamp: Number = None
    open_date: str | None = None
    close_date: str | None = None
    profit_abs: Number = None
    close_profit_abs: Number = None
    initial_stop_loss_abs: Number = None
    stop_loss_abs: Number = None
    fee_open: Number = None
    fee_close: Number = None
    leverage: Number = None
    is_short: bool | None = None
    is_open: bool | None = None
    strategy: str | None = None


class _Strategy(msgspec.Struct):
    trades: list[_Trade]


class _Backtest(msgspec.Struct):
    strategy: dict[str, _Strategy]


class _OneStrategy(msgspec.Struct):
    """A result of a single strategy with its name beside its trades."""

    strategy: str
    trades: list[_Trade]


class _Trades(msgspec.Struct):
    """What the bot's API answers to /trades."""

    trades: list[_Trade]


def freqtrade_json(data: bytes, where: str) -> TradeTable:
    """Closed trades of a backtest, of `show-trades --print-json`, or of the API. Raises InputError for other JSON."""
    shape, plain = _shape(data, where)
    if shape is _Backtest:
        strategies = _as(_Backtest, data, plain, where).strategy
        named = [(name, trade) for name, one in strategies.items() for trade in one.trades]
        backtest = True
    elif shape is _OneStrategy:
        single = _as(_OneStrategy, data, plain, where)
        named, backtest = [(single.strategy, trade) for trade in single.trades], True
    else:
        trades = _as(_Trades, data, plain, where).trades if shape is _Trades else _as(list[_Trade], data, plain, where)
        named, backtest = [(trade.strategy or "all trades", trade) for trade in trades], False
    if not named:
        raise InputError(
            f"{where}: no closed trade; the file holds no trades at all; run the backtest over a longer time"
        )
    return freqtrade_table(_columns(named, where), where, backtest=backtest)


def _shape(data: bytes, where: str) -> tuple[Any, Any]:
    """Which of the shapes this is, and the file as plain objects where it holds NaN, which is no JSON but is written."""
    plain: Any = None
    try:
        outline = msgspec.json.decode(data, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = outline = _tolerant(data, where)
    if isinstance(outline, list):
        return list, plain
    strategy = outline.get("strategy")
    first = bytes(strategy).lstrip()[:1] if isinstance(strategy, msgspec.Raw) else strategy
    if first == b"{" or isinstance(first, dict):
        return _Backtest, plain
    if "trades" in outline:
        return (_OneStrategy if first == b'"' or isinstance(first, str) else _Trades), plain
    keys = ", ".join(list(outline)[:8]) or "nothing"
    raise InputError(
        f"{where}: JSON, but neither the result of a freqtrade backtest (`strategy` with `trades` in it) nor a list of its trades; "
        f"the file has {keys}"
    )


def _tolerant(data: bytes, where: str) -> Any:
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not readable JSON ({error}); it may be cut off, export it again") from error
    if not isinstance(plain, dict | list):
        raise InputError(f"{where}: JSON, but no history of trades")
    return plain


def _as(wanted: Any, data: bytes, plain: Any, where: str) -> Any:
    try:
        return msgspec.json.decode(data, type=wanted) if plain is None else msgspec.convert(plain, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{where}: not the trades of freqtrade ({error}); give the result of a backtest, or the JSON of `freqtrade show-trades "
            "--print-json`"
        ) from error


def _columns(named: Sequence[tuple[str, _Trade]], where: str) -> FreqtradeColumns:
    trades = [trade for _, trade in named]
    stake = _numbers(trades, "stake_amount")
    most = _numbers(trades, "max_stake_amount")
    profit, older = _numbers(trades, "profit_abs"), _numbers(trades, "close_profit_abs")
    initial, last = _numbers(trades, "initial_stop_loss_abs"), _numbers(trades, "stop_loss_abs")
    return FreqtradeColumns(
        strategy=np.array([name for name, _ in named]),
        pair=np.array([trade.pair for trade in trades]),
        is_open=np.array([bool(trade.is_open) for trade in trades]),
        is_short=np.array([bool(trade.is_short) for trade in trades]),
        opened=_times(trades, "open", where),
        closed=_times(trades, "close", where),
        amount=_numbers(trades, "amount"),
        stake=np.fmax(stake, most),
        leverage=_numbers(trades, "leverage"),
        entry=_numbers(trades, "open_rate"),
        exit=_numbers(trades, "close_rate"),
        stop=np.where(np.isnan(initial), last, initial),
        profit=np.where(np.isnan(profit), older, profit),
        fee_open=_numbers(trades, "fee_open"),
        fee_close=_numbers(trades, "fee_close"),
    )


def _numbers(trades: Sequence[_Trade], name: str) -> Floats:
    values = [getattr(trade, name) for trade in trades]
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _times(trades: Sequence[_Trade], which: str, where: str) -> np.ndarray:
    """Milliseconds since 1970 as nanoseconds; 0 where a trade has none yet. Old files hold dates alone."""
    stamps = _numbers(trades, f"{which}_timestamp")
    dates = [getattr(trade, f"{which}_date") for trade in trades]
    if np.isnan(stamps).any() and any(date and np.isnan(stamp) for date, stamp in zip(dates, stamps, strict=True)):
        return utc_dates(dates, where)
    return np.round(np.nan_to_num(stamps)).astype(np.int64) * _MILLISECOND_NS
