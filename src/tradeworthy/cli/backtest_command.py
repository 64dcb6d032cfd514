"""`tradeworthy backtest` with its options; what they do stands in `backtesting`."""

import typer

from tradeworthy.cli import backtest_options as option


def backtest(
    bars: option.Bars,
    strategy: option.Strategy,
    set_: option.Set = None,
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
    one_unit: option.OneUnit = False,
    entry: option.Entry = None,
    stops_from: option.StopsFrom = None,
    skip_entry_bar: option.SkipEntryBar = False,
    gap: option.Gap = None,
    both: option.Both = None,
    level_first: option.LevelFirst = False,
    reentry: option.Reentry = None,
    bounds: option.Bounds = False,
    out: option.Out = None,
) -> None:
    """What would a strategy have earned on these bars, at what drawdown, after which costs, and how sure is that?"""
    asked = locals()
    from tradeworthy.cli.backtest_asked import Asked
    from tradeworthy.cli.backtesting import run_asked

    run_asked(Asked(**asked))
    raise typer.Exit
