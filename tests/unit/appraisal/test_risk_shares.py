"""Who carries the risk of a book, and what a cap on it would change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeworthy.appraisal.days_of_book import BookDays
from tradeworthy.appraisal.risk_shares import portfolio_risk
from tradeworthy.core.errors import NotEnoughData
from tradeworthy.risk.drawdown_scoring import drawdown_score


def days_of(shares: np.ndarray) -> BookDays:
    """Strategies called by letters."""
    n, k = shares.shape
    return BookDays(tuple("abcdefgh"[:k]), np.arange(n, dtype=np.int64), shares, 100)


@given(st.integers(0, 1_000), st.integers(2, 8), st.floats(1.0, 30.0))
@settings(max_examples=25)
def test_components_add_up_and_no_share_stays_over_the_cap(seed: int, k: int, large: float) -> None:
    rng = np.random.default_rng(seed)
    shares = 0.005 * rng.normal(size=(400, k)) * np.array([large, *np.ones(k - 1)])
    days = days_of(shares)
    found = portfolio_risk(days, drawdown_score(days.shares, paths=500, resamples=40))
    assert sum(one.component for one in found.shares.values()) == pytest.approx(found.value_at_risk)
    assert found.value_at_risk <= found.undiversified * (1 + 1e-9)
    assert found.capped_value_at_risk <= found.value_at_risk * (1 + 1e-9)
    sizes = np.array([one.capped for one in found.shares.values()])
    assert np.all((sizes > 0) & (sizes <= 1))
    matrix = np.array([[found.correlations[a][b] for b in found.shares] for a in found.shares])
    deviations = sizes * np.array([one.volatility for one in found.shares.values()])
    risk = deviations * (matrix @ deviations)
    assert np.all(risk / risk.sum() <= max(0.25, 1.5 / k) + 1e-6)


def test_one_that_carries_nearly_everything_is_cut_and_the_score_falls() -> None:
    rng = np.random.default_rng(7)
    shares = rng.normal(size=(600, 5)) * np.array([0.03, 0.004, 0.004, 0.004, 0.004])
    days = days_of(shares)
    found = portfolio_risk(days, drawdown_score(days.shares, paths=2_000, resamples=40))
    assert found.shares["a"].share > 0.8
    assert found.shares["a"].capped < 0.5
    assert found.score is not None
    assert found.capped_score is not None
    assert found.capped_score < found.score
    assert found.advice[0].startswith("a carries")
    assert "the score from" in found.advice[-1]


def test_a_hedge_takes_risk_off_and_is_said_to() -> None:
    rng = np.random.default_rng(8)
    one = 0.01 * rng.normal(size=400)
    days = days_of(np.column_stack((one, -0.5 * one + 0.001 * rng.normal(size=400), 0.005 * rng.normal(size=400))))
    found = portfolio_risk(days, drawdown_score(days.shares, paths=500, resamples=40))
    assert found.shares["b"].component < 0
    assert any(line.startswith("b lost when the others won") for line in found.advice)


def test_one_strategy_that_moved_is_no_portfolio() -> None:
    rng = np.random.default_rng(9)
    days = days_of(np.column_stack((0.01 * rng.normal(size=200), np.zeros(200))))
    with pytest.raises(NotEnoughData, match="needs two of them"):
        portfolio_risk(days, drawdown_score(days.shares, paths=500, resamples=40))


def test_volatility_is_that_of_a_sample_and_value_at_risk_follows_from_it() -> None:
    rng = np.random.default_rng(10)
    shares = 0.01 * rng.normal(size=(12, 2))
    days = days_of(shares)
    found = portfolio_risk(days, drawdown_score(days.shares, paths=500, resamples=40))
    deviations = np.array([np.sqrt(((column - column.mean()) ** 2).sum() / 11) for column in shares.T])
    assert [one.volatility for one in found.shares.values()] == pytest.approx(deviations.tolist(), rel=1e-12)
    assert found.undiversified == pytest.approx(2.3263478740408408 * deviations.sum(), rel=1e-12)


def test_of_several_that_are_to_be_cut_the_one_that_carries_most_is_named_first() -> None:
    rng = np.random.default_rng(11)
    days = days_of(rng.normal(size=(600, 6)) * np.array([0.001, 0.01, 0.001, 0.013, 0.001, 0.001]))
    found = portfolio_risk(days, drawdown_score(days.shares, paths=500, resamples=40))
    assert found.shares["d"].share > found.shares["b"].share > found.cap
    assert [line.split(" carries")[0] for line in found.advice[:2]] == ["d", "b"]
