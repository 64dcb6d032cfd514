"""Every combination of the values that parameters may take."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.foreign_code import ForeignCode, file_of
from tradeworthy.strategies.making import check_names, required
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import name_of

Value = float | int | bool | str | None
Factory = Callable[..., Strategy]


@dataclass(frozen=True, slots=True)
class Grid:
    """axes: the values of each parameter that is varied, in their order. fixed: those of the parameters that are not."""

    axes: Mapping[str, tuple[Value, ...]]
    fixed: Mapping[str, Value]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From {parameter: values or one value}. Raises InputError for a parameter without values, or one value twice."""
        axes: dict[str, tuple[Value, ...]] = {}
        fixed: dict[str, Value] = {}
        for name, values in given.items():
            if isinstance(values, str) or not isinstance(values, Iterable):
                fixed[name] = _plain(values)
                continue
            listed = tuple(_plain(value) for value in values)
            if not listed:
                raise InputError(f"grid: {name} has no values; name at least one")
            if len(set(listed)) < len(listed):
                raise InputError(f"grid: {name} names a value twice: {list(listed)}")
            axes[name] = listed
        if not axes:
            raise InputError(
                "grid: nothing varies; give at least one parameter a list of values, such as fast=[5, 10, 20]"
            )
        return cls(axes, fixed)

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return math.prod(len(values) for values in self.axes.values())

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of each axis."""
        return tuple(len(values) for values in self.axes.values())

    def points(self) -> Iterable[dict[str, Value]]:
        """Every combination of the axes, the last axis fastest."""
        for values in itertools.product(*self.axes.values()):
            yield dict(zip(self.axes, values, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """The combinations that make a strategy: `places` in the grid, `strategies`, and why others make none."""

    places: tuple[int, ...]
    points: tuple[Mapping[str, Value], ...]
    strategies: tuple[Strategy, ...]
    refused: int
    example: str

    @classmethod
    def of(cls, factory: Factory, grid: Grid, most: int) -> Self:
        """Raises InputError for parameters that the strategy does not have or lacks, for more than `most` combinations, and
        when none of them makes a strategy."""
        _check_parameters(factory, grid)
        if grid.size > most:
            shape = " x ".join(f"{len(values)} {name}" for name, values in grid.axes.items())
            raise InputError(
                f"the grid has {grid.size:,} sets ({shape}), and more than {most:,} are not begun unasked; "
                f"take fewer values, or allow it (most={grid.size} in Python, --yes on the command line)"
            )
        making = ForeignCode(lambda: name_of(factory), file_of(factory), named=True)
        places, points, strategies, refused, example = [], [], [], 0, ""
        for place, point in enumerate(grid.points()):
            try:
                with making:
                    strategies.append(factory(**grid.fixed, **point))
            except InputError as error:
                refused, example = refused + 1, example or f"{_words(point)}: {error}"
                continue
            places.append(place)
            points.append(point)
        if not strategies:
            raise InputError(f"the grid has no valid set: all {grid.size:,} are refused, the first for {example}")
        return cls(tuple(places), tuple(points), tuple(strategies), refused, example)


def _plain(value: Any) -> Value:
    """Python's own numbers instead of numpy's, so that a set reads the same wherever it came from."""
    plain = value.item() if hasattr(value, "item") else value
    if plain is not None and not isinstance(plain, bool | int | float | str):
        raise InputError(f"grid: {value!r} is no parameter; use numbers, words, True, False or None")
    if isinstance(plain, float) and not math.isfinite(plain):
        raise InputError(f"grid: {value!r} is no value for a parameter")
    return plain


def _words(point: Mapping[str, Value]) -> str:
    """As they are typed on the command line."""
    typed = (str(one).lower() if one is None or isinstance(one, bool) else one for one in point.values())
    return ", ".join(f"{name}={one}" for name, one in zip(point, typed, strict=True))


def _check_parameters(factory: Factory, grid: Grid) -> None:
    name, given = name_of(factory), {**grid.fixed, **grid.axes}
    check_names(factory, given, name)
    missing = [word for word in required(factory) if word not in given]
    if missing:
        raise InputError(
            f"{name} needs {' and '.join(missing)}, which the grid does not name; add values, or one for all sets"
        )


def chunks(count: int, size: int) -> Sequence[tuple[int, int]]:
    """(first, end) of pieces of at most `size`."""
    return [(first, min(first + size, count)) for first in range(0, count, size)]
