"""Plain Python functions as strategies: asked once for each bar, in order, seeing the past and nothing else."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.foreign_code import ForeignCode, file_of
from tradeworthy.strategies.function_answers import decision_of
from tradeworthy.strategies.histories import Windows, changed, rows_of, table_of, windows
from tradeworthy.strategies.protocol import Decision, Decisions

Function = Callable[[Any, str], Any]
History = Literal["bars", "rows", "pandas", "polars"]

ACCEPTED = (
    "a strategy is a function (historical_data, symbol) that gives None or a dict with action, stop_loss and take_profit, "
    "an object with decisions(bars), or from_signals(...)"
)


def python_strategy(
    function: Function,
    symbol: str,
    *,
    history: History = "bars",
    shown: Any = None,
    name: str | None = None,
    warm_up: int = 0,
) -> "PythonFunction":
    """A function `(historical_data, symbol) -> None | {symbol, action, stop_loss, take_profit}` as a strategy.

    It is called at every bar's close, in order, and may keep state. `action` is BUY (LONG), SELL (SHORT), CLOSE (EXIT) or
    HOLD, in any case; stop_loss and take_profit are prices, left out or None for none (NaN is refused), and count
    with BUY and SELL.
    A BUY leaves a short and enters long; with a long held it is passed over.
    history: what it sees when it is run over `Bars`: read-only `Bars`, a list of dicts ("rows"), or a dataframe.
    shown: the table the bars were read from, row for row, where it is to see that instead. name: the function's own.
    warm_up: how many bars there have to be before it is worth running.
    Trade it with `FillRules(stops_from="signal_close")`, so that its prices stay where it put them; `BacktestingEngine`
    does. Raises InputError for what is no such function, and for an answer that makes no sense, naming the bar (from 0).
    """
    if history not in {"bars", "rows", "pandas", "polars"}:
        raise InputError(f"history must be 'bars', 'rows', 'pandas' or 'polars', not {history!r}")
    check_function(function)
    keywords = getattr(function, "keywords", {})
    numbers = {word: value for word, value in keywords.items() if isinstance(value, bool | int | float)}
    return PythonFunction(function, str(symbol), name or name_of(function), history, shown, warm_up, numbers)


def name_of(function: Any) -> str:
    """What a function is called: its name, that of the function inside a partial, or its class's."""
    inner = getattr(function, "func", function)
    named: str = getattr(inner, "__name__", type(inner).__name__)
    return named


def check_function(function: Any) -> None:
    """Raises InputError unless it can be called with historical_data and symbol."""
    if not callable(function) or inspect.isclass(function):
        hint = f"; make one first: {function.__name__}(...)" if inspect.isclass(function) else ""
        kind = f"the class {function.__name__}" if inspect.isclass(function) else f"{function!r:.80}"
        raise InputError(f"{kind} is not a strategy{hint}; {ACCEPTED}")
    if inspect.iscoroutinefunction(function):
        raise InputError(
            f"{name_of(function)} is asynchronous; a strategy is called and answers at once: write it with def"
        )
    try:
        inspect.signature(function).bind(None, "")
    except TypeError:
        raise InputError(
            f"{name_of(function)}{inspect.signature(function)} cannot be called with two arguments; {ACCEPTED}"
        ) from None
    except ValueError:  # written in C, and says nothing about itself
        return


@dataclass(frozen=True, slots=True, eq=False)
class PythonFunction:
    """A function being a strategy; `python_strategy` makes it. It is called once for every bar.

    symbol: what it is told that the bars are of; None for the instrument of the bars themselves.
    """

    bar_by_bar = True
    function: Function
    symbol: str | None
    name: str
    history: History = "bars"
    shown: Any = None
    warm_up: int = 0
    parameters: Mapping[str, float | int | bool] = field(default_factory=dict)

    def showing(self, shown: Any) -> "PythonFunction":
        """The same function, seeing that table."""
        return replace(self, shown=shown)

    def decisions(self, bars: Bars) -> Decisions:
        """One call for each bar. Raises InputError naming function, bar and time for whatever goes wrong in it."""
        made, closes = _Columns(), bars.close.tolist()
        asked = _Asked(self, bars)
        history = asked.windows()
        for place, close in enumerate(closes):
            asked.place = place
            answer = asked.call(next(history))
            if answer is not None:
                decision = decision_of(answer, close, asked.symbol, asked.where)
                if decision is not None:
                    made.add(place, decision)
        return made.decisions()

    def stream(self) -> "PythonFunctionStream":
        """The same function fed one bar at a time; it sees a growing list of dicts."""
        return PythonFunctionStream(self)


class _Asked:
    """Which bar a function is being asked about, in words when they are needed."""

    def __init__(self, strategy: PythonFunction, bars: Bars) -> None:
        self.place = 0
        self._strategy, self._bars = strategy, bars
        self._function = strategy.function
        self.symbol = bars.instrument.symbol if strategy.symbol is None else strategy.symbol
        self._foreign = ForeignCode(self.where, file_of(strategy.function))

    def where(self) -> str:
        """`breakout at bar 7 (2024-01-01T07:00:00Z)`."""
        return f"{self._strategy.name} at bar {self.place} ({rfc3339(int(self._bars.open_time[self.place]))})"

    def windows(self) -> Windows:
        """What the function sees, bar by bar."""
        shown, bars = self._strategy.shown, self._bars
        if shown is not None:
            if len(shown) != len(bars):
                raise InputError(
                    f"{self._strategy.name} was to see {len(shown):,} rows and there are {len(bars):,} bars; give the same"
                )
            return windows(shown)
        if self._strategy.history == "bars":
            return windows(bars)
        return windows(rows_of(bars) if self._strategy.history == "rows" else table_of(bars, self._strategy.history))

    def call(self, seen: Any) -> Any:
        """The function's answer."""
        with self._foreign:
            answer = self._function(seen, self.symbol)
        wrong = changed(seen, self.place)
        if wrong:
            raise InputError(f"{self.where()} {wrong}")
        return answer


class _Columns:
    """Decisions as they come in."""

    def __init__(self) -> None:
        self._bar: list[int] = []
        self._said: list[Decision] = []

    def add(self, place: int, decision: Decision) -> None:
        self._bar.append(place)
        self._said.append(decision)

    def decisions(self) -> Decisions:
        said = self._said
        return Decisions(
            np.array(self._bar, np.int64),
            np.array([one.enter for one in said], np.int8),
            np.array([one.leave for one in said], np.int8),
            np.array([one.stop_distance for one in said], np.float64),
            np.array([one.target_distance for one in said], np.float64),
        )


class PythonFunctionStream:
    """A function being fed live: it sees a growing list of dicts with high, low, close and whatever else is told."""

    def __init__(self, strategy: PythonFunction) -> None:
        self._strategy, self._symbol = strategy, strategy.symbol or ""
        self._seen: list[dict[str, Any]] = []
        self._foreign = ForeignCode(self._where, file_of(strategy.function))

    def _where(self) -> str:
        return f"{self._strategy.name} at bar {len(self._seen) - 1}"

    def update(self, high: float, low: float, close: float, **more: Any) -> Decision:
        """The decision at the close of the next bar; more: time, open, volume, by the names the function reads."""
        self._seen.append({**more, "high": high, "low": low, "close": close})
        place = len(self._seen) - 1
        with self._foreign:
            answer = self._strategy.function(self._seen, self._symbol)
        wrong = changed(self._seen, place)
        if wrong:
            raise InputError(f"{self._where()} {wrong}")
        decision = None if answer is None else decision_of(answer, close, self._symbol, self._where)
        return NOTHING if decision is None else decision


NOTHING = Decision(0, 0, float("nan"), float("nan"))
