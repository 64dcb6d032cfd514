"""Expected drawdowns of a walk, against sums by hand, paths, and one method against the other."""

import math

import numpy as np
import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.risk import expected_max_drawdown
from tradeworthy.risk.walk_drawdown import _by_quadrature, _expanded


def test_one_and_two_steps_by_hand() -> None:
    """One: the mean of a Normal's loss. Two: the larger of the second loss, or both together, on top of none."""
    assert expected_max_drawdown(1.0, 1.0, 1) == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-10)
    assert expected_max_drawdown(1.0, 2.0, 2) == pytest.approx(2 / math.sqrt(2 * math.pi), rel=1e-10)


@pytest.mark.parametrize("steps", [3, 16, 64, 100])
def test_the_mean_over_many_paths_is_the_same(steps: int) -> None:
    random = np.random.default_rng(steps)
    paths = np.concatenate((np.zeros((100_000, 1)), random.standard_normal((100_000, steps)).cumsum(axis=1)), axis=1)
    falls = (np.maximum.accumulate(paths, axis=1) - paths).max(axis=1)
    error = falls.std() / math.sqrt(len(falls))
    assert expected_max_drawdown(1.0, float(steps), steps) == pytest.approx(falls.mean(), abs=4 * error)


@pytest.mark.parametrize("steps", [64, 100])
def test_quadrature_and_expansion_agree_where_they_meet(steps: int) -> None:
    assert _expanded(steps) == pytest.approx(_by_quadrature(steps), rel=1e-6)


def test_more_steps_see_more_until_there_are_infinitely_many() -> None:
    found = [expected_max_drawdown(0.1, 2.0, steps) for steps in (1, 2, 5, 63, 64, 65, 66, 1_000, 10**6, 10**12)]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(expected_max_drawdown(0.1, 2.0), rel=1e-5)
    assert expected_max_drawdown(0.1, 2.0) == pytest.approx(0.1 * math.sqrt(2.0) * math.sqrt(math.pi / 2))


def test_no_volatility_or_no_time_is_no_drawdown() -> None:
    assert expected_max_drawdown(0.0, 1.0, 10) == 0.0
    assert expected_max_drawdown(1.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("volatility", "horizon", "steps", "message"),
    [
        (-0.1, 1.0, None, "volatility must be zero or more"),
        (math.nan, 1.0, None, "volatility must be a finite number"),
        (0.1, -1.0, None, "horizon must be zero or more"),
        (0.1, 1.0, 0, "steps must be a whole number from 1"),
        (0.1, 1.0, 2.5, "steps must be a whole number"),
    ],
)
def test_what_is_no_walk_is_refused(volatility: float, horizon: float, steps: int | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        expected_max_drawdown(volatility, horizon, steps)
