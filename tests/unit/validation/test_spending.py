"""Repeated looks: against exact results, simulation and an independent integral, and what is refused."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from tradeworthy import validation
from tradeworthy.core.errors import InputError


def test_the_chance_that_a_sum_is_ever_above_zero_is_the_exact_one() -> None:
    """Sparre Andersen: n symmetric steps never rise above zero with probability C(2n, n) / 4^n."""
    for looks in (1, 2, 3, 10, 40):
        exact = 1 - math.comb(2 * looks, looks) / 4**looks
        assert validation.repeated_looks_error(looks, 0.5, sides=1) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("level", [0.001, 0.05, 0.3])
def test_three_looks_err_as_the_trivariate_normal_distribution_says(level: float) -> None:
    z = -stats.norm.ppf(level)
    times = np.array([1.0, 2.0, 3.0])
    together = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    stays = stats.multivariate_normal.cdf([z] * 3, cov=together, abseps=1e-8, releps=1e-8, maxpts=2_000_000)
    assert validation.repeated_looks_error(3, level, sides=1) == pytest.approx(1 - stays, abs=1e-6)


def test_one_look_errs_at_its_level() -> None:
    for level in (1e-9, 0.05, 0.999):
        assert validation.repeated_looks_error(1, level) == pytest.approx(level, rel=1e-9)


def test_many_looks_err_as_simulated_ones_do() -> None:
    sums = np.cumsum(np.random.default_rng(2).normal(size=(20_000, 300)), axis=1)
    ever = (np.abs(sums) / np.sqrt(np.arange(1, 301)) > 1.959964).any(axis=1).mean()
    assert validation.repeated_looks_error(300) == pytest.approx(ever, abs=0.012)


def test_ten_years_of_daily_looks_err_more_often_than_not() -> None:
    assert 0.58 < validation.repeated_looks_error(2_520) < 0.585


def test_bounds_spend_what_they_are_told_to_look_by_look() -> None:
    """By an independent integral: the probability to be above the second bound and below the first."""
    first, second = validation.spending_bounds([0.4, 1.0], 0.05, "pocock")
    spent = validation.alpha_spending([0.4, 1.0], 0.05, "pocock")
    assert stats.norm.sf(first) == pytest.approx(spent[0], rel=1e-9)
    root = math.sqrt(0.4)
    stays = stats.multivariate_normal(cov=[[1, root], [root, 1]]).cdf([first, second])
    assert 1 - stays == pytest.approx(spent[1], abs=1e-7)


def test_bounds_at_equal_levels_of_one_look_are_the_ordinary_ones() -> None:
    for error, sides, z in ((0.05, 2, 1.959964), (0.05, 1, 1.644854), (0.5, 1, 0.0), (0.9, 1, -1.281552)):
        assert validation.spending_bounds([1.0], error, sides=sides)[0] == pytest.approx(z, abs=1e-6)


def test_a_look_with_nothing_to_spend_cannot_stop() -> None:
    bounds = validation.spending_bounds([1e-5, 0.5, 1.0])
    assert bounds[0] == math.inf
    assert bounds[1:] == pytest.approx(validation.spending_bounds([0.5, 1.0]))


def test_nearly_all_error_spent_is_still_a_bound() -> None:
    for sides in (1, 2):
        assert all(
            math.isfinite(z) for z in validation.spending_bounds([0.5, 0.7, 1.0], 1 - 1e-12, "pocock", sides=sides)
        )


def test_spending_is_by_its_formulas() -> None:
    assert validation.alpha_spending(0.0) == 0.0
    assert validation.alpha_spending(0.3, 0.05, "pocock") == pytest.approx(0.05 * math.log(1 + (math.e - 1) * 0.3))
    assert validation.alpha_spending(0.3, 0.05, "power", exponent=3) == pytest.approx(0.05 * 0.027)
    assert validation.alpha_spending(np.array([]), 0.05).shape == (0,)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: validation.alpha_spending(1.01), "shares of what is planned"),
        (lambda: validation.alpha_spending(-0.1), "shares of what is planned"),
        (lambda: validation.alpha_spending([0.5, math.nan]), "shares of what is planned"),
        (lambda: validation.alpha_spending(0.5, 0.0), "error must lie between 0 and 1"),
        (lambda: validation.alpha_spending(0.5, 1.0), "error must lie between 0 and 1"),
        (lambda: validation.alpha_spending(0.5, kind="haybittle"), "obrien_fleming, pocock, power"),
        (lambda: validation.alpha_spending(0.5, kind="power", exponent=0), "exponent must be above 0"),
        (lambda: validation.spending_bounds([]), "one share for each look"),
        (lambda: validation.spending_bounds([0.0, 1.0]), "must grow from look to look"),
        (lambda: validation.spending_bounds([0.5, 0.5]), "must grow from look to look"),
        (lambda: validation.spending_bounds([0.5, 1.2]), "must grow from look to look"),
        (lambda: validation.spending_bounds([0.5, math.nan]), "must grow from look to look"),
        (lambda: validation.spending_bounds([0.5, 0.500001]), "must grow from look to look"),
        (lambda: validation.spending_bounds([0.5], sides=3), "sides must be 1 or 2"),
        (lambda: validation.repeated_looks_error(0), "looks must be at least 1"),
        (lambda: validation.repeated_looks_error(2.5), "looks must be a whole number"),  # type: ignore[arg-type]
        (lambda: validation.repeated_looks_error(5_000), "up to 2600 looks"),
        (lambda: validation.repeated_looks_error(5, 0.0), "level must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_spent_is_refused_in_a_sentence(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
