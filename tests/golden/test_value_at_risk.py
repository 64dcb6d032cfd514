"""Published values at risk, expected shortfalls and tails."""

from pathlib import Path

import numpy as np
import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.risk import (
    cornish_fisher_quantile,
    cornish_fisher_value_at_risk,
    fit_gpd,
    monotone_kurtosis,
    normal_expected_shortfall,
    normal_value_at_risk,
    student_t_expected_shortfall,
    student_t_value_at_risk,
)


@pytest.mark.parametrize(
    ("level", "quantile", "beyond"),
    [(0.95, 1.644854, 2.062713), (0.975, 1.959964, 2.337803), (0.99, 2.326348, 2.665214)],
)
def test_of_a_unit_normal_loss(level: float, quantile: float, beyond: float) -> None:
    """Closed form."""
    assert normal_value_at_risk(level) == pytest.approx(quantile, rel=1e-6)
    assert normal_expected_shortfall(level) == pytest.approx(beyond, rel=1e-6)


@pytest.mark.parametrize(
    ("degrees", "level", "quantile", "beyond"),
    [
        (4, 0.95, 2.13185, 3.20287),
        (4, 0.99, 3.74695, 5.22058),
        (3, 0.99, 4.54070, 7.00308),
        (5, 0.99, 3.36493, 4.45243),
    ],
)
def test_of_a_loss_of_students_t(degrees: float, level: float, quantile: float, beyond: float) -> None:
    """Closed form; McNeil, Frey, Embrechts 2015, example 2.15."""
    assert student_t_value_at_risk(level, degrees) == pytest.approx(quantile, rel=2e-6)
    assert student_t_expected_shortfall(level, degrees) == pytest.approx(beyond, rel=2e-6)


@pytest.mark.parametrize(
    ("probability", "skewness", "kurtosis", "quantile"),
    [(0.01, -0.5, 3.0, -3.301284), (0.05, -0.5, 3.0, -1.721744), (0.01, -1.0, 5.0, -3.854264)],
)
def test_quantiles_of_cornish_and_fisher(probability: float, skewness: float, kurtosis: float, quantile: float) -> None:
    """Maillard 2012."""
    assert cornish_fisher_quantile(probability, skewness, kurtosis) == pytest.approx(quantile, rel=1e-6)
    assert cornish_fisher_value_at_risk(1.0 - probability, skewness, kurtosis) == pytest.approx(-quantile, rel=1e-6)


def test_the_domain_of_cornish_and_fisher_ends_at_a_skewness_of_six_times_root_two_less_one() -> None:
    """Maillard 2012: without skewness excess kurtosis may run from 0 to 8."""
    assert monotone_kurtosis(0.0) == (0.0, 8.0)
    assert monotone_kurtosis(2.4853) is None
    low, high = monotone_kurtosis(2.4852) or (0.0, 0.0)
    assert low == pytest.approx(high, rel=0.02)
    for skewness, kurtosis in ((2.5, 11.5), (0.0, 8.1), (0.0, -0.1), (-1.0, 1.0)):
        with pytest.raises(InputError, match="cornish_fisher"):
            cornish_fisher_quantile(0.01, skewness, kurtosis)


def test_the_tail_of_danish_fire_losses(shared: Path) -> None:
    """McNeil 1997, as the R package evir has it."""
    tail = fit_gpd(np.loadtxt(shared / "golden" / "danish_fire_losses.csv", skiprows=1), 10.0)
    assert tail.exceedances == 109
    assert (tail.xi, tail.beta) == pytest.approx((0.4969857, 6.975468), rel=2e-7)
    assert (tail.xi_error, tail.beta_error) == pytest.approx((0.136284, 1.113491), rel=1e-5)
    assert (tail.var(0.999), tail.es(0.999)) == pytest.approx((94.34, 191.54), rel=2e-4)
    assert (tail.var(0.9999), tail.es(0.9999)) == pytest.approx((304.9, 610.1), rel=2e-4)
