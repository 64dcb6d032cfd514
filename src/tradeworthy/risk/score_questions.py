"""What a score is asked, and what it may be asked of: every refusal is one sentence."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.risk.observations import count, of_ordinary_size

Grid = npt.NDArray[np.float64]

MOST_PATHS = 1_000_000
MOST_RESAMPLES = 10_000
LONGEST = 25_200
"""Days: a hundred years."""
MOST_WORK = 20_000_000_000
"""Paths x days over all resamples: some ten seconds."""
INNER_PATHS = 1_000
"""Of each resampled record."""


@dataclass(frozen=True, slots=True)
class Question:
    """limit: fall as a fraction. horizon: days. scale: what the record is multiplied by. resamples: records drawn anew."""

    limit: float
    horizon: int
    risk_per_trade: float | None
    scale: float
    paths: int
    resamples: int
    confidence: float
    seed: int

    @classmethod
    def of(
        cls, limit: float, horizon: int, risk: tuple[float | None, float | None], counts: tuple[int, int],
        confidence: float, seed: int,
    ) -> "Question":  # fmt: skip
        """Raises InputError for anything that cannot be answered; risk: per trade asked and recorded, counts: paths and
        resamples."""
        fall = finite_number(limit, "limit")
        if not 0.0 < fall < 1.0:
            meant = f"; {fall:g}% is {fall / 100:g}" if 1.0 < fall < 100.0 else ""
            raise InputError(
                f"limit is the fall that must not happen, above 0 and below 1 (0.2 is 20%), not {shown(limit)}{meant}"
            )
        days, paths, resamples = (
            count(horizon, "horizon", 1, LONGEST),
            count(counts[0], "paths", 100, MOST_PATHS),
            count(counts[1], "resamples", 40, MOST_RESAMPLES),
        )
        if (paths + resamples * INNER_PATHS) * days > MOST_WORK:
            raise InputError(
                f"{paths:,} paths and {resamples:,} resampled records of {days:,} days are more than {MOST_WORK:,} days "
                "to draw; ask for fewer"
            )
        sure, number = finite_number(confidence, "confidence"), whole_number(seed)
        if not 0.5 <= sure < 1.0:
            raise InputError(f"confidence must be from 0.5 to below 1, not {shown(confidence)}")
        if number is None:
            raise InputError(f"seed must be a whole number, not {shown(seed)}")
        asked, scale = _scale(*risk)
        return cls(fall, days, asked, scale, paths, resamples, sure, number)


def _scale(asked: float | None, recorded: float | None) -> tuple[float | None, float]:
    shares = []
    for name, value in (("risk_per_trade", asked), ("recorded_risk", recorded)):
        if value is not None:
            share = finite_number(value, name)
            if not 0.0 < share < 1.0:
                raise InputError(f"{name} is a share of equity above 0 and below 1 (0.02 is 2%), not {shown(value)}")
            shares.append(share)
    if asked is not None and recorded is None:
        raise InputError("to score another risk_per_trade, say in recorded_risk at which one the record was made")
    if len(shares) == 2:
        return shares[0], shares[0] / shares[1]
    return (shares[0] if shares else None), 1.0


def record_of_days(daily: Any, names: Any) -> tuple[Grid, tuple[str, ...]]:
    """The record (days, strategies) and the strategies' names. Raises InputError for what is no such record."""
    grid = floats("days of the record", daily)
    if grid.ndim == 1:
        grid = grid[:, None]
    if grid.ndim != 2 or not grid.shape[1]:
        raise InputError(
            f"the record must be one column of days, or days by strategies, not an array of shape {grid.shape}"
        )
    broken = np.argwhere(~np.isfinite(grid))
    if len(broken):
        day, column = broken[0]
        raise InputError(
            f"day {day} of the record is {grid[day, column]}; give 0 for days without trading, and mend the rest"
        )
    called = tuple(f"strategy {i + 1}" for i in range(grid.shape[1])) if names is None else _called(names)
    if len(called) != grid.shape[1] or len(set(called)) != len(called):
        raise InputError(f"names must be {grid.shape[1]} different ones, one for each column, not {shown(names)}")
    return grid, called


def _called(names: Any) -> tuple[str, ...]:
    try:
        return () if isinstance(names, str) else tuple(map(str, names))
    except (TypeError, ValueError):
        return ()


def trades_counted(trades: int | None) -> int | None:
    """How many trades are behind the record; None where it is not known."""
    if trades is None:
        return None
    number = whole_number(trades)
    if number is None or number < 0:
        raise InputError(f"trades must be a whole number, zero or more, not {shown(trades)}")
    return number


def block_of(book: Grid, given: float | None) -> float:
    """Expected length of blocks in days: as given, else by the book's own dependence."""
    from tradeworthy.indicators.dependence import block_length

    if given is None:
        return block_length(of_ordinary_size(book)) if len(book) else 1.0
    length = finite_number(given, "block")
    if not 1.0 <= length <= LONGEST or math.isnan(length):
        raise InputError(f"block must be a number of days from 1 to {LONGEST:,}, not {shown(given)}")
    return length
