"""What must hold of risk statistics for any record."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import (
    LossModel,
    component_var,
    correlation_matrix,
    expected_longest_loss_run,
    expected_max_drawdown,
    fit_gpd,
    longest_loss_run_probability,
    loss_model,
    monotone_kurtosis,
    nearest_correlation,
    quantile_interval,
    ruin,
    stationary_distribution,
    stressed_correlation,
)
from tradeworthy.risk.loss_models import CornishFisherLosses, NormalLosses, StudentTLosses

SEEDS = st.integers(0, 2**32 - 1)
LEVELS = st.lists(st.floats(0.901, 0.9949), min_size=2, max_size=5).map(sorted)
FAST = ["historical", "normal", "student_t", "cornish_fisher", "pot"]


def record(seed: int, n: int = 220) -> Floats:
    """Returns of some tail, lean and scale."""
    random = np.random.default_rng(seed)
    x = random.standard_t(random.uniform(2.5, 30), size=n)
    return np.asarray(10.0 ** random.uniform(-4, 4) * (x + random.uniform(-0.5, 0.5) + 0.1 * np.abs(x)))


def model(x: Floats, method: str, *, linear: bool = False) -> LossModel:
    """The model, where it does not refuse."""
    try:
        return loss_model(x, method, linear=linear)
    except InputError as refusal:
        assume(str(refusal) == "")
        raise


@settings(max_examples=60)
@given(SEEDS, st.sampled_from(FAST), st.booleans(), LEVELS)
def test_the_value_at_risk_rises_with_the_level_and_the_shortfall_lies_beyond(
    seed: int, method: str, linear: bool, levels: list[float]
) -> None:
    found = model(record(seed), method, linear=linear)
    quantiles = [found.var(level) for level in levels]
    beyond = [found.es(level) for level in levels]
    assert quantiles == sorted(quantiles)
    size = max(map(abs, beyond))
    assert all(later >= one - 1e-9 * size for one, later in itertools.pairwise(beyond))
    assert all(one >= other for one, other in zip(beyond, quantiles, strict=True))


@settings(max_examples=60)
@given(SEEDS, st.sampled_from(FAST), st.floats(0.91, 0.99), st.floats(0.01, 100), st.floats(-3, 3))
def test_scale_and_translation_carry_over(seed: int, method: str, level: float, scale: float, shift: float) -> None:
    x = record(seed)
    moved = scale * (x + shift * float(x.std()))
    one, other = model(x, method), model(moved, method)
    size = scale * float(x.std())
    for before, after in ((one.var(level), other.var(level)), (one.es(level), other.es(level))):
        assert after == pytest.approx(
            scale * (before - shift * float(x.std())), abs=2e-6 * size * (1 + abs(before) / size)
        )


@settings(max_examples=8)
@given(SEEDS, st.floats(0.9, 0.99))
def test_the_same_of_filtered_losses(seed: int, level: float) -> None:
    x = record(seed, 300)
    one, other = model(x, "filtered"), model(3.0 * x, "filtered")
    assert one.es(level) >= one.var(level) >= one.var(0.9 * level)
    assert other.var(level) == pytest.approx(3.0 * one.var(level), rel=1e-3)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=60), st.lists(st.floats(-1e6, 1e6), min_size=60, max_size=60)
)
def test_the_historical_shortfall_of_two_books_together_is_no_more_than_of_both_alone(
    x: list[float], y: list[float]
) -> None:
    other = y[: len(x)]
    assume(len(set(x)) > 1 and len(set(other)) > 1 and np.ptp(np.add(x, other)) > 1.0)
    assume(np.ptp(x) > 1.0 and np.ptp(other) > 1.0)
    together = loss_model(np.add(x, other)).es(0.9)
    assert together <= loss_model(x).es(0.9) + loss_model(other).es(0.9) + 1e-6


@given(
    st.floats(-5, 5),
    st.floats(0.01, 50),
    st.floats(1.1, 200),
    st.floats(-2.4, 2.4),
    st.floats(0, 1),
    st.lists(st.floats(0.01, 0.999), min_size=2, max_size=4).map(sorted),
)
def test_closed_forms_rise_with_the_level(
    mean: float, deviation: float, degrees: float, skewness: float, part: float, levels: list[float]
) -> None:
    low, high = monotone_kurtosis(skewness) or (0.0, 0.0)
    kurtosis = min(high, low + part * (high - low))
    models: list[LossModel] = [NormalLosses(mean, deviation), StudentTLosses(degrees, mean, deviation)]
    models.append(CornishFisherLosses(mean, deviation, skewness, kurtosis))
    for one in models:
        quantiles = [one.var(level) for level in levels]
        assert all(b >= a - 1e-9 * deviation for a, b in itertools.pairwise(quantiles))
        assert all(one.es(level) >= one.var(level) - 1e-9 * deviation for level in levels)


@given(SEEDS, st.integers(1, 6), st.floats(0.1, 5))
def test_components_sum_to_the_total_and_the_total_to_no_more_than_all_alone(seed: int, n: int, z: float) -> None:
    random = np.random.default_rng(seed)
    matrix = np.atleast_2d(np.corrcoef(random.standard_normal((n, n + 2))))
    found = component_var(random.normal(0, 1e6, n), random.uniform(0, 0.5, n), matrix, z)
    assert found.component.sum() == pytest.approx(found.total, rel=1e-9)
    assert found.total <= found.undiversified * (1 + 1e-9)
    assert found.total == pytest.approx(z * found.volatility)


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 7), st.floats(0, 1), st.floats(-1, 1))
def test_whatever_is_stressed_stays_a_correlation_matrix(seed: int, n: int, weight: float, to: float) -> None:
    random = np.random.default_rng(seed)
    matrix = np.atleast_2d(np.corrcoef(random.standard_normal((n, n + 1))))
    pairs = [(i, j) for i in range(n) for j in range(i) if random.random() < 0.5]
    for found in (stressed_correlation(matrix, weight, pairs, to), stressed_correlation(matrix, weight, to=to)):
        correlation_matrix(found)
        assert np.linalg.eigvalsh(found)[0] >= -1e-9
        assert (np.diag(found) == 1.0).all()


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 7))
def test_the_nearest_correlation_is_one_and_its_own_nearest(seed: int, n: int) -> None:
    given_matrix = np.random.default_rng(seed).uniform(-1.5, 1.5, (n, n))
    given_matrix = (given_matrix + given_matrix.T) / 2
    found = correlation_matrix(nearest_correlation(given_matrix))
    np.testing.assert_allclose(nearest_correlation(found), found, atol=1e-6)
    other = np.atleast_2d(np.corrcoef(np.random.default_rng(seed + 1).standard_normal((n, n + 1))))
    assert np.sum((found - given_matrix) ** 2) <= np.sum((other - given_matrix) ** 2) + 1e-6


@settings(max_examples=60)
@given(SEEDS, st.integers(10, 80), st.floats(-0.9, 3))
def test_every_tail_can_be_fitted_and_carries_over_to_another_unit(seed: int, n: int, shape: float) -> None:
    random = np.random.default_rng(seed)
    depth = random.standard_exponential(n)
    excesses = np.expm1(shape * depth) / shape if abs(shape) > 1e-9 else depth
    losses = np.concatenate((excesses + 1e-9, -random.random(n)))
    found, scaled = fit_gpd(losses, 0.0), fit_gpd(1e4 * losses, 0.0)
    assert found.exceedances == n
    assert scaled.xi == pytest.approx(found.xi, abs=1e-6)
    assert scaled.var(0.99) == pytest.approx(1e4 * found.var(0.99), rel=1e-5)
    assert found.var(0.6) <= found.var(0.9) <= found.var(0.999)
    if found.xi < 1.0:
        assert found.es(0.9) >= found.var(0.9)


@given(st.integers(0, 400), st.floats(0, 1), st.integers(1, 30))
def test_runs_are_likelier_in_longer_records_and_shorter_runs_likelier(n: int, loss: float, run: int) -> None:
    chance = longest_loss_run_probability(run, n, loss)
    assert 0.0 <= longest_loss_run_probability(run + 1, n, loss) <= chance + 1e-12
    assert chance <= longest_loss_run_probability(run, n + 1, loss) + 1e-12 <= 1.0 + 1e-11
    assert 0.0 <= expected_longest_loss_run(n, loss) <= n * (1 + 1e-12)


@given(st.floats(0, 1), st.integers(0, 10**15), st.integers(1, 10**15))
def test_ruin_is_a_probability_and_takes_a_finite_time(p: float, start: int, more: int) -> None:
    target = min(10**15, start + more)
    assume(start <= target)
    found = ruin(p, start, target)
    assert 0.0 <= found.probability <= 1.0
    assert 0.0 <= found.duration < math.inf
    richer = ruin(p, min(start + 1, target), target)
    assert richer.probability <= found.probability + 1e-12


@given(SEEDS, st.integers(1, 8), st.floats(0, 0.9))
def test_shares_of_time_sum_to_one_and_stay_where_they_are(seed: int, n: int, empty: float) -> None:
    random = np.random.default_rng(seed)
    table = random.random((n, n)) * (random.random((n, n)) >= empty) + np.roll(np.eye(n), 1, axis=1) * 0.01
    table /= table.sum(axis=1, keepdims=True)
    found = stationary_distribution(table)
    assert found.sum() == pytest.approx(1.0)
    assert found.min() >= 0.0
    np.testing.assert_allclose(found @ table, found, atol=1e-12)


@settings(max_examples=30)
@given(st.floats(0, 10), st.floats(0, 100), st.integers(1, 10**9))
def test_drawdowns_scale_and_are_least_where_one_looks_least(volatility: float, horizon: float, steps: int) -> None:
    found = expected_max_drawdown(volatility, horizon, steps)
    assert 0.0 <= found <= expected_max_drawdown(volatility, horizon) * (1 + 1e-9)
    assert found == pytest.approx(volatility * math.sqrt(horizon) * expected_max_drawdown(1.0, 1.0, steps))


@given(st.lists(st.floats(-1e9, 1e9), min_size=80, max_size=300), st.floats(0.1, 0.9), st.floats(0.5, 0.99))
def test_an_interval_of_a_quantile_holds_the_sample_quantile(
    values: list[float], level: float, confidence: float
) -> None:
    found = quantile_interval(values, level, confidence)
    assert found.low <= sorted(values)[math.ceil(len(values) * level - 1e-9) - 1] <= found.high
    wider = quantile_interval(values, level, min(0.995, confidence + 0.005))
    assert wider.low <= found.low <= found.high <= wider.high
