"""Rows of cells, as reports of terminals hold them: out of HTML, or out of separated text."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from tradeworthy.adapters.trades_from.decoding import Decoded


@dataclass(frozen=True, slots=True)
class Row:
    """Texts of the visible cells, without blanks at their ends. note: the remark that hangs on the first cell."""

    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All rows of a report in their order, its title and the program that names itself as its author."""

    rows: tuple[Row, ...]
    title: str
    generator: str
    encoding: str


def report_from_html(decoded: Decoded) -> Report:
    """Rows of all tables of a page. Cells that the page hides are left out; a page that is cut off gives what it has."""
    reader = _Tables()
    reader.feed(decoded.text)
    reader.close()
    return Report(tuple(reader.finished()), reader.title.strip(), reader.generator, decoded.encoding)


def report_from_text(decoded: Decoded) -> Report:
    """Rows of separated text: whichever of tab, semicolon and comma splits the busiest line into most cells."""
    lines = [line for line in decoded.text.splitlines() if line.strip()]
    separator = separator_of(lines)
    return Report(tuple(_split(lines, separator)), "", "", decoded.encoding)


def separator_of(lines: list[str]) -> str:
    """The character that most lines have most of."""
    return max("\t;,|", key=lambda one: sum(line.count(one) for line in lines[:200]))


def _split(lines: list[str], separator: str) -> Iterator[Row]:
    """Cells without blanks; a line that no separated text has, such as one of endless cells, ends the report."""
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        while cells and not cells[-1].strip():
            cells.pop()
        yield Row(tuple(cell.strip() for cell in cells))


class _Tables(HTMLParser):
    """Collects rows; hidden cells are those of class hidden or with display: none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.generator = ""
        self._rows: list[Row] = []
        self._cells: list[str] | None = None
        self._note = ""
        self._text: list[str] | None = None
        self._hidden = self._titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in {"td", "th"}:
            self._start_cell(dict(attrs) if attrs else {})
        elif tag == "title":
            self._titled = True
        elif tag == "meta":
            given = dict(attrs)
            if (given.get("name") or "").lower() == "generator":
                self.generator = (given.get("content") or "").lower()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()
        elif tag in {"title", "head"}:
            self._titled = False

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        elif self._titled:
            self.title += data

    def finished(self) -> list[Row]:
        """Every row, the one that was still open included."""
        self._end_row()
        return self._rows

    def _start_cell(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        if self._cells is None:
            self._cells = []
        if not self._cells:
            self._note = given.get("title") or ""
        style = (given.get("style") or "").replace(" ", "").lower()
        self._hidden = "hidden" in (given.get("class") or "").split() or "display:none" in style
        self._text = []

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None and not self._hidden:
            self._cells.append(" ".join("".join(self._text).split()))
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self._rows.append(Row(tuple(self._cells), self._note))
        self._cells, self._note = None, ""
