"""What a report says of a search over parameters, as one record."""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.search_luck import SearchLuck, luck_of
from tradeworthy.appraisal.search_surface import Surface, surface_of
from tradeworthy.appraisal.search_terms import SHARPE
from tradeworthy.backtest.grid import Value
from tradeworthy.backtest.sweep_result import MEASURES, RANKED, SweepResult
from tradeworthy.core.errors import InputError

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

MOST_RANKED = 50
MOST_ROWS = 20_000
"""Rows of the whole table that a report holds; the ledger holds all of them."""
_BINS = 40
_SHOWN = ("sharpe", "pnl", "max_drawdown", "profit_factor", "win_rate", "mean_r")


class RankedSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set of parameters with the means of its measures over the instruments, and how its neighbours did."""

    parameters: dict[str, Value]
    trades: float
    measures: dict[str, float | None]
    neighbours: float | None
    """Median of the sets at most one step away along every axis, without itself."""
    stability: float | None
    """That over its own measure; None where that is not above zero."""
    each: tuple[float | None, ...]
    """The measure that ranks, of each instrument."""


class SearchedBars(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument that was searched, and the set that is best on it alone; None where none has the measure."""

    label: str
    bars: int
    data_hash: str
    best: RankedSet | None


class SearchRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A search: what was tried, how the measure is spread over all sets, the best of them, and the surface."""

    strategy: str
    by: str
    axes: dict[str, tuple[Value, ...]]
    fixed: dict[str, Value]
    grid: int
    sets: int
    refused: int
    refused_example: str
    instruments: tuple[SearchedBars, ...]
    trials: int
    luck: SearchLuck | None
    """Of the best set; None over several instruments, or where nothing is ranked or has a Sharpe ratio."""
    terms: tuple[str, ...]
    ranked: tuple[RankedSet, ...]
    measured: int
    """Sets that have the measure on every instrument; the others traded too little for it."""
    median: float | None
    share_above_zero: float | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    surface: Surface
    table: dict[str, list[Value]] | None
    """Every set of every instrument; None where there are more than 20,000."""


def search_record(result: SweepResult, by: str, terms: tuple[str, ...] = ()) -> SearchRecord:
    """The record of a finished search. by: what sets are ranked by. terms: what they were traded under, in words.

    Raises InputError for a measure that does not rank: of a deeper drawdown more is not better.
    """
    if by in MEASURES and by not in RANKED:
        raise InputError(f"{by} is measured but ranks nothing, for more of it is not better; use {', '.join(RANKED)}")
    values = result.of(by)
    known = values[~np.isnan(values)]
    best = int(np.nanargmax(values)) if len(known) else None
    counts, edges = np.histogram(known, _BINS) if len(known) else (np.empty(0, np.int64), np.empty(0))
    return SearchRecord(
        strategy=result.strategy, by=by, axes=dict(result.grid.axes), fixed=dict(result.grid.fixed),
        grid=result.grid.size, sets=len(result), refused=result.sets.refused, refused_example=result.sets.example,
        instruments=_instruments(result, by), trials=result.trials,
        luck=None if best is None else luck_of(result, best), terms=(*terms, SHARPE),
        ranked=_ranked(result, by, None, MOST_RANKED), measured=len(known),
        median=float(np.median(known)) if len(known) else None,
        share_above_zero=float(np.mean(known > 0)) if len(known) else None,
        edges=tuple(edges.tolist()), counts=tuple(counts.tolist()), surface=surface_of(result, by),
        table=result.columns() if len(result) * len(result.searched) <= MOST_ROWS else None,
    )  # fmt: skip


def _instruments(result: SweepResult, by: str) -> tuple[SearchedBars, ...]:
    return tuple(
        SearchedBars(
            label=one.label, bars=one.bars, data_hash=one.data_hash, best=next(iter(_ranked(result, by, place, 1)), None)
        )
        for place, one in enumerate(result.searched)
    )  # fmt: skip


def _ranked(result: SweepResult, by: str, instrument: int | None, most: int) -> tuple[RankedSet, ...]:
    """The `most` best over all instruments, or on one of them. Sets alike keep the order of the grid."""
    values = result.of(by, instrument)
    order = np.argsort(-values, kind="stable")[:most]  # NaN comes last
    order = order[~np.isnan(values[order])]
    shown = {name: result.of(name, instrument)[order] for name in dict.fromkeys((by, *_SHOWN))}
    each = [result.of(by, place)[order] for place in range(len(result.searched))]
    trades, around = result.of("trades", instrument)[order], _neighbours(result, by, instrument, order)
    return tuple(
        RankedSet(
            parameters=dict(result.sets.points[i]), trades=float(trades[rank]),
            measures={name: _plain(column[rank]) for name, column in shown.items()},
            neighbours=_plain(around[rank]),
            stability=_plain(around[rank] / values[i]) if values[i] > 0 else None,
            each=tuple(_plain(column[rank]) for column in each),
        )
        for rank, i in enumerate(order.tolist())
    )  # fmt: skip


def _neighbours(result: SweepResult, by: str, instrument: int | None, order: Whole) -> Floats:
    """`SweepResult.neighbourhood` at a few sets only: of a million sets the whole takes minutes and gigabytes."""
    whole = result.on_grid(by, instrument)
    medians = np.full(len(order), np.nan)
    for rank, i in enumerate(order.tolist()):
        place = np.unravel_index(result.sets.places[i], whole.shape)
        box = whole[tuple(slice(max(0, int(at) - 1), int(at) + 2) for at in place)].copy()
        box[tuple(min(int(at), 1) for at in place)] = np.nan
        around = box[~np.isnan(box)]
        medians[rank] = np.median(around) if len(around) else np.nan
    return medians


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
