"""Calibration, read slowly: how much of the planned size is taken after what has happened so far.

The numbers are the promised ones.  `CalibrationState` is told of every trade that opens and closes, and answers
with a multiplier or with the word for its refusal.  Standard library only.
"""

from __future__ import annotations

from support.plain_setup import Calibration

MINUTE_NS = 60_000_000_000


class CalibrationState:
    """What calibration remembers."""

    def __init__(self, rules: Calibration, start: float) -> None:
        self.rules = rules
        self.balance = start
        self.peak = start
        self.stopped = False
        self.losses_in_a_row = 0
        self.paused_day: int | None = None
        self.cooling_until: int | None = None
        self.days_of_entries: list[int] = []

    def opened(self, moment: int) -> None:
        """A trade was opened at this moment."""
        self.days_of_entries.append(self.rules.day_of(moment))

    def closed(self, moment: int, pnl: float) -> None:
        """A trade was closed at this moment."""
        balance_before = self.balance
        self.balance += pnl
        self.peak = max(self.peak, self.balance)
        if pnl > 0:
            self.losses_in_a_row = 0
        if pnl < 0:
            self.losses_in_a_row += 1
            self.cooling_until = moment + cooldown_minutes(-pnl / balance_before) * MINUTE_NS
            if self.losses_in_a_row >= 5:
                self.paused_day = self.rules.day_of(moment)

    def answer(self, decision: int, moment: int) -> tuple[float, str]:
        """The multiplier and "", or 0 and why not."""
        refusal = self._refusal(moment)
        if refusal:
            return 0.0, refusal
        minute = self.rules.minute_of(moment)
        multiplier = streak_multiplier(self.losses_in_a_row)
        multiplier *= drawdown_multiplier(self._drawdown())
        multiplier *= volatility_multiplier(self.rules.levels[decision])
        multiplier *= self._session_multiplier(minute)
        return multiplier, ""

    def _refusal(self, moment: int) -> str:
        """The first check that says no; their order is part of the rules."""
        day, minute = self.rules.day_of(moment), self.rules.minute_of(moment)
        checks = [
            ("STOPPED", self.stopped),
            ("DRAWDOWN", self._drawdown() >= 0.20),
            ("STREAK", self.paused_day is not None and day <= self.paused_day),
            ("TRADES_A_DAY", self.days_of_entries.count(day) >= self.rules.trades_a_day),
            ("COOLDOWN", self.cooling_until is not None and moment < self.cooling_until),
            ("SESSION", self._session_multiplier(minute) == 0),
        ]
        first = next((word for word, refuses in checks if refuses), "")
        self.stopped = self.stopped or first == "DRAWDOWN"  # for good
        return first

    def _drawdown(self) -> float:
        return (self.peak - self.balance) / self.peak

    def _session_multiplier(self, minute: int) -> float:
        for first, end, multiplier in self.rules.sessions:
            if first <= minute < end:
                return multiplier
        return 1.0


def streak_multiplier(losses_in_a_row: int) -> float:
    """Losses 0, 1, 2, 3, and 4 or more."""
    return [1.0, 0.9, 0.75, 0.5, 0.25][min(losses_in_a_row, 4)]


def drawdown_multiplier(share: float) -> float:
    """Bands [0, 5), [5, 10), [10, 15), [15, 20) percent of the peak."""
    if share < 0.05:
        return 1.0
    if share < 0.10:
        return 0.8
    if share < 0.15:
        return 0.5
    return 0.25


def volatility_multiplier(level: str) -> float:
    """By the market's volatility level; not known counts as normal."""
    return {"low": 1.1, "normal": 1.0, "": 1.0, "high": 0.7, "extreme": 0.4}[level]


def cooldown_minutes(loss_share: float) -> int:
    """Five minutes once, twice, three or four times, by the loss as a share of the balance before the trade."""
    if loss_share < 0.005:
        return 5
    if loss_share < 0.01:
        return 10
    if loss_share < 0.02:
        return 15
    return 20
