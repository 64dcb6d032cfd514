"""`tradeworthy sweep`: read, try every set, write the report, then show the best."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from tradeworthy.api.searching import write_search
from tradeworthy.api.sweeping import MOST_SETS, sweep
from tradeworthy.appraisal.search_recording import search_record
from tradeworthy.backtest.grid import Grid, Value
from tradeworthy.backtest.sweep_result import MEASURES, RANKED
from tradeworthy.cli.backtest_asked import Traded, costs_of, fills_of
from tradeworthy.cli.grid_text import value_of, values_of
from tradeworthy.cli.progress import Bar
from tradeworthy.cli.reading import bars_asked
from tradeworthy.cli.repeated import pairs
from tradeworthy.core.errors import InputError
from tradeworthy.reports.search_console import show_search
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.wiring.strategy_sources import load_factory


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepAsked(Traded):
    """Every option under its own name; None and 0 where nothing was said."""

    bars: list[str]
    strategy: str
    grid: list[str]
    set_: list[str] | None
    by: str
    yes: bool
    desk: Path
    out: Path | None


def run_sweep(asked: SweepAsked) -> None:
    """Try what was asked for and report it. Raises TradeworthyError with one sentence."""
    if asked.by not in {*RANKED, *MEASURES}:
        raise InputError(f"--by {asked.by}: sets are ranked by one of {', '.join(RANKED)}")
    factory, grid = load_factory(asked.strategy), _grid(asked)
    most = max(MOST_SETS, Grid.of(grid).size) if asked.yes else MOST_SETS
    costs, fills = costs_of(asked), fills_of(asked, from_signal=False)
    desk = DeskFolder(asked.desk)
    with Bar() as bar:
        bar.update("reading bars", 0, len(asked.bars))
        bars = [bars_asked(asked, source) for source in asked.bars]
        bar.update("reading bars", len(bars), len(bars))
        result = sweep(bars, factory, grid, fills=fills, costs=costs, desk=desk.root, most=most, progress=bar)
        record = search_record(result, asked.by, _terms(asked))
        folder = write_search(record, desk.reports, out=asked.out)
    console = Console(highlight=False)
    show_search(record, console)
    console.print(f"\nLedger: {desk.ledger / 'trials.jsonl'}", soft_wrap=True, markup=False)
    console.print(f"Report: {folder / 'index.html'}", soft_wrap=True, markup=False)


def _grid(asked: SweepAsked) -> dict[str, Any]:
    axes = pairs("--grid", asked.grid, "fast=5:30:5")
    fixed = pairs("--set", asked.set_ or [], "stop_atr=2")
    twice = sorted(set(axes) & set(fixed))
    if twice:
        raise InputError(f"--grid and --set both name {twice[0]}; leave one of them out")
    grid: dict[str, list[Value] | Value] = {name: value_of(name, text) for name, text in fixed.items()}
    return {**grid, **{name: values_of(name, text) for name, text in axes.items()}}


def _terms(asked: SweepAsked) -> tuple[str, ...]:
    """What was traded, in words; what was not named is said to cost nothing."""
    named = {
        "spread, pips": asked.spread, "commission a lot": asked.commission_per_lot,
        "commission a unit": asked.commission_per_unit, "commission, percent": asked.commission_percent,
        "smallest commission": asked.commission_least, "slippage, pips": asked.slippage,
        "slippage, share of ATR": asked.slippage_atr, "swap long, pips": asked.swap_long,
        "swap short, pips": asked.swap_short,
    }  # fmt: skip
    said = [f"{name}: {value:g}" for name, value in named.items() if value]
    return (
        "One unit of each instrument is traded, money is its quote currency",
        *said,
        *([] if said else ["no cost was named"]),
    )
