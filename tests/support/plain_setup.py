"""Everything that a plain run with money is told: bars, decisions, what dealing costs, and the account.

Records only.  All lists that are "per bar" are as long as the bars, all that are "per decision" as long as
the decisions.  Times are nanoseconds.  Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from support.plain_backtest import PlainTrade, Rules

INF = math.inf


@dataclass(frozen=True)
class Candles:
    """Bars as columns; the times may be left out where only prices are asked for (quotes)."""

    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    open_time: Sequence[int] = ()
    close_time: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.close)


@dataclass(frozen=True)
class Decision:
    """What the strategy says at the close of one bar; bars without a decision say nothing."""

    bar: int
    enter: int
    leave: int = 0
    stop_distance: float = math.nan
    target_distance: float = math.nan


@dataclass(frozen=True)
class Commission:
    """What one order costs, in the account currency; `percent` is of the notional."""

    per_unit: float = 0.0
    per_lot: float = 0.0
    lot_units: float = 100_000.0
    percent: float = 0.0
    minimum: float = 0.0


@dataclass(frozen=True)
class Swap:
    """What a night earns, per unit: `*_value` in price units (pips x pip), `*_percent` a year of the entry price."""

    nights: Sequence[tuple[int, int]] = ()  # the moment, and how often it counts
    long_value: float = 0.0
    short_value: float = 0.0
    long_percent: float = 0.0
    short_percent: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What an order may be."""

    lot_step: float = 1.0
    min_units: float = 0.0
    leverage: float = INF
    max_units: float = INF


@dataclass(frozen=True)
class Account:
    """The money, how it is put at risk, and how much of the underlying one unit is.

    sizing: ("units", n), ("fixed_fraction", risk), ("volatility_target", annual) or
    ("kelly", cap, fraction, z, least_trades, until_then); shares are fractions, not percent.
    """

    start: float
    sizing: tuple[str | float, ...]
    limits: Limits = field(default_factory=Limits)
    contract: float = 1.0


@dataclass(frozen=True)
class Calibration:
    """The clock and the inputs of calibration; its numbers stand in plain_calibration."""

    day_of: Callable[[int], int]  # moment to day number
    minute_of: Callable[[int], int]  # moment to minute of that day
    levels: Sequence[str]  # per decision: "low", "normal", "high", "extreme", or "" for not known
    sessions: Sequence[tuple[int, int, float]] = ()  # from minute, to minute (not included), multiplier; 0 refuses
    trades_a_day: int = 10


@dataclass(frozen=True)
class Setup:
    """One run. What is None costs nothing, refuses nothing, or is not there."""

    candles: Candles
    decisions: Sequence[Decision]
    account: Account | None = None  # None: one unit, in the quote currency, from zero
    rules: Rules = field(default_factory=Rules)
    ask_offset: Sequence[float] | None = None  # per bar
    bid_offset: Sequence[float] | None = None  # per bar
    quotes: tuple[Candles, Candles] | None = None  # bid, ask; instead of the offsets
    slippage: Sequence[float] | None = None  # per bar, price units
    commission: Commission = field(default_factory=Commission)
    swap: Swap = field(default_factory=Swap)
    rate: Sequence[float] | None = None  # per bar, NaN while not known
    volatility: Sequence[float] | None = None  # per decision, a year's, NaN while not known
    calibration: Calibration | None = None
    passes: Sequence[bool] | None = None  # per decision
    finer: Candles | None = None

    def __post_init__(self) -> None:
        bars, decisions = len(self.candles), len(self.decisions)
        for per_bar in (self.ask_offset, self.bid_offset, self.slippage, self.rate):
            _require(per_bar is None or len(per_bar) == bars, "lists per bar must be as long as the bars")
        levels = None if self.calibration is None else self.calibration.levels
        for per_decision in (self.volatility, self.passes, levels):
            _require(
                per_decision is None or len(per_decision) == decisions, "lists per decision must be as long as they"
            )
        told = [decision.bar for decision in self.decisions]
        _require(told == sorted(set(told)), "decisions must be in the order of their bars, one a bar")
        has_offsets = self.ask_offset is not None or self.bid_offset is not None
        _require(self.quotes is None or not has_offsets, "quotes take the place of offsets")
        _require(self.quotes is None or self.finer is None, "finer bars are moved by offsets; quotes have none")
        _require(self.account is not None or self.calibration is None, "calibration needs an account")
        known = [not math.isnan(rate) for rate in self.rate or ()]
        _require(known == sorted(known), "a rate that is known once is known from then on")


@dataclass(frozen=True)
class AccountTrade(PlainTrade):
    """A trade with its money: `swap` in the quote currency, everything else in the account's; `r` after all costs."""

    units: float
    multiplier: float
    commission: float
    swap: float
    pnl: float
    balance: float


@dataclass(frozen=True)
class Outcome:
    """Trades in the order they were opened, equity at each close, and (decision index, why) of what was dropped."""

    trades: list[AccountTrade]
    equity: list[float]
    dropped: list[tuple[int, str]]


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise ValueError(sentence)
