"""What a comparison is made of: the R of closed trades, split at the start of the window."""

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import WEEK_NS

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """From `start_ns`, exclusive, to `end_ns`, inclusive; a trade belongs where it closed."""

    start_ns: int
    end_ns: int

    @property
    def weeks(self) -> float:
        """Its length."""
        return (self.end_ns - self.start_ns) / WEEK_NS


@dataclass(frozen=True, eq=False)
class TradeSample:
    """One strategy's closed trades: exit times (n,) in nanoseconds UTC, not decreasing, and R after costs (n,).

    first_ns: from when on there could have been trades. bar_times, bar_r: exit times and R per bar (m,), where bars are
    known. ends_ns: until when the strategy could be judged.
    """

    strategy: str
    exit_time: Times
    r: Floats
    first_ns: int
    ends_ns: int
    bar_times: Times | None = None
    bar_r: Floats | None = None

    def baseline(self, window: Window) -> Floats:
        """R of the trades that closed before the window."""
        return self.r[self.exit_time <= window.start_ns]

    def current(self, window: Window) -> Floats:
        """R of the trades that closed in the window."""
        return self.r[(self.exit_time > window.start_ns) & (self.exit_time <= window.end_ns)]

    def baseline_weeks(self, window: Window) -> float:
        """How long the baseline is."""
        return max(0.0, (window.start_ns - self.first_ns) / WEEK_NS)


def stream_seed(seed: int, name: str, purpose: str) -> np.uint64:
    """A seed of its own for each use, the same whichever other strategies are in the book."""
    return np.uint64((seed * 0x9E3779B1 + zlib.crc32(f"{name}/{purpose}".encode())) % 2**63)
