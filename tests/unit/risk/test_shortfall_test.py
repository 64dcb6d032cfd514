"""The test of the expected shortfall: the formula written out, and what a right model gives."""

import math

import numpy as np
import pytest
from scipy import stats

from tradeworthy.core.errors import InputError
from tradeworthy.risk import (
    acerbi_szekely_critical_value,
    acerbi_szekely_p_value,
    acerbi_szekely_z2,
    normal_expected_shortfall,
    normal_value_at_risk,
    student_t_expected_shortfall,
    student_t_value_at_risk,
)


def test_it_is_the_formula_written_out() -> None:
    returns, var, es = [-0.03, 0.01, -0.021, -0.019], [0.02, 0.02, 0.02, 0.02], [0.025, 0.02, 0.03, 0.025]
    expected = 1 + (-0.03 / 0.025 - 0.021 / 0.03) / (4 * 0.05)
    assert acerbi_szekely_z2(returns, var, es, 0.95) == pytest.approx(expected)
    assert acerbi_szekely_z2(returns, 0.05, 0.06, 0.95) == 1.0


def test_a_right_model_gives_zero_on_average_and_twice_the_exceptions_one_less() -> None:
    x = np.random.default_rng(0).standard_normal(400_000)
    var, es = normal_value_at_risk(0.975), normal_expected_shortfall(0.975)
    assert acerbi_szekely_z2(x, var, es, 0.975) == pytest.approx(0.0, abs=0.03)
    assert acerbi_szekely_z2(2 * x, 2 * var, 2 * es, 0.975) == pytest.approx(acerbi_szekely_z2(x, var, es, 0.975))
    assert acerbi_szekely_z2(x, var, es, 0.9875) == pytest.approx(-1.0, abs=0.06)


@pytest.mark.parametrize("degrees", [None, 4.0])
def test_critical_values_are_those_of_whole_returns_simulated(degrees: float | None) -> None:
    random = np.random.default_rng(1)
    if degrees is None:
        x, var, es = (
            random.standard_normal((20_000, 250)),
            normal_value_at_risk(0.975),
            normal_expected_shortfall(0.975),
        )
    else:
        x = random.standard_t(degrees, (20_000, 250))
        var, es = student_t_value_at_risk(0.975, degrees), student_t_expected_shortfall(0.975, degrees)
    plain = 1 + np.where(x < -var, x, 0.0).sum(axis=1) / (250 * 0.025 * es)
    for significance in (0.01, 0.05, 0.5):
        found = acerbi_szekely_critical_value(250, 0.975, significance, degrees)
        assert found == pytest.approx(np.quantile(plain, significance), abs=0.04)
    share = np.mean(plain <= -0.5)
    assert acerbi_szekely_p_value(-0.5, 250, 0.975, degrees) == pytest.approx(share, abs=0.012)


def test_the_same_seed_gives_the_same_value_and_another_hardly_another() -> None:
    first = acerbi_szekely_critical_value(250)
    assert acerbi_szekely_critical_value(250) == first
    other = acerbi_szekely_critical_value(250, seed=1)
    assert other != first
    assert other == pytest.approx(first, abs=0.02)
    assert acerbi_szekely_p_value(-10.0, 250, paths=999) == 0.001
    assert acerbi_szekely_p_value(1.0, 250, paths=999) == 1.0


def test_tails_are_drawn_from_the_tail() -> None:
    """A day of 1%: Z2 is 1 without a loss, and its mean with one is that of the loss over the shortfall."""
    from tradeworthy.risk.shortfall_test import z2_when_right

    drawn = z2_when_right(1, 0.99, None, paths=400_000)
    losses = (1 - drawn[drawn < 1]) * 0.01 * normal_expected_shortfall(0.99)
    assert len(losses) / len(drawn) == pytest.approx(0.01, rel=0.05)
    assert stats.kstest(losses, lambda q: 1 - stats.norm.sf(q) / 0.01).pvalue > 0.001
    assert drawn.mean() == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("returns", "var", "es", "level", "message"),
    [
        ([0.01], 0.02, 0.0, 0.99, "expected shortfall 0 is 0; the test divides by it, so it must be above 0"),
        ([0.01, 0.0], 0.02, [0.03, 0.01], 0.99, r"expected shortfall 1 is 0\.01, below the value at risk of 0\.02"),
        ([0.01, 0.0], [0.02], 0.03, 0.99, "there are 1 of value at risk for 2 returns"),
        ([0.01], math.nan, 0.03, 0.99, "value at risk must be a finite number"),
        ([0.01], 0.02, 0.03, 1.0, "level must lie between 0 and 1"),
        ([], 0.02, 0.03, 0.99, "needs at least 1 return; there are none"),
        ([math.nan], 0.02, 0.03, 0.99, "return 0 is nan"),
        ([0.0], 0.02, [math.inf], 0.99, "expected shortfall 0 is inf"),
    ],
)
def test_what_cannot_be_tested_is_refused(
    returns: list[float], var: float, es: float, level: float, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        acerbi_szekely_z2(returns, var, es, level)


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(InputError, match="observations must be a whole number from 1"):
        acerbi_szekely_critical_value(0)
    with pytest.raises(InputError, match="paths must be a whole number from 100"):
        acerbi_szekely_critical_value(250, paths=10)
    with pytest.raises(InputError, match="seed must be a whole number"):
        acerbi_szekely_critical_value(250, seed=0.5)  # type: ignore[arg-type]  # as a stranger would
    with pytest.raises(InputError, match="has no expected shortfall"):
        acerbi_szekely_critical_value(250, degrees=1.0)
