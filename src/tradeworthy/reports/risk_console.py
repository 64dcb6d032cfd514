"""A risk assessment in a terminal: the answer, what to do, then the tables behind it."""

import textwrap
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.loss_record import Urgency
from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.reports import reliability_words
from tradeworthy.reports import risk_words as words
from tradeworthy.reports.wording import NOTHING, printable
from tradeworthy.risk.score_record import DrawdownLevel

_STYLE = {
    DrawdownLevel.LOW: "bold green", DrawdownLevel.MODERATE: "bold yellow", DrawdownLevel.HIGH: "bold red",
    DrawdownLevel.VERY_HIGH: "bold red", DrawdownLevel.INSUFFICIENT_DATA: "bold",
}  # fmt: skip
_URGENT = {Urgency.CRITICAL: "bold red", Urgency.HIGH: "red", Urgency.MEDIUM: "yellow", Urgency.LOW: ""}
_NARROW = 60


def show_risk(record: RiskRecord, console: Console) -> None:
    """Print it."""
    level = record.score.level
    console.print()
    console.print(Text(words.headline(record), style=_STYLE[level]), Text(f"  {printable(record.book)}"))
    for line in record.summary:
        _wrapped(line, console)
    if record.recommendations:
        console.print("What to do:")
        for one in record.recommendations:
            _bullet(f"{one.level}: {one.action} ({one.reason})", console, _URGENT[one.level])
    if record.parts is not None:
        console.print(_table(("Where the score comes from", "Points"), words.parts(record.parts), console))
    _section("Was the score right before?", reliability_words.lines(record.reliability), console)
    if record.measures:
        console.print(_table(words.MEASURES[: 4 if console.width < _NARROW else 7], words.measures(record), console))
    cases = words.cases(record)
    if cases:
        console.print(_table(words.CASES, cases, console))
    if record.portfolio is not None:
        console.print(_table(words.SHARES, words.shares(record.portfolio), console))
        _section("", record.portfolio.advice, console)
    _section("Volatility now:", words.levels_now(record), console)
    _section("Not run:", [f"{name}: {words.by_date(why)}" for name, why in record.not_run.items()], console)
    _section("Assumptions:", record.assumptions, console)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for place, title in enumerate(header):
        width = max(12, console.width // 2) if place == 0 else None
        table.add_column(
            title, justify="left" if place == 0 else "right", no_wrap=place == 0, overflow="ellipsis", max_width=width
        )
    for row in rows:
        table.add_row(*(Text(printable(cell) or NOTHING) for cell in row[: len(header)]))
    return table


def _section(title: str, lines: Sequence[str], console: Console) -> None:
    if lines:
        if title:
            console.print(title)
        for line in lines:
            _bullet(line, console)


def _wrapped(line: str, console: Console) -> None:
    for row in textwrap.wrap(printable(line), max(20, console.width)):
        console.print(row, markup=False, soft_wrap=True)


def _bullet(line: str, console: Console, style: str = "") -> None:
    rows = textwrap.wrap(printable(line), max(20, console.width), initial_indent="  - ", subsequent_indent="    ")
    for place, row in enumerate(rows):
        text = Text(row)
        if style and place == 0:
            text.stylize(style, 4, row.find(":") if ":" in row else 4)
        console.print(text, soft_wrap=True)
