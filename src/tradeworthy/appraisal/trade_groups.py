"""Closed trades sorted by what they have in common, and how their results are spread."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.backtest_record import Distribution, TradeGroup, TradeGroups
from tradeworthy.backtest.trades import REASONS, Trades
from tradeworthy.core.clock import DAY_NS, HOUR_NS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""
_BIN_R = 0.25
_MOST_BINS = 60


def groups_of(trades: Trades) -> TradeGroups:
    """By exit reason, side, holding time (bars, doubling), hour and weekday of entry in UTC; empty groups are left out."""
    done = trades.closed
    pnl, r, entered = trades.pnl[done], trades.r[done], trades.entry_time[done]
    held = trades.bars_held[done]
    doubling = np.where(held > 0, 1 + np.floor(np.log2(np.maximum(held, 1))), 0).astype(np.int64)
    keys: dict[str, tuple[Whole, Sequence[str]]] = {
        "reason": (trades.reason[done] - 1, [str(reason) for reason in REASONS]),
        "side": ((trades.side[done] < 0).astype(np.int64), ["long", "short"]),
        "bars_held": (doubling, [_span(power) for power in range(64)]),
        "hour": (entered % DAY_NS // HOUR_NS, [f"{hour:02d}:00" for hour in range(24)]),
        "weekday": ((entered // DAY_NS + _EPOCH_WEEKDAY) % 7, WEEKDAYS),
    }
    return TradeGroups(**{name: _grouped(key, names, pnl, r) for name, (key, names) in keys.items()})


def _span(power: int) -> str:
    """0 bars, then 1, 2-3, 4-7, 8-15 and so on."""
    low, high = (1 << (power - 1), (1 << power) - 1) if power else (0, 0)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _grouped(key: Whole, names: Sequence[str], pnl: Floats, r: Floats) -> tuple[TradeGroup, ...]:
    count = len(names)
    has_r = np.isfinite(r)
    trades, wins = np.bincount(key, minlength=count), np.bincount(key[pnl > 0], minlength=count)
    net = np.bincount(key, pnl, minlength=count)
    known, sums = np.bincount(key[has_r], minlength=count), np.bincount(key[has_r], r[has_r], minlength=count)
    return tuple(
        TradeGroup(
            names[i], int(trades[i]), int(wins[i]), float(net[i]), float(sums[i] / known[i]) if known[i] else None
        )
        for i in np.flatnonzero(trades).tolist()
    )


def distribution_of(trades: Trades, currency: str) -> Distribution | None:
    """Of R in quarters, or of P&L where no trade had a stop; None without a closed trade."""
    done = trades.closed
    r = trades.r[done]
    values, unit = (r[np.isfinite(r)], "R") if np.isfinite(r).any() else (trades.pnl[done], currency)
    if not len(values):
        return None
    low, high = (float(one) for one in np.quantile(values, [0.001, 0.999]))
    width = _BIN_R if unit == "R" else _round_width(high - low)
    while (high - low) / width > _MOST_BINS:
        width *= 2
    first, last = np.floor(low / width), np.floor(high / width) + 1
    edges = np.arange(first, last + 1) * width
    place = np.clip(np.floor(values / width) - first, 0, len(edges) - 2).astype(np.int64)
    counts = np.bincount(place, minlength=len(edges) - 1)
    return Distribution(unit, tuple(float(edge) for edge in edges), tuple(int(count) for count in counts))


def _round_width(span: float) -> float:
    """A thirtieth of the span, rounded to a power of ten, twice or five times it."""
    if span <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(span / 30))
    return float(next(power * step for step in (1, 2, 5, 10) if power * step >= span / 30))
