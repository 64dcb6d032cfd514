"""Was the score right before? Asked again at earlier days of the same record, and held against what came after each."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.days_of_book import BookDays
from tradeworthy.appraisal.next_day_losses import day_text
from tradeworthy.appraisal.reliability_record import HeldForecast, Reliability, ScoreReliability
from tradeworthy.risk.drawdown_scoring import BLOCKS_NEEDED, DAYS_NEEDED, ROUNDING, breaches, missing_for
from tradeworthy.risk.forecast_scores import forecast_quality
from tradeworthy.risk.score_questions import Question, block_of
from tradeworthy.risk.shares import Span

Floats = npt.NDArray[np.float64]

FIRST_DAYS = 250
"""Known to the first forecast: a year of trading."""
IN_A_BIN, FEWEST_BINS, MOST_BINS = 15, 4, 10
"""Wilson's interval of 15 outcomes is up to 45 points wide: fewer in a bin say nothing of where it stands."""
NEEDED = IN_A_BIN * FEWEST_BINS
MOST_ASKED = 240
SHORTEST = 5
"""Days: a week."""
PATHS = 4_000
FEWEST_OF_EACH = 5
RESAMPLES = 2_000


def score_reliability(days: BookDays, limit: float, horizon: int, *, paths: int = PATHS, seed: int = 0) -> Reliability:
    """Of the score for a fall by `limit` (fraction) within `horizon` trading days, over this record.

    Every forecast is made as the score is, from all days before it, the first from 250; outcomes do not overlap, and the
    last one ends with the record. Raises InputError as `drawdown_score` does.
    """
    asked = _held(days, limit, horizon, paths, seed)
    if asked.quality is not None:
        return Reliability(asked, None)
    span = min((len(days.date) - FIRST_DAYS) // NEEDED, horizon - 1)
    if span < SHORTEST:
        return Reliability(asked, None)
    shorter = _held(days, shorter_limit(limit, horizon, span), span, paths, seed)
    return Reliability(asked, shorter if shorter.quality is not None else None)


def shorter_limit(limit: float, horizon: int, span: int) -> float:
    """The fall within `span` days that a random walk without drift reaches as often as `limit` within `horizon`, watched at
    every moment: its distance from the peak grows with the root of time."""
    return -math.expm1(math.log1p(-limit) * math.sqrt(span / horizon))


def _held(days: BookDays, limit: float, horizon: int, paths: int, seed: int) -> ScoreReliability:
    count = len(days.date)
    apart = max(horizon, math.ceil((count - FIRST_DAYS) / MOST_ASKED))
    starts = np.arange(count - horizon, FIRST_DAYS - 1, -apart)[::-1]
    every = [_forecast(days, int(start), limit, horizon, paths, seed) for start in starts]
    held = tuple(one for one in every if one is not None)
    if not held:
        return ScoreReliability(
            limit, horizon, apart, NEEDED, (), None, 0, None, None, None, *_missing(days, 0, apart, horizon)
        )
    chances, came = np.array([one.chance for one in held]), np.array([one.came for one in held], np.float64)
    likely = likely_count(chances)
    if len(held) < NEEDED:
        reason, years = _missing(days, len(held), apart, horizon)
        return ScoreReliability(
            limit,
            horizon,
            apart,
            NEEDED,
            held,
            float(chances.mean()),
            int(came.sum()),
            likely,
            None,
            None,
            reason,
            years,
        )
    quality = forecast_quality(chances, came, bins=min(MOST_BINS, len(held) // IN_A_BIN))
    return ScoreReliability(
        limit, horizon, apart, NEEDED, held, float(chances.mean()), int(came.sum()), likely, quality,
        _skill_interval(chances, came, seed), "", None,
    )  # fmt: skip


def _forecast(days: BookDays, start: int, limit: float, horizon: int, paths: int, seed: int) -> HeldForecast | None:
    """None where the days before do not make a score."""
    past = days.shares[:start]
    book = past.sum(axis=1)
    block = block_of(book, None)
    if missing_for(past, None, max(DAYS_NEEDED, math.ceil(BLOCKS_NEEDED * block))):
        return None
    asked = Question.of(limit, horizon, (None, None), (min(paths, PATHS), 40), 0.95, seed + start)
    chance = breaches(book, asked, block, threads=None) / asked.paths
    after = np.cumprod(1.0 + np.append(0.0, days.book[start : start + horizon]))
    fall = float(np.max(1.0 - after / np.maximum.accumulate(after)))
    return HeldForecast(day_text(int(days.date[start - 1])), chance, fall, fall >= limit - ROUNDING)


def _missing(days: BookDays, have: int, apart: int, horizon: int) -> tuple[str, float | None]:
    """Why there is no diagram, and how many years more of record one would take."""
    years = None if days.periods is None else (NEEDED - have) * apart / days.periods
    first = f"; the first takes {FIRST_DAYS + horizon:,} days, and there are {len(days.date):,}" if not have else ""
    return (
        f"a reliability diagram takes {NEEDED} forecasts whose outcomes do not overlap, and this record holds {have}{first}",
        years,
    )


def likely_count(chances: Floats, confidence: float = 0.95) -> tuple[int, int]:
    """Least and most of n independent events with these chances (n,) that happen, in the middle `confidence` of cases: the
    exact distribution of their number, one event after the other."""
    mass = np.ones(1)
    for one in chances:
        mass = np.append(mass * (1.0 - one), 0.0) + np.append(0.0, mass * one)
    tail, total = (1.0 - confidence) / 2.0, np.cumsum(mass)
    low, high = (int(np.searchsorted(total, at - ROUNDING)) for at in (tail, 1.0 - tail))
    return low, min(high, len(chances))


def _skill_interval(chances: Floats, came: Floats, seed: int) -> Span | None:
    """95%, forecasts with their outcomes drawn with replacement."""
    n, yes = len(came), int(came.sum())
    if min(yes, n - yes) < FEWEST_OF_EACH:
        return None
    drawn = np.random.Generator(np.random.Philox(seed % 2**64)).integers(0, n, (RESAMPLES, n))
    share = came[drawn].mean(axis=1)
    fair = (share > 0.0) & (share < 1.0)
    brier = ((chances - came) ** 2)[drawn].mean(axis=1)
    low, high = np.quantile(1.0 - brier[fair] / (share * (1.0 - share))[fair], [0.025, 0.975])
    return Span(float(low), float(high))
