"""Sharpe ratios and their luck: conventions, extremes, and what is refused."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

from tradeworthy import validation
from tradeworthy.core.errors import InputError

DAILY = 0.1


def test_the_two_conventions_of_the_variance_differ_by_one_observation() -> None:
    assert validation.sharpe_standard_error(0.5, 12, ddof=1) == validation.sharpe_standard_error(0.5, 11)
    theirs = validation.probabilistic_sharpe_ratio(DAILY, 101)
    assert validation.probabilistic_sharpe_ratio(DAILY, 100, ddof=0) == theirs
    with_one = validation.minimum_track_record_length(DAILY, 0.0)
    assert validation.minimum_track_record_length(DAILY, 0.0, ddof=0) == pytest.approx(with_one - 1)
    assert validation.deflated_sharpe_ratio(DAILY, 100, 1, 0.0, ddof=0) == theirs


def test_the_standard_error_is_what_simulated_returns_show() -> None:
    """Exponential gains: skewness 2, kurtosis 9, Sharpe ratio 0.5 after taking 0.5 off."""
    returns = np.random.default_rng(5).exponential(size=(20_000, 400)) - 0.5
    ratios = returns.mean(axis=1) / returns.std(axis=1)
    assert ratios.std() == pytest.approx(validation.sharpe_standard_error(0.5, 400, 2, 9), rel=0.02)
    assert ratios.std() != pytest.approx(validation.sharpe_standard_error(0.5, 400), rel=0.1)


def test_one_try_has_no_luck_to_take_off() -> None:
    assert validation.expected_maximum_sharpe(1, 0.5) == 0.0
    assert validation.minimum_backtest_length(1, 1.0) == 0.0
    assert validation.deflated_sharpe_ratio(DAILY, 500, 1, 0.5, -1, 6) == validation.probabilistic_sharpe_ratio(
        DAILY, 500, -1, 6
    )


@pytest.mark.parametrize(("trials", "error"), [(2, 0.08), (5, 0.026), (10, 0.024), (100, 0.01), (10_000, 0.003)])
def test_the_luck_of_many_tries_is_near_the_exact_mean_of_the_largest(trials: int, error: float) -> None:
    def density(x: float) -> float:
        return float(x * trials * stats.norm.pdf(x) * stats.norm.cdf(x) ** (trials - 1))

    exact = integrate.quad(density, -8, 12, points=[0, 2, 4], limit=200)[0]
    assert validation.expected_maximum_sharpe(trials, 1.0) == pytest.approx(exact, rel=error)
    assert validation.expected_maximum_sharpe(trials, 0.25) == validation.expected_maximum_sharpe(trials, 1.0) / 2


def test_the_backtest_length_stays_below_its_published_bound() -> None:
    for trials in (2, 7, 45, 1_000, 10**9):
        assert validation.minimum_backtest_length(trials, 0.8) <= 2 * math.log(trials) / 0.8**2


def test_extremes_are_numbers_and_right_in_the_limit() -> None:
    assert validation.probabilistic_sharpe_ratio(0.0, 10**15) == 0.5
    assert validation.probabilistic_sharpe_ratio(0.01, 10**15) == 1.0
    assert validation.probabilistic_sharpe_ratio(-0.01, 10**7) < 1e-200
    assert validation.probabilistic_sharpe_ratio(-1e200, 3) == pytest.approx(stats.norm.cdf(-2.0))
    assert validation.probabilistic_sharpe_ratio(1e308, 3, benchmark=-1e308) == pytest.approx(stats.norm.cdf(4.0))
    assert validation.sharpe_standard_error(0.0, 10**18) == 1e-9
    assert validation.sharpe_standard_error(2.0, 10, 1, 2) == 0.0
    assert validation.expected_maximum_sharpe(1e300, 1.0) == pytest.approx(37.0, abs=0.5)
    assert validation.expected_maximum_sharpe(10, 0.0) == 0.0
    assert validation.minimum_track_record_length(0.1, 0.0, confidence=0.5) == 1.0
    assert validation.minimum_track_record_length(0.1, 0.0, confidence=0.2) == 1.0


def test_kurtosis_at_its_least_is_a_distribution_of_two_values() -> None:
    """Skewness -3 and kurtosis 10 are on the edge, and the published example uses them."""
    assert validation.sharpe_standard_error(0.2, 100, -3, 10) == pytest.approx(0.1 * (1 + 1.5 * 0.2))


@pytest.mark.parametrize(
    ("weight", "periods", "factor"),
    [
        (1.0, 12, 1.0),
        (-1.0, 13, 13.0),
        (0.0, 365.25, math.sqrt(365.25)),
        (0.5, 1, 1.0),
        (0.9, 0.25, 0.5),
        (1.0, 5_000_000, 1.0),
        ([0.3], 4, 4 / math.sqrt(4 + 2 * 3 * 0.3)),
        ([0.3, -0.1, 0.05, 0.9], 3, 3 / math.sqrt(3 + 2 * (2 * 0.3 - 0.1))),
        ([], 9, 3.0),
    ],
)
def test_periods_add_up_by_los_formula(weight: float | list[float], periods: float, factor: float) -> None:
    assert validation.annualise_sharpe(1.0, periods, weight) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("weight", [-0.99, -0.3, 0.4, 0.999])
def test_the_closed_form_takes_over_from_the_sum_without_a_step(weight: float) -> None:
    before, after = (validation.annualise_sharpe(1.0, periods, weight) for periods in (1_000_000, 1_000_001))
    assert after / before == pytest.approx(math.sqrt(1.000001), rel=1e-8)


def test_listed_autocorrelations_of_a_first_order_series_give_what_its_weight_gives() -> None:
    listed = [0.3**lag for lag in range(1, 252)]
    assert validation.annualise_sharpe(DAILY, 252, listed) == pytest.approx(
        validation.annualise_sharpe(DAILY, 252, 0.3)
    )


def test_the_aggregated_ratio_is_what_simulated_sums_show() -> None:
    rng = np.random.default_rng(9)
    shocks = rng.normal(size=(40_000, 62))
    series = np.zeros_like(shocks)
    for t in range(1, 62):
        series[:, t] = 0.4 * series[:, t - 1] + shocks[:, t]
    sums = (series[:, 50:] / series[:, 50:].std()).sum(axis=1)
    assert 12 * 0.2 / sums.std() == pytest.approx(validation.annualise_sharpe(0.2, 12, 0.4), rel=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: validation.probabilistic_sharpe_ratio(math.nan, 10), "sharpe must be a finite number"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 1), "n must be at least 2"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, math.inf), "n must be a finite number"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, benchmark=math.inf), "benchmark must be a finite"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, 0, 0), "kurtosis is at least 1 \\+ skewness squared"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, 3, 9.9), "kurtosis is at least 1 \\+ skewness squared"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, math.nan), "skewness must be a finite"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, 0, math.inf), "kurtosis must be a finite"),
        (lambda: validation.probabilistic_sharpe_ratio(2.0, 10, 1, 2), "no variance at all"),
        (lambda: validation.probabilistic_sharpe_ratio(0.1, 10, ddof=2), "ddof must be 0 or 1"),
        (lambda: validation.sharpe_standard_error(0.1, 1.5), "n must be at least 2"),
        (lambda: validation.deflated_sharpe_ratio(0.1, 100, 0.5, 0.1), "trials must be at least 1"),
        (lambda: validation.deflated_sharpe_ratio(0.1, 100, 10, -0.1), "trial_variance must be at least 0"),
        (lambda: validation.expected_maximum_sharpe(math.inf, 1.0), "trials must be a finite"),
        (lambda: validation.minimum_track_record_length(0.1, 0.1), "does not exceed the benchmark"),
        (lambda: validation.minimum_track_record_length(0.1, 0.2), "does not exceed the benchmark"),
        (lambda: validation.minimum_track_record_length(0.1, 0, confidence=1), "confidence must lie between 0 and 1"),
        (lambda: validation.minimum_track_record_length(0.1, 0, confidence=0), "confidence must lie between 0 and 1"),
        (lambda: validation.minimum_track_record_length(1e-200, 0), "too close to each other"),
        (lambda: validation.minimum_backtest_length(0, 1), "trials must be at least 1"),
        (lambda: validation.minimum_backtest_length(10, 0), "sharpe must be above 0"),
        (lambda: validation.minimum_backtest_length(10, 1e-200), "too close to zero"),
        (lambda: validation.annualise_sharpe(0.1, 0), "periods must be above 0"),
        (lambda: validation.annualise_sharpe(0.1, 12, 1.01), "from -1 to 1"),
        (lambda: validation.annualise_sharpe(0.1, 12, math.nan), "from -1 to 1"),
        (lambda: validation.annualise_sharpe(0.1, 12, [0.1, math.nan]), "from -1 to 1"),
        (lambda: validation.annualise_sharpe(0.1, 12, -1), "has no variance"),
        (lambda: validation.annualise_sharpe(0.1, 12, [-0.9]), "has no variance"),
    ],
)
def test_what_no_formula_allows_is_refused_in_a_sentence(call: Callable[[], float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
