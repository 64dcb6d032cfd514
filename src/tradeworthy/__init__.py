"""Tells people who run systematic trading systems whether theirs is fit to trade.

The names below are the calls people use; each is loaded when it is first asked for, so that importing the package costs
next to nothing.
"""

from typing import TYPE_CHECKING

from tradeworthy.core import version
from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.api.backtesting import write_backtest as write_backtest
    from tradeworthy.api.validation import validate as validate
    from tradeworthy.backtest.costs import Costs as Costs
    from tradeworthy.backtest.engine import run_backtest as run_backtest
    from tradeworthy.backtest.fills import FillRules as FillRules
    from tradeworthy.backtest.result import Result as Result
    from tradeworthy.backtest.trades import Trade as Trade
    from tradeworthy.core.errors import TradeworthyError as TradeworthyError
    from tradeworthy.core.instrument import Instrument as Instrument
    from tradeworthy.market.bars import Bars as Bars
    from tradeworthy.market.resampling import resample as resample
    from tradeworthy.strategies.ma_cross import MaCrossover as MaCrossover
    from tradeworthy.wiring.sources import read_bars as read_bars

__version__ = version.PACKAGE_VERSION

__all__ = [
    "Bars",
    "Costs",
    "FillRules",
    "Instrument",
    "MaCrossover",
    "Result",
    "Trade",
    "TradeworthyError",
    "__version__",
    "read_bars",
    "resample",
    "run_backtest",
    "validate",
    "write_backtest",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Bars": "market.bars",
        "Costs": "backtest.costs",
        "FillRules": "backtest.fills",
        "Instrument": "core.instrument",
        "MaCrossover": "strategies.ma_cross",
        "Result": "backtest.result",
        "Trade": "backtest.trades",
        "TradeworthyError": "core.errors",
        "read_bars": "wiring.sources",
        "resample": "market.resampling",
        "run_backtest": "backtest.engine",
        "validate": "api.validation",
        "write_backtest": "api.backtesting",
    },
    public=__all__,
)
