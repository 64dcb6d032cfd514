"""What stops really cost: the loss that was intended against the one that came, at every stop of the sample."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import REASONS, ExitReason
from tradeworthy.core.clock import rfc3339

_STOP = REASONS.index(ExitReason.STOP) + 1
BEYOND_R = 1.1
"""A loss a tenth larger than intended is more than costs and ticks."""


@dataclass(frozen=True, slots=True)
class StopLosses:
    """Losses at stops in units of what was meant to be lost, so 1 is as intended; costs are in them.

    stops: how many trades a stop ended. through_gap: of those, bars that opened beyond it. mean_r, p95_r, worst_r: of their
    losses, None without a stop; worst_at: when. beyond: share that lost more than 1.1. extra_r: lost above what was
    intended, all of it. without_stop: trades that had none and therefore no intended loss; their worst in `worst_without`,
    as a share of the balance at the start.
    """

    stops: int
    through_gap: int
    mean_r: float | None
    p95_r: float | None
    worst_r: float | None
    worst_at: str | None
    beyond: float | None
    extra_r: float
    without_stop: int
    worst_without: float | None

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return asdict(self)


def stop_losses(result: Result) -> StopLosses:
    """Of one backtest."""
    trades = result.trades
    stopped = (trades.reason == _STOP) & np.isfinite(trades.r)
    lost = -trades.r[stopped]
    bare = trades.closed & ~np.isfinite(trades.r)
    worst_without = float(-trades.pnl[bare].min() / result.capital) if bare.any() else None
    if not len(lost):
        return StopLosses(0, 0, None, None, None, None, None, 0.0, int(bare.sum()), worst_without)
    worst = int(np.argmax(lost))
    opened_beyond = _opened_beyond(result)[stopped]
    return StopLosses(
        len(lost), int(opened_beyond.sum()), float(lost.mean()), float(np.quantile(lost, 0.95)), float(lost[worst]),
        rfc3339(int(trades.exit_time[stopped][worst])), float(np.mean(lost > BEYOND_R)),
        float(np.sum(np.maximum(lost - 1.0, 0.0))), int(bare.sum()), worst_without,
    )  # fmt: skip


def _opened_beyond(result: Result) -> np.ndarray:
    """Whether the exit bar opened on the losing side of the stop."""
    trades = result.trades
    opened = result.bars.open[trades.exit_index]
    later = trades.exit_index > trades.entry_index
    beyond: np.ndarray = later & (trades.side * (opened - trades.stop) < 0.0)
    return beyond


def stops_of_book(results: Mapping[str, Result]) -> dict[str, StopLosses]:
    """Of each strategy, by name."""
    return {name: stop_losses(result) for name, result in results.items()}
