"""What a backtest's record says adds up, whatever was traded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from support.backtests import EVERY_COST
from support.markets import random_walk
from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.controls import Calibration
from tradeworthy.reports.backtest_page import render_backtest
from tradeworthy.reports.models import BacktestReport, backtest_from_json, to_json
from tradeworthy.strategies.ma_cross import MaCrossover


@settings(max_examples=40)
@given(
    bars=some.integers(40, 3_000),
    seed=some.integers(0, 1_000),
    stop=some.sampled_from([None, 0.5, 2.0]),
    account=some.sampled_from([None, Account(), Account(2_000.0, calibration=Calibration())]),
)
def test_every_record_adds_up_and_can_be_written_and_shown(
    bars: int, seed: int, stop: float | None, account: Account | None
) -> None:
    strategy = MaCrossover(5, 15, stop_atr=stop, target_atr=stop)
    result = run_backtest(random_walk(bars, seed), strategy, costs=EVERY_COST, account=account)
    record = record_of(result)
    s, closed = record.statistics, sum(reason != "open" for reason in record.trades.reason)
    for name in record.groups.__struct_fields__:
        groups = getattr(record.groups, name)
        assert sum(group.trades for group in groups) == closed == s.trades
    assert sum(record.distribution.counts if record.distribution else ()) == closed
    assert sum(record.trades.pnl) == pytest.approx(s.net_profit, abs=1e-6)
    assert -min(record.curve.fall) == pytest.approx(s.max_drawdown_fraction, abs=1e-6)
    assert np.prod([1 + value for value in record.months.values()]) - 1 == pytest.approx(s.total_return, abs=1e-9)
    assert max(map(len, (record.curve.time, record.rolling_sharpe.time))) <= 1_200
    if record.mean_trade.interval is not None and record.mean_trade.mean is not None:
        assert record.mean_trade.interval.low < record.mean_trade.mean < record.mean_trade.interval.high
    report = BacktestReport(generated_at="", backtest=record)
    assert backtest_from_json(to_json(report)) == report
    assert b"NaN" not in render_backtest(report)
