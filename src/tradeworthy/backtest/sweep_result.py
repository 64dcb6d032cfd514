"""What a sweep over parameters gives back: a table, maps of two parameters, and how stable each place is."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.grid import Grid, Sets, Value
from tradeworthy.core.errors import InputError

Floats = npt.NDArray[np.float64]

MEASURES = (
    "trades", "wins", "pnl", "gross_profit", "gross_loss", "sum_r", "squares_r", "max_drawdown", "squares_of_changes",
    "bars_held", "trades_with_r",
)  # fmt: skip
"""Closed trades, those that won, money of all trades and the open one, of winners and of losers, R added up and its
squares, deepest fall of equity at bars' closes, squares of equity's changes from bar to bar, bars in the market,
and closed trades that had a stop and so an R."""

RANKED = ("sharpe", "pnl", "profit_factor", "win_rate", "mean_r", "return_over_drawdown")


@dataclass(frozen=True, slots=True)
class Searched:
    """One instrument that was searched: its name, bars, their hash, and how many of them make a year."""

    label: str
    bars: int
    data_hash: str
    bars_a_year: float


@dataclass(frozen=True, eq=False)
class SweepResult:
    """measures: float64 (instruments, sets, MEASURES). sets: those of the grid that make a strategy."""

    strategy: str
    grid: Grid
    sets: Sets
    searched: tuple[Searched, ...]
    measures: Floats
    trials: int
    """How many different sets the ledger holds for these instruments and this strategy, this sweep included."""
    desk: Path | None = None
    """The folder whose ledger holds the trials, and whose reports a search is written among."""

    def __len__(self) -> int:
        return len(self.sets.strategies)

    def __repr__(self) -> str:
        names = ", ".join(one.label for one in self.searched)
        return f"<Sweep of {self.strategy} on {names}: {len(self):,} of {self.grid.size:,} sets>"

    def of(self, measure: str, instrument: int | None = None) -> Floats:
        """(sets,) a measure or ratio of one instrument, or its mean over all; NaN where it is not defined."""
        if measure in MEASURES:
            values = self.measures[:, :, MEASURES.index(measure)]
        elif measure in RANKED:
            values = self._ratio(measure)
        else:
            raise InputError(f"{measure!r} is not measured in a sweep; use one of {', '.join((*RANKED, *MEASURES))}")
        chosen: Floats = values.mean(axis=0) if instrument is None else values[instrument]
        return chosen

    def _ratio(self, name: str) -> Floats:
        m = {measure: self.measures[:, :, place] for place, measure in enumerate(MEASURES)}
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios: Floats
            if name == "sharpe":
                bars = np.array([[one.bars] for one in self.searched], np.float64)
                year = np.array([[math.sqrt(one.bars_a_year)] for one in self.searched])
                mean = m["pnl"] / bars
                ratios = mean / np.sqrt(m["squares_of_changes"] / bars - mean**2) * year
            elif name == "profit_factor":
                ratios = m["gross_profit"] / m["gross_loss"]
            elif name == "win_rate":
                ratios = m["wins"] / m["trades"]
            elif name == "mean_r":
                ratios = m["sum_r"] / m["trades_with_r"]
            elif name == "return_over_drawdown":
                ratios = m["pnl"] / m["max_drawdown"]
            else:
                ratios = m[name]
        return np.where(np.isfinite(ratios), ratios, np.nan)

    def columns(self) -> dict[str, list[Any]]:
        """One row for each instrument and set, ready for any dataframe: parameters, trades, ratios; None for undefined."""
        table: dict[str, list[Any]] = {"instrument": [], **{name: [] for name in self.grid.axes}}
        shown = (
            "trades",
            "pnl",
            "max_drawdown",
            "sharpe",
            "profit_factor",
            "win_rate",
            "mean_r",
            "return_over_drawdown",
        )
        table.update({name: [] for name in shown})
        for place, one in enumerate(self.searched):
            table["instrument"] += [one.label] * len(self)
            for name in self.grid.axes:
                table[name] += [point[name] for point in self.sets.points]
            for name in shown:
                table[name] += [None if math.isnan(value) else value for value in self.of(name, place).tolist()]
        table["trades"] = [int(count) for count in table["trades"]]
        return table

    def best(self, by: str = "sharpe", instrument: int | None = None) -> Mapping[str, Value]:
        """The set with the highest measure. With as many tries as here the best is partly luck: see `stability`."""
        values = self.of(by, instrument)
        if np.isnan(values).all():
            raise InputError(f"no set has a {by}: none of them traded enough")
        return self.sets.points[int(np.nanargmax(values))]

    def heatmap(
        self, x: str, y: str, by: str = "sharpe", instrument: int | None = None
    ) -> tuple[tuple[Value, ...], tuple[Value, ...], Floats]:
        """Values of x, of y, and (len(y), len(x)) the median over all other parameters; NaN where no set is valid."""
        for name in (x, y):
            if name not in self.grid.axes:
                raise InputError(f"{name!r} is not varied in this sweep; these are: {', '.join(self.grid.axes)}")
        if x == y:
            raise InputError(f"a map needs two parameters, and both are {x}")
        whole = self._on_grid(self.of(by, instrument))
        names = list(self.grid.axes)
        across = np.moveaxis(whole, (names.index(y), names.index(x)), (0, 1))
        flat = across.reshape(across.shape[0], across.shape[1], -1)
        known = ~np.isnan(flat).all(axis=2)
        grid = np.full(known.shape, np.nan)
        grid[known] = np.nanmedian(flat[known], axis=1)
        return self.grid.axes[x], self.grid.axes[y], grid

    def stability(self, by: str = "sharpe", instrument: int | None = None) -> Floats:
        """(sets,) median of a set's neighbours, at most one step away along every axis, over its own measure.

        1 is a plateau, near 0 or below a lonely peak. NaN without a neighbour or where the measure is not above zero.
        """
        values = self.of(by, instrument)
        around = self.neighbourhood(by, instrument)
        shares = np.full(len(values), np.nan)
        np.divide(around, values, out=shares, where=values > 0)
        return shares

    def neighbourhood(self, by: str = "sharpe", instrument: int | None = None) -> Floats:
        """(sets,) median of the measure of a set's neighbours, at most one step away along every axis, without itself."""
        whole = self._on_grid(self.of(by, instrument))
        padded = np.pad(whole, 1, constant_values=np.nan)
        shifts = [shift for shift in itertools.product((0, 1, 2), repeat=whole.ndim) if any(one != 1 for one in shift)]
        around = np.stack([
            padded[tuple(slice(one, one + size) for one, size in zip(shift, whole.shape, strict=True))].ravel()
            for shift in shifts
        ])  # fmt: skip
        known = ~np.isnan(around).all(axis=0)
        medians = np.full(whole.size, np.nan)
        medians[known] = np.nanmedian(around[:, known], axis=0)
        chosen: Floats = medians[list(self.sets.places)]
        return chosen

    def on_grid(self, measure: str, instrument: int | None = None) -> Floats:
        """The measure in the shape of the grid, one axis a parameter; NaN where no set is valid."""
        return self._on_grid(self.of(measure, instrument))

    def _on_grid(self, values: Sequence[float] | Floats) -> Floats:
        whole = np.full(self.grid.size, np.nan)
        whole[list(self.sets.places)] = values
        return whole.reshape(self.grid.shape)
