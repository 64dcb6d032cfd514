"""MetaTrader 5's deals paired into closed trades, where a report has no table of positions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradeworthy.adapters.trades_from.metatrader_rows import NUMBER, Closed, Found
from tradeworthy.adapters.trades_from.notes import note, present
from tradeworthy.adapters.trades_from.number_spelling import or_zero, written_numbers
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding
from tradeworthy.validation.trade_table import sound

_LEAST = 1e-9
"""Lots; what floating point leaves of a volume that is used up."""


@dataclass(slots=True)
class _Entry:
    """What is left of a deal that opened something; cost: of the whole of it, per lot."""

    time: str
    word: str
    left: float
    price: float
    cost_per_lot: float
    order: str
    comment: str


@dataclass(frozen=True, slots=True)
class _Deal:
    time: str
    symbol: str
    word: str
    direction: str
    volume: float
    price: float
    order: str
    cost: float
    profit: float
    comment: str


def paired_deals(found: Found, where: str) -> tuple[list[Closed], tuple[Finding, ...]]:
    """One closed trade for each deal that closed something: a partial close is a trade of its own volume.

    Deals do not say which position they close. The oldest of the symbol and side goes first; where there was more than one
    to choose from it is counted. Commission at entry is shared out by volume.
    """
    entries: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    closed: list[Closed] = []
    unsure = lost = 0
    for deal in _deals(found.deals, where):
        closes = "sell" if deal.word == "buy" else "buy"
        open_ = entries[(deal.symbol, closes)]
        have = sum(one.left for one in open_)
        volume = deal.volume if deal.direction != "in/out" else min(deal.volume, have)
        share = volume / deal.volume
        if deal.direction == "in":
            entries[(deal.symbol, deal.word)].append(_entry(deal, deal.volume))
            continue
        if have + _LEAST < volume or volume <= _LEAST:
            lost += 1
        else:
            unsure += len(open_) > 1 and volume + _LEAST < have
            closed.append(_close(deal, volume, share, _taken(open_, volume), closes, found.orders))
        if deal.direction == "in/out" and deal.volume - volume > _LEAST:
            entries[(deal.symbol, deal.word)].append(_entry(deal, deal.volume - volume))
    found.open += sum(len(left) for left in entries.values())
    return closed, present(
        note("unsure", unsure, f"{counted(unsure, 'deal')} closed one of several open positions; the oldest was taken to be meant"),
        note("lost", lost, f"{counted(lost, 'deal')} left out, whose opening is not in the report; choose a longer period"),
    )  # fmt: skip


def _entry(deal: _Deal, volume: float) -> _Entry:
    return _Entry(deal.time, deal.word, volume, deal.price, deal.cost / deal.volume, deal.order, deal.comment)


def _taken(open_: list[_Entry], volume: float) -> list[tuple[_Entry, float]]:
    """The oldest entries up to that volume, used up as they are taken."""
    taken = []
    while volume > _LEAST:
        oldest = open_[0]
        part = min(oldest.left, volume)
        taken.append((oldest, part))
        oldest.left -= part
        volume -= part
        if oldest.left <= _LEAST:
            open_.pop(0)
    return taken


def _close(
    deal: _Deal,
    volume: float,
    share: float,
    taken: Sequence[tuple[_Entry, float]],
    word: str,
    orders: dict[str, tuple[str, str]],
) -> Closed:
    entry = sum(one.price * part for one, part in taken) / volume
    at_entry = sum(one.cost_per_lot * part for one, part in taken)
    first = taken[0][0]
    stop, comment = orders.get(first.order, ("", ""))
    return Closed(
        first.order, first.time, deal.symbol, word, repr(volume), repr(entry), stop, deal.time, repr(deal.price),
        (repr(at_entry), repr(deal.cost * share)), repr(deal.profit), first.comment or comment, "",
    )  # fmt: skip


def _deals(rows: Sequence[tuple[str, ...]], where: str) -> list[_Deal]:
    """Rows as numbers, in order of time. After the order stand costs, profit and balance, and in most reports a comment."""
    commented = any(not NUMBER.fullmatch(row[-1]) for row in rows)
    ends = [row[8:-2] if commented else row[8:-1] for row in rows]
    if min(len(end) for end in ends) < 1:
        raise InputError(
            f"{where}: the deals have no columns for commission, swap, profit and balance; export the whole report"
        )
    most = max(len(end) for end in ends)
    read = written_numbers(
        {"volume": [row[5] for row in rows], "price": [row[6] for row in rows], "profit": [end[-1] for end in ends]}
        | {f"cost {place}": [end[place] if place < len(end) - 1 else "" for end in ends] for place in range(most - 1)},
        where,
    )
    cost = sum((or_zero(read[name]) for name in read if name.startswith("cost")), start=np.zeros(len(rows)))
    deals = [
        _Deal(
            row[0], row[2], row[3].lower(), row[4].lower(), float(read["volume"][at]), float(read["price"][at]), row[7],
            float(cost[at]), float(or_zero(read["profit"])[at]), row[-1] if commented else "",
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip
    whole = sound(read["volume"]) & sound(read["price"]) & sound(np.abs(cost) + np.abs(or_zero(read["profit"])) + 1.0)
    if not whole.all():
        row = rows[int(np.argmin(whole))]
        raise InputError(
            f"{where}: the deal of {row[0]} has {row[5]!r} as volume and {row[6]!r} as price; export the report again"
        )
    return sorted(deals, key=lambda deal: deal.time) if deals[0].time[:4].isdigit() else deals
