"""What one R is for trades of other platforms: the money at risk where stops are known, a stand-in where they are not.

The stand-in is fixed in advance. It comes from each strategy's earliest losing trades, at most `FIRST_LOSSES` of them and
never one that closed after the moment given, so that neither the window nor anything added to the history later can move it,
and baseline and window are measured alike. A positive constant a strategy cannot change the sign of anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tradeworthy.validation.trade_table import Floats, TradeTable

FIRST_LOSSES = 30
"""Enough for a median that one odd loss does not move, few enough to be fixed early."""
FEWEST = 5
"""Losses under which the size of all trades is used instead."""
NEAREST_STOP = 1e-6
"""Of the entry price: a stop nearer than this stands at the entry."""


class Measure(StrEnum):
    """Where a strategy's R comes from."""

    STATED = "the money at risk that the history states"
    STOPS = "the distance to each trade's stop"
    LOSSES = "the median of the first losses"
    SIZES = "the median size of the first trades"
    GIVEN = "the unit of what it is held against"


@dataclass(frozen=True, slots=True)
class Unit:
    """What one R is for one strategy.

    count: trades of the strategy. size: of one R as a fraction of the money traded, None with stops. taken: how many trades it
    was taken from. later: whether some of those closed after the moment before which it was to be fixed. without, beyond:
    trades without a stop, and with one at or beyond the entry.
    """

    strategy: str
    measure: Measure
    count: int
    size: float | None = None
    taken: int = 0
    later: bool = False
    without: int = 0
    beyond: int = 0


def measured(
    table: TradeTable, before_ns: int | None = None, sizes: Mapping[str, float] | None = None
) -> tuple[Floats, tuple[Unit, ...]]:
    """R of every trade (n,) and the unit of each strategy, in order of name. before_ns: units rest on trades closed by then.

    sizes: units by strategy that are given, so that two histories are measured alike; they win over everything.

    A strategy is measured by stops only where each of its trades has one on the losing side of its entry: stops that were
    moved are told by those that passed the entry, and leaving those trades out would leave out the winners.
    """
    r = np.empty(len(table))
    units = []
    for name in np.unique(table.strategy):
        mine = np.flatnonzero(table.strategy == name)
        given = (sizes or {}).get(str(name))
        if given is not None:
            r[mine] = table.net[mine] / (table.notional[mine] * given)
            units.append(Unit(str(name), Measure.GIVEN, len(mine), given))
            continue
        at_risk, unit = _unit(table, str(name), mine[np.argsort(table.closed[mine], kind="stable")], before_ns)
        r[mine] = table.net[mine] / at_risk[mine]
        units.append(unit)
    return r, tuple(units)


def _unit(table: TradeTable, name: str, mine: np.ndarray, before_ns: int | None) -> tuple[Floats, Unit]:
    """Money at risk of every trade of the table, of which only those of `mine` count; `mine` is in order of closing."""
    if not np.isnan(table.risk[mine]).any():
        return table.risk, Unit(name, Measure.STATED, len(mine))
    distance = table.stop_distance
    without = int(np.isnan(distance[mine]).sum())
    beyond = int((distance[mine] < NEAREST_STOP * table.entry[mine]).sum())
    if not without and not beyond:
        return table.per_price * distance, Unit(name, Measure.STOPS, len(mine))
    moved = table.net[mine] / table.notional[mine]
    early = np.ones(len(mine), bool) if before_ns is None else table.closed[mine] <= before_ns
    measure, size, taken = _stand_in(moved[early])
    later = taken < FEWEST and bool((~early).any())
    if later:
        measure, size, taken = _stand_in(moved)
    return table.notional * size, Unit(name, measure, len(mine), size, taken, later, without, beyond)


def _stand_in(moved: Floats) -> tuple[Measure, float, int]:
    """From net profits over the money traded, oldest first. 1 where nothing ever moved: then every R is 0."""
    losses = -moved[moved < 0][:FIRST_LOSSES]
    if len(losses) >= FEWEST:
        return Measure.LOSSES, float(np.median(losses)), len(losses)
    sizes = np.abs(moved[moved != 0])[:FIRST_LOSSES]
    return Measure.SIZES, float(np.median(sizes)) if len(sizes) else 1.0, len(sizes)
