"""States of volatility that nobody sees: fitted, and told from the past alone."""

import math

import numpy as np
import pytest

from support.volatility_chains import chain
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import SwitchingVolatility, fit_switching

MATRIX = np.array([[0.98, 0.02], [0.05, 0.95]])


def test_two_states_that_were_planted_are_found() -> None:
    rng = np.random.default_rng(4)
    states = chain(MATRIX, 6_000, rng)
    x = rng.standard_normal(6_000) * np.array([0.005, 0.02])[states]
    model = fit_switching(x[:4_000])
    assert model.volatility == pytest.approx([0.005, 0.02], rel=0.06)
    assert model.expected_duration == pytest.approx([50, 20], rel=0.4)
    assert model.stationary == pytest.approx([5 / 7, 2 / 7], abs=0.1)
    told = model.filtered(x)[4_000:, 1] > 0.5
    assert np.mean(told == (states[4_000:] == 1)) > 0.93


def test_three_states_that_were_planted_are_found() -> None:
    rng = np.random.default_rng(2)
    states = chain([[0.98, 0.02, 0.0], [0.02, 0.96, 0.02], [0.0, 0.04, 0.96]], 4_000, rng)
    model = fit_switching(rng.standard_normal(4_000) * np.array([0.003, 0.01, 0.03])[states], 3)
    assert model.volatility == pytest.approx([0.003, 0.01, 0.03], rel=0.12)


def test_the_filter_is_bayes_rule_step_by_step() -> None:
    model = SwitchingVolatility((0.5, 2.0), ((0.9, 0.1), (0.3, 0.7)), 0.0, 0)
    x = [0.1, -3.0, 0.4]
    known = np.array([0.75, 0.25])
    for value, told in zip(x, model.filtered(x), strict=True):
        ahead = known @ np.array(model.moves)
        known = ahead * np.exp(-0.5 * (value / np.array([0.5, 2.0])) ** 2) / np.array([0.5, 2.0])
        known /= known.sum()
        assert told == pytest.approx(known, rel=1e-12)


def test_a_return_beyond_all_belief_leaves_numbers() -> None:
    model = SwitchingVolatility((0.001, 0.002), ((0.99, 0.01), (0.01, 0.99)), 0.0, 0)
    told = model.filtered([0.0, 1.0, 0.0])
    assert np.isfinite(told).all()
    assert told[1, 1] == pytest.approx(1.0)


def test_what_cannot_be_fitted() -> None:
    x = np.random.default_rng(0).standard_normal(300)
    with pytest.raises(NotEnoughData, match="at least 250 returns; there are 249"):
        fit_switching(x[:249])
    for states in (1, 4, 2.0, True):
        with pytest.raises(InputError, match="2 or 3 states"):
            fit_switching(x, states)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="over half of the returns are zero"):
        fit_switching(np.where(np.arange(300) % 3, 0.0, x))
    with pytest.raises(InputError, match="return 0 is inf"):
        fit_switching([math.inf] * 300)
    with pytest.raises(InputError, match="returns must be numbers, and hold text"):
        fit_switching(["a"] * 300)


def test_one_state_only_is_fitted_without_harm() -> None:
    model = fit_switching(np.random.default_rng(1).standard_normal(800) * 0.01)
    mean = math.sqrt(float(np.array(model.stationary) @ np.square(model.volatility)))
    assert mean == pytest.approx(0.01, rel=0.1)
    assert sum(model.stationary) == pytest.approx(1.0)
