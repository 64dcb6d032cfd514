"""Made-up and real bars, and decisions over them, for the comparisons with other libraries."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.indicators import atr
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decisions

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "fx"


def random_walk(n: int, seed: int = 0, gap: float = 0.0) -> Bars:
    """Hourly bars of a random walk; `gap` is the deviation of the jump from a close to the next open."""
    rng = np.random.default_rng(seed)
    steps, jumps = rng.normal(0, 0.0005, n), rng.normal(0, gap, n) if gap else np.zeros(n)
    close = 1.1 * np.exp(np.cumsum(steps + jumps))
    open_ = close / np.exp(steps)
    high = np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.0003, n)))
    low = np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.0003, n)))
    opened = np.arange(n, dtype=np.int64) * HOUR_NS
    return Bars(instrument_named("EUR_USD"), Timeframe.H1, opened, opened + HOUR_NS, open_, high, low, close)


def crosses(bars: Bars) -> Decisions:
    """SMA 10/20, stop 2 and target 3 ATR, turning on an opposite cross."""
    return MaCrossover(10, 20, stop_atr=2, target_atr=3).decisions(bars)


def coins(bars: Bars, seed: int = 1) -> Decisions:
    """Entries and exits by chance, stops and targets within a bar's reach: every rule of filling is met all the time."""
    rng = np.random.default_rng(seed)
    n = len(bars)
    enter = rng.choice(np.array([-1, 0, 0, 0, 1], np.int8), n)
    leave = np.where(enter > 0, 2, np.where(enter < 0, 1, rng.choice([0, 0, 0, 1, 2], n))).astype(np.int8)
    reach = atr(bars.high, bars.low, bars.close, 14)
    enter[:14] = leave[:14] = 0
    stop = np.where(enter != 0, reach * rng.uniform(0.2, 1.0, n), np.nan)
    target = np.where(enter != 0, reach * rng.uniform(0.2, 1.5, n), np.nan)
    bar = np.flatnonzero(enter | leave)
    return Decisions(bar, enter[bar], leave[bar], stop[bar], target[bar])


def held_to_the_end(decisions: Decisions) -> Decisions:
    """The same entries, and nothing leaves but stop and target."""
    return replace(decisions, leave=np.zeros_like(decisions.leave))


def put_down(path: Path, bars: Bars, decisions: Decisions | None = None) -> Path:
    """Bars, and decisions over them, as an .npz file that any environment can read."""
    columns = {name: getattr(bars, name) for name in ("open", "high", "low", "close")}
    if decisions is not None:
        names = ("enter", "leave", "stop_distance", "target_distance")
        columns |= dict(zip(names, decisions.columns(len(bars)), strict=True))
    np.savez(path, **columns)
    return path
