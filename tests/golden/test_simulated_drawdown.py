"""Drawdowns of simulated paths against the published expectation for a random walk without drift."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from tradeworthy.risk import monte_carlo


@pytest.mark.parametrize(("steps", "published"), [(252, 1.181), (2_520, 1.232)])
def test_the_mean_drawdown_of_a_walk_is_that_of_magdon_ismail(steps: int, published: float) -> None:
    """Magdon-Ismail, Atiya, Pratap, Abu-Mostafa 2004: sqrt(pi / 2) = 1.2533 in continuous time, less in steps.

    In units of sigma x sqrt(steps), so small here that compounding does not show.
    """
    shocks = np.array([NormalDist().inv_cdf((i + 0.5) / 4_001) for i in range(4_001)])
    sigma = 1e-5
    found = monte_carlo(sigma * shocks / shocks.std(), 60_000, steps, "iid", seed=1).max_drawdown
    assert -found.mean() / (sigma * math.sqrt(steps)) == pytest.approx(published, abs=0.01)
