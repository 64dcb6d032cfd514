"""What a report says of a search over parameters, as one record."""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.sweep_result import SweepResult

Value = float | int | bool | str | None
Floats = npt.NDArray[np.float64]

RANKED = 50
MOST_ROWS = 20_000
"""Rows of the whole table that a report holds; the ledger holds all of them."""
_BINS = 40
_SHOWN = ("sharpe", "pnl", "max_drawdown", "profit_factor", "win_rate", "mean_r")


class SearchedBars(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument that was searched."""

    label: str
    bars: int
    data_hash: str


class RankedSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set of parameters with the means of its measures over the instruments, and how its neighbours did."""

    parameters: dict[str, Value]
    trades: float
    measures: dict[str, float | None]
    neighbours: float | None
    stability: float | None


class SurfaceMap(msgspec.Struct, frozen=True, kw_only=True):
    """The measure over two parameters, the median over all others; rows belong to `y`."""

    x: str
    y: str
    x_values: tuple[Value, ...]
    y_values: tuple[Value, ...]
    values: tuple[tuple[float | None, ...], ...]


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
    terms: tuple[str, ...]
    ranked: tuple[RankedSet, ...]
    median: float | None
    share_above_zero: float | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    surface: SurfaceMap | None
    line: tuple[float | None, ...]
    """The measure along the only axis of a search with one."""
    table: dict[str, list[Value]] | None
    """Every set of every instrument; None where there are more than 20,000."""


def search_record(result: SweepResult, by: str, terms: tuple[str, ...] = ()) -> SearchRecord:
    """The record of a finished search. by: what sets are ranked by. terms: what they were traded under, in words."""
    values = result.of(by)
    known = values[~np.isnan(values)]
    counts, edges = np.histogram(known, _BINS) if len(known) else (np.empty(0, np.int64), np.empty(0))
    axes = sorted(result.grid.axes, key=lambda name: -len(result.grid.axes[name]))
    rows = len(result) * len(result.searched)
    return SearchRecord(
        strategy=result.strategy, by=by, axes=dict(result.grid.axes), fixed=dict(result.grid.fixed),
        grid=result.grid.size, sets=len(result), refused=result.sets.refused, refused_example=result.sets.example,
        instruments=tuple(SearchedBars(label=one.label, bars=one.bars, data_hash=one.data_hash) for one in result.searched),
        trials=result.trials, terms=terms, ranked=_ranked(result, by, values),
        median=float(np.median(known)) if len(known) else None,
        share_above_zero=float(np.mean(known > 0)) if len(known) else None,
        edges=tuple(edges.tolist()), counts=tuple(counts.tolist()),
        surface=_surface(result, axes[0], axes[1], by) if len(axes) > 1 else None,
        line=tuple(_plain(value) for value in result.on_grid(by).tolist()) if len(axes) == 1 else (),
        table=result.columns() if rows <= MOST_ROWS else None,
    )  # fmt: skip


def _ranked(result: SweepResult, by: str, values: Floats) -> tuple[RankedSet, ...]:
    order = [int(i) for i in np.argsort(-np.where(np.isnan(values), -np.inf, values), kind="stable")[:RANKED]]
    around, stable, trades = result.neighbourhood(by), result.stability(by), result.of("trades")
    shown = {name: result.of(name) for name in dict.fromkeys((by, *_SHOWN))}
    return tuple(
        RankedSet(
            parameters=dict(result.sets.points[i]), trades=float(trades[i]),
            measures={name: _plain(column[i]) for name, column in shown.items()},
            neighbours=_plain(around[i]), stability=_plain(stable[i]),
        )
        for i in order if not np.isnan(values[i])
    )  # fmt: skip


def _surface(result: SweepResult, x: str, y: str, by: str) -> SurfaceMap:
    across, down, grid = result.heatmap(x, y, by)
    cells = tuple(tuple(_plain(value) for value in row) for row in grid.tolist())
    return SurfaceMap(x=x, y=y, x_values=across, y_values=down, values=cells)


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
