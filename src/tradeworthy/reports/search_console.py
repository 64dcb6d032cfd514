"""A search in a terminal: the best set, how its neighbours did, and the ten best."""

import textwrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.search_recording import RankedSet, SearchRecord
from tradeworthy.reports import search_words, wording

_TEN = 10
_GAP = 2
Column = tuple[str, list[str]]


def show_search(record: SearchRecord, console: Console) -> None:
    """Print the answer, then the ten best sets, then the terms."""
    console.print()
    for sentence in (search_words.tried(record), *search_words.answer(record)):
        for row in textwrap.wrap(wording.printable(sentence), max(20, console.width)):
            console.print(row, markup=False, soft_wrap=True)
    if record.ranked:
        console.print()
        console.print(_table(record, console.width))
    console.print()
    names = (record.strategy, *(one.label for one in record.instruments))
    for term in record.terms:
        text = wording.printable(wording.capitalised(term, names))
        for row in textwrap.wrap(text, max(20, console.width), initial_indent="  - ", subsequent_indent="    "):
            console.print(row, markup=False, soft_wrap=True)


def _table(record: SearchRecord, width: int) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, _GAP - 1, 0, 0))
    columns = _fitting(record, width)
    for title, _ in columns:
        table.add_column(Text(title), justify="right", no_wrap=True, overflow="ellipsis")
    for cells in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _fitting(record: SearchRecord, width: int) -> list[Column]:
    """The set and its rank's measure always; of the others as many as there is room for, the weightiest first."""
    rows = record.ranked[:_TEN]
    needed = [*_parameters(rows), _measure(record.by, rows)]
    others = [
        ("Neighbours", [search_words.shown(record.by, one.neighbours) for one in rows]),
        ("Stability", [search_words.ratio(one.stability) for one in rows]),
        ("Trades", [f"{one.trades:,.0f}" for one in rows]),
        *(_measure(name, rows) for name in rows[0].measures if name != record.by),
    ]
    room = width - sum(_wide(one) for one in needed)
    for column in others:
        room -= _wide(column)
        if room < 0:
            break
        needed.append(column)
    return needed


def _parameters(rows: tuple[RankedSet, ...]) -> list[Column]:
    return [
        (wording.printable(name), [wording.printable(search_words.value(one.parameters[name])) for one in rows])
        for name in rows[0].parameters
    ]


def _measure(name: str, rows: tuple[RankedSet, ...]) -> Column:
    return search_words.label(name), [search_words.shown(name, one.measures[name]) for one in rows]


def _wide(column: Column) -> int:
    title, cells = column
    return max(len(title), *(len(cell) for cell in cells)) + _GAP
