"""`tradeworthy backtest`: read, trade, write the report, then show the answer."""

import numpy as np
from rich.console import Console

from tradeworthy.api.backtesting import backtest_report, write_backtest
from tradeworthy.backtest.engine import run_backtest, trade
from tradeworthy.backtest.result import Result
from tradeworthy.cli.assumed_terms import account_assumed
from tradeworthy.cli.backtest_asked import Asked, account_of, costs_of, fills_of
from tradeworthy.cli.progress import Bar
from tradeworthy.cli.reading import bars_asked
from tradeworthy.cli.repeated import pairs
from tradeworthy.cli.strategy_asked import strategy_for
from tradeworthy.market.bars import Bars
from tradeworthy.reports.backtest_console import show_backtest


def run_asked(asked: Asked) -> None:
    """Trade what was asked for and report it. Raises TradeworthyError with one sentence, and then nothing is written."""
    with Bar() as bar:
        bar.update("reading bars", 0, 1)
        bars = bars_asked(asked, asked.bars, instrument=asked.instrument)
        finer = (
            None if asked.finer is None else bars_asked(asked, asked.finer, instrument=asked.instrument, timeframe=None)
        )
        bar.update("reading bars", 1, 1)
        result, notes = _traded(asked, bars, finer)
        bar.update("writing the report", 0, 1)
        record = backtest_report(result, bounds=asked.bounds, notes=notes)
        folder = write_backtest(record, out=asked.out)
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show_backtest(record, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)


def _traded(asked: Asked, bars: Bars, finer: Bars | None) -> tuple[Result, list[str]]:
    """Without stops there is no risk to size by: then one unit is traded, unless an account was asked for."""
    parameters = pairs("--set", asked.set_ or [], "fast=10")
    strategy, from_signal = strategy_for(asked.strategy, parameters, bars.instrument.symbol)
    costs, fills = costs_of(asked), fills_of(asked, from_signal=from_signal)
    account, notes = account_of(asked, bars)
    assumed = [] if account is None else account_assumed(asked, account, bars)
    if account is None or asked.names_account:
        return run_backtest(bars, strategy, fills, costs, account, finer=finer), [*assumed, *notes]
    plain = run_backtest(bars, strategy, fills, costs, finer=finer)
    made = plain.decisions
    if len(made) and not np.isfinite(made.stop_distance[made.enter != 0]).any():
        return plain, [
            "the strategy names no stops and no size was named, so one unit is traded (--units names a size)"
        ]
    return trade(bars, strategy, made, fills, costs, account, finer), [*assumed, *notes]
