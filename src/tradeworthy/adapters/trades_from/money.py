"""How much money a move of the price is worth, out of the trades themselves: no table of contract sizes is needed."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.adapters.trades_from.notes import note, present
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding
from tradeworthy.validation.trade_table import Floats, Names

_PLAIN_MONEY = 1.0
"""Profits from here on are written with two digits or more that count."""
_APART = 2.0
"""Times its symbol's usual value: what conversion into the account's currency moves within a history stays below."""
_MOST_CONTRARY = 0.5


@dataclass(frozen=True, slots=True)
class Money:
    """per_price: money per price unit for each whole trade (n,)."""

    per_price: Floats
    findings: tuple[Finding, ...]


def money_per_price(move: Floats, volume: Floats, entry: Floats, profit: Floats, symbols: Names, where: str) -> Money:
    """Profit over price move, for each trade; the symbol's usual value per lot where the trade cannot say.

    move: price move in the trade's favour (n,). A trade cannot say when it moved nothing, or earned so little that rounding
    decides. Raises InputError where most profits have another sign than their moves, or where nothing moved at all.
    """
    telling = (move != 0) & (profit != 0)
    contrary = telling & ((move > 0) != (profit > 0))
    if telling.any() and contrary.sum() > _MOST_CONTRARY * telling.sum():
        raise InputError(
            f"{where}: {int(contrary.sum()):,} of {len(move):,} trades gained where prices say they lost, or the other way round; "
            "check how the file writes decimals and which columns hold the prices and the profit"
        )
    telling &= ~contrary
    per_lot = np.divide(np.abs(profit), np.abs(move) * volume, out=np.ones(len(move)), where=telling)
    usual = _usual(per_lot, np.abs(move) * volume, entry, telling, symbols, where)
    plain = telling & (np.abs(profit) >= _PLAIN_MONEY)
    apart = plain & ((per_lot > _APART * usual) | (per_lot < usual / _APART))
    own = plain & ~apart
    count = int(contrary.sum() + apart.sum())
    return Money(
        np.where(own, per_lot, usual) * volume,
        present(
            note(
                "money", count,
                f"the profit of {counted(count, 'trade')} does not follow from prices and volume as the symbol's other profits do; "
                "it was taken as it is, and the money at risk from those others",
            )
        ),
    )  # fmt: skip


def _usual(per_lot: Floats, weight: Floats, entry: Floats, telling: np.ndarray, symbols: Names, where: str) -> Floats:
    """The weighted median of each symbol; where none of its trades tells, as if a lot of it were worth what others' lots are."""
    if not telling.any():
        raise InputError(f"{where}: no trade has both a price move and a profit, so nothing says what a move is worth")
    usual = _median((per_lot * entry)[telling], weight[telling]) / entry
    for symbol in np.unique(symbols):
        mine = symbols == symbol
        if (mine & telling).any():
            usual[mine] = _median(per_lot[mine & telling], weight[mine & telling])
    return usual


def _median(values: Floats, weights: Floats) -> float:
    """The value that half of the weight lies at or below."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
