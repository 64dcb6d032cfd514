"""Closed trades as they come: wins, streaks, drawdown, exit reasons and hours, in memory that does not grow."""

import math
from dataclasses import dataclass
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.monitoring.counted_shares import Share, Tally, kept_word, share_of
from tradeworthy.monitoring.performance_config import PerformanceConfig, capital_given, config_given
from tradeworthy.validation.arguments import moderate

NOT_SAID = "(not said)"
_HOURS = 24
_LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class TallyReading:
    """Trades of one kind: how many of them won, with the interval of that share, and what they made in money."""

    won: Share
    lost: int
    pnl: float

    def to_dict(self) -> dict[str, Any]:
        """{trades, wins, losses, pnl, win_rate, low, high, enough_data}."""
        share = self.won.to_dict()
        return {
            "trades": self.won.of, "wins": self.won.count, "losses": self.lost, "pnl": self.pnl, "win_rate": share["share"],
            "low": share["low"], "high": share["high"], "enough_data": self.won.enough,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DrawdownReading:
    """Of closed trades, from the highest the account has been: in money, and as a fraction of that high where the capital is
    known. A deepest fraction can be of another fall than the deepest in money."""

    current: float
    deepest: float
    current_fraction: float | None
    deepest_fraction: float | None

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return {
            "current": self.current, "deepest": self.deepest, "current_fraction": self.current_fraction,
            "deepest_fraction": self.deepest_fraction,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TradeReading:
    """All trades so far. streak: wins in a row up to now, losses below zero; a trade of zero ends either. average_win,
    average_loss (below zero), profit_factor: None where no trade defines them. exit_reasons: the most frequent first. by_hour:
    hours without a trade left out. capital: before the first trade, None where it is not known."""

    all: TallyReading
    average_win: float | None
    average_loss: float | None
    profit_factor: float | None
    streak: int
    longest_winning_streak: int
    longest_losing_streak: int
    drawdown: DrawdownReading
    exit_reasons: dict[str, TallyReading]
    by_hour: dict[int, TallyReading]
    capital: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values; hours as `09`."""
        whole = self.all.to_dict()
        return {
            "total_trades": whole["trades"], "winning_trades": whole["wins"], "losing_trades": whole["losses"],
            "win_rate": whole["win_rate"], "win_rate_interval": {"low": whole["low"], "high": whole["high"]},
            "total_pnl": whole["pnl"], "average_win": self.average_win, "average_loss": self.average_loss,
            "profit_factor": self.profit_factor, "current_streak": self.streak,
            "longest_winning_streak": self.longest_winning_streak, "longest_losing_streak": self.longest_losing_streak,
            "drawdown": self.drawdown.to_dict(),
            "exit_reasons": {reason: one.to_dict() for reason, one in self.exit_reasons.items()},
            "win_rate_by_hour": {f"{hour:02d}": one.to_dict() for hour, one in self.by_hour.items()},
            "capital": self.capital,
        }  # fmt: skip


class TradeMetrics:
    """Closed trades in the order in which they are recorded: `TradeMetrics().record(-120.0, "stop", hour=14)`. Not for
    several threads at once; a `PerformanceMonitor` is. config: a `PerformanceConfig` or a dict of its fields."""

    def __init__(self, config: PerformanceConfig | dict[str, Any] | None = None) -> None:
        self._config = config_given(config)
        self._whole, self._gained, self._lost = Tally(), 0.0, 0.0
        self._reasons: dict[str, Tally] = {}
        self._hours: dict[int, Tally] = {}
        self.streak = self._longest_won = self._longest_lost = 0
        self.capital = None if self._config.capital is None else float(self._config.capital)
        self._equity = self._peak = self.capital or 0.0
        self._deepest = self._deepest_fraction = 0.0

    @property
    def trades(self) -> int:
        """How many so far."""
        return self._whole.trades

    @property
    def equity(self) -> float | None:
        """Capital and all that was made since; None where the capital is not known."""
        return None if self.capital is None else self._equity

    def begin_with(self, capital: float) -> None:
        """The account before the first trade. Raises InputError once there was one."""
        if self.trades:
            raise InputError(f"the capital is what there was before the first trade, and {self.trades} were recorded")
        self.capital = self._equity = self._peak = capital_given(capital)

    def record(self, pnl: float, exit_reason: str = "", hour: int | None = None) -> None:
        """One closed trade. pnl: in money after costs. hour: of the day at its exit, 0 to 23, None to count it in none.
        Raises InputError, with nothing recorded, for what is no amount of money, no text or no hour."""
        amount, reason = moderate("pnl", pnl), word_given(exit_reason, "exit_reason")
        at = None if hour is None else _hour(hour)
        self._whole.add(amount)
        self._reasons.setdefault(kept_word(reason, self._reasons), Tally()).add(amount)
        if at is not None:
            self._hours.setdefault(at, Tally()).add(amount)
        self._gained += max(amount, 0.0)
        self._lost -= min(amount, 0.0)
        self._streaks(amount)
        self._fall(amount)

    def _streaks(self, amount: float) -> None:
        if amount > 0.0:
            self.streak = max(self.streak, 0) + 1
        elif amount < 0.0:
            self.streak = min(self.streak, 0) - 1
        else:
            self.streak = 0
        self._longest_won = max(self._longest_won, self.streak)
        self._longest_lost = max(self._longest_lost, -self.streak)

    def _fall(self, amount: float) -> None:
        self._equity += amount
        self._peak = max(self._peak, self._equity)
        fall = self._peak - self._equity
        self._deepest = max(self._deepest, fall)
        if self.capital is not None:
            self._deepest_fraction = max(self._deepest_fraction, fall / self._peak)

    def drawdown(self) -> DrawdownReading:
        """From the high, by closed trades."""
        fall = self._peak - self._equity
        if self.capital is None:
            return DrawdownReading(fall, self._deepest, None, None)
        return DrawdownReading(fall, self._deepest, fall / self._peak, self._deepest_fraction)

    def reading(self) -> TradeReading:
        """All of it as it stands."""
        won, lost = self._whole.won, self._whole.lost
        reasons = sorted(self._reasons.items(), key=lambda kept: (-kept[1].trades, kept[0]))
        return TradeReading(
            all=self._read(self._whole), average_win=self._gained / won if won else None,
            average_loss=-self._lost / lost if lost else None,
            profit_factor=_ratio(self._gained, self._lost), streak=self.streak,
            longest_winning_streak=self._longest_won, longest_losing_streak=self._longest_lost, drawdown=self.drawdown(),
            exit_reasons={reason: self._read(one) for reason, one in reasons},
            by_hour={hour: self._read(one) for hour, one in sorted(self._hours.items())}, capital=self.capital,
        )  # fmt: skip

    def _read(self, one: Tally) -> TallyReading:
        won = share_of(one.won, one.trades, self._config.confidence, self._config.fewest)
        return TallyReading(won, one.lost, one.pnl)


def _ratio(over: float, under: float) -> float | None:
    """None without a loss, and where no float holds it."""
    found = over / under if under > 0.0 else math.inf
    return found if math.isfinite(found) else None


def word_given(value: object, name: str) -> str:
    """A word to count under, on one line. Raises InputError for what is no text, and for a whole story."""
    if not isinstance(value, str):
        raise InputError(f"{name} must be text, not {shown(value)}")
    word = " ".join(value.split())
    if len(word) > _LONGEST_WORD:
        raise InputError(f"{name} is a word or two to count under, at most {_LONGEST_WORD} characters: {shown(word)}")
    return word or NOT_SAID


def _hour(value: object) -> int:
    number = whole_number(value)
    if number is None or not 0 <= number < _HOURS:
        raise InputError(f"hour must be a whole number from 0 to 23, not {shown(value)}")
    return number
