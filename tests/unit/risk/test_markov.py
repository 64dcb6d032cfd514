"""Where chains spend their time: against powers of the matrix, and what has no answer."""

import math

import numpy as np
import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.risk import stationary_distribution


@pytest.mark.parametrize("n", [1, 2, 3, 10, 40])
def test_it_is_where_the_chain_ends_up(n: int) -> None:
    table = np.random.default_rng(n).random((n, n))
    table /= table.sum(axis=1, keepdims=True)
    found = stationary_distribution(table)
    np.testing.assert_allclose(found, np.linalg.matrix_power(table, 4_000)[0], rtol=1e-9)
    np.testing.assert_allclose(found @ table, found, rtol=1e-10)


def test_a_chain_that_goes_round_has_shares_all_the_same() -> None:
    assert stationary_distribution(np.eye(3, k=1) + np.eye(3, k=-2)) == pytest.approx([1 / 3] * 3)


def test_states_left_for_good_have_none() -> None:
    assert stationary_distribution([[0.5, 0.5, 0.0], [0.0, 0.2, 0.8], [0.0, 0.4, 0.6]]) == pytest.approx(
        [0, 1 / 3, 2 / 3]
    )
    assert stationary_distribution([[0.5, 0.5], [0.0, 1.0]]) == pytest.approx([0, 1])


def test_rare_moves_keep_their_digits() -> None:
    found = stationary_distribution([[1 - 1e-14, 1e-14], [1e-12, 1 - 1e-12]])
    assert found == pytest.approx([100 / 101, 1 / 101], rel=1e-2)  # 1 - 1e-14 itself is rounded


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0.5, 0.5]], r"square table of 1 to 2,000 states, not of shape \(1, 2\)"),
        ([], "square table"),
        ([["a"]], "transition probabilities must be numbers"),
        ([[0.5, 0.4], [0.5, 0.5]], r"row 0 sums to 0\.9; the transition"),
        ([[1.5, -0.5], [0.5, 0.5]], r"row 0, column 1 holds -0\.5; a transition probability is 0 or more"),
        ([[math.nan, 1], [0.5, 0.5]], "row 0, column 0 holds nan"),
        ([[1, 0], [0, 1]], "states 0 and 1 never reach each other"),
        ([[1, 0, 0], [0.3, 0.3, 0.4], [0, 0, 1]], "states 0 and 2 never reach each other"),
    ],
)
def test_what_has_no_answer_is_refused(matrix: list[list[float]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        stationary_distribution(matrix)
