"""backtesting.py, asked: fills of given decisions in three ways, and the time of a whole moving-average backtest."""

import warnings
from math import isnan
from typing import Any

import backtesting  # type: ignore[import-not-found]  # lives in the peer's environment only
import numpy as np
import pandas as pd
from answering import Columns, Trades, answer_all, columns, table, timed
from backtesting import Backtest, Strategy

CASH = 1e9
warnings.simplefilter("ignore")
backtesting.backtesting._tqdm = lambda each, **_: each  # noqa: SLF001 - its progress bar is not part of the work


class WithOrder(Strategy):  # type: ignore[misc]  # its base is untyped
    """Stop and target go with the order, measured from the signal's close; an opposite order closes what is held."""

    given: Columns

    def init(self) -> None:
        """Nothing to prepare: decisions are given."""

    def next(self) -> None:
        """Act on this bar's decision."""
        i = len(self.data) - 1
        enter, leave = self.given["enter"][i], self.given["leave"][i]
        held = self.position.size
        leaving = (held > 0 and leave & 1) or (held < 0 and leave & 2)
        if leaving:
            self.leave()
        if enter and (not held or (leaving and enter * held < 0)):
            self.enter(int(enter), i)

    def leave(self) -> None:
        """At the next open."""
        self.position.close()

    def levels(self, side: int, i: int, base: float) -> dict[str, float]:
        """Stop and target, where there are any."""
        stop, target = self.given["stop_distance"][i], self.given["target_distance"][i]
        both = {"sl": base - side * stop, "tp": base + side * target}
        return {name: level for name, level in both.items() if not isnan(level)}

    def enter(self, side: int, i: int) -> None:
        """One unit at the next open."""
        order = self.buy if side > 0 else self.sell
        order(size=1, **self.levels(side, i, self.data.Close[-1]))


class AfterFill(WithOrder):
    """Stop and target are set at the entry bar's close, measured from the fill."""

    def next(self) -> None:
        """Set levels of a trade that has none yet, then act."""
        for trade in self.trades:
            if trade.sl is None and trade.tp is None:
                side = 1 if trade.is_long else -1
                for name, level in self.levels(side, trade.entry_bar - 1, trade.entry_price).items():
                    setattr(trade, name, level)
        super().next()

    def enter(self, side: int, _: int) -> None:
        """One unit at the next open, bare."""
        (self.buy if side > 0 else self.sell)(size=1)


class AtClose(WithOrder):
    """For trade_on_close: what is held is left at the close too, by an order against it, its stop and target withdrawn."""

    def leave(self) -> None:
        """Withdraw the levels (they would be looked at before the order) and sell what is held, or buy it back."""
        for trade in self.trades:
            trade.sl = trade.tp = None
        (self.sell if self.position.size > 0 else self.buy)(size=1)


MODES = {"with the order": WithOrder, "after the fill": AfterFill, "trade_on_close": AtClose}


def frame(bars: Columns) -> pd.DataFrame:
    """Its form of bars."""
    names = {name.title(): bars[name] for name in ("open", "high", "low", "close")}
    return pd.DataFrame(names, index=pd.date_range("2000", periods=len(bars["close"]), freq="h"))


def fill(question: dict[str, Any]) -> Trades:
    """Trades of given decisions, the open one last."""
    bars = columns(question["bars"])
    mode = question["mode"]
    test = Backtest(frame(bars), MODES[mode], cash=CASH, trade_on_close=mode == "trade_on_close", finalize_trades=False)
    MODES[mode].given = bars
    strategy = test.run()["_strategy"]
    found = sorted(
        [*strategy.closed_trades, *strategy.trades], key=lambda trade: (trade.entry_bar, trade.exit_bar or 1e18)
    )
    return table([(int(np.sign(t.size)), t.entry_bar, t.exit_bar, t.entry_price, t.exit_price) for t in found])


def mean(values: np.ndarray, n: int) -> np.ndarray:
    """Simple average as its users compute it."""
    found: np.ndarray = pd.Series(values).rolling(n).mean().to_numpy()
    return found


def wilder(high: np.ndarray, low: np.ndarray, close: np.ndarray, n: int) -> np.ndarray:
    """Average true range by pandas' exponential mean with Wilder's weight."""
    before = pd.Series(close).shift()
    ranges = pd.concat([pd.Series(high) - low, (high - before).abs(), (low - before).abs()], axis=1).max(axis=1)
    found: np.ndarray = ranges.ewm(alpha=1 / n, adjust=False).mean().to_numpy()
    return found


class Cross(Strategy):  # type: ignore[misc]  # its base is untyped
    """The benchmark's strategy, written as its documentation shows."""

    def init(self) -> None:
        """Indicators, computed in one go."""
        self.fast = self.I(mean, self.data.Close, 10)
        self.slow = self.I(mean, self.data.Close, 20)
        self.atr = self.I(wilder, self.data.High, self.data.Low, self.data.Close, 14)

    def next(self) -> None:
        """Turn on a cross."""
        close, atr = self.data.Close[-1], self.atr[-1]
        if self.fast[-1] > self.slow[-1] and self.fast[-2] <= self.slow[-2]:
            self.buy(size=1, sl=close - 2 * atr, tp=close + 3 * atr)
        elif self.fast[-1] < self.slow[-1] and self.fast[-2] >= self.slow[-2]:
            self.sell(size=1, sl=close + 2 * atr, tp=close - 3 * atr)


def time_run(question: dict[str, Any]) -> float:
    """Seconds of one run of the strategy, its statistics included, as nobody can leave them out."""
    data = frame(columns(question["bars"]))
    return timed(lambda: Backtest(data, Cross, cash=CASH, exclusive_orders=True).run())


answer_all(backtesting.__version__, {"fill": fill, "time": time_run})
