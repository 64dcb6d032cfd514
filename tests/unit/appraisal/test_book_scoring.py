"""The risk score beside a verdict: the number that the assessment gives, and no other."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from support.validations import example
from tradeworthy import RiskAssessment, validate
from tradeworthy.appraisal.book_scoring import ScoreTerms, score_of_trades
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.validation.samples import TradeSample


def test_a_validated_book_has_the_score_of_its_assessment() -> None:
    found = validate("fx-daily").risk
    assert found is not None
    assert found.score is not None
    assessed = RiskAssessment(scenarios=(), crises=()).run("fx-daily")
    assert found.score.score == assessed.score
    assert found.score.estimation == assessed.record.score.estimation
    assert found.level == assessed.level
    assert found.sentences[0] in assessed.executive_summary
    assert (found.first_day, found.last_day) == (assessed.record.first_day, assessed.record.last_day)


def test_the_score_of_an_earlier_day_knows_nothing_later() -> None:
    found = example().risk
    assert found is not None
    assert found.last_day is not None
    assert found.last_day <= "2024-06-28"


def test_a_history_of_trades_is_scored_as_its_assessment_is(tmp_path: Path) -> None:
    draws = np.random.default_rng(3).normal(0.1, 1.2, 300)
    days = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2020, 1, 1) + pl.duration(days=299), "1d", eager=True)
    table = pl.DataFrame({"time": days.dt.strftime("%Y-%m-%dT12:00:00Z"), "side": "long", "entry": 100.0, "stop": 99.0,
                          "exit": 100.0 + draws})  # fmt: skip
    table.write_csv(tmp_path / "trades.csv")
    found = validate(trades=tmp_path / "trades.csv").risk
    assert found is not None
    assert found.score is not None
    assert found.score.score == RiskAssessment().run(trades=tmp_path / "trades.csv").score


@pytest.mark.parametrize("trades", [0, 5])
def test_too_few_trades_have_no_score_and_a_sentence(trades: int) -> None:
    times = np.arange(1, trades + 1, dtype=np.int64) * 86_400_000_000_000
    found = score_of_trades([TradeSample("one", times, np.full(trades, -1.0), 0, 10**15)], ScoreTerms())
    assert found.level == "INSUFFICIENT DATA"
    assert found.sentences[0]
    assert found.score is None or found.score.score is None


def one_a_day(r: np.ndarray) -> list[TradeSample]:
    """A trade closed on each day of the week, weekends too."""
    times = (18_000 + np.arange(len(r), dtype=np.int64)) * 86_400_000_000_000 + 1
    return [TradeSample("one", times, r, 0, 10**19)]


DRAWS = np.random.default_rng(3).normal(0.1, 1.2, 400)


def test_every_term_reaches_the_score() -> None:
    found = score_of_trades(one_a_day(DRAWS), ScoreTerms(0.1, 120, 0.01, 1_000, 7)).score
    assert found == drawdown_score(0.01 * DRAWS, 0.1, 120, trades=400, paths=1_000, seed=7)
    assert found is not None
    assert found.score is not None
    assert 0 < found.score < 100


def test_years_of_other_than_trading_days_are_said_beside_a_verdict_too() -> None:
    found = score_of_trades(one_a_day(DRAWS), ScoreTerms(paths=500))
    assert "This record has 365 days a year, so that 252 of them are 8.3 months." in found.sentences


def test_trades_are_counted_and_not_only_the_days_they_closed_on() -> None:
    """Thirty days moved money, but by one trade each at most: of 29 there is no score."""
    r = np.array([1.0, -1.0] * 15)
    times = (18_000 + 7 * np.arange(30, dtype=np.int64)) * 86_400_000_000_000 + 1
    enough, few = (
        score_of_trades([TradeSample("one", times[:n], r[:n], 0, 10**19)], ScoreTerms(paths=200)) for n in (30, 29)
    )
    assert enough.score is not None
    assert enough.score.trades == 30
    assert enough.score.score is not None
    assert few.sentences[0] == (
        "There are not enough data for a score: the record has 29 trades and a score takes 30: 1 more."
    )
