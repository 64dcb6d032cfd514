"""How long the report of a backtest takes, and how large its page is: ten years of hours, and a million bars."""

import numpy as np
from timing import median_s, save

from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.reports.backtest_page import render_backtest
from tradeworthy.reports.models import BacktestReport, to_json
from tradeworthy.strategies.ma_cross import MaCrossover

SIZES = {"60,000 bars": 60_000, "a million bars": 1_000_000}


def backtest(n: int) -> Result:
    """A random walk of n hours, traded with every cost and an account that survives."""
    rng = np.random.default_rng(0)
    close = 1.1 * np.exp(np.cumsum(rng.normal(0, 0.0005, n)))
    open_ = np.concatenate(([1.1], close[:-1]))
    high = np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.0003, n)))
    low = np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.0003, n)))
    opened = np.arange(n, dtype=np.int64) * HOUR_NS
    bars = Bars(instrument_named("EUR_USD"), Timeframe.H1, opened, opened + HOUR_NS, open_, high, low, close)
    costs = Costs(0.1, commission=Commission(per_lot=0.1), slippage=Slippage(0.01), swap=Swap(-0.1, -0.1))
    return run_backtest(bars, MaCrossover(10, 20, stop_atr=2, target_atr=3), costs=costs, account=Account(10_000_000.0))


def main() -> None:
    """Measure, print a table, and write bench/results/report_speed.json."""
    figures = {}
    for name, n in SIZES.items():
        result = backtest(n)
        report = BacktestReport(generated_at="", backtest=record_of(result))
        page = render_backtest(report)
        figures[f"{name}: trades"] = float(len(result.trades))
        figures[f"{name}: record, ms"] = median_s(lambda result=result: record_of(result), 5) * 1e3  # type: ignore[misc]
        figures[f"{name}: page, ms"] = median_s(lambda report=report: render_backtest(report), 5) * 1e3  # type: ignore[misc]
        figures[f"{name}: report.json, ms"] = median_s(lambda report=report: to_json(report), 5) * 1e3  # type: ignore[misc]
        figures[f"{name}: page, MB"] = len(page) / 1e6
        figures[f"{name}: report.json, MB"] = len(to_json(report)) / 1e6
    for name, value in figures.items():
        print(f"{name:40} {value:12.2f}")
    save("report_speed", figures)


main()
