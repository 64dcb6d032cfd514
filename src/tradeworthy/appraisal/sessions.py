"""Days of a desk against its backtest: put together out of the strategies' trades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from tradeworthy.appraisal.attributed import Attributed, Money, Part, SessionAttribution
from tradeworthy.appraisal.drift_of_sessions import SessionDrift
from tradeworthy.appraisal.strategy_comparing import Day, StrategyComparison


@dataclass(frozen=True, slots=True)
class AttributionRun:
    """A stretch of trading days, oldest first. drift: of each strategy, by all of its trades up to the last of these days."""

    desk: str
    sessions: tuple[SessionAttribution, ...]
    drift: tuple[SessionDrift, ...] = ()

    @property
    def money(self) -> Money:
        """Of all days."""
        return Money.total(one.money for one in self.sessions)

    @property
    def currency(self) -> str:
        """Of the account."""
        return self.sessions[-1].currency if self.sessions else ""

    @property
    def running(self) -> tuple[Money, ...]:
        """(days,) from the first day up to each."""
        return tuple(accumulate((one.money for one in self.sessions), lambda so_far, one: Money.total((so_far, one))))

    @property
    def strategies(self) -> Mapping[str, Money]:
        """Of all days, by strategy."""
        trades = [trade for one in self.sessions for trade in one.trades]
        names = dict.fromkeys(trade.strategy for trade in trades)
        return {name: Money.total(trade.money for trade in trades if trade.strategy == name) for name in names}

    @property
    def refused(self) -> Mapping[str, float]:
        """Money of trades that were refused, by check."""
        return _by_check(self.sessions)

    @property
    def verdict(self) -> Attributed:
        """Unexplained where any day is; could not tell where no day has a trade, or any has a problem."""
        verdicts = [one.verdict for one in self.sessions]
        if Attributed.UNEXPLAINED in verdicts or not self.money.is_explained:
            return Attributed.UNEXPLAINED
        untold = any(one.problems for one in self.sessions) or Attributed.ALL not in verdicts
        return Attributed.COULD_NOT_TELL if untold else Attributed.ALL

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "desk": self.desk, "verdict": str(self.verdict), "currency": self.currency, "money": self.money.to_dict(),
            "refused": dict(self.refused), "strategies": {name: one.to_dict() for name, one in self.strategies.items()},
            "sessions": [one.to_dict() for one in self.sessions], "running": [one.to_dict() for one in self.running],
            "drift": [one.to_dict() for one in self.drift],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayRemarks:
    """What is known of a day besides its trades."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def session_of(
    day: Day, comparisons: Sequence[StrategyComparison], currency: str, remarks: DayRemarks | None = None
) -> SessionAttribution:
    """One trading day, strategies in the order of the book."""
    said = remarks or DayRemarks()
    trades = tuple(trade for one in comparisons for trade in one.trades_in(day))
    refused: dict[str, float] = {}
    for one in trades:
        if one.check:
            refused[one.check] = refused.get(one.check, 0.0) + one.money.parts.get(Part.REFUSAL, 0.0)
    return SessionAttribution(
        day.date, currency, day.begins_ns, day.ends_ns, trades, Money.total(one.money for one in trades), refused,
        said.problems, said.notes,
    )  # fmt: skip


def _by_check(sessions: Sequence[SessionAttribution]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in sessions:
        for check, value in one.refused.items():
            found[check] = found.get(check, 0.0) + value
    return found
