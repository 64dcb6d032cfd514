"""What a score said of a record's own past, and what came of it."""

from dataclasses import dataclass

from tradeworthy.risk.forecast_scores import ForecastQuality
from tradeworthy.risk.shares import Span


@dataclass(frozen=True, slots=True)
class HeldForecast:
    """day: the last one that the forecast knew. chance: of a fall by the limit within the horizon after it. fall: the deepest
    that came, a fraction. came: whether that reached the limit."""

    day: str
    chance: float
    fall: float
    came: bool


@dataclass(frozen=True, slots=True)
class ScoreReliability:
    """One question asked at earlier days of a record, each time of the days before alone, and held against those after.

    limit, horizon: of the question. apart: days between two askings, the horizon or more, so that no day is an outcome twice.
    needed: askings that a reliability diagram takes. held: oldest first. said: mean chance, None without any. came: how many
    came true; likely: how many would in 95 of 100 cases, were every chance right and outcomes independent. quality: the
    diagram and its scores, None where there are fewer than needed, and skill: 1 - Brier score / that of the base rate of these
    very outcomes, with an interval that draws askings anew, None unless at least 5 came true and 5 did not. reason: why there is
    no diagram. more_years: of record that it would take, None where there is one or where days are not counted in years.
    """

    limit: float
    horizon: int
    apart: int
    needed: int
    held: tuple[HeldForecast, ...]
    said: float | None
    came: int
    likely: tuple[int, int] | None
    quality: ForecastQuality | None
    skill_interval: Span | None
    reason: str
    more_years: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """asked: the question that the score answers. shorter: the same one over as many days as leave the record enough
    askings, with a limit that a walk without drift reaches as often; None where `asked` has enough, or nothing does."""

    asked: ScoreReliability
    shorter: ScoreReliability | None
