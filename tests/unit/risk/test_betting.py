"""Ruin against the walk solved as equations, its limits, and what is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.risk import Ruin, kelly_fraction, merton_fraction, ruin


def solved(p: float, target: int) -> tuple[list[float], list[float]]:
    """Chance of ruin and duration from each start, by the equations of one step."""
    n = target - 1
    walk = np.eye(n) - p * np.eye(n, k=1) - (1 - p) * np.eye(n, k=-1)
    lost = np.zeros(n)
    lost[0] = 1 - p
    return np.linalg.solve(walk, lost).tolist(), np.linalg.solve(walk, np.ones(n)).tolist()


def pair(found: Ruin) -> tuple[float, float]:
    """Both numbers, to be compared approximately."""
    return found.probability, found.duration


@pytest.mark.parametrize("p", [0.05, 0.3, 0.49, 0.4999999, 0.5, 0.5000001, 0.52, 0.7, 0.95])
def test_ruin_solves_the_equations_of_one_step(p: float) -> None:
    for target in (2, 7, 60):
        chances, durations = solved(p, target)
        for start in range(1, target):
            found = ruin(p, start, target)
            assert found.probability == pytest.approx(chances[start - 1], rel=1e-8, abs=1e-12)
            assert found.duration == pytest.approx(durations[start - 1], rel=1e-8)


@pytest.mark.parametrize("tilt", ["1/1000000000000", "-1/1000000000000", "1/100000", "-1/100000", "1/1000"])
@pytest.mark.parametrize(("start", "target"), [(1, 2), (90, 100), (1, 1000), (999, 1000), (30, 400)])
def test_near_one_half_nothing_is_lost(tilt: str, start: int, target: int) -> None:
    """Against exact fractions."""
    p = float(Fraction(1, 2) + Fraction(tilt))
    exact = Fraction(p)
    r = (1 - exact) / exact
    chance = (r**start - r**target) / (1 - r**target)
    duration = (start - target * (1 - chance)) / (1 - 2 * exact)
    found = ruin(p, start, target)
    assert found.probability == pytest.approx(float(chance), rel=1e-9)
    assert found.duration == pytest.approx(float(duration), rel=1e-9)


def test_any_number_of_units_is_stable() -> None:
    assert ruin(0.5, 10**15 // 4, 10**15).probability == 0.75
    assert ruin(0.5, 10**6, 4 * 10**6).duration == 10**6 * 3 * 10**6
    assert pair(ruin(0.499, 10**14, 10**15)) == pytest.approx((1.0, 10**14 / 0.002), rel=1e-9)
    assert pair(ruin(0.6, 10**14, 10**15)) == pytest.approx((0.0, 9e14 / 0.2), rel=1e-9)
    assert ruin(0.501, 1_000, 10**9).probability == pytest.approx((0.499 / 0.501) ** 1_000, rel=1e-9)
    assert ruin(0.49, 999_999, 10**6).probability == pytest.approx(1 - 0.49 / 0.51, rel=1e-12)


def test_ends_and_certainties() -> None:
    assert ruin(0.3, 0, 10) == Ruin(1.0, 0.0)
    assert ruin(0.3, 10, 10) == Ruin(0.0, 0.0)
    assert ruin(1.0, 4, 10) == Ruin(0.0, 6.0)
    assert ruin(0.0, 4, 10) == Ruin(1.0, 4.0)


def test_without_a_target_it_is_the_limit_of_far_ones() -> None:
    far = 10**9
    assert pair(ruin(0.55, 10, math.inf)) == pytest.approx((ruin(0.55, 10, far).probability, math.inf), rel=1e-9)
    assert pair(ruin(0.45, 10, math.inf)) == pytest.approx((1.0, ruin(0.45, 10, far).duration), rel=1e-9)
    assert ruin(0.5, 10, math.inf) == Ruin(1.0, math.inf)
    assert ruin(1.0, 10, math.inf) == Ruin(0.0, math.inf)
    assert ruin(0.2, 0, math.inf) == Ruin(1.0, 0.0)


def test_ruin_is_not_the_rule_of_thumb_that_is_often_quoted() -> None:
    """((1 - w) / (1 + w))^n with w = 2p - 1 forgets the target and that r = (1 - p) / p."""
    assert ruin(0.55, 10, math.inf).probability == pytest.approx((0.45 / 0.55) ** 10)


@pytest.mark.parametrize(
    ("p", "start", "target", "message"),
    [
        (1.1, 5, 10, "win_probability must lie from 0 to 1"),
        (math.nan, 5, 10, "win_probability must be a finite number"),
        (0.5, 11, 10, "need 0 <= start <= target"),
        (0.5, 0, 0, "a target above 0"),
        (0.5, 2.5, 10, r"start must be a whole number of units of one bet from 0 to .*, not 2\.5"),
        (0.5, 2, math.nan, "target must be a whole number"),
        (0.5, -1, 10, "start must be a whole number"),
        (0.5, 1, 10**16, "target must be a whole number"),
    ],
)
def test_what_is_no_game_is_refused(p: float, start: float, target: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ruin(p, start, target)


def test_stakes_are_zero_without_an_edge_and_refused_without_odds() -> None:
    assert kelly_fraction(0.5) == 0.0
    assert kelly_fraction(1.0, 3.0) == 1.0
    assert kelly_fraction(0.0, 2.0) == -0.5
    assert merton_fraction(0.02, 0.02, 0.2) == 0.0
    assert merton_fraction(0.1, 0.0, 0.2, 5.0) == pytest.approx(0.5)
    for odds in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="odds must be"):
            kelly_fraction(0.5, odds)
    with pytest.raises(InputError, match="volatility must be above zero"):
        merton_fraction(0.1, 0.0, 0.0)
    with pytest.raises(InputError, match="the share of wealth is past what a number holds"):
        merton_fraction(0.1, 0.0, 1e-200)


def test_the_kelly_stake_makes_capital_grow_fastest() -> None:
    p, odds = 0.45, 1.8
    stakes = np.linspace(0.001, 0.5, 5_000)
    growth = p * np.log1p(odds * stakes) + (1 - p) * np.log1p(-stakes)
    assert kelly_fraction(p, odds) == pytest.approx(stakes[growth.argmax()], abs=2e-4)
