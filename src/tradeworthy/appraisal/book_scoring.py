"""The risk score of what is being validated, beside the verdict, which it does not decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradeworthy.appraisal.days_of_book import BookDays, trade_days
from tradeworthy.appraisal.next_day_losses import day_text
from tradeworthy.appraisal.risk_days import days_at_risk, traded_at_risk
from tradeworthy.appraisal.risk_summary import score_sentences
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.core.errors import InputError
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.risk.score_record import DrawdownLevel, DrawdownScore
from tradeworthy.validation.samples import TradeSample


@dataclass(frozen=True, slots=True)
class ScoreTerms:
    """limit: the fall that counts, a fraction; horizon: trading days; risk: share of equity lost at a stop; seed: of the
    futures drawn."""

    limit: float = 0.20
    horizon: int = 252
    risk: float = RISK_PER_TRADE
    paths: int = 10_000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class BookScore:
    """The score, None where nothing could be drawn from, and the sentences that tell it. risk_per_trade: share of equity.
    first_day, last_day: of the record."""

    score: DrawdownScore | None
    level: str
    sentences: tuple[str, ...]
    risk_per_trade: float
    first_day: str | None = None
    last_day: str | None = None


def score_of_book(members: Sequence[Member], terms: ScoreTerms) -> BookScore:
    """The score that `tradeworthy risk` gives the same book for the same question."""
    try:
        days = days_at_risk(members, traded_at_risk(members, terms.risk))
    except InputError as error:
        return _none(str(error), terms)
    return _scored(days, terms)


def score_of_trades(samples: Sequence[TradeSample], terms: ScoreTerms) -> BookScore:
    """The same of a history of trades, each of which counts on the day it closed."""
    try:
        days = trade_days(samples, terms.risk)
    except InputError as error:
        return _none(str(error), terms)
    return _scored(days, terms)


def _none(why: str, terms: ScoreTerms) -> BookScore:
    return BookScore(None, str(DrawdownLevel.INSUFFICIENT_DATA), (f"{why[:1].upper()}{why[1:]}.",), terms.risk)


def _scored(days: BookDays, terms: ScoreTerms) -> BookScore:
    score = drawdown_score(
        days.shares, terms.limit, terms.horizon, trades=days.trades, paths=terms.paths, seed=terms.seed
    )  # fmt: skip
    said = (*score_sentences(score, days.periods, tuple(days.ruined.values())), *(f"{note}." for note in days.notes))
    return BookScore(
        score, str(score.level), tuple(dict.fromkeys(said)), terms.risk, day_text(int(days.date[0])),
        day_text(int(days.date[-1])),
    )  # fmt: skip
