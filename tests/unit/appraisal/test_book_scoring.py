"""The risk score beside a verdict: the number that the assessment gives, and no other."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from support.validations import example
from tradeworthy import RiskAssessment, validate
from tradeworthy.appraisal.book_scoring import ScoreTerms, score_of_trades
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
