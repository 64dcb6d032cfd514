"""The fitted tail: against scipy, finite differences and brute force."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import fit_gpd, tail_error, tail_interval


def drawn(shape: float, n: int = 400, seed: int = 3) -> Floats:
    """Losses with a generalised Pareto tail from 0 on, and as many gains."""
    random = np.random.default_rng(seed)
    return np.concatenate((stats.genpareto.rvs(shape, scale=2.0, size=n, random_state=random), -random.random(n)))


@pytest.mark.parametrize("shape", [-0.4, -0.2, 0.0, 0.3, 0.9, 2.0])
def test_nothing_is_likelier_than_the_fit(shape: float) -> None:
    losses = drawn(shape)
    found = fit_gpd(losses, 0.0)
    excesses = losses[losses > 0]

    def minus(place: Floats) -> float:
        return -float(stats.genpareto.logpdf(excesses, place[0], scale=math.exp(place[1])).sum())

    best = optimize.minimize(minus, (shape, 0.7), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert (found.xi, found.beta) == pytest.approx((best.x[0], math.exp(best.x[1])), rel=1e-5, abs=1e-5)
    assert minus(np.array([found.xi, math.log(found.beta)])) <= best.fun + 1e-9


def exponential(n: int = 300) -> Floats:
    """Losses whose likeliest tail is the exponential itself: half the mean square is the square of the mean."""
    quantiles = stats.expon.ppf((np.arange(n) + 0.5) / n)
    power = optimize.brentq(
        lambda a: np.mean(quantiles ** (2 * a)) - 2 * np.mean(quantiles**a) ** 2, 0.8, 1.3, xtol=1e-14
    )
    return np.asarray(quantiles**power)


def test_between_heavy_and_short_lies_the_exponential() -> None:
    losses = exponential()
    found = fit_gpd(losses, 0.0)
    assert abs(found.xi) < 1e-8
    assert found.beta == pytest.approx(losses.mean(), rel=1e-8)
    assert found.var(0.99) == pytest.approx(-losses.mean() * math.log(0.01), rel=1e-7)
    assert found.es(0.99) == pytest.approx(found.var(0.99) + losses.mean(), rel=1e-7)


@pytest.mark.parametrize("losses", [drawn(-0.3), drawn(0.0), drawn(0.4), exponential()])
def test_errors_are_the_curvature_of_the_likelihood(losses: Floats) -> None:
    found = fit_gpd(losses, 0.0)
    excesses = losses[losses > 0]
    h = 1e-4

    def height(a: float, b: float) -> float:
        return float(stats.genpareto.logpdf(excesses, found.xi + a * h, scale=found.beta * (1 + b * h)).sum())

    size = h * np.array([1.0, found.beta])
    curvature = np.empty((2, 2))
    curvature[0, 0] = height(1, 0) - 2 * height(0, 0) + height(-1, 0)
    curvature[1, 1] = height(0, 1) - 2 * height(0, 0) + height(0, -1)
    curvature[0, 1] = curvature[1, 0] = (height(1, 1) - height(1, -1) - height(-1, 1) + height(-1, -1)) / 4
    expected = np.linalg.inv(-curvature / np.outer(size, size))
    assert found.covariance is not None
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-3, atol=1e-6)
    assert (found.xi_error, found.beta_error) == pytest.approx(tuple(np.sqrt(np.diag(expected))), rel=1e-3)


def test_the_shortfall_is_the_mean_of_the_quantiles_beyond() -> None:
    for shape in (-0.3, 0.0, 0.4):
        tail = fit_gpd(drawn(shape), 0.0)
        mean, _ = integrate.quad(lambda depth, of=tail: of.var(1 - 0.05 * math.exp(-depth)) * math.exp(-depth), 0, 34)
        assert tail.es(0.95) == pytest.approx(mean, rel=1e-6)


def test_the_quantile_is_exceeded_as_often_as_said() -> None:
    losses = drawn(0.2, n=20_000)
    tail = fit_gpd(losses, 1.0)
    assert np.mean(losses > tail.var(0.99)) == pytest.approx(0.01, abs=0.001)
    assert tail.var(1.0 - tail.share) == pytest.approx(tail.threshold)
    assert tail.share == np.mean(losses > 1.0)


@pytest.mark.parametrize("measure", ["var", "es"])
def test_the_profile_interval_is_that_of_a_search_over_both_parameters(shared: Path, measure: str) -> None:
    losses = np.loadtxt(shared / "golden" / "danish_fire_losses.csv", skiprows=1)
    tail = fit_gpd(losses, 10.0)
    excesses = losses[losses > 10.0] - 10.0
    shapes, scales = np.linspace(0.05, 0.995, 400), np.linspace(3.5, 12.0, 400)
    ratio = tail.share / 0.001
    kept = []
    top = stats.genpareto.logpdf(excesses, tail.xi, scale=tail.beta).sum()
    for xi in shapes:
        inner = np.log1p(np.outer(1.0 / scales, xi * excesses)).sum(axis=1)
        heights = -len(excesses) * np.log(scales) - (1 + 1 / xi) * inner
        quantile = 10.0 + scales * (ratio**xi - 1) / xi
        value = quantile if measure == "var" else (quantile + scales - xi * 10.0) / (1 - xi)
        kept.append(value[2 * (top - heights) <= stats.chi2.isf(0.05, 1)])
    inside = np.concatenate(kept)
    found = tail_interval(tail, measure, 0.999)
    assert (found.low, found.high) == pytest.approx((inside.min(), inside.max()), rel=0.01)
    assert found.low < (tail.var(0.999) if measure == "var" else tail.es(0.999)) < found.high


def test_the_delta_interval_is_the_slope_times_the_errors() -> None:
    tail = fit_gpd(drawn(0.3), 0.0)
    for measure in ("var", "es"):
        error = tail_error(tail, measure, 0.99)
        found = tail_interval(tail, measure, 0.99, 0.95, "delta")
        assert found.high - found.low == pytest.approx(2 * 1.959963985 * error)
    h, d = 1e-6, math.log(tail.share / 0.01)
    by_shape = tail.beta * (
        math.expm1((tail.xi + h) * d) / (tail.xi + h) - math.expm1((tail.xi - h) * d) / (tail.xi - h)
    )
    slopes = np.array([by_shape / (2 * h), math.expm1(tail.xi * d) / tail.xi])
    assert tail.covariance is not None
    assert tail_error(tail, "var", 0.99) == pytest.approx(math.sqrt(slopes @ tail.covariance @ slopes), rel=1e-6)


def test_intervals_cover_as_often_as_they_say() -> None:
    true = 2.0 * (0.02**-0.2 - 1) / 0.2  # P(loss > q) = 1% with half of all beyond 0
    inside = 0
    for seed in range(300):
        found = tail_interval(fit_gpd(drawn(0.2, n=200, seed=seed), 0.0), "var", 0.99)
        inside += found.low <= true <= found.high
    assert 0.90 <= inside / 300 <= 0.985


def test_an_upper_end_that_the_data_do_not_bound_is_infinite() -> None:
    found = tail_interval(fit_gpd(drawn(0.7, n=25), 0.0), "es", 0.99)
    assert found.high == math.inf
    assert math.isfinite(found.low)


def test_the_interval_at_the_threshold_itself_has_no_width() -> None:
    tail = fit_gpd(drawn(0.2), 0.5)
    found = tail_interval(tail, "var", 1.0 - tail.share)
    assert found.low == pytest.approx(found.high)


def test_a_tail_that_ends_abruptly_is_uniform_and_knows_no_error() -> None:
    tail = fit_gpd(np.arange(1.0, 101.0), 50.0)
    assert tail.xi < -0.5
    assert tail.var(0.999) <= 100.0 + 1e-9
    assert tail.es(0.99) >= tail.var(0.99)
    assert tail.xi_error is None
    assert tail.beta_error is None
    assert tail.covariance is None
    with pytest.raises(InputError, match="its error is not known; choose another threshold"):
        tail_interval(tail, "var", 0.99)
    with pytest.raises(InputError, match="its error is not known"):
        tail_error(tail, "var", 0.99)


def test_what_cannot_be_fitted_is_refused() -> None:
    losses = drawn(0.3, n=30)
    with pytest.raises(NotEnoughData, match=r"at least 10 losses beyond the threshold; 0 of 60 are beyond 1000"):
        fit_gpd(losses, 1000.0)
    with pytest.raises(NotEnoughData, match="needs at least 10 losses; there are 3"):
        fit_gpd(losses[:3], 0.0)
    with pytest.raises(InputError, match="needs exceedances that differ"):
        fit_gpd([1.0] * 20 + [0.0] * 20, 0.5)
    with pytest.raises(InputError, match="threshold must be a finite number"):
        fit_gpd(losses, math.nan)
    with pytest.raises(InputError, match="loss 0 is nan"):
        fit_gpd([math.nan] * 20, 0.0)
    tail = fit_gpd(drawn(2.0), 0.0)
    with pytest.raises(InputError, match="from 1 on its expected shortfall is infinite"):
        tail.es(0.99)
    with pytest.raises(InputError, match=r"ask for that or more, not 0\.2"):
        tail.var(0.2)
    steep = fit_gpd(np.exp(np.exp(np.linspace(-2.0, 5.0, 40))), 0.0)
    with pytest.raises(InputError, match="losses past what a number holds at that level"):
        steep.var(1 - 1e-16)
    with pytest.raises(InputError, match="there is no measure 'mean'; choose one of var, es"):
        tail_interval(tail, "mean", 0.99)
    with pytest.raises(InputError, match="there is no kind of interval 'wald'; choose one of profile, delta"):
        tail_interval(tail, "var", 0.99, 0.95, "wald")
