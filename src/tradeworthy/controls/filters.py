"""The settings of the adaptive filters, and the filters over columns of decisions.

Each check is compiled in `filter_steps`; what it means for a trader stands in docs/controls.md.
"""

from dataclasses import dataclass
from datetime import time
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.ranges import minute_of, require_clock, require_number, require_order, require_switch
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Places in the packed vector; only this file and filter_steps know them. From FIRST_WINDOW on: minute, strictness, ...
SESSION, BIAS, BIAS_BASE, TRAP, TRAP_BASE, OPEN_INTEREST, OPEN_INTEREST_LEAST = 0, 1, 2, 3, 4, 5, 6
VOLATILITY, VOLATILITY_REFUSED, WINDOWS, FIRST_WINDOW = 7, 8, 9, 10

NSE_WINDOWS = (
    (time(9, 15), 1.3),
    (time(10, 30), 1.0),
    (time(12, 0), 0.8),
    (time(14, 0), 1.1),
    (time(15, 15), 1.5),
)
"""Strictness from a time on, until the next; the last one until the session ends."""


class CheckState(IntEnum):
    """What became of one check."""

    NOT_APPLICABLE = 0
    PASSED = 1
    REFUSED = 2
    MISSING = 3
    OFF = 4


class FilterInput(IntFlag):
    """The inputs that an instrument should have; a check without its input is NOT APPLICABLE, and not refused."""

    NONE = 0
    BIAS = 1
    TRAP = 2
    OPEN_INTEREST = 4
    VOLATILITY = 8
    ALL = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every check with its switch and its threshold; the defaults are the promised ones.

    Shares are fractions, times are on the exchange's clock. Raises InputError for a field that cannot be used.
    """

    session: bool = True
    windows: tuple[tuple[time, float], ...] = NSE_WINDOWS
    bias: bool = True
    bias_base: float = 0.6
    trap: bool = True
    trap_base: float = 0.65
    open_interest: bool = True
    open_interest_least: float = 0.0
    volatility: bool = False
    volatility_refused: VolatilityLevel = VolatilityLevel.EXTREME

    def __post_init__(self) -> None:
        for name in ("session", "bias", "trap", "open_interest", "volatility"):
            require_switch(f"filters: {name}", getattr(self, name))
        for name in ("bias_base", "trap_base"):
            require_number(f"filters: {name}", getattr(self, name), 0.0, 1.0)
        require_number("filters: open_interest_least", self.open_interest_least, 0.0)
        if self.volatility_refused not in {VolatilityLevel.HIGH, VolatilityLevel.EXTREME}:
            raise InputError(f"filters: volatility_refused must be HIGH or EXTREME, not {self.volatility_refused!r}")
        self._check_windows()

    def packed(self) -> "npt.NDArray[np.float64]":
        """A new vector of all fields for the compiled steps, times as minutes of the day. Shape (10 + 2 x windows,)."""
        import numpy as np

        windows = [number for start, strict in self.windows for number in (minute_of(start), strict)]
        return np.array(
            [
                self.session, self.bias, self.bias_base, self.trap, self.trap_base, self.open_interest,
                self.open_interest_least, self.volatility, int(self.volatility_refused), len(self.windows), *windows,
            ],
            np.float64,
        )  # fmt: skip

    def _check_windows(self) -> None:
        windows: object = self.windows
        if not isinstance(windows, tuple) or not windows:
            raise InputError(f"filters: windows must be a tuple of (time, strictness), at least one, not {windows!r}")
        for window in windows:
            if not isinstance(window, tuple) or len(window) != 2:
                raise InputError(f"filters: windows must hold pairs of a time and a strictness, not {window!r}")
            require_clock("filters: a time of windows", window[0])
            require_number("filters: a strictness of windows", window[1], 0.1, 10.0)
        starts = [minute_of(start) for start, _ in self.windows]
        require_order("filters: the times of windows (minutes)", starts, rising=True, ties=False)


def filter_codes(
    filters: Filters,
    minute: "npt.ArrayLike",
    side: "npt.ArrayLike",
    *,
    bias: "npt.ArrayLike | None" = None,
    trap: "npt.ArrayLike | None" = None,
    oi_delta: "npt.ArrayLike | None" = None,
    level: "npt.ArrayLike | None" = None,
) -> "npt.NDArray[np.int64]":
    """The `Refusal` of each of k decisions, 0 where it passes; shape (k,).

    minute of the exchange's day (-1 where its windows do not apply), side 1 or -1. An input of None does not apply to
    the instrument; a NaN (level: UNKNOWN) is one that should be there and is missing. Raises InputError for columns
    that differ in length.
    """
    import numpy as np

    from tradeworthy.controls.filter_steps import filter_loop

    minutes = _whole("minute", minute, np.size(minute))
    size = len(minutes)
    out = np.empty(size, np.int64)
    filter_loop(
        minutes,
        _numbers("bias", bias, size),
        _numbers("trap", trap, size),
        _numbers("oi_delta", oi_delta, size),
        _whole("level", level, size),
        _whole("side", side, size),
        filters.packed(),
        int(inputs_given(bias=bias, trap=trap, oi_delta=oi_delta, level=level)),
        out,
    )
    return out


def inputs_given(*, bias: object, trap: object, oi_delta: object, level: object) -> FilterInput:
    """The inputs that are not None."""
    flags = (FilterInput.BIAS, FilterInput.TRAP, FilterInput.OPEN_INTEREST, FilterInput.VOLATILITY)
    given = FilterInput.NONE
    for value, flag in zip((bias, trap, oi_delta, level), flags, strict=True):
        given |= flag if value is not None else FilterInput.NONE
    return given


def _numbers(name: str, values: "npt.ArrayLike | None", size: int) -> "npt.NDArray[np.float64]":
    import numpy as np

    if values is None:
        return np.full(size, np.nan)
    column = np.ascontiguousarray(values, np.float64)
    _check_shape(name, column.shape, size)
    return column


def _whole(name: str, values: "npt.ArrayLike | None", size: int) -> "npt.NDArray[np.int64]":
    import numpy as np

    if values is None:
        return np.zeros(size, np.int64)
    given = np.asarray(values)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise InputError(f"filters: {name} must hold whole numbers, not {given.dtype}")
    _check_shape(name, given.shape, size)
    return np.ascontiguousarray(given, np.int64)


def _check_shape(name: str, shape: tuple[int, ...], size: int) -> None:
    if shape != (size,):
        raise InputError(f"filters: {name} must be one column of {size} values like minute, not of shape {shape}")
