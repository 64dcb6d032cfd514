"""Equality of trades in which a number that is missing equals a number that is missing."""

import math
from collections.abc import Sequence
from dataclasses import astuple

from support.plain_backtest import PlainTrade


def same(left: object, right: object, within: float = 0.0) -> bool:
    """Equal, NaN equal to NaN, numbers within a tolerance."""
    if isinstance(left, float) and isinstance(right, float | int):
        return math.isnan(right) if math.isnan(left) else abs(left - right) <= within
    return left == right


def same_row(left: Sequence[object], right: Sequence[object], within: float = 0.0) -> bool:
    """Value by value."""
    return len(left) == len(right) and all(same(a, b, within) for a, b in zip(left, right, strict=True))


def same_trades(left: Sequence[PlainTrade], right: Sequence[PlainTrade], within: float = 0.0) -> bool:
    """Trade by trade."""
    return len(left) == len(right) and all(
        same_row(astuple(a), astuple(b), within) for a, b in zip(left, right, strict=True)
    )
