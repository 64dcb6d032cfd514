"""Strategies that were worked out elsewhere, as one yes or no for every bar: the way of vectorised tools."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.kept_streams import counts_of, part_of, written
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, Decision, Decisions
from tradeworthy.strategies.signal_times import SignalTimes

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def from_signals(
    entries: Any,
    exits: Any = None,
    short_entries: Any = None,
    short_exits: Any = None,
    *,
    stop: Any = None,
    target: Any = None,
    reverse: bool = True,
    name: str = "signals",
) -> "SignalArrays":
    """A strategy out of boolean arrays (n,), one value for each bar, each known at its bar's close.

    Any kind of array will do: numpy, lists, series of pandas or polars; one that is left out is false throughout. stop,
    target: distance from the entry in price units, a number or (n,), NaN (or None) for none, read at the entry's bar.
    reverse: an entry leaves a position of the other side, as `entries` and `short_entries` do in vectorised tools;
    without it such an entry is passed over while the other position is held, unless its exit stands on the same bar.
    An entry on the bar of its own side's exit: a position that is held is left, and none held is opened.
    Raises InputError for a missing value, for text, and for a bar that enters both ways. When it is traded it raises it
    for more or fewer values than bars, for series of pandas whose times are not those of the bars, and for distances as
    large as the price.
    """
    columns = {
        word: _flags(values, f"{name}: {word}")
        for word, values in (
            ("entries", entries), ("exits", exits), ("short_entries", short_entries), ("short_exits", short_exits),
        )
        if values is not None
    }  # fmt: skip
    if not columns.keys() & {"entries", "short_entries"}:
        raise InputError(f"{name}: there is nothing to enter by; give entries, short_entries or both")
    n = len(next(iter(columns.values())))
    levels = {word: _distances(given, n, f"{name}: {word}") for word, given in (("stop", stop), ("target", target))}
    for word, column in {**columns, **levels}.items():
        if len(column) != n:
            raise InputError(f"{name}: {word} has {len(column):,} values and {next(iter(columns))} has {n:,}")
    none = np.zeros(n, np.bool_)
    made = SignalArrays.of(
        name, [columns.get(word, none) for word in ("entries", "exits", "short_entries", "short_exits")],
        levels["stop"], levels["target"], reverse=reverse,
    )  # fmt: skip
    given = {
        "entries": entries, "exits": exits, "short_entries": short_entries, "short_exits": short_exits, "stop": stop,
        "target": target,
    }  # fmt: skip
    times = {word: found for word, values in given.items() if (found := SignalTimes.of(values)) is not None}
    return replace(made, times=times)


def _flags(values: Any, where: str) -> Flags:
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputError(f"{where} must be one value for each bar, not an array of shape {array.shape}")
    if array.dtype == np.bool_:
        return array.copy()
    said = array.tolist()
    for place, value in enumerate(said):
        if not isinstance(value, bool | int | float) or value not in {0, 1}:
            raise InputError(f"{where} is {value!r} at bar {place}; it must be true or false (fill missing ones first)")
    return np.array(said, np.bool_)


def _distances(given: Any, n: int, where: str) -> Floats:
    try:
        array = np.asarray(np.nan if given is None else given, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{where} must be distances in price units, numbers or NaN, not {given!r:.60}") from None
    if array.ndim > 1:
        raise InputError(f"{where} must be a number or one for each bar, not an array of shape {array.shape}")
    wrong = np.atleast_1d((array <= 0) | np.isinf(array))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise InputError(
            f"{where} is {np.atleast_1d(array)[place]}{f' at bar {place}' if array.ndim else ''}; a distance in price units must "
            "be above zero, NaN for none"
        )
    return np.full(n, array) if array.ndim == 0 else array.copy()


def _fingerprint(made: Decisions) -> int:
    digest = hashlib.sha256()
    for column in (made.bar, made.enter, made.leave, made.stop_distance, made.target_distance):
        digest.update(np.ascontiguousarray(column).data)
    return int.from_bytes(digest.digest()[:6], "big")


@dataclass(frozen=True, slots=True, eq=False)
class SignalArrays:
    """Decisions that stand in arrays already; `from_signals` makes it.

    length: how many bars they are for. parameters: that, and 48 bits of a hash that tell other signals from these.
    """

    name: str
    length: int
    made: Decisions
    warm_up: int = 0
    parameters: Mapping[str, float | int | bool] = field(default_factory=dict)
    times: Mapping[str, SignalTimes] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, flags: list[Flags], stop: Floats, target: Floats, *, reverse: bool) -> Self:
        """From four columns of flags: long entries and exits, short entries and exits."""
        entries, exits, short_entries, short_exits = flags
        both = entries & short_entries
        if both.any():
            raise InputError(
                f"{name}: entries and short_entries are both true at bar {int(np.argmax(both))}; a bar can enter one way only"
            )
        enter = entries.astype(np.int8) - short_entries.astype(np.int8)
        leaves_long = (exits | short_entries) if reverse else exits
        leaves_short = (short_exits | entries) if reverse else short_exits
        leave = leaves_long * np.int8(LEAVE_LONG) + leaves_short * np.int8(LEAVE_SHORT)
        bar = np.flatnonzero((enter != 0) | (leave != 0))
        entered = enter[bar] != 0
        made = Decisions(
            bar.astype(np.int64), enter[bar], leave[bar].astype(np.int8), np.where(entered, stop[bar], np.nan),
            np.where(entered, target[bar], np.nan),
        )  # fmt: skip
        return cls(name, len(enter), made, parameters={"bars": len(enter), "fingerprint": _fingerprint(made)})

    def decisions(self, bars: Bars) -> Decisions:
        """The signals as decisions. Raises InputError unless there is one value for each bar, at its time, and distances
        are smaller than the price."""
        if len(bars) != self.length:
            raise InputError(
                f"{self.name}: the signals have {self.length:,} values and {bars.label} has {len(bars):,} bars; make them from "
                "these very bars"
            )
        for word, times in self.times.items():
            times.check(bars, f"{self.name}: {word}")
        for word, distance in (("stop", self.made.stop_distance), ("target", self.made.target_distance)):
            self._check_size(bars, word, distance)
        return self.made

    def _check_size(self, bars: Bars, word: str, distance: Floats) -> None:
        close = bars.close[self.made.bar]
        wrong = distance >= close
        if wrong.any():
            at = int(np.argmax(wrong))
            bar = int(self.made.bar[at])
            moment = rfc3339(int(bars.open_time[bar]))
            raise InputError(
                f"{self.name}: {word} is {distance[at]:.10g} at bar {bar} ({moment}), where the close is "
                f"{close[at]:.10g}; give the distance from the price, not the price itself"
            )

    def stream(self) -> "SignalStream":
        """The same decisions, one bar at a time, from the first bar on."""
        return SignalStream(self)

    def resumed(self, saved: Mapping[str, Any]) -> "SignalStream":
        """The stream that wrote this. Raises InputError where it is damaged or of other signals."""
        (place,) = counts_of(
            self, part_of(self, saved, "place"), "place", lambda these: len(these) == 1 and 0 <= these[0] <= self.length
        )
        return SignalStream(self, place)


class SignalStream:
    """Signals being replayed. After their last bar nothing is known, and InputError says so."""

    def __init__(self, strategy: SignalArrays, place: int = 0) -> None:
        self._strategy = strategy
        self._columns = [column.tolist() for column in strategy.made.columns(strategy.length)]
        self._place = place

    def copy(self) -> Self:
        """Another stream that stands where this one does; the signals are the same ones."""
        made = object.__new__(type(self))
        made._strategy, made._columns, made._place = self._strategy, self._columns, self._place
        return made

    def saved(self) -> dict[str, Any]:
        """What tells these signals from others, and how many bars were seen."""
        return written(self._strategy, place=self._place)

    def update(self, high: float, low: float, close: float) -> Decision:  # noqa: ARG002 - the prices were seen before
        """The decision at the close of the next bar."""
        if self._place == len(self._columns[0]):
            raise InputError(f"{self._strategy.name}: there are signals for {self._place:,} bars and this is one more")
        enter, leave, stop, target = (column[self._place] for column in self._columns)
        self._place += 1
        return Decision(enter, leave, stop, target)
