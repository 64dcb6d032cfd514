"""What a strategy is to the rest of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tradeworthy.market.bars import Bars

LEAVE_LONG = 1
LEAVE_SHORT = 2


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


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The decisions of every bar as columns of shape (n,): int8 enter and leave, float64 distances."""

    enter: npt.NDArray[np.int8]
    leave: npt.NDArray[np.int8]
    stop_distance: npt.NDArray[np.float64]
    target_distance: npt.NDArray[np.float64]


class DecisionStream(Protocol):
    """A strategy being fed live."""

    def update(self, high: float, low: float, close: float) -> Decision:
        """The decision at the close of the next bar."""


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

    def signals(self, bars: Bars) -> Signals:
        """Decisions at the close of every bar."""

    def stream(self) -> DecisionStream:
        """The same decisions, one bar at a time."""
