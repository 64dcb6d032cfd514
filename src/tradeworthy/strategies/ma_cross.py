"""Moving-average cross with stops and targets in multiples of the average true range."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions, KeptStream
from tradeworthy.strategies.searching import Search

LONGEST_PERIOD = 1_000_000_000
MOST_SHARED = 8_000_000
"""Numbers of shared columns that a search may hold: 64 MB."""


@dataclass(frozen=True, slots=True)
class MaCrossover:
    """Long when the fast average of closes crosses above the slow one, short when it crosses below.

    fast, slow, atr_period: bars. stop_atr, target_atr: multiples of ATR at the signal, None for none. min_atr: price
    units; a quieter market is not entered. exit_on_opposite_cross: an opposite cross leaves the position (and turns it
    where the ATR allows an entry). `fast` above `slow` is allowed, as an inverted cross, and the parameter findings
    say so. Raises InputError naming the parameter and its range.
    """

    fast: int
    slow: int
    atr_period: int = 14
    stop_atr: float | None = None
    target_atr: float | None = None
    min_atr: float = 0.0
    exit_on_opposite_cross: bool = True

    def __post_init__(self) -> None:
        for name in ("fast", "slow", "atr_period"):
            number = whole_number(getattr(self, name))
            if number is None or not 1 <= number <= LONGEST_PERIOD:
                raise InputError(f"{name} must be a whole number of bars, 1 or more, not {getattr(self, name)!r}")
            object.__setattr__(self, name, number)
        if self.fast == self.slow:
            raise InputError(f"fast and slow are both {self.fast}: such averages never cross; make fast the smaller")
        for name in ("stop_atr", "target_atr"):
            multiple = getattr(self, name)
            if multiple is not None and not 0 < multiple < math.inf:
                raise InputError(f"{name} must be above zero, or None for none, not {multiple}")
        if not 0 <= self.min_atr < math.inf:
            raise InputError(f"min_atr must be zero or above, not {self.min_atr}")

    @property
    def name(self) -> str:
        """`ma_crossover`."""
        return "ma_crossover"

    @property
    def warm_up(self) -> int:
        """The averages and the range have to be there, and the averages one bar before as well."""
        return max(self.fast + 1, self.slow + 1, self.atr_period)

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """Every field that is set."""
        fields = MaCrossover.__dataclass_fields__
        return {name: value for name in fields if (value := getattr(self, name)) is not None}

    @property
    def multiples(self) -> tuple[float, float]:
        """Of stop and target, NaN for none."""
        return _multiple(self.stop_atr), _multiple(self.target_atr)

    def decisions(self, bars: Bars) -> Decisions:
        """One for every cross that enters or leaves."""
        from tradeworthy.strategies.ma_steps import ma_loop

        n = len(bars)
        out = Decisions(np.empty(n, np.int64), np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n), np.empty(n))
        k = ma_loop(
            bars.high, bars.low, bars.close, self.fast, self.slow, self.atr_period, *self.multiples,
            float(self.min_atr), self.exit_on_opposite_cross,
            out.bar, out.enter, out.leave, out.stop_distance, out.target_distance,
        )  # fmt: skip
        return Decisions(out.bar[:k], out.enter[:k], out.leave[:k], out.stop_distance[:k], out.target_distance[:k])

    @classmethod
    def search(cls, bars: Bars, sets: "Sequence[MaCrossover]") -> Search | None:
        """Every average and range that any of the sets needs, once; None where that would take over 64 MB."""
        from tradeworthy.strategies.ma_search import averages_and_ranges, fill_crosses

        fast, slow, atr_period, leaves, *numbers = zip(*map(_SEARCHED, sets), strict=True)
        periods, atr_periods = sorted({*fast, *slow}), sorted(set(atr_period))
        if (len(periods) + len(atr_periods)) * len(bars) > MOST_SHARED:
            return None
        columns = averages_and_ranges(bars, periods, atr_periods)
        ranges = len(periods) + np.searchsorted(atr_periods, atr_period)
        places = np.searchsorted(periods, fast), np.searchsorted(periods, slow), ranges
        rows = np.column_stack((*places, np.maximum(fast, slow) - 1, leaves)).astype(np.int64)
        return Search(columns, rows, np.array(numbers, np.float64).T.copy(), fill_crosses)

    def stream(self) -> KeptStream:
        """The same decisions, one bar at a time."""
        from tradeworthy.strategies.ma_stream import MaCrossoverStream

        return MaCrossoverStream(self)

    def resumed(self, saved: Mapping[str, Any]) -> KeptStream:
        """The stream that wrote this. Raises InputError where it is damaged or of other parameters."""
        from tradeworthy.strategies.ma_stream import MaCrossoverStream

        return MaCrossoverStream(self).take(saved)


_SEARCHED = attrgetter("fast", "slow", "atr_period", "exit_on_opposite_cross", "stop_atr", "target_atr", "min_atr")
"""What tells two sets apart, in the order of a search's columns."""


def _multiple(value: float | None) -> float:
    return math.nan if value is None else float(value)
