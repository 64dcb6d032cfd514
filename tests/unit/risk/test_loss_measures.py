"""Value at risk and expected shortfall: against independent versions, and what is refused."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import integrate, stats

from arch import arch_model
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import (
    LossMethod,
    cornish_fisher_expected_shortfall,
    cornish_fisher_value_at_risk,
    expected_shortfall,
    fit_garch,
    fit_gpd,
    fit_student_t,
    loss_model,
    normal_expected_shortfall,
    normal_value_at_risk,
    student_t_expected_shortfall,
    student_t_value_at_risk,
    value_at_risk,
)

HEAVY: Floats = 0.01 * np.random.default_rng(5).standard_t(5, size=1_500)
MILD: Floats = 0.01 * np.random.default_rng(6).standard_t(9, size=1_500) + 0.0005


def clustered(n: int = 1_500) -> Floats:
    """Returns whose volatility comes and goes."""
    shocks = np.random.default_rng(8).standard_normal(n)
    returns, variance = np.empty(n), 1e-4
    for i, shock in enumerate(shocks):
        returns[i] = 0.0003 + math.sqrt(variance) * shock
        variance = 3e-6 + 0.09 * (returns[i] - 0.0003) ** 2 + 0.88 * variance
    return returns


def test_the_historical_one_is_a_loss_that_happened_and_the_mean_of_the_worst() -> None:
    x = np.random.default_rng(1).permutation(np.arange(1.0, 101.0))
    assert value_at_risk(-x, 0.95) == 95.0
    assert expected_shortfall(-x, 0.95) == pytest.approx(98.0)
    assert value_at_risk(-x, 0.95, linear=True) == pytest.approx(np.quantile(x, 0.95))
    assert value_at_risk(-x) == 99.0


def test_a_fraction_of_a_loss_counts_as_a_fraction() -> None:
    """Of 30 losses the worst 5% are one and a half of them."""
    x = -np.arange(1.0, 31.0)
    assert value_at_risk(x, 0.95) == 29.0
    assert expected_shortfall(x, 0.95) == pytest.approx((30.0 + 0.5 * 29.0) / 1.5)


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.951, 0.99])
def test_the_shortfall_is_the_mean_of_the_quantiles_beyond_the_level(level: float, linear: bool) -> None:
    x = HEAVY[:237]
    levels = level + (1.0 - level) * (np.arange(200_000) + 0.5) / 200_000
    mean = (np.quantile(-x, levels) if linear else np.quantile(-x, levels, method="inverted_cdf")).mean()
    assert expected_shortfall(x, level, linear=linear) == pytest.approx(mean, rel=1e-5)


def test_the_normal_one_has_the_mean_and_deviation_of_the_record() -> None:
    deviation = HEAVY.std(ddof=1)
    assert value_at_risk(HEAVY, 0.99, "normal") == pytest.approx(stats.norm.isf(0.01, -HEAVY.mean(), deviation))
    beyond, _ = integrate.quad(lambda z: z * stats.norm.pdf(z), stats.norm.isf(0.01), np.inf)
    assert expected_shortfall(HEAVY, 0.99, "normal") == pytest.approx(100 * beyond * deviation - HEAVY.mean())


def test_students_t_is_as_likely_as_scipys_or_likelier() -> None:
    found = fit_student_t(HEAVY)
    other = stats.t.fit(HEAVY)
    assert (found.degrees, found.location, found.scale) == pytest.approx(other, rel=2e-3)
    ours = stats.t.logpdf(HEAVY, found.degrees, found.location, found.scale).sum()
    assert ours >= stats.t.logpdf(HEAVY, *other).sum() - 1e-9
    assert value_at_risk(HEAVY, 0.99, "student_t") == pytest.approx(
        -stats.t.ppf(0.01, found.degrees, found.location, found.scale)
    )


def test_normal_returns_have_some_ten_thousand_degrees_of_freedom() -> None:
    even = stats.norm.ppf((np.arange(2_000) + 0.5) / 2_000)
    found = fit_student_t(even)
    assert found.degrees > 1_000
    assert value_at_risk(even, 0.99, "student_t") == pytest.approx(value_at_risk(even, 0.99, "normal"), rel=2e-3)


def _until_one(quantile: Callable[..., float], rest: tuple[float, ...], level: float) -> float:
    return quantile(level, *rest) if level < 1.0 else 0.0


@pytest.mark.parametrize("level", [0.6, 0.95, 0.999])
def test_shortfalls_in_closed_form_are_integrals_of_the_quantile(level: float) -> None:
    pairs: list[tuple[Callable[..., float], Callable[..., float], tuple[float, ...]]] = [
        (normal_value_at_risk, normal_expected_shortfall, (0.2, 3.0)),
        (student_t_value_at_risk, student_t_expected_shortfall, (4.5, 0.2, 3.0)),
        (cornish_fisher_value_at_risk, cornish_fisher_expected_shortfall, (-0.6, 2.5, 0.2, 3.0)),
        (cornish_fisher_value_at_risk, cornish_fisher_expected_shortfall, (0.6, 2.5, 0.2, 3.0)),
    ]
    for quantile, beyond, rest in pairs:
        area, _ = integrate.quad(partial(_until_one, quantile, rest), level, 1.0, epsabs=1e-12, limit=500)
        assert beyond(level, *rest) == pytest.approx(area / (1.0 - level), rel=1e-6)


def test_with_ever_more_degrees_students_t_becomes_normal() -> None:
    found = [student_t_expected_shortfall(0.99, degrees) for degrees in (1e3, 1e5, 1.9e5, 2.1e5, 1e8, 1e12)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(normal_expected_shortfall(0.99), rel=1e-9)


def test_cornish_and_fisher_take_the_moments_of_the_record() -> None:
    skewness, kurtosis = stats.skew(MILD), stats.kurtosis(MILD)
    z = stats.norm.ppf(0.01)
    expanded = z + (z**2 - 1) * skewness / 6 + (z**3 - 3 * z) * kurtosis / 24 - (2 * z**3 - 5 * z) * skewness**2 / 36
    expected = -(MILD.mean() + expanded * MILD.std(ddof=1))
    assert value_at_risk(MILD, 0.99, "cornish_fisher") == pytest.approx(expected, rel=1e-10)


def test_cornish_and_fisher_are_refused_where_they_are_no_distribution() -> None:
    crash = np.append(MILD[:300], -0.3)
    with pytest.raises(InputError, match=r"skewness of -\d.* \(Maillard 2012\); use historical"):
        value_at_risk(crash, 0.99, "cornish_fisher")


def test_filtered_losses_are_past_shocks_at_tomorrows_volatility() -> None:
    """The fit and the forecast by `arch` itself."""
    x = clustered()
    theirs = arch_model(100 * x, rescale=False).fit(disp="off")
    mean, omega, alpha, beta = theirs.params
    ours = fit_garch(x)
    assert (ours.mean, ours.omega, ours.alpha, ours.beta) == pytest.approx(
        (mean / 100, omega / 1e4, alpha, beta), rel=0.02
    )
    tomorrow = float(theirs.forecast(horizon=1).variance.to_numpy()[-1, 0]) ** 0.5 / 100
    assert ours.volatility(x)[-1] == pytest.approx(tomorrow, rel=1e-3)
    shocks = np.sort(-np.asarray(theirs.std_resid))
    assert value_at_risk(x, 0.99, "filtered") == pytest.approx(tomorrow * shocks[1484] - mean / 100, rel=2e-3)
    assert expected_shortfall(x, 0.99, "filtered") == pytest.approx(
        tomorrow * shocks[1485:].mean() - mean / 100, rel=2e-3
    )


def test_the_filter_goes_on_as_the_formula_says() -> None:
    x, garch = clustered(200), fit_garch(clustered(200))
    variance = [garch.first]
    for one in x:
        variance.append(garch.omega + garch.alpha * (one - garch.mean) ** 2 + garch.beta * variance[-1])
    np.testing.assert_allclose(garch.volatility(x), np.sqrt(variance), rtol=1e-12)


def test_peaks_over_a_threshold_take_the_worst_tenth() -> None:
    losses = np.sort(-HEAVY)
    tail = fit_gpd(losses, float(losses[1349]))
    assert tail.exceedances == 150
    assert value_at_risk(HEAVY, 0.995, "pot") == tail.var(0.995)
    assert expected_shortfall(HEAVY, 0.995, "pot") == tail.es(0.995)
    with pytest.raises(InputError, match=r"begins at level 0\.9; ask for that or more, not 0\.8"):
        value_at_risk(HEAVY, 0.8, "pot")


@pytest.mark.parametrize("method", list(LossMethod))
def test_one_model_gives_both(method: str) -> None:
    model = loss_model(MILD, method)
    assert value_at_risk(MILD, 0.97, method) == model.var(0.97)
    assert expected_shortfall(MILD, 0.97, method) == model.es(0.97)
    assert model.es(0.97) > model.var(0.97) > 0


@pytest.mark.parametrize("method", [one for one in LossMethod if one != "cornish_fisher"])
def test_all_wins_and_all_losses_are_records_like_any_other(method: str) -> None:
    """Cornish and Fisher refuse this one for its skewness."""
    wins = np.abs(MILD[:400]) + 0.001
    assert math.isfinite(value_at_risk(wins, 0.95, method))
    assert value_at_risk(-wins, 0.95, method) > 0
    assert value_at_risk(wins) < 0 < value_at_risk(-wins)


@pytest.mark.parametrize(
    ("method", "least"), [("normal", 2), ("student_t", 20), ("cornish_fisher", 20), ("filtered", 100), ("pot", 200)]
)
def test_too_few_returns_are_refused_with_the_number_needed(method: str, least: int) -> None:
    with pytest.raises(NotEnoughData, match=f"method {method} needs at least {least} returns; there "):
        value_at_risk(MILD[: least - 1], 0.95, method)
    even = 0.01 * stats.t.ppf((np.arange(least) + 0.5) / least, 5)
    assert math.isfinite(value_at_risk(np.random.default_rng(0).permutation(even), 0.95, method))


def test_a_level_past_the_record_is_refused_with_the_number_needed() -> None:
    with pytest.raises(NotEnoughData, match="past what 99 returns can show; bring at least 100"):
        value_at_risk(MILD[:99])
    assert value_at_risk(MILD[:100]) == pytest.approx(np.sort(-MILD[:100])[98])
    with pytest.raises(NotEnoughData, match="bring at least 1,000"):
        expected_shortfall(MILD[:999], 0.999, "filtered")


@pytest.mark.parametrize("method", list(LossMethod))
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([0.01, math.nan] * 200, "return 1 is nan; leave out"),
        ([0.01, -0.02, math.inf] * 200, "return 2 is inf; leave out"),
        ([0.01] * 400, r"needs returns that differ; all 400 of them are 0\.01"),
        ([[0.01, 0.02]] * 200, r"one column, not an array of shape \(200, 2\)"),
        (["a", "b"], "must be numbers, and hold text"),
        ([1e200, 2.0] * 200, r"return 0 is past 1e\+100 in size"),
        ([], "there are none"),
    ],
)
def test_what_is_no_record_is_refused(method: str, x: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        value_at_risk(x, 0.95, method)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 99, math.nan, "0.99", True])
@pytest.mark.parametrize("method", list(LossMethod))
def test_a_level_is_a_share(level: float, method: str) -> None:
    with pytest.raises(InputError, match="level must"):
        expected_shortfall(MILD, level, method)


def test_unknown_methods_and_hopeless_fits_are_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="there is no method 'hist'; choose one of historical, normal, student_t"):
        value_at_risk(MILD, 0.99, "hist")
    with pytest.raises(InputError, match="60 of 100 are the same number"):
        fit_student_t(np.concatenate((np.zeros(60), MILD[:40])))
    with pytest.raises(InputError, match="tails so heavy that the fitted Student's t has no mean"):
        fit_student_t(np.random.default_rng(0).standard_t(0.5, size=300))
    with pytest.raises(InputError, match=r"with 1 degrees of freedom has no expected shortfall"):
        student_t_expected_shortfall(0.99, 1.0)
    with pytest.raises(InputError, match="quantiles past what a number holds; take more degrees"):
        student_t_value_at_risk(0.99, 0.01)
    with pytest.raises(InputError, match="the loss is past what a number holds"):
        normal_value_at_risk(0.99, -1e308, 1e308)
    for broken in (math.nan, math.inf, -1.0, 0.0):
        with pytest.raises(InputError, match="deviation must be"):
            normal_value_at_risk(0.99, 0.0, broken)
