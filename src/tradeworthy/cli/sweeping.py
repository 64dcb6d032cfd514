"""`tradeworthy sweep`: read, try every set, write the report, then show the best."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from tradeworthy.api.searching import write_search
from tradeworthy.api.sweeping import MOST_SETS, sweep
from tradeworthy.appraisal.search_recording import SearchRecord, search_record
from tradeworthy.appraisal.search_terms import terms_of_search
from tradeworthy.backtest.grid import Grid, Value
from tradeworthy.backtest.sweep_result import RANKED
from tradeworthy.cli.backtest_asked import Funded, costs_of, fills_of
from tradeworthy.cli.grid_text import value_of, values_of
from tradeworthy.cli.interruption import Interrupted
from tradeworthy.cli.progress import Bar
from tradeworthy.cli.reading import bars_asked
from tradeworthy.cli.repeated import pairs
from tradeworthy.cli.sweep_account import common_account
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.reports.search_console import show_search
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.strategies.function_sets import FunctionSets, maker_of
from tradeworthy.wiring.strategy_sources import load_factory


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepAsked(Funded):
    """Every option under its own name; None and 0 where nothing was said."""

    bars: list[str]
    strategy: str
    grid: list[str]
    set_: list[str] | None
    by: str
    yes: bool
    desk: Path
    instrument: str | None
    finer: str | None
    out: Path | None


class _Watched:
    """The bar, and how far it was told the search is."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self.told = bar, (0, 0)

    def update(self, work: str, done: int, total: int) -> None:
        self.told = (done, total)
        self._bar.update(work, done, total)


def run_sweep(asked: SweepAsked) -> None:
    """Try what was asked for and report it. Raises TradeworthyError with one sentence."""
    desk = DeskFolder(asked.desk)
    ledger = desk.ledger / "trials.jsonl"
    with Bar() as bar:
        watched = _Watched(bar)
        try:
            record = _searched(asked, desk, bar, watched)
            bar.update("writing the report", 0, 1)
            folder = write_search(record, desk.reports, out=asked.out)
        except KeyboardInterrupt:
            done, total = watched.told
            if not total:
                raise
            raise Interrupted(
                f"{done:,} of {total:,} trials stand in the ledger ({ledger}), and no half-written report was left; "
                "the same command goes on there"
            ) from None
    console = Console(highlight=False)
    show_search(record, console)
    console.print(f"\nLedger: {ledger}", soft_wrap=True, markup=False)
    console.print(f"Report: {folder / 'index.html'}", soft_wrap=True, markup=False)


def _searched(asked: SweepAsked, desk: DeskFolder, bar: Bar, watched: _Watched) -> SearchRecord:
    if asked.by not in RANKED:
        raise InputError(f"--by {asked.by}: sets are ranked by one of {', '.join(RANKED)}")
    grid = _grid(asked)
    maker = maker_of(load_factory(asked.strategy), grid)
    most = max(MOST_SETS, Grid.of(grid).size) if asked.yes else MOST_SETS
    costs, fills = costs_of(asked), fills_of(asked, from_signal=isinstance(maker, FunctionSets))
    bar.update("reading bars", 0, len(asked.bars))
    bars, finer = _read(asked)
    account, notes = common_account(asked, bars)
    bar.update("reading bars", len(bars), len(bars))
    result = sweep(
        bars, maker, grid, fills=fills, costs=costs, account=account, finer=finer, desk=desk.root, most=most,
        progress=watched,
    )  # fmt: skip
    return search_record(result, asked.by, (*terms_of_search(bars, costs, fills, account, finer), *notes))


def _read(asked: SweepAsked) -> tuple[list[Bars], Bars | None]:
    if len(asked.bars) > 1:
        for option, value in (("--instrument", asked.instrument), ("--finer", asked.finer)):
            if value is not None:
                raise InputError(
                    f"{option} {value} belongs to one instrument, and {len(asked.bars)} are searched; search it alone"
                )
    bars = [bars_asked(asked, source, instrument=asked.instrument) for source in asked.bars]
    finer = None
    if asked.finer is not None:
        finer = bars_asked(asked, asked.finer, instrument=asked.instrument, timeframe=None)
    return bars, finer


def _grid(asked: SweepAsked) -> dict[str, Any]:
    axes = pairs("--grid", asked.grid, "fast=5:30:5")
    fixed = pairs("--set", asked.set_ or [], "stop_atr=2")
    twice = sorted(set(axes) & set(fixed))
    if twice:
        raise InputError(f"--grid and --set both name {twice[0]}; leave one of them out")
    grid: dict[str, list[Value] | Value] = {name: value_of(name, text, "--set") for name, text in fixed.items()}
    return {**grid, **{name: values_of(name, text) for name, text in axes.items()}}
