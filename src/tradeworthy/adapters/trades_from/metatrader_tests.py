"""The orders of a MetaTrader 4 test paired into closed trades."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradeworthy.adapters.trades_from.metatrader_rows import SIDES, Closed
from tradeworthy.adapters.trades_from.notes import note, present
from tradeworthy.adapters.trades_from.number_spelling import written_numbers
from tradeworthy.core.counting import counted
from tradeworthy.market.rules import Finding

_CLOSES = frozenset({"close", "s/l", "t/p", "close at stop"})


@dataclass(frozen=True, slots=True)
class _Start:
    """The row that opened an order, and how much of it is still open."""

    row: tuple[str, ...]
    size: float


def paired_orders(rows: Sequence[tuple[str, ...]], symbol: str, where: str) -> tuple[list[Closed], tuple[Finding, ...]]:
    """A closed trade for each row that closed an order; its stop is the one of the row that opened it.

    rows: number, time, type, order, size, price, S/L, T/P, and profit and balance where something was closed. What is left
    of an order that was closed in part goes on under a new number, and is known again by its size.
    """
    opened: dict[str, _Start] = {}
    left: dict[str, list[_Start]] = {}
    closed: list[Closed] = []
    lost = 0
    sizes = written_numbers({"size": [row[4] for row in rows]}, where)["size"].tolist()
    for row, size in zip(rows, sizes, strict=True):
        kind, order = row[2].lower(), row[3]
        if kind in SIDES:
            opened[order] = _Start(row, size)
        elif kind in _CLOSES and len(row) > 8 and row[8]:
            waiting = left.get(f"{size:.4f}")
            start = opened.pop(order, None) or (waiting.pop(0) if waiting else None)
            if start is None:
                lost += 1
                continue
            closed.append(_closed(start.row, row, symbol))
            if start.size > size:
                rest = start.size - size
                left.setdefault(f"{rest:.4f}", []).append(_Start(start.row, rest))
    findings = note("lost", lost, f"{counted(lost, 'closing')} left out, whose opening is not in the report")
    return closed, present(findings)


def _closed(start: tuple[str, ...], row: tuple[str, ...], symbol: str) -> Closed:
    return Closed(
        row[3], start[1], symbol, start[2].lower(), row[4], start[5], start[6], row[1], row[5], (), row[8], "", ""
    )
