"""Made-up bars: a seeded random walk whose quiet and wild spells come in clusters, as those of markets do."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]

START_NS = 10_959 * DAY_NS
"""2000-01-03, a Monday."""
LATEST_NS = 84_006 * DAY_NS
"""2200-01-01: no walk goes on for longer."""
YEARLY_VOLATILITY = 0.10
START_PIPS = 11_000
PERSISTENCE_DAYS = 10.0
"""Days after which the logarithm of volatility has forgotten all but 1/e of where it was."""
SPREAD_OF_LOG_VOLATILITY = 0.5
GAP = 0.1
"""Usual distance of an open from the close before, as a share of the bar's own volatility."""


def random_walk_bars(n: int, seed: int = 0, symbol: str = "EUR_USD", timeframe: Timeframe | str = Timeframe.H1) -> Bars:
    """`n` bars of a market that never closes, from 2000-01-03 on, without drift; the same for the same arguments.

    The logarithm of volatility is a first-order autoregression (stochastic volatility: Taylor, Modelling Financial Time
    Series, 1986), 10% a year in the middle. High and low are drawn from the maximum and minimum of a Brownian bridge between
    open and close. Prices start at 11,000 pips and stand on the instrument's tick.
    Raises InputError when n is no whole number of 0 or more, or the bars would reach past the year 2200.
    """
    frame = Timeframe.parse(timeframe)
    count = whole_number(n)
    longest = (LATEST_NS - START_NS) // frame.length_ns
    if count is None or not 0 <= count <= longest:
        raise InputError(f"a random walk has from 0 to {longest:,} {frame} bars, not {n!r}")
    instrument = instrument_named(symbol)
    tick = float(instrument.tick)
    rng = np.random.default_rng(seed)
    sigma = _volatility(rng, count, frame)
    gap, move = rng.normal(0.0, 1.0, (2, count)) * sigma
    gap *= GAP
    before = np.concatenate(([0.0], np.cumsum(gap + move)[:-1])) if count else np.zeros(0)
    opened = before + gap
    up, down = np.sqrt(move**2 - 2.0 * sigma**2 * np.log(1.0 - rng.random((2, count))))
    start = math.log(START_PIPS * float(instrument.pip))
    open_, close, high, low = (
        _on_ticks(np.exp(start + log_price), tick)
        for log_price in (opened, opened + move, opened + (move + up) / 2, opened + (move - down) / 2)
    )
    times = START_NS + np.arange(count, dtype=np.int64) * frame.length_ns
    return Bars(
        instrument, frame, times, times + frame.length_ns, open_,
        np.maximum.reduce((open_, high, close)), np.minimum.reduce((open_, low, close)), close,
        source=f"SYNTHETIC random walk, seed {seed}",
    )  # fmt: skip


def _volatility(rng: np.random.Generator, n: int, frame: Timeframe) -> Floats:
    days = frame.length_ns / DAY_NS
    keep = math.exp(-days / PERSISTENCE_DAYS)
    shocks = rng.normal(0.0, SPREAD_OF_LOG_VOLATILITY * math.sqrt(1.0 - keep**2), n)
    level, levels = rng.normal(0.0, SPREAD_OF_LOG_VOLATILITY), np.empty(n)
    for i in range(n):
        level = keep * level + shocks[i]
        levels[i] = level
    volatility: Floats = YEARLY_VOLATILITY * math.sqrt(days / 365.25) * np.exp(levels)
    return volatility


def _on_ticks(price: Floats, tick: float) -> Floats:
    on_ticks: Floats = np.round(np.maximum(np.round(price / tick), 1.0) * tick, 10)
    return on_ticks
