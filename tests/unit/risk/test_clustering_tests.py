"""Clusters of volatility: found where they were planted, and not where they were not."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import arch_lm, clustering_of
from tradeworthy.risk.clustering_tests import autocorrelations


def garch(n: int, alpha: float, beta: float, seed: int) -> npt.NDArray[np.float64]:
    """GARCH(1,1) with a variance of 1 in the long run."""
    rng = np.random.default_rng(seed)
    x, variance = np.empty(n), 1.0
    for t in range(n):
        x[t] = math.sqrt(variance) * rng.standard_normal()
        variance = (1 - alpha - beta) + alpha * x[t] ** 2 + beta * variance
    return x


def test_clusters_that_were_planted_are_found_with_about_their_half_life() -> None:
    found = [clustering_of(garch(8_000, 0.1, 0.85, seed)) for seed in range(10)]
    assert all(one.arch is not None and one.arch.p_value < 1e-10 for one in found)
    lives = [one.half_life for one in found if one.half_life is not None]
    assert len(lives) == 10
    assert np.median(lives) == pytest.approx(math.log(0.5) / math.log(0.95), rel=0.3)
    assert all(one.absolute[0] > 0.1 for one in found)


def test_independent_returns_fail_engles_test_as_often_as_they_should() -> None:
    rng = np.random.default_rng(0)
    low = np.mean([arch_lm(rng.standard_normal(400), 5).p_value < 0.05 for _ in range(600)])
    assert 0.03 < low < 0.07
    quiet = [clustering_of(rng.standard_normal(500)) for _ in range(20)]
    assert all((one.half_life is None) for one in quiet if one.arch is not None and one.arch.p_value > 0.05)
    assert sum(one.half_life is None for one in quiet) > 14


def test_autocorrelations_by_hand() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert autocorrelations(x, 2) == pytest.approx([(0.75 - 0.25 + 0.75) / 5, (-0.75 - 0.75) / 5])


def test_returns_all_of_one_size_have_no_clusters() -> None:
    found = clustering_of(np.zeros(200))
    assert (found.arch, found.half_life, found.n) == (None, None, 200)
    assert set(found.absolute) == {0.0}
    assert clustering_of(np.tile([0.01, -0.01], 100)).arch is None
    with pytest.raises(InputError, match="nothing that could cluster"):
        arch_lm(np.zeros(200))


def test_too_few_returns_and_what_are_none() -> None:
    with pytest.raises(NotEnoughData, match="at least 100 returns; there are 99"):
        clustering_of(np.ones(99))
    with pytest.raises(InputError, match="return 0 is nan"):
        arch_lm([math.nan] * 200)
    with pytest.raises(InputError, match="returns must be numbers, and hold text"):
        arch_lm(["much"] * 200)
    for lags in (0, 1.5, True):
        with pytest.raises(InputError, match="lags must be"):
            clustering_of(np.ones(200), lags)  # type: ignore[arg-type]
