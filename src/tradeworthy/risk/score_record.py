"""The score of a book: what it says, how sure it is, and the words for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tradeworthy.risk.shares import Span

LOW_UNDER, MODERATE_UNDER, HIGH_UNDER = 5.0, 20.0, 50.0
"""Points of the score, which are chances in 100."""


class DrawdownLevel(StrEnum):
    """Bands of the score: under 1 in 20, under 1 in 5, under an even chance, and from there on."""

    LOW = "LOW"
    MODERATE = "MODERATE"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"
    INSUFFICIENT_DATA = "INSUFFICIENT DATA"


def level_of(score: float) -> DrawdownLevel:
    """The band of a score of 0 to 100."""
    if score < LOW_UNDER:
        return DrawdownLevel.LOW
    if score < MODERATE_UNDER:
        return DrawdownLevel.MODERATE
    return DrawdownLevel.HIGH if score < HIGH_UNDER else DrawdownLevel.VERY_HIGH


@dataclass(frozen=True, slots=True)
class DrawdownScore:
    """100 x the chance that equity falls by `limit` or more from a peak, at some day's end within `horizon` days.

    score: None where the record is too short, and `reason` says what it lacks. monte_carlo: what a finite number of paths
    leaves open (binomial). estimation: what a finite record leaves open, in points as well: the record is drawn anew in
    blocks `resamples` times and scored each time, and the spread of those scores makes the interval. predictive: their
    mean, the score with that doubt counted in. same_level: share of them that fall into the same band. limit: fraction;
    risk_per_trade: fraction, None as recorded; block: days. drift: share of the record's mean that was kept. days_needed,
    trades_needed: the least that a score takes.
    """

    score: float | None
    level: DrawdownLevel
    reason: str
    monte_carlo: Span | None
    estimation: Span | None
    predictive: float | None
    same_level: float | None
    limit: float
    horizon: int
    risk_per_trade: float | None
    confidence: float
    days: int
    trades: int | None
    days_needed: int
    trades_needed: int
    paths: int
    resamples: int
    block: float
    drift: float
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "level": str(self.level)}


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Where the points of a score come from.

    volatility: of the same days without their mean, one by one, each strategy's in an order of its own. together: what is
    added because strategies win and lose on the same days. in_a_row: because days hang together. drift: because the mean is
    what it is (below zero where it helps). The four add up to `score`, in this order; another order would share them out
    otherwise. without_drift, shuffled: the score of the book with its mean taken off, and with its days one by one.
    strategies: by name, points that the book has more than it would have without that one (below zero: it helps); they do
    not add up. random_walk: points of a driftless random walk of the same volatility, seen at every moment (closed form).
    """

    score: float
    volatility: float
    together: float
    in_a_row: float
    drift: float
    without_drift: float
    shuffled: float
    random_walk: float
    strategies: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "strategies": dict(self.strategies)}
