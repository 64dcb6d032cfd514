"""Portfolios and correlation matrices: what is one, what becomes of one, and independent versions."""

import math

import numpy as np
import pytest
from scipy import optimize

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import (
    component_var,
    correlation_matrix,
    nearest_correlation,
    shrunk_correlation,
    stressed_correlation,
)

BROKEN = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]


def drawn(n: int, seed: int = 0) -> Floats:
    """Some correlation matrix."""
    return np.asarray(np.corrcoef(np.random.default_rng(seed).standard_normal((n, 2 * n)) + 0.5))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 0.5]], r"must be square, .* not of shape \(1, 2\)"),
        ([], "must be square"),
        ([["a"]], "correlations must be numbers"),
        ([[1, 0.5], [0.4, 1]], r"is symmetric; 0, 1 holds 0\.5, but 1, 0 holds 0\.4"),
        ([[1, 0.5], [0.5, 1.1]], r"diagonal of a correlation matrix is 1; at 1 it is 1\.1"),
        ([[1, 1.2], [1.2, 1]], r"correlation 0, 1 is 1\.2; none lies outside -1 to 1"),
        ([[1, math.nan], [math.nan, 1]], "correlation 0, 1 is nan"),
        ([[4e8, 1], [1, 4e8]], "give correlations, not covariances"),
        (BROKEN, r"variance below 0 \(its least eigenvalue is -0\.8\); mend it with nearest_correlation"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused_everywhere(matrix: list[list[float]], message: str) -> None:
    for refuses in (
        correlation_matrix,
        lambda one: component_var([1.0] * len(one), [0.1] * len(one), one),
        lambda one: stressed_correlation(one, 0.5),
    ):
        with pytest.raises(InputError, match=message if len(matrix) else "must be square|needs at least 1 exposure"):
            refuses(matrix)


def test_marginal_is_the_slope_and_components_sum_to_the_total() -> None:
    matrix, volatilities = drawn(5), np.array([0.1, 0.2, 0.05, 0.3, 0.15])
    exposures = np.array([3.0, -2.0, 5.0, 0.0, 1.0])
    found = component_var(exposures, volatilities, matrix, 2.0)
    assert found.component.sum() == pytest.approx(found.total, rel=1e-12)
    h = 1e-6
    for place in range(5):
        more, less = exposures.copy(), exposures.copy()
        more[place] += h
        less[place] -= h
        slope = (
            component_var(more, volatilities, matrix, 2.0).total - component_var(less, volatilities, matrix, 2.0).total
        ) / (2 * h)
        assert found.marginal[place] == pytest.approx(slope, rel=1e-6)
    assert found.undiversified == pytest.approx(2.0 * np.abs(exposures) @ volatilities)
    assert found.total <= found.undiversified


def test_a_hedge_takes_risk_away_and_a_perfect_one_all_of_it() -> None:
    assert component_var([2.0, -1.0], [0.1, 0.1], [[1, 0.8], [0.8, 1]]).component[1] < 0
    perfect = component_var([1.0, -1.0], [0.1, 0.1], [[1, 1], [1, 1]], 2.0)
    assert perfect.total == 0.0
    assert perfect.component.tolist() == [0.0, 0.0]
    assert perfect.marginal == pytest.approx([0.2, 0.2])
    assert component_var([0.0], [0.1], [[1]]).total == 0.0


def test_amounts_of_any_size_are_measured() -> None:
    huge = component_var([3e99, -1e99], [1e99, 2e99], [[1, 0.5], [0.5, 1]], 2.0)
    plain = component_var([3, -1], [1, 2], [[1, 0.5], [0.5, 1]], 2.0)
    assert huge.total == pytest.approx(1e198 * plain.total)
    assert huge.component == pytest.approx(1e198 * plain.component)
    assert component_var([3e-200, -1e-200], [1e-90, 2e-90], np.eye(2)).total > 0


def test_portfolios_that_do_not_match_are_refused() -> None:
    with pytest.raises(InputError, match="there are 2 exposures, 1 volatilities and a correlation matrix of 2 rows"):
        component_var([1, 2], [0.1], np.eye(2))
    with pytest.raises(InputError, match=r"volatility 1 is -0\.1; it must be zero or more"):
        component_var([1, 2], [0.1, -0.1], np.eye(2))
    with pytest.raises(InputError, match="volatility 0 is nan"):
        component_var([1, 2], [math.nan, 0.1], np.eye(2))
    with pytest.raises(InputError, match="exposure 1 is inf"):
        component_var([1, math.inf], [0.1, 0.1], np.eye(2))
    with pytest.raises(InputError, match="z must be above zero"):
        component_var([1, 2], [0.1, 0.1], np.eye(2), 0.0)
    with pytest.raises(InputError, match="volatilities must be one column"):
        component_var([1, 2], [[0.1, 0.1]], np.eye(2))


def test_the_nearest_one_is_no_farther_than_any_that_a_search_finds() -> None:
    given = np.array(BROKEN)
    found = nearest_correlation(given)
    assert correlation_matrix(found).shape == (3, 3)

    def distance(angles: Floats) -> float:
        """Every correlation matrix of three is that of three unit vectors."""
        a, b, c = angles
        vectors = np.array(
            [
                [1, 0, 0],
                [math.cos(a), math.sin(a), 0],
                [math.cos(b), math.sin(b) * math.cos(c), math.sin(b) * math.sin(c)],
            ]
        )
        return float(((vectors @ vectors.T - given) ** 2).sum())

    starts = np.random.default_rng(0).uniform(0, math.pi, (20, 3))
    best = min(
        optimize.minimize(distance, start, method="Nelder-Mead", options={"fatol": 1e-12}).fun for start in starts
    )
    assert float(((found - given) ** 2).sum()) == pytest.approx(best, rel=1e-5)


def test_a_correlation_matrix_is_nearest_to_itself() -> None:
    matrix = drawn(6)
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 1.0)
    np.testing.assert_array_equal(nearest_correlation(matrix), matrix)


def test_stress_goes_from_what_is_to_what_is_feared() -> None:
    matrix = drawn(4)
    np.testing.assert_allclose(stressed_correlation(matrix, 0.0), matrix, atol=1e-12)
    np.testing.assert_allclose(stressed_correlation(matrix, 1.0), np.ones((4, 4)))
    half = stressed_correlation(matrix, 0.5)
    np.testing.assert_allclose(half, (matrix + 1) / 2, atol=1e-12)
    pair = stressed_correlation(matrix, 0.5, [(0, 2)], to=0.9)
    assert pair[0, 2] == pair[2, 0] == pytest.approx((matrix[0, 2] + 0.9) / 2)
    assert pair[0, 1] == pytest.approx(matrix[0, 1])


def test_a_stress_that_cannot_be_is_brought_to_the_nearest_that_can() -> None:
    matrix = np.array([[1, 0.9, 0.9], [0.9, 1, 0.9], [0.9, 0.9, 1]])
    asked = matrix.copy()
    asked[0, 2] = asked[2, 0] = -1.0
    found = stressed_correlation(matrix, 1.0, [(0, 2)], to=-1.0)
    np.testing.assert_allclose(found, nearest_correlation(asked))
    assert found[0, 2] < matrix[0, 2]
    assert np.linalg.eigvalsh(found)[0] > -1e-12


def test_stresses_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="weight must lie from 0 to 1"):
        stressed_correlation(np.eye(2), 1.5)
    with pytest.raises(InputError, match="to must be a correlation from -1 to 1, not 2"):
        stressed_correlation(np.eye(2), 0.5, to=2)
    with pytest.raises(InputError, match="a place of a pair must be a whole number from 0 to 1, not 2"):
        stressed_correlation(np.eye(2), 0.5, [(0, 2)])
    with pytest.raises(InputError, match=r"pairs must be of two places each, such as \[\(0, 1\)\]; one of them is 1"):
        stressed_correlation(np.eye(2), 0.5, [1])  # type: ignore[list-item]  # as a stranger would
    with pytest.raises(InputError, match="pair 1, 1 is on the diagonal"):
        stressed_correlation(np.eye(2), 0.5, [(1, 1)])


def plain_constant(x: Floats) -> tuple[Floats, float]:
    """Ledoit and Wolf's paper sum by sum, in loops."""
    t, n = x.shape
    y = x - x.mean(axis=0)
    s = np.array([[sum(y[k, i] * y[k, j] for k in range(t)) / t for j in range(n)] for i in range(n)])
    r = [s[i, j] / math.sqrt(s[i, i] * s[j, j]) for i in range(n) for j in range(i + 1, n)]
    average = sum(r) / len(r)
    f = np.array([[s[i, i] if i == j else average * math.sqrt(s[i, i] * s[j, j]) for j in range(n)] for i in range(n)])
    pi = [[sum((y[k, i] * y[k, j] - s[i, j]) ** 2 for k in range(t)) / t for j in range(n)] for i in range(n)]
    rho = sum(pi[i][i] for i in range(n))
    for i in range(n):
        for j in range(n):
            if i != j:
                one = sum((y[k, i] ** 2 - s[i, i]) * (y[k, i] * y[k, j] - s[i, j]) for k in range(t)) / t
                two = sum((y[k, j] ** 2 - s[j, j]) * (y[k, i] * y[k, j] - s[i, j]) for k in range(t)) / t
                rho += average / 2 * (math.sqrt(s[j, j] / s[i, i]) * one + math.sqrt(s[i, i] / s[j, j]) * two)
    kappa = (sum(map(sum, pi)) - rho) / float(((f - s) ** 2).sum())
    intensity = max(0.0, min(1.0, kappa / t))
    return intensity * f + (1 - intensity) * s, intensity


@pytest.mark.parametrize("seed", range(4))
def test_shrinking_towards_one_correlation_is_the_paper_sum_by_sum(seed: int) -> None:
    random = np.random.default_rng(seed)
    x = 0.01 * (random.standard_normal((30, 4)) @ random.standard_normal((4, 4)) + random.standard_normal((30, 1)))
    covariance, intensity = plain_constant(x)
    found = shrunk_correlation(x)
    assert found.intensity == pytest.approx(intensity, rel=1e-10)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-10)
    assert np.diag(found.correlation) == pytest.approx([1.0] * 4)


def test_shrinking_towards_none_is_the_paper_sum_by_sum() -> None:
    x = np.random.default_rng(7).standard_normal((25, 6)) @ np.random.default_rng(8).standard_normal((6, 6))
    y = (x - x.mean(axis=0)) / x.std(axis=0)
    sample = y.T @ y / 25
    distance = ((sample - np.eye(6)) ** 2).sum()
    error = sum(((np.outer(row, row) - sample) ** 2).sum() for row in y) / 25**2
    intensity = min(error, distance) / distance
    found = shrunk_correlation(x, "uncorrelated")
    assert found.intensity == pytest.approx(intensity, rel=1e-10)
    np.testing.assert_allclose(found.correlation, (1 - intensity) * sample + intensity * np.eye(6), atol=1e-12)


@pytest.mark.parametrize("target", ["constant_correlation", "uncorrelated"])
def test_more_assets_than_periods_still_make_a_correlation_matrix(target: str) -> None:
    x = np.random.default_rng(3).standard_normal((10, 30))
    found = shrunk_correlation(x, target)
    assert np.linalg.eigvalsh(correlation_matrix(found.correlation))[0] > 1e-3
    assert 0.0 < found.intensity <= 1.0
    scaled = shrunk_correlation(100.0 * x + 5.0, target)
    np.testing.assert_allclose(scaled.correlation, found.correlation, atol=1e-10)


def test_returns_that_say_nothing_are_refused() -> None:
    x = np.random.default_rng(3).standard_normal((10, 3))
    with pytest.raises(NotEnoughData, match="at least 4 periods and 2 assets; there are 3 and 3"):
        shrunk_correlation(x[:3])
    with pytest.raises(NotEnoughData, match="there are 10 and 1"):
        shrunk_correlation(x[:, :1])
    with pytest.raises(InputError, match="a table of periods and assets"):
        shrunk_correlation(x[:, 0])
    with pytest.raises(InputError, match="there is no target 'zero'; choose one of constant_correlation, uncorrelated"):
        shrunk_correlation(x, "zero")
    broken = x.copy()
    broken[4, 1] = math.nan
    with pytest.raises(InputError, match="return 4 of asset 1 is nan"):
        shrunk_correlation(broken)
    broken[:, 1] = 0.5
    with pytest.raises(
        InputError, match=r"a correlation with asset 1 needs returns that differ; all 10 of them are 0\.5"
    ):
        shrunk_correlation(broken)


def test_two_assets_have_but_one_correlation() -> None:
    x = np.random.default_rng(3).standard_normal((40, 2))
    found = shrunk_correlation(x)
    assert found.correlation[0, 1] == pytest.approx(np.asarray(np.corrcoef(x.T))[0, 1])
