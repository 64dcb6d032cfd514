"""Whether decisions are fit to be traded. What is not is named with its bar and what would be right."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.foreign_code import ForeignCode, file_of
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, Decisions, Strategy

_KINDS = {
    "bar": np.int64,
    "enter": np.int8,
    "leave": np.int8,
    "stop_distance": np.float64,
    "target_distance": np.float64,
}


def check_strategy(strategy: Any) -> None:
    """Raises InputError unless an object with `decisions` has all else that a strategy has, each of its kind."""
    made = type(strategy).__name__
    with ForeignCode(lambda: made, file_of(strategy.decisions)):
        missing = [one for one in ("name", "warm_up", "parameters") if not hasattr(strategy, one)]
        if missing:
            raise InputError(f"it has decisions(bars) and no {', no '.join(missing)}; a strategy has all four")
        if not isinstance(strategy.name, str) or not strategy.name:
            raise InputError(f"its name must be a text, not {strategy.name!r:.80}")
        bars = whole_number(strategy.warm_up)
        if bars is None or bars < 0:
            raise InputError(f"its warm_up must be a whole number of bars, 0 or more, not {strategy.warm_up!r:.80}")
        if not isinstance(strategy.parameters, Mapping):
            raise InputError(f"its parameters must be a mapping of name to value, not {strategy.parameters!r:.80}")


def decided(strategy: Strategy, bars: Bars) -> Decisions:
    """What a strategy decides over the bars, fit to be traded. Raises InputError for what it raises or cannot mean."""
    with ForeignCode(lambda: f"{strategy.name}: decisions(bars)", file_of(strategy.decisions), named=True):
        made = strategy.decisions(bars)
    return checked(made, strategy.name, len(bars))


def checked(decisions: Decisions, name: str, n: int) -> Decisions:
    """The same decisions, as contiguous columns. Raises InputError for what no strategy can mean."""
    if not isinstance(decisions, Decisions):
        raise InputError(f"{name}: decisions() must give Decisions, not {type(decisions).__name__}")
    k = len(decisions)
    columns = {}
    for column, kind in _KINDS.items():
        given = getattr(decisions, column)
        if not isinstance(given, np.ndarray) or given.shape != (k,) or given.dtype != kind:
            raise InputError(
                f"{name}: {column} must be a {kind.__name__} array of shape ({k},), one value for each decision"
            )
        columns[column] = np.ascontiguousarray(given)
    if k:
        _check_places(columns["bar"], name, n)
        _check_words(columns, name)
    return Decisions(**columns)


def _check_places(bar: np.ndarray, name: str, n: int) -> None:
    if bar[0] < 0 or bar[-1] >= n:
        raise InputError(
            f"{name}: decisions name bars {bar[0]} to {bar[-1]}, and there are {n}; places go from 0 to {n - 1}"
        )
    backwards = bar[1:] <= bar[:-1]
    if backwards.any():
        place = int(np.argmax(backwards))
        raise InputError(
            f"{name}: decisions must be in order, one for each bar; bar {bar[place + 1]} follows {bar[place]}"
        )


def _check_words(columns: dict[str, np.ndarray], name: str) -> None:
    for column, low, high, meaning in (
        ("enter", -1, 1, "-1 short, 0 nothing, 1 long"),
        ("leave", 0, LEAVE_LONG | LEAVE_SHORT, "0 nothing, 1 a long, 2 a short, 3 either"),
    ):
        given = columns[column]
        if given.min() < low or given.max() > high:
            place = int(np.argmax((given < low) | (given > high)))
            raise InputError(
                f"{name}: at bar {columns['bar'][place]} {column} is {given[place]}; it must be one of {meaning}"
            )
