"""Rows of MetaTrader's reports, told apart by their shape.

Terminals translate headings and titles into the language of their user, but neither `buy`, `sell`, `balance`, `in` and `out`
nor the order of the columns; so a row is known by where its times stand, by those words, and by what is a number.
"""
# ruff: noqa: RUF001 - words of many languages, in their own letters

import re
from dataclasses import dataclass, field

from tradeworthy.adapters.trades_from.rows import Report, Row

TIME = re.compile(r"(\d{4}[.\-/]\d\d[.\-/]\d\d|\d\d[./]\d\d[./]\d{4})[ T]\d\d:\d\d(:\d\d(\.\d+)?)?")
NUMBER = re.compile(r"[-+−]?[\d.,][\d .,'’]*")
SIDES = frozenset({"buy", "sell"})
DIRECTIONS = frozenset({"in", "out", "in/out", "out by"})
TESTED = frozenset({"close", "s/l", "t/p", "close at stop", "modify", "delete"})
"""What a tester's report says of an order after it was opened."""
_PROFIT = frozenset({
    "profit", "gewinn", "beneficio", "ganancia", "bénéfice", "lucro", "profitto", "utile", "zysk", "прибыль", "прибуток", "利润",
    "盈利", "获利", "獲利", "利益", "損益", "kâr",
})  # fmt: skip
_COMMENT = frozenset({
    "comment", "kommentar", "comentario", "commentaire", "comentário", "commento", "комментарий", "注释", "註釋", "コメント",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed position as it is written; costs are commission, fees, taxes and swap."""

    ticket: str
    opened: str
    symbol: str
    word: str
    volume: str
    entry: str
    stop: str
    closed: str
    exit: str
    costs: tuple[str, ...]
    profit: str
    comment: str
    magic: str


@dataclass(slots=True)
class Found:
    """What a report was found to hold. orders: stop and comment by ticket. Counts are of rows that are no closed trade."""

    closed: list[Closed] = field(default_factory=list)
    deals: list[tuple[str, ...]] = field(default_factory=list)
    orders: dict[str, tuple[str, str]] = field(default_factory=dict)
    tested: list[tuple[str, ...]] = field(default_factory=list)
    open: int = 0
    pending: int = 0
    balance: int = 0
    torn: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing of MetaTrader's was recognised."""
        return not (self.closed or self.deals or self.tested or self.open or self.pending or self.balance or self.torn)


def found_in(report: Report) -> Found:
    """Every row of a report put where it belongs."""
    found = Found()
    heading: dict[int, str] = {}
    for row in report.rows:
        first = next((place for place, cell in enumerate(row.cells[:3]) if TIME.fullmatch(cell)), None)
        if first is None:
            heading = _heading(row) or heading
            _remark(found, row)
        elif not _four(found, row, first, heading):
            _five(found, row, first, heading)
    return found


def is_metatrader(report: Report, plain: bool) -> bool:
    """Whether the first rows hold a trade, a deal or a tester's order of MetaTrader's.

    plain: whether the headings would do for a table of anybody's own; then one of them has to say profit as well, since the
    last number of a row could be anything.
    """
    found = found_in(report)
    profit = any("profit" in _heading(row).values() for row in report.rows)
    return bool(found.closed or found.deals or found.tested) and (profit or not plain)


def _heading(row: Row) -> dict[int, str]:
    """Places of the columns whose words are known, in a row of headings."""
    words = {place: cell.lower().rstrip(":").split(" ")[0] for place, cell in enumerate(row.cells)}
    known = {place: "profit" for place, word in words.items() if word in _PROFIT}
    known |= {place: "comment" for place, word in words.items() if word in _COMMENT}
    known |= {place: "magic" for place, word in words.items() if word in {"magic", "expert"}}
    return known if len(row.cells) > 8 else {}


def _remark(found: Found, row: Row) -> None:
    """Builds of before 2010 write a trade's comment into a row of its own under it."""
    if found.closed and len(row.cells) == 3 and row.cells[:2] == ("", "") and not found.closed[-1].comment:
        last = found.closed[-1]
        found.closed[-1] = Closed(
            **{**{name: getattr(last, name) for name in Closed.__slots__}, "comment": row.cells[2]}
        )


def _four(found: Found, row: Row, first: int, heading: dict[int, str]) -> bool:
    """MetaTrader 4: ticket, time, type, size, item, price, S/L, T/P, time, price, costs, profit; or an order of a test."""
    cells = row.cells
    word = _word(cells, first + 1)
    if _tested(cells, first, word):
        found.tested.append(cells[first - 1 : first + 9])
    elif word in SIDES and len(cells) > first + 7 and TIME.fullmatch(cells[first + 7]):
        _closed(
            found, row, heading, (first - 1, first, first + 3, first + 1, first + 2, first + 4, first + 5, first + 7)
        )
    elif word in SIDES:
        found.open += 1
    elif _pending(word):
        found.pending += 1
    elif word in {"balance", "credit"}:
        found.balance += 1
    else:
        return False
    return True


def _five(found: Found, row: Row, first: int, heading: dict[int, str]) -> None:
    """MetaTrader 5: time, ticket, symbol, type, and then a position, an order or a deal."""
    cells = row.cells
    word, after = _word(cells, first + 3), _word(cells, first + 4)
    if len(cells) > first + 8 and TIME.fullmatch(cells[first + 8]):
        if word in SIDES and len(cells) > first + 10 and NUMBER.fullmatch(cells[first + 9]):
            _closed(
                found,
                row,
                heading,
                (first + 1, first, first + 2, first + 3, first + 4, first + 5, first + 6, first + 8),
            )
        elif word in SIDES or _pending(word):
            found.orders[cells[first + 1]] = (cells[first + 6], cells[first + 10] if len(cells) > first + 10 else "")
    elif word in SIDES and after in DIRECTIONS:
        found.deals.append(cells[first:])
    elif word in SIDES and NUMBER.fullmatch(after):
        found.open += 1
    elif _pending(word):
        found.pending += 1
    elif word and not NUMBER.fullmatch(word) and not after and len(cells) > first + 8:
        found.balance += 1


def _closed(found: Found, row: Row, heading: dict[int, str], places: tuple[int, ...]) -> None:
    ticket, opened, symbol, word, volume, entry, stop, closed = places
    cells = row.cells
    profit = next(
        (place for place, what in heading.items() if what == "profit" and closed + 1 < place < len(cells)), None
    )
    if profit is None or not NUMBER.fullmatch(cells[profit]):
        profit = next((at for at in range(len(cells) - 1, closed + 1, -1) if NUMBER.fullmatch(cells[at])), None)
    if profit is None or not NUMBER.fullmatch(cells[closed + 1]):
        found.torn += 1
        return
    named = {what: cells[place] for place, what in heading.items() if place > profit and place < len(cells)}
    comment = named.get("comment") or row.note or next((cell for cell in cells[profit + 1 :] if cell), "")
    found.closed.append(
        Closed(
            cells[ticket] if ticket >= 0 else "", cells[opened], cells[symbol], cells[word].lower(), cells[volume], cells[entry],
            cells[stop], cells[closed], cells[closed + 1], cells[closed + 2 : profit], cells[profit], comment,
            named.get("magic", ""),
        )
    )  # fmt: skip


def _tested(cells: tuple[str, ...], first: int, word: str) -> bool:
    """Number, time, type, order, size, price, S/L, T/P, and profit and balance where something was closed."""
    if first < 1 or not (word in SIDES or word in TESTED or _pending(word)) or len(cells) < first + 7:
        return False
    return cells[first + 2].isdigit() and all(NUMBER.fullmatch(cell) for cell in cells[first + 3 : first + 7])


def _pending(word: str) -> bool:
    return word.endswith((" limit", " stop"))


def _word(cells: tuple[str, ...], place: int) -> str:
    return cells[place].lower() if place < len(cells) else ""
