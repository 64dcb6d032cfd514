"""What must hold for the statistics of luck, whatever they are given."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support.plain_overfitting import plain_splits
from tradeworthy import validation

RATIOS = st.floats(-3, 3)
COUNTS = st.integers(2, 10**6)
SKEWNESS = st.floats(-4, 4)
EXCESS = st.floats(0.1, 30)  # of kurtosis above 1 + skewness squared
TRIES = st.floats(1, 1e9)
SPREADS = st.floats(0, 4)
P_VALUES = st.lists(st.floats(0, 1), max_size=30)
SEEDS = st.integers(0, 2**32 - 1)


@given(RATIOS, RATIOS, COUNTS, SKEWNESS, EXCESS)
def test_a_probability_lies_from_0_to_1_and_is_a_half_at_the_benchmark(
    sharpe: float, benchmark: float, n: int, skewness: float, excess: float
) -> None:
    kurtosis = 1 + skewness**2 + excess
    found = validation.probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis, benchmark)
    assert 0.0 <= found <= 1.0
    assert (found >= 0.5) == (sharpe >= benchmark) or found == 0.5
    assert validation.probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis, sharpe) == 0.5


@given(RATIOS, RATIOS, COUNTS, COUNTS)
def test_more_observations_make_one_surer_of_the_same_side(sharpe: float, benchmark: float, n: int, more: int) -> None:
    few = validation.probabilistic_sharpe_ratio(sharpe, n, benchmark=benchmark)
    many = validation.probabilistic_sharpe_ratio(sharpe, n + more, benchmark=benchmark)
    assert abs(many - 0.5) >= abs(few - 0.5)


@given(st.floats(0, 3), st.floats(0, 1), COUNTS, RATIOS)
def test_a_lower_benchmark_and_a_higher_normal_ratio_are_likelier(
    sharpe: float, more: float, n: int, benchmark: float
) -> None:
    found = validation.probabilistic_sharpe_ratio(sharpe, n, benchmark=benchmark)
    assert validation.probabilistic_sharpe_ratio(sharpe, n, benchmark=benchmark - more) >= found
    assert validation.probabilistic_sharpe_ratio(sharpe + more, n) >= validation.probabilistic_sharpe_ratio(sharpe, n)


@given(st.floats(0.001, 1), st.floats(0.001, 1), SKEWNESS, EXCESS, st.floats(0.51, 0.9999))
def test_at_the_minimum_track_record_the_probability_is_the_confidence(
    benchmark: float, gap: float, skewness: float, excess: float, confidence: float
) -> None:
    sharpe, kurtosis = benchmark + gap, 1 + skewness**2 + excess
    n = validation.minimum_track_record_length(sharpe, benchmark, skewness, kurtosis, confidence)
    assume(n >= 2)
    found = validation.probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis, benchmark)
    assert found == pytest.approx(confidence, abs=1e-9)


@given(RATIOS, COUNTS, TRIES, SPREADS, SKEWNESS, EXCESS)
def test_deflating_never_makes_a_ratio_likelier(
    sharpe: float, n: int, trials: float, variance: float, skewness: float, excess: float
) -> None:
    kurtosis = 1 + skewness**2 + excess
    found = validation.deflated_sharpe_ratio(sharpe, n, trials, variance, skewness, kurtosis)
    assert found <= validation.probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis)


@given(TRIES, TRIES, SPREADS)
def test_more_tries_have_more_luck(trials: float, more: float, variance: float) -> None:
    few, many = (validation.expected_maximum_sharpe(n, variance) for n in (trials, trials + more))
    assert 0.0 <= few <= many


@given(RATIOS, st.integers(1, 400), st.floats(-0.999, 0.999))
def test_trends_lower_and_reversals_raise_an_annual_ratio(sharpe: float, periods: int, weight: float) -> None:
    plain, found = sharpe * math.sqrt(periods), validation.annualise_sharpe(sharpe, periods, weight)
    assert abs(found) <= abs(plain) * (1 + 1e-9) or weight < 0
    assert abs(found) >= abs(plain) * (1 - 1e-9) or weight > 0


@given(P_VALUES)
def test_benjamini_hochberg_lies_between_the_p_values_and_holms(p_values: list[float]) -> None:
    found = validation.benjamini_hochberg(p_values)
    for p, adjusted, stricter in zip(p_values, found, validation.holm(p_values), strict=True):
        assert p <= adjusted * (1 + 1e-12)
        assert adjusted <= stricter * (1 + 1e-12)
    ranked = sorted(zip(p_values, found, strict=True))
    assert [adjusted for _, adjusted in ranked] == sorted(found)


@given(SEEDS, st.integers(1, 12), st.integers(2, 30))
def test_the_effective_number_lies_from_one_to_all(seed: int, tests: int, rows: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(rows, tests))
    matrix = np.atleast_2d(np.corrcoef(drawn, rowvar=False))
    assert 1 - 1e-9 <= validation.effective_number(matrix) <= tests + 1e-9


@given(SEEDS, st.integers(2, 9), st.sampled_from([2, 4, 6, 8]), st.integers(0, 7))
def test_overfitting_is_that_of_a_plain_loop_and_does_not_depend_on_the_order_of_columns(
    seed: int, columns: int, blocks: int, extra: int
) -> None:
    rng = np.random.default_rng(seed)
    returns = rng.normal(size=(4 * blocks + extra % blocks, columns))
    found, plain = validation.probability_of_backtest_overfitting(returns, blocks), plain_splits(returns, blocks)
    shuffled = validation.probability_of_backtest_overfitting(returns[:, rng.permutation(columns)], blocks)
    assert found.probability == plain.probability == shuffled.probability
    assert found.logits == pytest.approx(plain.logits)
    assert found.logits == pytest.approx(shuffled.logits)
    assert (found.slope, found.r_squared) == pytest.approx((shuffled.slope, shuffled.r_squared))


@given(SEEDS, st.sampled_from([0.0, 0.01, 1.0]))
def test_no_figure_of_overfitting_is_nan_however_seldom_the_columns_trade(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    returns = np.where(rng.random((64, 5)) < share, rng.normal(size=(64, 5)), 0.0)
    returns[rng.integers(64), :] = rng.normal(size=5)
    found = validation.probability_of_backtest_overfitting(returns, 8)
    numbers = [found.probability, found.slope, found.intercept, found.r_squared, found.probability_of_loss]
    assert np.isfinite([*numbers, *found.logits, *found.in_sample, *found.out_of_sample]).all()


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1e-6, 0.5), st.sampled_from(["obrien_fleming", "pocock", "power"]))
def test_alpha_is_spent_once_and_never_given_back(one: float, two: float, error: float, kind: str) -> None:
    early, late = sorted((one, two))
    spent = validation.alpha_spending([0.0, early, late, 1.0], error, kind)
    assert (np.diff(spent) >= -1e-15).all()
    assert (spent[0], spent[-1]) == (0.0, pytest.approx(error))


@settings(max_examples=25)
@given(st.integers(1, 60), st.floats(1e-4, 0.4))
def test_looking_again_never_lowers_the_error_and_stays_below_the_sum_of_levels(looks: int, level: float) -> None:
    once_more = validation.repeated_looks_error(looks + 1, level)
    found = validation.repeated_looks_error(looks, level)
    assert level * (1 - 1e-9) <= found <= once_more <= min(1.0, (looks + 1) * level * (1 + 1e-9))


@settings(max_examples=25)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=8), st.sampled_from(["obrien_fleming", "pocock", "power"]))
def test_bounds_of_two_sides_are_hardly_below_those_of_one_at_half_the_error(steps: list[int], kind: str) -> None:
    """By as much as those who have crossed one bound and would have crossed the other later."""
    times = np.cumsum(steps) / sum(steps)
    one, two = (validation.spending_bounds(times, 0.025 * sides, kind, sides=sides) for sides in (1, 2))
    assert one == pytest.approx(two, abs=1e-3)
    assert all(wide >= narrow - 1e-9 for wide, narrow in zip(one, two, strict=True))
