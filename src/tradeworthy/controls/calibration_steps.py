"""The rules of calibration, compiled: what may be traded now, and what an entry and a closed trade change about it.

Each rule is one step of a few numbers and the vector of `Calibration.packed()`; the backtest kernel and a live desk
call the same ones. What is switched off gives 1, and no wait.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.controls import calibration as at
from tradeworthy.controls.edge_steps import reached
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.refusals import Refusal
from tradeworthy.indicators.compiling import compiled

Rules = npt.NDArray[np.float64]

CalibrationState = tuple[int, float, float, int, int, int, int, int]
"""Losses in a row, balance, its peak, end of the cooldown (ns UTC), day of the last entry, entries on that day, day of
the last pause for losses, and whether the drawdown stop is latched (0 or 1). Days are any numbers that rise by day."""

NO_DAY = -(2**62)
"""Before every day and every moment."""

MINUTE_NS = 60_000_000_000
STREAK_ROW, EDGE_ROW, TIMES_ROW = 4, 3, 4
EXTREME = int(VolatilityLevel.EXTREME)

ALLOWED = int(Refusal.NONE)
STOPPED, DRAWDOWN, STREAK = int(Refusal.STOPPED), int(Refusal.DRAWDOWN), int(Refusal.STREAK)
TRADES_PER_DAY, COOLDOWN = int(Refusal.TRADES_PER_DAY), int(Refusal.COOLDOWN)
SESSION, VOLATILITY = int(Refusal.SESSION), int(Refusal.VOLATILITY)


@compiled()
def started(balance: float) -> CalibrationState:
    """The state before the first trade; `balance` in the account currency, above zero, is also the first peak."""
    return (0, balance, balance, NO_DAY, NO_DAY, 0, NO_DAY, 0)


@compiled()
def streak_multiplier(losses: int, rules: Rules) -> float:
    """The multiplier after so many losses in a row; the last of the row stands for all longer streaks.

    At `streak_pause` losses trading also pauses, until the next trading day of the exchange. It then resumes at this
    multiplier, and the next loss pauses it again. A win ends the streak; a trade of exactly zero leaves it as it is.
    """
    if rules[at.STREAK] == 0.0 or losses <= 0:
        return 1.0
    return float(rules[at.STREAK_MULTIPLIERS + min(losses, STREAK_ROW) - 1])


@compiled()
def drawdown_of(balance: float, peak: float) -> float:
    """How far the realised balance is below its peak, as a share of the peak; NaN where that is unknown."""
    return (peak - balance) / peak if peak > 0.0 else math.nan


@compiled()
def drawdown_multiplier(fraction: float, rules: Rules) -> float:
    """The multiplier of a drawdown; an edge belongs to the band above it. 0 from the stop on, and when it is unknown."""
    if rules[at.DRAWDOWN] == 0.0:
        return 1.0
    if math.isnan(fraction) or reached(fraction, rules[at.DRAWDOWN_STOP]):
        return 0.0
    multiplier = 1.0
    for band in range(EDGE_ROW):
        if reached(fraction, rules[at.DRAWDOWN_EDGES + band]):
            multiplier = rules[at.DRAWDOWN_MULTIPLIERS + band]
    return multiplier


@compiled()
def volatility_multiplier(level: int, rules: Rules) -> float:
    """The multiplier of a `VolatilityLevel`; 1 for UNKNOWN and NORMAL."""
    if rules[at.VOLATILITY] == 0.0 or level <= 0:
        return 1.0
    return float(rules[at.VOLATILITY_MULTIPLIERS + min(level, EXTREME)])


@compiled()
def session_multiplier(minute: int, rules: Rules) -> float:
    """The multiplier of a minute of the exchange's day; 1 for -1, which says that sessions do not apply.

    A window holds its first minute and not the one it ends with; the last two run to the end of the day. Whether the
    market is open at all is not asked here.
    """
    if minute < 0:
        return 1.0
    if rules[at.NO_NEW_TRADES] != 0.0 and minute >= rules[at.NO_NEW_TRADES_FROM]:
        return 0.0
    if rules[at.SESSION] == 0.0:
        return 1.0
    if minute >= rules[at.LAST_FROM]:
        return float(rules[at.LAST_MULTIPLIER])
    if minute >= rules[at.LATE_FROM]:
        return float(rules[at.LATE_MULTIPLIER])
    opening = rules[at.OPENING_FROM] <= minute < rules[at.OPENING_UNTIL]
    return float(rules[at.OPENING_MULTIPLIER]) if opening else 1.0


@compiled()
def cooldown_ns(loss_share: float, rules: Rules) -> int:
    """How long nothing is entered after a loss of this share of the balance before it; the longest when it is unknown.

    0 for a win (a share below zero) and for a trade of exactly zero.
    """
    if rules[at.COOLDOWN] == 0.0 or loss_share <= 0.0:
        return 0
    times = rules[at.COOLDOWN_TIMES]
    for step in range(EDGE_ROW):
        if math.isnan(loss_share) or reached(loss_share, rules[at.COOLDOWN_EDGES + step]):
            times = rules[at.COOLDOWN_TIMES + step + 1]
    return int(rules[at.COOLDOWN_MINUTES] * times * MINUTE_NS)


@compiled()
def permission(
    state: CalibrationState, time_ns: int, day: int, minute: int, level: int, rules: Rules
) -> tuple[float, int]:
    """The share of the usual size that may be entered now and 0, or 0.0 and the `Refusal` that speaks first.

    time_ns: the moment of the entry; day: the exchange's trading day then; minute: of the exchange's day, -1 where
    sessions do not apply; level: the number of a
    `VolatilityLevel`. The multipliers are multiplied, and nothing lifts the product.
    """
    losses, balance, peak, cooldown_until, entry_day, entries, pause_day, stopped = state
    for_drawdown = drawdown_multiplier(drawdown_of(balance, peak), rules)
    for_streak = streak_multiplier(losses, rules)
    for_session = session_multiplier(minute, rules)
    for_volatility = volatility_multiplier(level, rules)
    code = ALLOWED
    if stopped != 0:
        code = STOPPED
    elif for_drawdown <= 0.0:
        code = DRAWDOWN
    elif for_streak <= 0.0 or (rules[at.STREAK] != 0.0 and day <= pause_day):
        code = STREAK
    elif rules[at.TRADES_PER_DAY] != 0.0 and day <= entry_day and entries >= rules[at.TRADES_PER_DAY_MAX]:
        code = TRADES_PER_DAY
    elif rules[at.COOLDOWN] != 0.0 and time_ns < cooldown_until:
        code = COOLDOWN
    elif for_session <= 0.0:
        code = SESSION
    elif for_volatility <= 0.0:
        code = VOLATILITY
    return (for_volatility * for_streak * for_drawdown * for_session if code == ALLOWED else 0.0), code


@compiled()
def entered(state: CalibrationState, day: int) -> CalibrationState:
    """The state after an entry on the exchange's trading day `day`: one more trade of that day."""
    losses, balance, peak, cooldown_until, entry_day, entries, pause_day, stopped = state
    if day > entry_day:
        return (losses, balance, peak, cooldown_until, day, 1, pause_day, stopped)
    return (losses, balance, peak, cooldown_until, entry_day, entries + 1, pause_day, stopped)


@compiled()
def closed(state: CalibrationState, pnl: float, time_ns: int, day: int, rules: Rules) -> CalibrationState:
    """The state after a trade that was closed at `time_ns` on day `day` with `pnl` of the account currency.

    A result of NaN is an unknown loss: it adds to the streak, waits the longest, and leaves the balance unknown, which
    is a stop. A running cooldown is never shortened by a smaller loss.
    """
    losses, balance, peak, cooldown_until, entry_day, entries, pause_day, stopped = state
    if pnl > 0.0:
        losses = 0
    elif pnl != 0.0:
        losses += 1
        share = -pnl / balance if balance > 0.0 else math.nan
        cooldown_until = max(cooldown_until, time_ns + cooldown_ns(share, rules))
        if rules[at.STREAK] != 0.0 and losses >= rules[at.STREAK_PAUSE]:
            pause_day = max(pause_day, day)
    balance += pnl
    peak = max(peak, balance)
    fraction = drawdown_of(balance, peak)
    if rules[at.DRAWDOWN] != 0.0 and (math.isnan(fraction) or reached(fraction, rules[at.DRAWDOWN_STOP])):
        stopped = 1
    return (losses, balance, peak, cooldown_until, entry_day, entries, pause_day, stopped)
