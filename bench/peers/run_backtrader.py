"""backtrader, asked: fills of given decisions in five ways, and the time of a whole moving-average backtest."""

from math import isnan
from typing import Any

import backtrader as bt  # type: ignore[import-not-found]  # lives in the peer's environment only
from answering import Columns, Trades, answer_all, columns, table, timed

DAY_ONE, HOURS = 730_000, 24
MODES = ("bracket", "oco from the fill", "oco with the order", "oco, target first", "coc")


class Feed(bt.feed.DataBase):  # type: ignore[misc]  # its base is untyped
    """Bars from arrays, one an hour."""

    params = (("bars", None),)

    def start(self) -> None:
        """From the first bar."""
        super().start()
        self._place = 0
        self._columns = [self.p.bars[name].tolist() for name in ("open", "high", "low", "close")]

    def _load(self) -> bool:
        i = self._place
        if i >= len(self._columns[0]):
            return False
        line = self.lines
        line.datetime[0] = DAY_ONE + i / HOURS
        line.open[0], line.high[0], line.low[0], line.close[0] = (column[i] for column in self._columns)
        line.volume[0] = line.openinterest[0] = 0.0
        self._place += 1
        return True


class Given(bt.Strategy):  # type: ignore[misc]  # its base is untyped
    """Acts on given decisions; how stop and target are ordered depends on the mode."""

    params = (("bars", None), ("mode", MODES[0]))

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.levels: list[Any] = []
        self.entering: Any = None
        self.place = -1
        self.arrays = {
            name: self.p.bars[name].tolist() for name in ("enter", "leave", "stop_distance", "target_distance")
        }

    def notify_order(self, order: Any) -> None:
        """Write fills down, and order the levels of a fill where the mode waits for it."""
        if order.status != order.Completed:
            return
        bar = round((order.executed.dt - DAY_ONE) * HOURS)
        if order.ref == self.entering:
            side = 1 if order.isbuy() else -1
            self.rows.append([side, bar, None, order.executed.price, None])
            if self.p.mode == "oco from the fill":
                self.order_levels(side, bar - 1, order.executed.price)
        else:
            self.rows[-1][2], self.rows[-1][4] = bar, order.executed.price

    def next(self) -> None:
        """Act on this bar's decision."""
        i = len(self) - 1
        enter, leave, held = self.arrays["enter"][i], self.arrays["leave"][i], self.position.size
        leaving = (held > 0 and leave & 1) or (held < 0 and leave & 2)
        if leaving:
            for order in self.levels:
                self.cancel(order)
            self.close()
        if enter and (not held or (leaving and enter * held < 0)):
            self.enter(enter, i)

    def enter(self, side: int, i: int) -> None:
        """One unit, with its levels where the mode orders them at once."""
        base, mode = self.data.close[0], self.p.mode
        buy, sell = (self.buy, self.sell) if side > 0 else (self.sell, self.buy)
        parent = buy(size=1, transmit=mode != "bracket")
        self.entering = parent.ref
        if mode == "bracket":
            stop, target = self.distances(side, i, base)
            first = sell(size=1, exectype=bt.Order.Stop, price=stop, parent=parent, transmit=False)
            second = sell(size=1, exectype=bt.Order.Limit, price=target, parent=parent, transmit=True)
            self.levels = [first, second]
        elif mode != "oco from the fill":
            self.order_levels(side, i, base)

    def distances(self, side: int, i: int, base: float) -> tuple[float, float]:
        """Prices of stop and target of the decision of bar `i`."""
        return base - side * self.arrays["stop_distance"][i], base + side * self.arrays["target_distance"][i]

    def order_levels(self, side: int, i: int, base: float) -> None:
        """Stop and target, one cancelling the other; the first in the queue is looked at first."""
        sell = self.sell if side > 0 else self.buy
        kinds = list(zip((bt.Order.Stop, bt.Order.Limit), self.distances(side, i, base), strict=True))
        self.levels = []
        for kind, price in reversed(kinds) if self.p.mode == "oco, target first" else kinds:
            if not isnan(price):
                other = self.levels[0] if self.levels else None
                self.levels.append(sell(size=1, exectype=kind, price=price, oco=other))


class Cross(bt.Strategy):  # type: ignore[misc]  # its base is untyped
    """The benchmark's strategy, written as its documentation shows."""

    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=10), bt.ind.SMA(period=20))
        self.atr = bt.ind.ATR(period=14)
        self.levels: list[Any] = []

    def next(self) -> None:
        """Turn on a cross."""
        cross = self.cross[0]
        if not cross or self.position.size * cross > 0:
            return
        if self.position:
            self.cancel(self.levels[1])
            self.close()
        close, atr = self.data.close[0], self.atr[0]
        order = self.buy_bracket if cross > 0 else self.sell_bracket
        self.levels = order(
            size=1, exectype=bt.Order.Market, stopprice=close - cross * 2 * atr, limitprice=close + cross * 3 * atr
        )


def cerebro(prices: Columns, strategy: type, **details: Any) -> Any:
    """Its engine with cash that refuses nothing."""
    engine = bt.Cerebro(stdstats=False)
    engine.adddata(Feed(bars=prices))
    engine.addstrategy(strategy, **details)
    engine.broker.setcash(1e9)
    engine.broker.set_checksubmit(False)
    return engine


def fill(question: dict[str, Any]) -> Trades:
    """Trades of given decisions, the open one last."""
    bars = columns(question["bars"])
    engine = cerebro(bars, Given, bars=bars, mode=question["mode"])
    engine.broker.set_coc(question["mode"] == "coc")
    return table([tuple(row) for row in engine.run()[0].rows])


def time_run(question: dict[str, Any]) -> float:
    """Seconds of one run of the strategy."""
    engine = cerebro(columns(question["bars"]), Cross)
    return timed(engine.run)


answer_all(bt.__version__, {"fill": fill, "time": time_run})
