"""Skewness, kurtosis and tails of returns."""

import numpy as np
import pytest
from scipy import stats

from tradeworthy import validation

RETURNS = np.random.default_rng(5).standard_t(4, size=700) / 100


def test_moments_are_those_of_the_population_as_scipy_has_them() -> None:
    assert validation.skewness(RETURNS) == pytest.approx(stats.skew(RETURNS), rel=1e-12)
    assert validation.kurtosis(RETURNS) == pytest.approx(stats.kurtosis(RETURNS, fisher=False), rel=1e-12)


def test_a_coin_has_kurtosis_one_and_no_skewness() -> None:
    assert validation.kurtosis([0.01, -0.01] * 8) == pytest.approx(1.0)
    assert validation.skewness([0.01, -0.01] * 8) == pytest.approx(0.0)
    assert validation.skewness([0.0, 0.0, 0.0, 1.0]) == pytest.approx(2 / np.sqrt(3))


def test_moments_of_a_constant_are_none() -> None:
    assert validation.skewness([0.1] * 3) is None
    assert validation.kurtosis([0.1]) is None


def test_the_tail_ratio_is_of_quantiles_and_needs_a_loss() -> None:
    returns = np.arange(-10, 31) / 100
    assert validation.tail_ratio(returns) == pytest.approx(0.28 / 0.08)
    assert validation.tail_ratio(np.arange(0, 31) / 100) is None


def test_the_tail_ratio_of_empyricals_example_is_the_published_one_to_its_digit() -> None:
    returns = np.array([np.nan, 1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100
    assert validation.tail_ratio(returns) == pytest.approx(0.9473684210526313, abs=0.05)
    assert validation.tail_ratio(returns) == pytest.approx(7.55 / 7.9)


def test_a_compound_growth_past_all_numbers_is_none() -> None:
    assert validation.calmar_ratio([50.0, -0.1], periods=10_000) is None
