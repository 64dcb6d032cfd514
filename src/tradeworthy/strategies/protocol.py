"""What a strategy is to the rest of the house."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]

LEAVE_LONG = 1
LEAVE_SHORT = 2
_ENTERS = {0: "", 1: "long", -1: "short"}
_LEAVES = {0: "", 1: "leaving a long", 2: "leaving a short", 3: "leaving either side"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a strategy wants at a bar's close.

    enter: +1 long, -1 short, 0 nothing. leave: LEAVE_LONG and LEAVE_SHORT added. Distances of stop and target are in
    price units, NaN for none.
    """

    enter: int
    leave: int
    stop_distance: float
    target_distance: float

    def __str__(self) -> str:
        """`long, leaving a short, stop 0.00213`, every digit of the distances."""
        words = [*filter(None, (_ENTERS[self.enter], _LEAVES[self.leave]))]
        for name, distance in (("stop", self.stop_distance), ("target", self.target_distance)):
            words += [] if math.isnan(distance) else [f"{name} {distance!r}"]
        return ", ".join(words) or "nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The decisions of the bars on which something is wanted, as columns of shape (k,), oldest first.

    bar: int64, the place of the bar at whose close it is decided. enter, leave: int8, as in `Decision`.
    stop_distance, target_distance: float64, price units, NaN for none. Most bars want nothing and are left out.
    """

    bar: npt.NDArray[np.int64]
    enter: npt.NDArray[np.int8]
    leave: npt.NDArray[np.int8]
    stop_distance: npt.NDArray[np.float64]
    target_distance: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.bar)

    def columns(self, n: int) -> tuple[Bytes, Bytes, Floats, Floats]:
        """Enter, leave, stop and target distance for each of n bars, 0 and NaN where nothing is wanted."""
        enter, leave = np.zeros(n, np.int8), np.zeros(n, np.int8)
        stop, target = np.full(n, np.nan), np.full(n, np.nan)
        for column, values in (
            (enter, self.enter), (leave, self.leave), (stop, self.stop_distance), (target, self.target_distance),
        ):  # fmt: skip
            column[self.bar] = values
        return enter, leave, stop, target

    def until(self, bar: int) -> "Decisions":
        """Those of the bars before place `bar`."""
        k = int(np.searchsorted(self.bar, bar))
        return Decisions(self.bar[:k], self.enter[:k], self.leave[:k], self.stop_distance[:k], self.target_distance[:k])


class DecisionStream(Protocol):
    """A strategy being fed live."""

    def update(self, high: float, low: float, close: float) -> Decision:
        """The decision at the close of the next bar."""


class KeptStream(DecisionStream, Protocol):
    """A stream that a desk can keep: what one has to be to stand in a state that never changes, and in a snapshot.

    The strategies that ship, recipes and signal arrays make such streams. A plain Python function does not: what it keeps
    between two bars is its own, and nobody else can copy it; such a desk feeds it its history again.
    """

    def copy(self) -> Self:
        """Another stream that stands where this one does; from then on neither touches the other."""

    def saved(self) -> dict[str, Any]:
        """All of it for a snapshot, parameters included: dicts and lists of texts, ints and floats, to the last bit."""


@runtime_checkable
class BatchStream(KeptStream, Protocol):
    """A kept stream that takes many bars at once. high, low, close: float64 (n,), contiguous."""

    def taken(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> tuple[Self, int]:
        """At least how many of these bars come before the first that wants an entry, where `enters`, or to leave one of the
        sides `leaves` (LEAVE_LONG, LEAVE_SHORT, both or 0), and where these are all, another stream that has seen them."""

    def after(self, high: Floats, low: Floats, close: Floats) -> Self:
        """Another stream that has seen these bars as well: equal to one that was fed them one by one."""


@runtime_checkable
class Resumable(Protocol):
    """A strategy whose streams can be kept, and gone on with from a snapshot."""

    def stream(self) -> KeptStream:
        """The decisions, one bar at a time."""

    def resumed(self, saved: Mapping[str, Any]) -> KeptStream:
        """The stream that wrote this. Raises InputError where it is damaged, or was written by another strategy or one with
        other parameters."""


class Strategy(Protocol):
    """Entries may depend on the bars so far and on nothing else; a position is the engine's business."""

    @property
    def name(self) -> str:
        """The registered name, such as `ma_crossover`."""

    @property
    def warm_up(self) -> int:
        """How many bars have to be seen before the first decision can be made."""

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """Everything that the decisions depend on."""

    def decisions(self, bars: Bars) -> Decisions:
        """Everything that is decided over the bars, each decision from the bars up to its own."""

    def stream(self) -> DecisionStream:
        """The same decisions, one bar at a time."""
