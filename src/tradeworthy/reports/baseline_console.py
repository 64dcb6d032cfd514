"""Baselines in a terminal: what one holds, and what differs between two."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.adapters.files.baseline_files import BaselineFile
from tradeworthy.appraisal.baseline import BaselineStrategy
from tradeworthy.appraisal.baseline_changes import between
from tradeworthy.reports import wording

_SHOWN = ("mean_r", "win_rate", "profit_factor", "max_drawdown_r")


def show_baseline(path: Path, file: BaselineFile, console: Console) -> None:
    """The book, then a table of its strategies."""
    one = file.baseline
    console.print(
        f"{wording.printable(one.book)}: baseline {path.name}, made {file.created_at}", markup=False, soft_wrap=True
    )
    console.print(f"Up to {one.until}; the validation it comes from said {one.verdict}.", markup=False, soft_wrap=True)
    table = _table("Strategy", "Trades", *(wording.MEASURE_NAMES[name] for name in _SHOWN), "Sets tried")
    for strategy in one.strategies:
        tried = f"{strategy.trials.count:,}" if strategy.trials else "not known"
        measures = [wording.measure(name, strategy.measures.get(name)) for name in _SHOWN]
        table.add_row(Text(wording.printable(strategy.name)), f"{len(strategy.r):,}", *measures, tried)
    console.print(table)
    for strategy in one.strategies:
        line = f"{strategy.name}: {_rules(strategy)}"
        console.print(wording.printable(line), markup=False, soft_wrap=True, style="dim")


def show_changes(before: tuple[Path, BaselineFile], after: tuple[Path, BaselineFile], console: Console) -> bool:
    """What would make a validation refuse, then every measure of both; gives whether there is any of the former."""
    (old_path, old), (new_path, new) = before, after
    changes = between(old.baseline, new.baseline)
    console.print(
        f"{old_path.name} (up to {old.baseline.until}) against {new_path.name} (up to {new.baseline.until})",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if not changes:
        console.print("Same strategies, parameters, fill rules and spreads.")
    for change in changes:
        console.print(f"  - {wording.printable(str(change))}", markup=False, soft_wrap=True)
    table = _table("Strategy", "Trades", *(wording.MEASURE_NAMES[name] for name in _SHOWN))
    for one in new.baseline.strategies:
        was = old.baseline.strategy(one.name)
        if was is None:
            continue
        cells = [_pair(wording.measure(name, was.measures.get(name)), wording.measure(name, one.measures.get(name)))
                 for name in _SHOWN]  # fmt: skip
        table.add_row(Text(wording.printable(one.name)), _pair(f"{len(was.r):,}", f"{len(one.r):,}"), *cells)
    if table.row_count:
        console.print(table)
    return bool(changes)


def _rules(one: BaselineStrategy) -> str:
    told = ", ".join(f"{name} {value}" for name, value in one.parameters.items())
    return f"{one.rules}: {told}" if told else f"{len(one.r):,} trades of {one.data.source}"


def _pair(before: str, after: str) -> str:
    return before if before == after else f"{before} \N{RIGHTWARDS ARROW} {after}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True, overflow="ellipsis")
    for name in others:
        table.add_column(name, justify="right")
    return table
