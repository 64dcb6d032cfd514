"""Adjusted p-values and the effective number of tests, against other programs and in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from tradeworthy.core.errors import InputError
from tradeworthy.validation import benjamini_hochberg, effective_number, holm


def test_benjamini_hochberg_is_that_of_another_program() -> None:
    rng = np.random.default_rng(4)
    for count in (1, 2, 7, 50):
        p_values = np.round(rng.random(count) ** 2, 2)  # rounded, so that some are equal
        assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    assert benjamini_hochberg([]) == []
    assert benjamini_hochberg([0.0, 1.0]) == [0.0, 1.0]


@pytest.mark.parametrize("p_values", [[0.1, math.nan], [-0.1], [1.1], [[0.1]]])
def test_what_is_no_probability_is_refused(p_values: list[float]) -> None:
    for adjust in (holm, benjamini_hochberg):
        with pytest.raises(InputError, match="numbers from 0 to 1"):
            adjust(p_values)


def test_tests_that_are_alike_count_once_and_unrelated_ones_each() -> None:
    assert effective_number(np.eye(7)) == pytest.approx(7)
    assert effective_number(np.ones((7, 7))) == pytest.approx(1, abs=1e-6)
    assert effective_number([[1.0]]) == 1.0
    assert effective_number(np.kron(np.eye(3), np.ones((4, 4)))) == pytest.approx(3, abs=1e-6)


@pytest.mark.parametrize("correlation", [-0.9, -0.2, 0.0, 0.5, 0.99])
def test_two_tests_count_by_the_closed_form(correlation: float) -> None:
    found = effective_number([[1, correlation], [correlation, 1]])
    assert found == pytest.approx(1 + math.sqrt(1 - correlation**2))


def test_equally_correlated_tests_count_by_the_closed_form() -> None:
    n, rho = 20, 0.4
    matrix = np.full((n, n), rho) + (1 - rho) * np.eye(n)
    expected = (math.sqrt(1 + (n - 1) * rho) + (n - 1) * math.sqrt(1 - rho)) ** 2 / n
    assert effective_number(matrix) == pytest.approx(expected)


def test_negative_eigenvalues_are_clipped() -> None:
    """Pairwise correlations that no data have together: eigenvalues 1.9, 1.9 and -0.8."""
    matrix = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    assert effective_number(matrix) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.ones((2, 3)), "square and symmetric"),
        ([[1, 0.5], [0.4, 1]], "square and symmetric"),
        ([[2, 0.5], [0.5, 2]], "1 on its diagonal"),
        ([[1, 1.5], [1.5, 1]], "within -1 to 1"),
        ([[1, math.nan], [math.nan, 1]], "row 0, column 1 holds nan"),
        ([1.0, 0.5], "table of rows and columns"),
    ],
)
def test_what_is_no_correlation_is_refused(matrix: list[list[float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        effective_number(matrix)
