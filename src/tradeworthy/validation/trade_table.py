"""Closed trades as a platform recorded them: the one table that every reader of histories fills."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.market.rules import Finding

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]

_LARGEST = 1e15


@dataclass(frozen=True, slots=True, eq=False)
class TradeTable:
    """n closed trades in the order of the file; every array has shape (n,).

    opened (None where the history does not say), closed: nanoseconds UTC. side: 1 for a long, -1 for a short. quantity: in
    the platform's own unit. entry, exit, stop: prices; stop is the initial one as far as the history knows it, NaN for none.
    pnl: money before `costs`. costs: money still to be taken off. per_price: money that a price move of 1 is worth to the
    whole trade. risk: money at risk where the history states it itself, otherwise NaN. instrument: empty where none is said.
    """

    source: str
    platform: str
    opened: Times | None
    closed: Times
    side: Floats
    quantity: Floats
    entry: Floats
    exit: Floats
    stop: Floats
    pnl: Floats
    costs: Floats
    per_price: Floats
    risk: Floats
    strategy: Names
    instrument: Names
    assumptions: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.closed)

    def without_copies(self) -> "TradeTable":
        """Each trade once: of rows that are alike in every column the first. They are as good as certainly one trade."""
        columns = [getattr(self, one.name) for one in fields(self)]
        columns = [one for one in columns if isinstance(one, np.ndarray)]
        ranks = [np.unique(one, return_inverse=True)[1] for one in columns]  # NaN is alike to NaN there
        _, first = np.unique(np.column_stack(ranks), axis=0, return_index=True)
        if len(first) == len(self):
            return self
        return self.rows(np.sort(first))

    def rows(self, kept: npt.NDArray[Any]) -> "TradeTable":
        """Some of the trades, by place or by flag (n,)."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        fewer: dict[str, Any] = {name: one[kept] for name, one in named.items() if isinstance(one, np.ndarray)}
        return replace(self, **fewer)

    @property
    def net(self) -> Floats:
        """Money after all costs (n,)."""
        return self.pnl - self.costs

    @property
    def notional(self) -> Floats:
        """Money traded at entry (n,)."""
        return self.per_price * self.entry

    @property
    def stop_distance(self) -> Floats:
        """From entry to stop (n,), positive where the stop is on the losing side; NaN without a stop."""
        return self.side * (self.entry - self.stop)


def no_money(count: int) -> Floats:
    """A column that nothing is known of: NaN (n,)."""
    return np.full(count, np.nan)


def sound(values: Floats) -> npt.NDArray[np.bool_]:
    """Whether each is a price, size or amount that can be reckoned with (n,): above zero, and no typing error of 300 digits."""
    return (values > 0) & (values < _LARGEST)
