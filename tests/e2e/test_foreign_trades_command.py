"""`tradeworthy validate --trades` over files of other platforms, as a user meets it."""

import json
from pathlib import Path

import pytest

from e2e.test_command_line import refused, run
from support.foreign_trades import Made, freqtrade_backtest, freqtrade_trade, mt4_statement, mt5_history, tradingview
from support.samples import r_of
