"""`tradeworthy sweep` with its options; what they do stands in `sweeping`."""

from pathlib import Path
from typing import Annotated

import typer

from tradeworthy.cli import backtest_options as option

BarsOfEach = Annotated[
    list[str], typer.Argument(help="Bars, one for each instrument: files, or ecb:EUR_USD and the like.")
]
Factory = Annotated[
    str,
    typer.Option(
        "--strategy", "-s", help="A registered name such as ma_crossover, or file.py:Class or file.py:function."
    ),
]
Grid = Annotated[
    list[str],
    typer.Option("--grid", help="Values to try, as fast=5:30:5 or slow=20,50,100; repeated for each parameter."),
]
By = Annotated[
    str,
    typer.Option(help="What sets are ranked by: sharpe, pnl, profit_factor, win_rate, mean_r, return_over_drawdown."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Begin even if the grid has more than a million sets.")]
Desk = Annotated[Path, typer.Option(help="Folder of the desk: its ledger and its reports.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the report; default: <desk>/reports/<UTC>-sweep.")]


def sweep(
    bars: BarsOfEach,
    strategy: Factory,
    grid: Grid,
    set_: option.Set = None,
    by: By = "sharpe",
    yes: Yes = False,
    desk: Desk = Path(),
    instrument: option.Instrument = None,
    timeframe: option.Timeframe = None,
    timezone: option.Timezone = None,
    price_side: option.PriceSide = None,
    column: option.Column = None,
    repair: option.Repair = False,
    first: option.First = None,
    last: option.Last = None,
    finer: option.Finer = None,
    spread: option.Spread = 0.0,
    commission_per_lot: option.CommissionPerLot = 0.0,
    commission_per_unit: option.CommissionPerUnit = 0.0,
    commission_percent: option.CommissionPercent = 0.0,
    commission_least: option.CommissionLeast = 0.0,
    slippage: option.Slippage = 0.0,
    slippage_atr: option.SlippageAtr = 0.0,
    swap_long: option.SwapLong = None,
    swap_short: option.SwapShort = None,
    balance: option.Balance = None,
    currency: option.Currency = None,
    rates: option.Rates = None,
    risk: option.Risk = None,
    units: option.Units = None,
    leverage: option.Leverage = None,
    calibration: option.Calibration = False,
    session_zone: option.SessionZone = None,
    entry: option.Entry = None,
    stops_from: option.StopsFrom = None,
    skip_entry_bar: option.SkipEntryBar = False,
    gap: option.Gap = None,
    both: option.Both = None,
    level_first: option.LevelFirst = False,
    reentry: option.Reentry = None,
    out: Out = None,
) -> None:
    """Which parameters would have earned how much, and are their neighbours as good? One unit is traded unless an option
    of the account is given; every trial is entered in the desk's ledger, and a search that was interrupted goes on there."""
    asked = locals()
    from tradeworthy.cli.sweeping import SweepAsked, run_sweep

    run_sweep(SweepAsked(**asked))
    raise typer.Exit
