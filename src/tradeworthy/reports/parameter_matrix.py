"""Strategies against parameters: as a dataframe, as CSV that a spreadsheet may open, and shaded for the page."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeworthy.strategies.source_parameters import Value

Book = Mapping[str, Mapping[str, Value]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a cell for a formula, the full-width forms included (OWASP, CSV Injection)."""
SHADES = 5


def columns(book: Book) -> list[str]:
    """Every parameter of any strategy, in the order in which they first stand."""
    return list(dict.fromkeys(name for parameters in book.values() for name in parameters))


def matrix_frame(book: Book) -> Any:
    """A dataframe of pandas: a row for each strategy (the index), a column for each parameter; missing ones are NaN."""
    import pandas as pd

    names = columns(book)
    rows = {name: [_cell(parameters.get(column)) for column in names] for name, parameters in book.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    frame.index.name = "strategy"
    return frame


def matrix_csv(book: Book) -> bytes:
    """UTF-8, a row for each strategy. Text that a spreadsheet would take for a formula is put behind an apostrophe."""
    names = columns(book)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # so that a lone carriage return in a text is quoted too
    writer.writerow(["strategy", *map(_harmless, names)])
    for name, parameters in book.items():
        writer.writerow([_harmless(name), *(_harmless(_cell(parameters.get(column))) for column in names)])
    return text.getvalue().encode()


def _cell(value: Value) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One value: its words, its shade from 1 (the column's least) to 5 (its most), 0 for none; far: stands apart."""

    text: str
    shade: int
    far: bool
    number: bool


def differing_first(book: Book) -> list[str]:
    """The same columns: those in which strategies differ before those that are the same everywhere, and of each those
    that most strategies have."""

    def place(name: str) -> tuple[bool, int]:
        values = [one[name] for one in book.values() if name in one]
        return len(values) == len(book) and len(set(map(str, values))) == 1, -len(values)

    return sorted(columns(book), key=place)


def heat(book: Book, names: Sequence[str], far: Mapping[str, Sequence[str]]) -> dict[str, list[HeatCell]]:
    """By strategy, a cell for each of the columns. Each column of numbers is shaded on its own scale; one that is all the
    same has no shade. far: by strategy the parameters that stand apart."""
    ranges = {name: _range([parameters.get(name) for parameters in book.values()]) for name in names}
    return {
        strategy: [
            HeatCell(_text(value := parameters.get(name), there=name in parameters), _shade(value, ranges[name]),
                     name in far.get(strategy, ()), _is_number(value))
            for name in names
        ]
        for strategy, parameters in book.items()
    }  # fmt: skip


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(values: Sequence[Value]) -> tuple[float, float] | None:
    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return (min(numbers), max(numbers)) if numbers and min(numbers) < max(numbers) else None


def _shade(value: Value, ends: tuple[float, float] | None) -> int:
    if ends is None or isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return 1 + min(SHADES - 1, int((value - ends[0]) / (ends[1] - ends[0]) * SHADES))


def _text(value: Value, *, there: bool) -> str:
    if value is None:
        return "none" if there else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_cell(value)) if not isinstance(value, float) else f"{value:.6g}"
