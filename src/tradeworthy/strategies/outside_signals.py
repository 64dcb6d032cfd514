"""A member of a book that decides nothing by itself: what it does comes from outside, signal by signal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from tradeworthy.market.bars import Bars
from tradeworthy.strategies.kept_streams import part_of, written
from tradeworthy.strategies.protocol import Decision, Decisions, Floats, KeptStream

NAME: Final = "signals"


@dataclass(frozen=True, slots=True)
class OutsideSignals:
    """Trades what `TradingEngine.process_signal` and the webhook bring for it. Its instrument and timeframe say which bars have
    to be fresh then. Backtested it does nothing: bars alone do not tell what somebody else decided."""

    @property
    def name(self) -> str:
        """`signals`."""
        return NAME

    @property
    def warm_up(self) -> int:
        """One bar, so that there is a price."""
        return 1

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """None."""
        return {}

    def decisions(self, bars: Bars) -> Decisions:  # noqa: ARG002 - they decide nothing here
        """None."""
        none, sides = np.empty(0), np.empty(0, np.int8)
        return Decisions(np.empty(0, np.int64), sides, sides.copy(), none, none.copy())

    def stream(self) -> KeptStream:
        """One that wants nothing."""
        return _Silent()

    def resumed(self, saved: Mapping[str, Any]) -> KeptStream:
        """The stream that wrote this. Raises InputError for one that another strategy wrote."""
        part_of(self, saved)
        return _Silent()


_NOTHING: Final = Decision(0, 0, float("nan"), float("nan"))


class _Silent:
    """Fulfils `BatchStream`. There is nothing in it that could change."""

    def update(self, high: float, low: float, close: float) -> Decision:
        del high, low, close
        return _NOTHING

    def copy(self) -> Self:
        return self

    def saved(self) -> dict[str, Any]:
        return written(OutsideSignals())

    def taken(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> tuple[Self, int]:
        del low, close, enters, leaves
        return self, len(high)

    def after(self, high: Floats, low: Floats, close: Floats) -> Self:
        del high, low, close
        return self
