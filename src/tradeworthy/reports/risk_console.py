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
_FIRST, _BETWEEN, _FEWEST_COLUMNS = 15, 3, 2
"""Letters of the first column that are always shown in one line, and those between columns."""


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
        console.print(_table(words.MEASURES, words.measures(record), console))
        _section("", words.refused(record), console)
    cases = words.cases(record)
    if cases:
        console.print(_table(words.CASES, cases, console))
    if record.loss is not None:
        _section("", words.cases_in_part(record.loss), console)
    if record.portfolio is not None:
        console.print(_table(words.SHARES, words.shares(record.portfolio), console))
        _section("", record.portfolio.advice, console)
    _section(f"Volatility on {words.newest_bars(record)}:", words.levels_now(record), console)
    _section("Not run:", words.not_run(record), console)
    _section("Assumptions:", record.assumptions, console)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> Table:
    """As many columns from the left as fit whole; the first one may take several lines."""
    many = len(header)
    while many > _FEWEST_COLUMNS and _width(header[:many], rows) > console.width:
        many -= 1
    return _drawn(header[:many], rows)


def _width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Of a table whose cells are not cut, with the first column as narrow as it may be."""
    columns = zip(header, *(row[: len(header)] for row in rows), strict=True)
    widths = [max(len(cell) for cell in column) for column in columns]
    return min(widths[0], _FIRST) + sum(one + _BETWEEN for one in widths[1:])


def _drawn(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for place, title in enumerate(header):
        first = place == 0
        table.add_column(title, justify="left" if first else "right", no_wrap=not first, overflow="fold")
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
