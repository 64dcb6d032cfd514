"""Rules that bars may not break, and the record of a broken one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Severity(StrEnum):
    """What a finding means for a backtest."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed about bars. `count` bars are concerned, the first of them at `first_time_ns` (None: no place)."""

    rule: str
    severity: Severity
    message: str
    count: int = 0
    first_time_ns: int | None = None

    def __str__(self) -> str:
        return self.message


def _finding(rule: str, what: str, times: Times, bad: Flags, advice: str) -> Finding:
    first = int(times[np.argmax(bad)])
    count = int(bad.sum())
    message = f"{counted(count, 'bar')} {what}, first at {rfc3339(first)}; {advice}"
    return Finding(rule, Severity.ERROR, message, count, first)


def flag_disorder(times: Times) -> Flags:
    """(n,) True where a bar opens before one that stands above it in the file."""
    return np.concatenate(([False], times[1:] < np.maximum.accumulate(times)[:-1])) if len(times) else np.zeros(0, bool)


def flag_duplicates(times: Times) -> Flags:
    """(n,) True for each bar whose open time stood higher up already."""
    flags = np.ones(len(times), bool)
    flags[np.unique(times, return_index=True)[1]] = False
    return flags


def flag_nan(open_: Floats, high: Floats, low: Floats, close: Floats) -> Flags:
    """(n,) True where any of the four prices is not a finite number."""
    return ~(np.isfinite(open_) & np.isfinite(high) & np.isfinite(low) & np.isfinite(close))


def flag_not_positive(open_: Floats, high: Floats, low: Floats, close: Floats) -> Flags:
    """(n,) True where any price is zero or below."""
    return (open_ <= 0) | (high <= 0) | (low <= 0) | (close <= 0)


def flag_inconsistent(open_: Floats, high: Floats, low: Floats, close: Floats) -> Flags:
    """(n,) True where the high is below the low, or open or close lie outside the two."""
    return (high < low) | (open_ > high) | (open_ < low) | (close > high) | (close < low)


def broken_rules(times: Times, open_: Floats, high: Floats, low: Floats, close: Floats) -> tuple[Finding, ...]:
    """A finding per rule that these columns, all of shape (n,), break; none when a backtest may use them."""
    prices = (open_, high, low, close)
    checks: tuple[tuple[str, str, Callable[[], Flags], str], ...] = (
        ("disorder", "out of order", lambda: flag_disorder(times), "sort by time, or read with repair"),
        ("duplicates", "with a time that is there already", lambda: flag_duplicates(times),
         "keep one of each, or read with repair"),
        ("nan", "with a price missing or not finite", lambda: flag_nan(*prices), "fill or drop, or read with repair"),
        ("not_positive", "with a price of zero or below", lambda: flag_not_positive(*prices),
         "drop them, or read with repair"),
        ("inconsistent", "whose high is below the low, or whose open or close lies outside them",
         lambda: flag_inconsistent(*prices), "check the columns' order, or read with repair to drop them"),
    )  # fmt: skip
    return tuple(
        _finding(rule, what, times, bad, advice) for rule, what, flags, advice in checks if (bad := flags()).any()
    )
