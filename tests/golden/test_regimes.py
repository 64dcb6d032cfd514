"""Regimes against published figures and independent programs."""

import math

import numpy as np
import pytest

from support.volatility_chains import bars_of_steps
from tradeworthy.risk import SwitchingVolatility, arch_lm, fit_switching
from tradeworthy.risk.markov import long_run_shares
from tradeworthy.risk.realised_ranges import bar_variances


def test_long_run_shares_of_the_land_of_oz() -> None:
    """Kemeny, Snell, Finite Markov Chains (1960): rain, nice and snow."""
    assert long_run_shares(np.array([[2, 1, 1], [1, 0, 1], [1, 1, 2]])) == pytest.approx([0.4, 0.2, 0.4], rel=1e-12)


def test_engles_test_is_that_of_statsmodels() -> None:
    """statsmodels 0.15.0, `het_arch(x, nlags=5)`."""
    rng = np.random.default_rng(5)
    x, variance = np.empty(600), 1.0
    for t in range(600):
        x[t] = math.sqrt(variance) * rng.standard_normal()
        variance = (1 - 0.1 - 0.85) + 0.1 * x[t] ** 2 + 0.85 * variance
    found = arch_lm(x, 5)
    assert found.statistic == pytest.approx(23.258716043092804, rel=1e-9)
    assert found.p_value == pytest.approx(0.00030120745490796764, rel=1e-9)


X = np.random.default_rng(7).standard_normal(300) * np.repeat([1.0, 3.0, 1.0], 100)


def test_the_filter_of_two_states_is_that_of_statsmodels() -> None:
    """statsmodels 0.15.0, `MarkovRegression(x, k_regimes=2, trend="n", switching_variance=True)` at given parameters."""
    model = SwitchingVolatility((1.0, 3.0), ((0.97, 0.03), (0.06, 0.94)), 0.0, 300)
    told = model.filtered(X)[[0, 99, 105, 199, 299], 1]
    assert told == pytest.approx([0.14285723, 0.16054835, 0.95403207, 0.99994982, 0.01519777], abs=6e-9)


def test_the_filter_of_three_states_is_that_of_statsmodels() -> None:
    """The same with k_regimes=3."""
    moves = ((0.9, 0.08, 0.02), (0.05, 0.9, 0.05), (0.02, 0.08, 0.9))
    model = SwitchingVolatility((math.sqrt(0.5), math.sqrt(2.0), 3.0), moves, 0.0, 300)
    wanted = [
        [0.49123067, 0.39298498, 0.11578435],
        [0.04541103, 0.79246081, 0.16212816],
        [0.00341798, 0.13453999, 0.86204203],
        [0.85846053, 0.13159844, 0.00994103],
    ]
    np.testing.assert_allclose(model.filtered(X)[[0, 99, 105, 299]], wanted, atol=6e-9)


def test_the_fit_is_that_of_statsmodels() -> None:
    """The same, `fit(search_reps=20)`: log-likelihood -522.0444046716, staying 0.99538907 and 0.98666908."""
    found = fit_switching(X)
    assert found.log_likelihood == pytest.approx(-522.0444046715838, abs=1e-5)
    assert np.square(found.volatility) == pytest.approx([0.89186629, 6.62561748], rel=1e-3)
    assert [found.moves[0][0], found.moves[1][1]] == pytest.approx([0.99538907, 0.98666908], abs=1e-4)


def test_ranges_say_as_much_more_than_closes_as_was_published() -> None:
    """Parkinson 1980: 5.2 times; Garman, Klass 1980: 7.4 times, for continuous prices.

    With 500 steps a bar both ranges are a little too small, and so vary a little less.
    """
    steps = np.random.default_rng(0).standard_normal((12_000, 500)) / math.sqrt(500.0) * 0.01
    bars = bars_of_steps(steps)
    spread = {
        one: float(np.nanvar(bar_variances(bars, one)[1:] / 1e-4))
        for one in ("close_to_close", "parkinson", "garman_klass")
    }
    assert spread["close_to_close"] / spread["parkinson"] == pytest.approx(5.2, rel=0.12)
    assert spread["close_to_close"] / spread["garman_klass"] == pytest.approx(7.4, rel=0.12)
