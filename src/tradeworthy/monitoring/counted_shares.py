"""Shares of counts with their intervals, and bounded tables of them by word."""

from dataclasses import dataclass
from typing import Any, Final

from tradeworthy.validation.intervals import Interval, wilson_interval

MOST_WORDS: Final = 50
"""Words that a table keeps apart; what comes under further ones is counted under `OTHER`."""
OTHER: Final = "(others)"


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with the Wilson interval of the share behind it; None of nothing. enough: whether to conclude from it."""

    count: int
    of: int
    interval: Interval | None
    enough: bool

    @property
    def share(self) -> float | None:
        """A fraction."""
        return self.count / self.of if self.of else None

    def to_dict(self) -> dict[str, Any]:
        """{share, count, of, low, high, enough_data}."""
        low, high = (None, None) if self.interval is None else (self.interval.low, self.interval.high)
        return {
            "share": self.share, "count": self.count, "of": self.of, "low": low, "high": high, "enough_data": self.enough,
        }  # fmt: skip


def share_of(count: int, of: int, confidence: float, fewest: int) -> Share:
    """The share with its interval (Wilson 1927)."""
    return Share(count, of, wilson_interval(count, of, confidence) if of else None, of >= fewest)


class Tally:
    """Trades of one kind: how many, won, lost, and what they made."""

    __slots__ = ("lost", "pnl", "trades", "won")

    def __init__(self) -> None:
        self.trades = self.won = self.lost = 0
        self.pnl = 0.0

    def add(self, pnl: float) -> None:
        """One more trade. One of zero is neither won nor lost."""
        self.trades += 1
        self.won += pnl > 0.0
        self.lost += pnl < 0.0
        self.pnl += pnl


def kept_word(word: str, known: dict[str, Any]) -> str:
    """The word under which to count: itself while there is room."""
    return word if word in known or len(known) < MOST_WORDS else OTHER
