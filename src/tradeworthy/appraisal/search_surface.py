"""The surface of a search: its measure over one or two parameters, in pictures of a size that can be looked at."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.grid import Value
from tradeworthy.backtest.sweep_result import SweepResult

Floats = npt.NDArray[np.float64]

MOST_ACROSS = 100
"""Columns and rows of a map; of more values, neighbouring ones share a cell."""
MOST_ALONG = 1_000
"""Points of a line, the same."""
MOST_PANELS = 12
MOST_CELLS = 50_000
"""Of all panels together."""


class SurfaceAxis(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter along a map: the first and the last value that each cell stands for, the same where it is one value."""

    name: str
    first: tuple[Value, ...]
    last: tuple[Value, ...]


class SurfacePanel(msgspec.Struct, frozen=True, kw_only=True):
    """The map where further parameters have these values; rows belong to `y`. None where no set is valid."""

    parameters: dict[str, Value]
    values: tuple[tuple[float | None, ...], ...]


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """The measure over the one or two parameters with most values: each cell is the median of the sets in it.

    y: None where one parameter varies; `values` then has one row. panels: the same for each value of further parameters;
    empty where there are none, or more of them than can be looked at.
    """

    x: SurfaceAxis
    y: SurfaceAxis | None
    values: tuple[tuple[float | None, ...], ...]
    panels: tuple[SurfacePanel, ...]


def surface_of(result: SweepResult, by: str) -> Surface:
    """Over the whole grid of a finished search."""
    axes, whole = result.grid.axes, result.on_grid(by)
    order = sorted(axes, key=lambda name: -len(axes[name]))
    places = [list(axes).index(name) for name in order]
    if len(order) == 1:
        cells, size = _cells(whole.reshape(1, -1, 1), MOST_ALONG)
        return Surface(x=_axis(order[0], axes[order[0]], size[1]), y=None, values=_plain(_medians(cells)), panels=())
    across = whole.transpose(places[1], places[0], *places[2:])
    flat = across.reshape(*across.shape[:2], -1)
    cells, size = _cells(flat, MOST_ACROSS)
    return Surface(
        x=_axis(order[0], axes[order[0]], size[1]), y=_axis(order[1], axes[order[1]], size[0]),
        values=_plain(_medians(cells)), panels=_panels(result, across, order[2:], cells.shape[0] * cells.shape[1]),
    )  # fmt: skip


def _panels(result: SweepResult, across: Floats, others: Sequence[str], cells: int) -> tuple[SurfacePanel, ...]:
    """One for each combination of the other parameters; of the first of them alone, the rest in the median, where those
    are too many."""
    most = min(MOST_PANELS, MOST_CELLS // cells)
    axes = [result.grid.axes[name] for name in others]
    for kept in (len(axes), 1):
        shape = [len(values) for values in axes[:kept]]
        if 1 < math.prod(shape) <= most:
            each = across.reshape(*across.shape[:2], math.prod(shape), -1)
            return tuple(
                SurfacePanel(
                    parameters={name: values[i] for name, values, i in zip(others, axes, place, strict=False)},
                    values=_plain(_medians(_cells(each[:, :, number], MOST_ACROSS)[0])),
                )
                for number, place in enumerate(np.ndindex(*shape))
            )
    return ()


def _cells(flat: Floats, most: int) -> tuple[Floats, tuple[int, int]]:
    """(rows, columns, sets of a cell) of (values of y, values of x, others), and how many values each row and column is."""
    high, wide = (-(-count // most) for count in flat.shape[:2])
    rows, columns = -(-flat.shape[0] // high), -(-flat.shape[1] // wide)
    padded = np.full((rows * high, columns * wide, flat.shape[2]), np.nan)
    padded[: flat.shape[0], : flat.shape[1]] = flat
    parted = padded.reshape(rows, high, columns, wide, -1).transpose(0, 2, 1, 3, 4)
    return parted.reshape(rows, columns, -1), (high, wide)


def _medians(cells: Floats) -> Floats:
    """Along the last axis, of what is no NaN; NaN where nothing is. Sorting is many times quicker than nanmedian."""
    ordered = np.sort(cells, axis=-1)
    known = np.count_nonzero(~np.isnan(cells), axis=-1)[..., None]
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, cells.shape[-1] - 1)
    middle: Floats = (np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1))[..., 0] / 2
    return middle


def _axis(name: str, values: Sequence[Value], size: int) -> SurfaceAxis:
    firsts = range(0, len(values), size)
    last = tuple(values[min(first + size, len(values)) - 1] for first in firsts)
    return SurfaceAxis(name=name, first=tuple(values[first] for first in firsts), last=last)


def _plain(values: Floats) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(None if math.isnan(value) else value for value in row) for row in values.tolist())
