"""Published figures of shortfall tests, portfolios, runs of losses, ruin, stakes, chains, drawdowns and correlations."""

import numpy as np
import pytest

from tradeworthy.risk import (
    acerbi_szekely_critical_value,
    component_var,
    expected_longest_loss_run,
    expected_max_drawdown,
    kelly_fraction,
    longest_loss_run_probability,
    merton_fraction,
    nearest_correlation,
    ruin,
    stationary_distribution,
)


@pytest.mark.parametrize(
    ("n", "significance", "degrees", "critical"),
    [(1966, 0.01, None, -0.34639), (1966, 0.01, 3.0, -0.42986), (250, 0.05, None, -0.69), (250, 0.05, 3.0, -0.81)],
)
def test_critical_values_of_the_second_test_of_acerbi_and_szekely(
    n: int, significance: float, degrees: float | None, critical: float
) -> None:
    """Acerbi, Szekely 2014; MATLAB Risk Management Toolbox. Both are simulations."""
    assert acerbi_szekely_critical_value(n, 0.975, significance, degrees) == pytest.approx(critical, abs=0.02)


def test_the_parts_of_a_portfolio_of_two_currencies() -> None:
    """Jorion 2006, chapter 7."""
    found = component_var([2e6, 1e6], [0.05, 0.12], [[1, 0], [0, 1]], 1.65)
    assert found.volatility == pytest.approx(156_205, abs=0.5)
    assert found.total == pytest.approx(257_738, abs=0.5)
    assert found.marginal == pytest.approx([0.0528, 0.1521], abs=5e-5)
    assert found.component == pytest.approx([105_630, 152_108], abs=0.5)


@pytest.mark.parametrize(
    ("p", "start", "target", "probability", "duration"),
    [
        (0.45, 9, 10, 0.210, 11.0),
        (0.45, 90, 100, 0.866, 765.6),
        (0.4, 90, 100, 0.983, 441.3),
        (0.5, 90, 100, 0.1, 900.0),
        (0.5, 9, 10, 0.1, 9.0),
    ],
)
def test_ruin(p: float, start: int, target: int, probability: float, duration: float) -> None:
    """Feller 1968, table XIV.1."""
    found = ruin(p, start, target)
    assert found.probability == pytest.approx(probability, abs=5e-4)
    assert found.duration == pytest.approx(duration, abs=0.05)


@pytest.mark.parametrize(
    ("run", "n", "loss", "chance"),
    [(6, 200, 0.5, 0.800932), (7, 200, 0.5, 0.543708), (6, 60, 0.55, 0.532896), (8, 240, 0.55, 0.598169)],
)
def test_the_longest_run_of_losses(run: int, n: int, loss: float, chance: float) -> None:
    """Exact recursion; Feller 1968, XIII.7."""
    assert longest_loss_run_probability(run, n, loss) == pytest.approx(chance, abs=6e-7)


def test_the_expected_longest_run_of_losses() -> None:
    """Exact recursion."""
    assert expected_longest_loss_run(200, 0.5) == pytest.approx(6.9842, abs=5e-5)


def test_stakes() -> None:
    """Kelly 1956; Merton 1969."""
    assert kelly_fraction(0.51) == pytest.approx(0.02)
    assert kelly_fraction(0.4, 2.0) == pytest.approx(0.1)
    assert merton_fraction(0.11, 0.06, 0.15) == pytest.approx(2.2222, abs=5e-5)


def test_the_weather_in_the_land_of_oz() -> None:
    """Kemeny, Snell 1960: rain, nice, snow."""
    oz = [[0.5, 0.25, 0.25], [0.5, 0.0, 0.5], [0.25, 0.25, 0.5]]
    assert stationary_distribution(oz) == pytest.approx([0.4, 0.2, 0.4], rel=1e-12)


@pytest.mark.parametrize(
    ("steps", "published", "within"), [(None, 1.2533, 5e-5), (252, 1.181, 0.01), (2520, 1.232, 0.01)]
)
def test_the_expected_drawdown_of_a_walk(steps: int | None, published: float, within: float) -> None:
    """Magdon-Ismail, Atiya, Pratap, Abu-Mostafa 2004."""
    assert expected_max_drawdown(1.0, 1.0, steps) == pytest.approx(published, abs=within)


def test_the_nearest_correlation_matrix() -> None:
    """Higham 2002, section 5, and the example of the NAG Library's g02aa, both to four digits."""
    small = nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    assert small[0] == pytest.approx([1.0, 0.7607, 0.1573], abs=5e-5)
    tridiagonal = 2.0 * np.eye(4) - np.eye(4, k=1) - np.eye(4, k=-1)
    found = nearest_correlation(tridiagonal)
    assert found[0] == pytest.approx([1.0, -0.8084, 0.1916, 0.1068], abs=5e-5)
    assert found[1] == pytest.approx([-0.8084, 1.0, -0.6562, 0.1916], abs=5e-5)
