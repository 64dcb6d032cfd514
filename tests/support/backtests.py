"""Finished backtests of every kind that a report has to show, made once."""

from functools import lru_cache

import numpy as np

from support.markets import random_walk
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.controls import Calibration, Filters, Units
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decisions
from tradeworthy.strategies.protocol import DecisionStream as Stream

EVERY_COST = Costs(0.8, commission=Commission(per_lot=3.5), slippage=Slippage(0.2), swap=Swap(-0.5, -0.3))


class Told:
    """A strategy that enters on named bars, with stop and target distances."""

    warm_up = 0

    def __init__(self, *entries: tuple[int, int, float, float], name: str = "told") -> None:
        self.name = name
        self.parameters: dict[str, float] = {}
        self._entries = entries

    def decisions(self, bars: Bars) -> Decisions:  # noqa: ARG002 - told
        """One for each entry."""
        at, enter, stop, target = zip(*self._entries, strict=True) if self._entries else ((), (), (), ())
        return Decisions(
            np.array(at, np.int64), np.array(enter, np.int8), np.zeros(len(at), np.int8), np.array(stop, np.float64),
            np.array(target, np.float64),
        )  # fmt: skip

    def stream(self) -> Stream:
        """Not fed live."""
        raise NotImplementedError


def daily(*closes: float, gapping: bool = False) -> Bars:
    """Daily bars of EUR_USD without ranges but from close to close; gapping: opened where they close."""
    close = np.array(closes)
    open_ = close if gapping else np.concatenate((close[:1], close[:-1]))
    opened = (np.arange(len(close)) + 18_000) * DAY_NS
    return Bars(
        instrument_named("EUR_USD"), Timeframe.D, opened, opened + DAY_NS, open_, np.maximum(open_, close),
        np.minimum(open_, close), close,
    )  # fmt: skip


def usual(name: str = "", *, seed: int = 3) -> Result:
    """Two years of hours with every cost, an account, calibration and filters."""
    bars, strategy = random_walk(12_500, seed), MaCrossover(10, 30, stop_atr=2, target_atr=3)
    account = Account(calibration=Calibration(), filters=Filters(), session_zone="Europe/London")
    result = run_backtest(bars, strategy, costs=EVERY_COST, account=account)
    if name:
        object.__setattr__(result, "strategy", name)
    return result


@lru_cache(maxsize=1)
def kinds() -> dict[str, Result]:
    """The usual ones and each state that has little to show."""
    hours, cross = random_walk(12_500, 3), MaCrossover(10, 30, stop_atr=2, target_atr=3)
    flat = [1.1] * 60
    return {
        "account": usual(),
        "plain": run_backtest(hours, cross, costs=EVERY_COST, account=Account()),
        "unit": run_backtest(hours, cross, costs=Costs(0.8)),
        "free": run_backtest(hours, MaCrossover(10, 30)),
        "silent": run_backtest(daily(*flat), Told(), account=Account()),
        "refused": run_backtest(hours, MaCrossover(10, 30), account=Account()),
        "last bar": run_backtest(daily(*flat), Told((59, 1, 0.01, 0.02))),
        "one": run_backtest(daily(*flat[:30], *[1.13] * 30), Told((20, 1, 0.01, 0.02)), account=Account()),
        "open": run_backtest(daily(*flat[:30], *[1.105] * 30), Told((20, 1, 0.01, 0.02)), account=Account()),
        "ruined": run_backtest(
            daily(*flat[:30], *[0.8] * 30, gapping=True),
            Told((20, 1, 0.01, 0.02)),
            costs=Costs(1.0),
            account=Account(sizing=Units(200_000)),
        ),
    }
