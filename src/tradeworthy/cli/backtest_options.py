"""The options of `tradeworthy backtest`, one line each."""

from pathlib import Path
from typing import Annotated

import typer

Bars = Annotated[str, typer.Argument(help="Bars: a CSV or Parquet file, or ecb:EUR_USD, arch:sp500, arch:nasdaq.")]
Strategy = Annotated[
    str,
    typer.Option("--strategy", "-s", help="A registered name such as ma_crossover, module:object, or file.py:object."),
]
Set = Annotated[list[str] | None, typer.Option("--set", help="A parameter, as fast=10; may be repeated.")]

Instrument = Annotated[str | None, typer.Option(help="What is traded, such as EUR_USD; the file's name otherwise.")]
Timeframe = Annotated[str | None, typer.Option(help="Length of a bar, such as H4; the file's name or rows otherwise.")]
Timezone = Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")]
PriceSide = Annotated[str | None, typer.Option(help="bid, mid or ask; the columns' names otherwise, else mid.")]
Column = Annotated[list[str] | None, typer.Option(help="Which column holds what, as open=O; may be repeated.")]
Repair = Annotated[bool, typer.Option("--repair", help="Mend bars (sort, drop bad ones) and say so.")]
First = Annotated[str | None, typer.Option("--from", help="First day or moment of the bars that are used (UTC).")]
Last = Annotated[str | None, typer.Option("--to", help="Last day or moment, included (UTC).")]
Finer = Annotated[str | None, typer.Option(help="Finer bars, to see which of stop and target came first.")]

Spread = Annotated[float, typer.Option(help="Spread in pips.")]
CommissionPerLot = Annotated[float, typer.Option(help="Account money a lot of 100,000 units, at entry and exit each.")]
CommissionPerUnit = Annotated[float, typer.Option(help="Account money a unit, at entry and exit each.")]
CommissionPercent = Annotated[float, typer.Option(help="Percent of the notional, at entry and exit each.")]
CommissionLeast = Annotated[float, typer.Option(help="Smallest commission of an order.")]
Slippage = Annotated[float, typer.Option(help="Pips by which market orders fill worse.")]
SlippageAtr = Annotated[float, typer.Option(help="The same as a share of the average true range of 14 bars.")]
SwapLong = Annotated[float | None, typer.Option(help="Pips a unit earns (below zero: pays) a night when long.")]
SwapShort = Annotated[float | None, typer.Option(help="The same when short.")]

Balance = Annotated[float | None, typer.Option(help="What the account starts with (10000).")]
Currency = Annotated[str | None, typer.Option(help="The account's currency; the instrument's quote otherwise.")]
Rates = Annotated[
    str | None, typer.Option(help="Bars of the pair of both currencies, or a number; the ECB's rates otherwise.")
]
Risk = Annotated[float | None, typer.Option(help="Share of the balance that a trade loses at its stop (0.01).")]
Units = Annotated[float | None, typer.Option(help="So many units a trade, instead of a risk.")]
Leverage = Annotated[float | None, typer.Option(help="Most notional for one unit of balance (30).")]
Calibration = Annotated[
    bool, typer.Option("--calibration", help="Cut sizes after losses, in drawdowns and wild markets.")
]
SessionZone = Annotated[str | None, typer.Option(help="The exchange's zone, for calibration's rules by the clock.")]
OneUnit = Annotated[bool, typer.Option("--one-unit", help="No account: one unit, in the quote currency.")]

Entry = Annotated[str | None, typer.Option(help="next_open or close: when a decision is carried out.")]
StopsFrom = Annotated[str | None, typer.Option(help="fill or signal_close: where stop and target are measured from.")]
SkipEntryBar = Annotated[bool, typer.Option("--skip-entry-bar", help="Stop and target count from the next bar on.")]
Gap = Annotated[str | None, typer.Option(help="open or trigger: where a bar that opens beyond a level fills.")]
Both = Annotated[str | None, typer.Option(help="stop or target: which comes first when one bar holds both.")]
LevelFirst = Annotated[
    bool,
    typer.Option("--level-first", help="Look for that one over the whole bar, even if the other is gone at its open."),
]
Reentry = Annotated[str | None, typer.Option(help="always, after_signal or never: entries on the bar of an exit.")]

Bounds = Annotated[bool, typer.Option("--bounds", help="Also with stop first and with target first on every such bar.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the report; default: reports/<UTC>-backtest.")]
