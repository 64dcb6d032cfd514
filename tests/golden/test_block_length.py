"""The automatic block length of Politis and White, corrected by Patton, Politis and White."""

import warnings

import numpy as np
import pytest

from tradeworthy.validation import optimal_block_length


def autoregressive(n: int, weight: float, seed: int) -> np.ndarray:
    """AR(1) with standard normal shocks, first hundred values dropped."""
    shocks = np.random.RandomState(seed).standard_normal(n + 100)
    values = np.zeros(n + 100)
    for i in range(1, len(values)):
        values[i] = weight * values[i - 1] + shocks[i]
    return values[100:]


def test_block_length_is_the_published_one() -> None:
    found = optimal_block_length(autoregressive(10_000, 0.3, 0))
    assert found.stationary == pytest.approx(13.635665, rel=1e-6)
    assert found.circular == pytest.approx(15.60894, rel=1e-6)


@pytest.mark.parametrize("weight", [-0.4, 0.0, 0.2, 0.6, 0.9])
@pytest.mark.parametrize("n", [20, 66, 300, 2_000])
def test_block_length_agrees_with_an_independent_implementation(n: int, weight: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # another package's own warnings at import
        from arch.bootstrap import optimal_block_length as independent

    series = autoregressive(n, weight, n)
    found, theirs = optimal_block_length(series), independent(series).to_numpy()[0]
    assert (found.stationary, found.circular) == pytest.approx(tuple(theirs), rel=1e-9)
