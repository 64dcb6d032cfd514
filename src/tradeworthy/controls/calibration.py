"""The settings of risk calibration: how much of the usual size may be traded now, and when nothing may be.

The rules are compiled in `calibration_steps`; what they mean for a trader stands in docs/controls.md.
"""

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from tradeworthy.controls.ranges import (
    minute_of,
    require_clock,
    require_number,
    require_order,
    require_row,
    require_share,
    require_switch,
    require_whole,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Places in the packed vector; only this file and calibration_steps know them. Those in the plural start a row.
STREAK, STREAK_PAUSE, STREAK_MULTIPLIERS = 0, 1, 2
DRAWDOWN, DRAWDOWN_STOP, DRAWDOWN_EDGES, DRAWDOWN_MULTIPLIERS = 6, 7, 8, 11
VOLATILITY, VOLATILITY_MULTIPLIERS = 14, 15
SESSION, OPENING_FROM, OPENING_UNTIL, OPENING_MULTIPLIER = 20, 21, 22, 23
LATE_FROM, LATE_MULTIPLIER, LAST_FROM, LAST_MULTIPLIER, NO_NEW_TRADES, NO_NEW_TRADES_FROM = 24, 25, 26, 27, 28, 29
COOLDOWN, COOLDOWN_MINUTES, COOLDOWN_EDGES, COOLDOWN_TIMES = 30, 31, 32, 35
TRADES_PER_DAY, TRADES_PER_DAY_MAX = 39, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Every rule of calibration with its switch and its thresholds; the defaults are the promised ones.

    Shares are fractions (0.05 is 5%), times are on the exchange's clock. A multiplier of 0 refuses the trade.
    Raises InputError for a field that cannot be used.
    """

    streak: bool = True
    streak_multipliers: tuple[float, float, float, float] = (0.9, 0.75, 0.5, 0.25)
    streak_pause: int = 5
    drawdown: bool = True
    drawdown_edges: tuple[float, float, float] = (0.05, 0.10, 0.15)
    drawdown_multipliers: tuple[float, float, float] = (0.8, 0.5, 0.25)
    drawdown_stop: float = 0.20
    volatility: bool = True
    volatility_low: float = 1.1
    volatility_high: float = 0.7
    volatility_extreme: float = 0.4
    session: bool = True
    opening_from: time = time(9, 15)
    opening_until: time = time(10, 15)
    opening_multiplier: float = 0.7
    late_from: time = time(14, 30)
    late_multiplier: float = 0.6
    last_from: time = time(15, 0)
    last_multiplier: float = 0.5
    no_new_trades: bool = False
    no_new_trades_from: time = time(15, 0)
    cooldown: bool = True
    cooldown_minutes: float = 5.0
    cooldown_edges: tuple[float, float, float] = (0.005, 0.01, 0.02)
    cooldown_times: tuple[float, float, float, float] = (1.0, 2.0, 3.0, 4.0)
    trades_per_day: bool = True
    trades_per_day_max: int = 10

    def __post_init__(self) -> None:
        for name in ("streak", "drawdown", "volatility", "session", "no_new_trades", "cooldown", "trades_per_day"):
            require_switch(f"calibration: {name}", getattr(self, name))
        require_whole("calibration: streak_pause", self.streak_pause, 1)
        require_whole("calibration: trades_per_day_max", self.trades_per_day_max, 1)
        require_number("calibration: cooldown_minutes", self.cooldown_minutes, 0.0, 7 * 24 * 60)
        self._check_multipliers()
        self._check_edges()
        self._check_times()

    def packed(self) -> "npt.NDArray[np.float64]":
        """A new vector of all fields for the compiled steps, times as minutes of the day. Shape (41,)."""
        import numpy as np

        usual = 1.0  # of the levels UNKNOWN and NORMAL
        return np.array(
            [
                self.streak, self.streak_pause, *self.streak_multipliers,
                self.drawdown, self.drawdown_stop, *self.drawdown_edges, *self.drawdown_multipliers,
                self.volatility, usual, self.volatility_low, usual, self.volatility_high, self.volatility_extreme,
                self.session, minute_of(self.opening_from), minute_of(self.opening_until), self.opening_multiplier,
                minute_of(self.late_from), self.late_multiplier, minute_of(self.last_from), self.last_multiplier,
                self.no_new_trades, minute_of(self.no_new_trades_from),
                self.cooldown, self.cooldown_minutes, *self.cooldown_edges, *self.cooldown_times,
                self.trades_per_day, self.trades_per_day_max,
            ],
            np.float64,
        )  # fmt: skip

    def _check_multipliers(self) -> None:
        require_row("calibration: streak_multipliers", self.streak_multipliers, 4, 0.0, 1.0)
        require_row("calibration: drawdown_multipliers", self.drawdown_multipliers, 3, 0.0, 1.0)
        require_row("calibration: cooldown_times", self.cooldown_times, 4, 0.0, 1000.0)
        for name in ("streak_multipliers", "drawdown_multipliers"):
            require_order(f"calibration: {name}", getattr(self, name), rising=False, ties=True)
        require_order("calibration: cooldown_times", self.cooldown_times, rising=True, ties=True)
        for name in ("opening_multiplier", "late_multiplier", "last_multiplier"):
            require_number(f"calibration: {name}", getattr(self, name), 0.0, 1.0)
        for name in ("volatility_low", "volatility_high", "volatility_extreme"):
            require_number(f"calibration: {name}", getattr(self, name), 0.0, 2.0)

    def _check_edges(self) -> None:
        for name in ("drawdown_edges", "cooldown_edges"):
            require_row(f"calibration: {name}", getattr(self, name), 3, 0.0, 1.0)
            require_order(f"calibration: {name}", getattr(self, name), rising=True, ties=False)
        require_share("calibration: drawdown_stop", self.drawdown_stop)
        both = (self.drawdown_edges[-1], self.drawdown_stop)
        require_order("calibration: the last of drawdown_edges and drawdown_stop", both, rising=True, ties=False)

    def _check_times(self) -> None:
        names = ("opening_from", "opening_until", "late_from", "last_from")
        for name in (*names, "no_new_trades_from"):
            require_clock(f"calibration: {name}", getattr(self, name))
        minutes = [minute_of(getattr(self, name)) for name in names]
        require_order(f"calibration: {', '.join(names)} (minutes)", minutes, rising=True, ties=True)
