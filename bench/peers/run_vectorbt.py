"""vectorbt, asked: fills of given decisions in several ways, and the time of backtests and sweeps, by either engine.

Its own documentation says that a stop comes before any other signal of its bar, that one bar carries out one order, and
that stops are looked at from the bar after the entry. Rows of the third way below get round all three: each bar becomes
two, one at which only the open is known and one for the rest.
"""

import resource
from typing import Any

import numpy as np
import pandas as pd
import vectorbt as vbt  # type: ignore[import-not-found]  # lives in the peer's environment only
from answering import Columns, Trades, answer_all, columns, table, timed
from vectorbt.portfolio.enums import OppositeEntryMode, StopEntryPrice  # type: ignore[import-not-found]  # the same

ON_OPPOSITE = {
    "reverse": OppositeEntryMode.Reverse,
    "close": OppositeEntryMode.Close,
    "ignore": OppositeEntryMode.Ignore,
}
RICH = {"init_cash": 1e9, "size": 1.0, "freq": "1h"}


def signals(bars: Columns, shift: int) -> dict[str, np.ndarray]:
    """Its four columns of signals, `shift` rows later than they were given."""
    enter, leave = bars["enter"], bars["leave"]
    found = {
        "entries": enter > 0, "exits": leave & 1 != 0, "short_entries": enter < 0, "short_exits": leave & 2 != 0,
    }  # fmt: skip
    return {name: moved(column, shift, fill=False) for name, column in found.items()}


def moved(column: np.ndarray, shift: int, fill: float | bool) -> np.ndarray:
    """The column `shift` rows later."""
    out = np.full_like(column, fill)
    out[shift:] = column[: len(column) - shift]
    return out


def at_close(bars: Columns, on_opposite: str) -> Any:
    """Its defaults: signals at the close, stops measured from it."""
    close = bars["close"]
    return vbt.Portfolio.from_signals(
        close, **signals(bars, 0), open=bars["open"], high=bars["high"], low=bars["low"],
        sl_stop=bars["stop_distance"] / close, tp_stop=bars["target_distance"] / close,
        upon_opposite_entry=ON_OPPOSITE[on_opposite], **RICH,
    )  # fmt: skip


def at_open(bars: Columns, on_opposite: str, *, from_signal: bool) -> Any:
    """Signals a row later at the open; stops measured from the fill, or from the close before it as valuation price."""
    before = moved(bars["close"], 1, fill=bars["open"][0])
    base = before if from_signal else bars["open"]
    return vbt.Portfolio.from_signals(
        bars["close"], **signals(bars, 1), price=bars["open"], val_price=before,
        open=bars["open"], high=bars["high"], low=bars["low"],
        sl_stop=moved(bars["stop_distance"], 1, fill=np.nan) / base,
        tp_stop=moved(bars["target_distance"], 1, fill=np.nan) / base,
        stop_entry_price=StopEntryPrice.ValPrice if from_signal else StopEntryPrice.FillPrice,
        upon_opposite_entry=ON_OPPOSITE[on_opposite], **RICH,
    )  # fmt: skip


def in_two_rows(bars: Columns, on_opposite: str) -> Any:
    """Row 2j is the open of bar j, at which signals are carried out and no stop can be seen; row 2j + 1 is bar j."""
    first = {name: moved(bars[name], 1, fill=np.nan) for name in ("stop_distance", "target_distance")}
    blank = np.full(len(bars["close"]), np.nan)

    def rows(at_the_open: np.ndarray, rest: np.ndarray) -> np.ndarray:
        return np.column_stack([at_the_open, rest]).ravel()

    o, h, low, c = (bars[name] for name in ("open", "high", "low", "close"))
    none = np.zeros(len(c), dtype=bool)
    return vbt.Portfolio.from_signals(
        rows(blank, c), **{name: rows(column, none) for name, column in signals(bars, 1).items()},
        price=rows(o, c), open=rows(blank, o), high=rows(blank, h), low=rows(blank, low),
        sl_stop=rows(first["stop_distance"] / o, blank), tp_stop=rows(first["target_distance"] / o, blank),
        stop_entry_price=StopEntryPrice.FillPrice, upon_opposite_entry=ON_OPPOSITE[on_opposite], **RICH,
    )  # fmt: skip


def fill(question: dict[str, Any]) -> Trades:
    """Trades of given decisions, the open one last."""
    bars = columns(question["bars"])
    where, on_opposite = question["mode"].split(", ")
    rows = 1
    if where == "at the close":
        found = at_close(bars, on_opposite)
    elif where == "in two rows":
        rows, found = 2, in_two_rows(bars, on_opposite)
    else:
        found = at_open(bars, on_opposite, from_signal=where == "at the open from the close")
    records = found.trades.records
    return table([
        (1 - 2 * int(t.direction), t.entry_idx // rows, t.exit_idx // rows if t.status else None,
         t.entry_price, t.exit_price if t.status else None)
        for t in records.itertuples()
    ])  # fmt: skip


def crossing(bars: Columns, fast: Any, slow: Any) -> Any:
    """Indicators, signals and portfolio, as its documentation shows; many parameters make many columns."""
    open_, high, low, close = (pd.Series(bars[name]) for name in ("open", "high", "low", "close"))
    quick, calm = vbt.MA.run(close, fast, short_name="fast"), vbt.MA.run(close, slow, short_name="slow")
    atr = vbt.ATR.run(high, low, close, window=27, ewm=True).atr.to_numpy().ravel()  # a span of 27 is Wilder's 14
    return vbt.Portfolio.from_signals(
        close, quick.ma_crossed_above(calm), short_entries=quick.ma_crossed_below(calm),
        open=open_, high=high, low=low, sl_stop=2 * atr / close, tp_stop=3 * atr / close, **RICH,
    )  # fmt: skip


def time_run(question: dict[str, Any]) -> float:
    """Seconds of one backtest of SMA 10/20: trades, or trades and equity, or fills alone of given decisions."""
    bars = columns(question["bars"])
    vbt.settings["engine"] = question["engine"]

    def trades() -> Any:
        found = crossing(bars, 10, 20)
        return found, found.trades.records

    def equity() -> Any:
        found = crossing(bars, 10, 20)
        return found.value(), found.trades.pnl

    return timed({"trades": trades, "equity": equity, "fills": lambda: at_close(bars, "reverse")}[question["work"]])


def sweep(question: dict[str, Any]) -> dict[str, float]:
    """Seconds and peak memory of every set at once: number of trades, profit and deepest drawdown of each."""
    bars = columns(question["bars"])
    vbt.settings["engine"] = question["engine"]

    def work() -> None:
        found = crossing(bars, question["fast"], question["slow"])
        found.trades.count()
        found.total_profit()
        found.max_drawdown()

    seconds = timed(work)
    return {"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


answer_all(vbt.__version__, {"fill": fill, "time": time_run, "sweep": sweep})
