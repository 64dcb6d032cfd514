"""The same decisions under other rules."""

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.backtest.account import Account, OptionInputs
from tradeworthy.backtest.side_by_side import fill_bounds, with_and_without
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover

TIGHT = MaCrossover(3, 8, 5, stop_atr=0.4, target_atr=0.4)


def test_stop_first_and_target_first_differ_by_the_bars_that_held_both() -> None:
    bounds = fill_bounds(random_walk(3_000), TIGHT)
    stop_first, target_first = bounds.stop_first.trades, bounds.target_first.trades
    assert stop_first.ambiguous.sum() > 50
    assert (stop_first.r[stop_first.ambiguous] < 0).all()
    assert (target_first.r[target_first.ambiguous] > 0).all()
    assert bounds.stop_first.equity[-1] < bounds.target_first.equity[-1]


def test_each_part_is_switched_on_alone_and_together() -> None:
    bars = random_walk(3_000)
    weak = OptionInputs(bias_strength=np.where(np.arange(3_000) % 3 == 0, 0.9, 0.1))
    account = Account(calibration=Calibration(drawdown=False), filters=Filters(session=False), inputs=weak)
    results = with_and_without(bars, TIGHT, account=account)
    assert list(results) == ["neither", "filters", "calibration", "both"]
    trades = {name: len(result.trades) for name, result in results.items()}
    assert trades["both"] < trades["filters"] < trades["neither"]
    assert trades["calibration"] < trades["neither"]
    assert {reason.name for reason in results["filters"].refused} == {"BIAS_TOO_WEAK"}
    assert all(index % 3 == 0 for index in results["filters"].trades.signal_index)
    assert results["neither"].refused == {}
    assert (results["calibration"].trades.multiplier < 1).any()


def test_an_account_that_has_neither_has_nothing_to_compare() -> None:
    with pytest.raises(InputError, match="this has neither"):
        with_and_without(random_walk(300), TIGHT, account=Account())
    assert list(with_and_without(random_walk(300), TIGHT, account=Account(filters=Filters()))) == ["neither", "filters"]
