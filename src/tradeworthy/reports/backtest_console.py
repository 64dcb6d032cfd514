"""A backtest in a terminal: the answer first, then one screen of figures, no wider than the terminal is."""

import textwrap
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.backtest_record import BacktestRecord, Variant
from tradeworthy.market.rules import Severity
from tradeworthy.reports import amounts, wording
from tradeworthy.reports.statistics_words import WORDS

_SHOWN = (
    "total_return", "cagr", "max_drawdown_fraction", "longest_under_water_ns", "sharpe", "sortino", "trades", "win_rate",
    "profit_factor", "expectancy_r", "worst_day", "largest_loss",
)  # fmt: skip
_TWO_COLUMNS = 76
_BESIDE = {
    "trades": "Trades", "total_return": "Return", "max_drawdown_fraction": "Drawdown", "sharpe": "Sharpe (daily)",
    "worst_day": "Worst day",
}  # fmt: skip
_MOST_REASONS = 3


def show_backtest(record: BacktestRecord, console: Console) -> None:
    """Print the answer, the figures, what was refused, and what has to be known."""
    ran = record.ran
    console.print()
    console.print(
        _headline(record), Text(f"  {wording.printable(f'{ran.strategy} on {ran.instrument} {ran.timeframe}')}")
    )
    for sentence in record.answer:
        _line(sentence, console)
    if record.trades.side:
        console.print()
        _figures(record, console)
    if record.refused:
        _refused(record, console)
    for name, variants in (("Rules", record.variants), ("Bounds", record.bounds)):
        if variants:
            console.print(_beside(name, variants, record, console.width))
    names = (ran.strategy, ran.instrument, ran.source)
    _line(f"Bars: {ran.bars:,} from {ran.source}, {wording.minute(ran.first)} to {wording.minute(ran.last)}", console)
    _bullets([finding.message for finding in record.findings if finding.severity is not Severity.NOTE], console, names)
    _line("Assumptions:", console)
    _bullets(record.assumptions, console, names)


def _headline(record: BacktestRecord) -> Text:
    s = record.statistics
    if not record.trades.side:
        return Text("NO TRADE", style="bold yellow")
    if s.ruined:
        return Text("RUINED", style="bold red")
    digits = amounts.digits_of(record.capital)
    earned = amounts.money(s.net_profit, record.currency, digits, signed=True)
    return Text(
        amounts.change(s.total_return) if record.account else earned,
        style="bold green" if s.net_profit >= 0 else "bold red",
    )


def _figures(record: BacktestRecord, console: Console) -> None:
    """Names and numbers, two of them side by side where there is room."""
    digits = amounts.digits_of(record.capital)
    cells = [
        (WORDS[name].label, amounts.statistic(name, getattr(record.statistics, name), record.currency, digits))
        for name in _SHOWN
    ]
    beside = 2 if console.width >= _TWO_COLUMNS else 1
    table = Table(box=None, show_header=False, show_edge=False, pad_edge=False, padding=(0, 3, 0, 0))
    for _ in range(beside):
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right")
    for place in range(0, len(cells), beside):
        table.add_row(*(Text(part) for cell in cells[place : place + beside] for part in cell))
    console.print(table)
    console.print()


def _refused(record: BacktestRecord, console: Console) -> None:
    total = sum(record.refused.values())
    console.print(f"Refused: {total:,} {'entry' if total == 1 else 'entries'}")
    reasons = [f"{count:,}: {reason}" for reason, count in record.refused.items()]
    rest = len(reasons) - _MOST_REASONS
    _bullets([*reasons[:_MOST_REASONS], *([f"{rest} more reasons in the report"] if rest > 0 else [])], console)


def _beside(name: str, variants: Sequence[Variant], record: BacktestRecord, width: int) -> Table:
    table = Table(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", width=None if width > 60 else width
    )
    table.add_column(name)
    shown = [*_BESIDE][: None if width >= _TWO_COLUMNS else 3]
    for one in shown:
        table.add_column(_BESIDE[one], justify="right")
    for variant in variants:
        values = [amounts.statistic(one, getattr(variant.statistics, one), record.currency) for one in shown]
        table.add_row(Text(variant.name), *(Text(value) for value in values))
    return table


def _line(text: str, console: Console) -> None:
    for row in textwrap.wrap(wording.printable(text), max(20, console.width)):
        console.print(row, markup=False, soft_wrap=True)


def _bullets(lines: Sequence[str], console: Console, names: Sequence[str] = ()) -> None:
    """A list whose long lines hang under their own beginning."""
    for line in lines:
        text = wording.printable(wording.capitalised(line, names))
        for row in textwrap.wrap(text, max(20, console.width), initial_indent="  - ", subsequent_indent="    "):
            console.print(row, markup=False, soft_wrap=True)
