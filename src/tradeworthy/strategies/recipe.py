"""A compiled strategy of one's own in ten lines: parameters, indicators over whole columns, and one plain decision."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.foreign_code import ForeignCode
from tradeworthy.strategies.kept_streams import damaged, floats_of, part_of, written
from tradeworthy.strategies.protocol import Decision, Decisions

Floats = npt.NDArray[np.float64]
Answer = tuple[int, int, float, float]


class Recipe(ABC):
    """Inherit from it as a frozen dataclass whose fields are numbers, with `indicators` and `decide`.

    `decide` is compiled by numba when the first backtest asks for it and called for each bar. So it may use numbers,
    `math` and other compiled functions, and no lists, texts or arrays of its own. A class may state `warm_up`, the bars
    that have to be there before the first decision; otherwise it is 0, and what matters is where the indicators begin.
    """

    __slots__ = ()

    warm_up: int = 0

    @abstractmethod
    def indicators(self, bars: Bars) -> Sequence[npt.ArrayLike]:
        """One or more columns (n,) of floats, NaN while they warm up, each value from the bars up to its own."""

    @staticmethod
    @abstractmethod
    def decide(now: Any, before: Any, parameters: Any) -> Answer:
        """What is wanted at a bar's close: enter, leave, stop distance and target distance, as in `Decision`.

        now, before: the indicators of this bar and of the bar before, floats in the order of `indicators`; all of them are
        numbers, as other bars are passed over. parameters: the fields by name, all as floats (True is 1.0).
        """

    @property
    def name(self) -> str:
        """The class's name in the usual spelling: `PullbackToMean` is `pullback_to_mean`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(self).__name__).lower()

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """The fields of the dataclass. Raises InputError for one that is no number."""
        kind: Any = type(self)
        if not is_dataclass(kind):
            raise InputError(f"{type(self).__name__} has to be a dataclass: write @dataclass(frozen=True) above it")
        values = {field.name: getattr(self, field.name) for field in fields(kind)}
        for name, value in values.items():
            if not isinstance(value, bool | int | float | np.number | np.bool_):
                raise InputError(f"{self.name}: {name} is {value!r}; the parameters of a recipe are numbers")
        return values

    def decisions(self, bars: Bars) -> Decisions:
        """Every bar on which something is wanted. Raises InputError for indicators or a `decide` that cannot be used."""
        table = self._table(bars)
        made = self._decided(table)
        if not len(made) and not np.isfinite(table).all(axis=0).any():
            raise NotEnoughData(
                f"{bars.label}: over {len(bars):,} bars there is none at which all indicators of {self.name} are numbers; bring "
                "more history or shorten their periods"
            )
        return made

    def last(self, bars: Bars) -> Decision:
        """What is wanted at the close of the last of these bars."""
        made = self._decided(self._table(bars)[:, -2:].copy())
        enter, leave, stop, target = (column[-1].item() for column in made.columns(min(len(bars), 2)))
        return Decision(enter, leave, stop, target)

    def _decided(self, table: Floats) -> Decisions:
        from tradeworthy.strategies.deciding import compiled_decide
        from tradeworthy.strategies.recipe_walk import recipe_loop

        parameters, n = self.parameters, table.shape[1]
        decide = compiled_decide(_plain(type(self).decide), tuple(parameters), len(table))
        out = Decisions(np.empty(n, np.int64), np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n), np.empty(n))
        vector = np.array(list(parameters.values()), np.float64)
        with ForeignCode(lambda: f"{self.name}: decide"):
            k = recipe_loop(
                decide, table, vector, out.bar, out.enter, out.leave, out.stop_distance, out.target_distance
            )
        return Decisions(out.bar[:k], out.enter[:k], out.leave[:k], out.stop_distance[:k], out.target_distance[:k])

    def _table(self, bars: Bars) -> Floats:
        """(m, n) the indicators, a row for each."""
        with ForeignCode(lambda: f"{self.name}: indicators"):
            given: Any = self.indicators(bars)
        columns = (given,) if isinstance(given, np.ndarray) and given.ndim == 1 else given
        if not isinstance(columns, tuple | list | np.ndarray) or len(columns) == 0:
            raise InputError(f"{self.name}: indicators must give a tuple of columns, not {type(columns).__name__}")
        table = np.empty((len(columns), len(bars)))
        for place, column in enumerate(columns):
            try:
                values = np.asarray(column, np.float64)
            except (TypeError, ValueError):
                kind = type(column).__name__
                raise InputError(f"{self.name}: indicator {place} is a {kind} and no column of numbers") from None
            if values.shape != (len(bars),):
                raise InputError(
                    f"{self.name}: indicator {place} has shape {values.shape}, and there are {len(bars):,} bars"
                )
            table[place] = values
        return table

    def stream(self) -> "RecipeStream":
        """The same decisions, one bar at a time; every bar works the indicators out anew over all bars so far."""
        return RecipeStream(self)

    def resumed(self, saved: Mapping[str, Any]) -> "RecipeStream":
        """The stream that wrote this. Raises InputError where it is damaged or of other parameters; that `decide` and
        `indicators` are still the same, nobody can see."""
        (rows,) = part_of(self, saved, "rows")
        if not isinstance(rows, list | tuple):
            damaged(self, "its rows are none")
        return RecipeStream(self, [floats_of(self, row, "numbers of a bar", 5) for row in rows])


def _plain(decide: Callable[..., Any]) -> Callable[..., Any]:
    if not hasattr(decide, "__code__") or decide.__code__.co_argcount != 3:
        raise InputError("decide must be a plain function of (now, before, parameters), under @staticmethod")
    return decide


class RecipeStream:
    """A recipe being fed live, for as many bars as a desk sees: the n-th bar takes as long as indicators over n bars.

    What `update` is not told, open and volume, is NaN to the indicators, so that a recipe that reads it waits. Times are
    those of hourly bars from 1970 on: a recipe that reads the clock cannot be fed live.
    """

    def __init__(self, recipe: Recipe, rows: Sequence[Sequence[float]] = ()) -> None:
        self._recipe = recipe
        self._rows = list(rows)

    def copy(self) -> Self:
        """Another stream that stands where this one does."""
        return type(self)(self._recipe, self._rows)

    def saved(self) -> dict[str, Any]:
        """Its parameters and all bars so far: open, high, low, close and volume of each."""
        return written(self._recipe, rows=[[float(one) for one in row] for row in self._rows])

    def update(
        self, high: float, low: float, close: float, *, open_: float = math.nan, volume: float = math.nan
    ) -> Decision:
        """The decision at the close of the next bar."""
        self._rows.append((open_, high, low, close, volume))
        prices = np.ascontiguousarray(np.array(self._rows, np.float64).T)
        opened = np.arange(len(self._rows), dtype=np.int64) * HOUR_NS
        return self._recipe.last(Bars.unchecked(instrument_named("STREAM"), Timeframe.H1, opened, prices))
