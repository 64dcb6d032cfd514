"""A search in a terminal: the best set, how its neighbours did, and the ten best."""

import textwrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.search_recording import SearchRecord
from tradeworthy.reports import search_words, wording

_TEN = 10
_ROOMY = 90


def show_search(record: SearchRecord, console: Console) -> None:
    """Print the answer, then the ten best sets."""
    console.print()
    for sentence in (search_words.tried(record), *search_words.answer(record)):
        for row in textwrap.wrap(wording.printable(sentence), max(20, console.width)):
            console.print(row, markup=False, soft_wrap=True)
    if record.ranked:
        console.print(_table(record, console.width))
    for term in record.terms:
        console.print(f"  - {wording.printable(term)}", markup=False, soft_wrap=True)


def _table(record: SearchRecord, width: int) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for name in record.axes:
        table.add_column(wording.printable(name), justify="right")
    table.add_column("Trades", justify="right")
    measures = list(record.ranked[0].measures)[: None if width >= _ROOMY else 2]
    for measure in measures:
        table.add_column(search_words.label(measure), justify="right")
    table.add_column("Neighbours", justify="right")
    for one in record.ranked[:_TEN]:
        cells = [wording.printable(str(value)) for value in one.parameters.values()]
        cells.append(f"{one.trades:,.0f}")
        cells += [search_words.shown(measure, one.measures[measure]) for measure in measures]
        cells.append(search_words.shown(record.by, one.neighbours))
        table.add_row(*(Text(cell) for cell in cells))
    return table
