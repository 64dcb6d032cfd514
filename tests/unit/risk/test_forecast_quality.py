"""Chances and what came of them: the published decomposition, and curves that make chances right."""

from typing import Any

import numpy as np
import pytest

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import forecast_quality, logistic_curve, rising_curve

RNG = np.random.default_rng(0)
SAID = RNG.uniform(0, 1, 4_000) ** 2
CAME = (RNG.random(4_000) < SAID**1.7).astype(float)


def test_the_parts_of_the_brier_score_are_those_computed_by_hand() -> None:
    """Ten forecasts in three unequal groups of equal ones: (0.2: 1 of 4), (0.5: 2 of 4), (0.9: 2 of 2)."""
    said = [0.2] * 4 + [0.5] * 4 + [0.9] * 2
    came = [1, 0, 0, 0, 1, 1, 0, 0, 1, 1]
    found = forecast_quality(said, came, bins=[0.0, 0.3, 0.7, 1.0])
    assert found.brier == pytest.approx((0.64 + 3 * 0.04 + 4 * 0.25 + 2 * 0.01) / 10)
    assert found.reliability == pytest.approx((4 * 0.05**2 + 0 + 2 * 0.1**2) / 10)
    assert found.resolution == pytest.approx((4 * 0.25**2 + 0 + 2 * 0.5**2) / 10)
    assert found.uncertainty == pytest.approx(0.25)
    assert found.within == pytest.approx(0.0, abs=1e-15)
    assert found.skill == pytest.approx(1 - 0.178 / 0.25)
    assert [one.n for one in found.bins] == [4, 4, 2]
    assert found.bins[0].observed == 0.25
    assert found.bins[2].interval.high == 1.0


def test_forecasts_of_the_base_rate_have_no_skill_and_perfect_ones_have_all() -> None:
    came = [1, 0, 0, 0]
    assert forecast_quality([0.25] * 4, came).skill == pytest.approx(0.0)
    assert forecast_quality(came, came).skill == 1.0
    assert forecast_quality([0.2] * 4, [0] * 4).skill is None
    assert forecast_quality([0.25] * 4, came, against=[0.5] * 4).skill_against == pytest.approx(1 - 0.1875 / 0.25)


def test_bins_of_equal_count_never_part_equal_forecasts() -> None:
    found = forecast_quality([0.0] * 90 + [0.5] * 10, [0] * 90 + [1] * 5 + [0] * 5)
    assert [one.n for one in found.bins] == [90, 10]


def test_right_chances_stay_within_their_consistency_bars() -> None:
    came = (np.random.default_rng(1).random(4_000) < SAID).astype(float)
    right, wrong = forecast_quality(SAID, came), forecast_quality(SAID, CAME)
    inside = [one.consistent.low <= one.observed <= one.consistent.high for one in right.bins]
    assert sum(inside) >= 8
    assert sum(one.consistent.low <= one.observed <= one.consistent.high for one in wrong.bins) <= 4


@pytest.mark.parametrize("fit", [logistic_curve, rising_curve])
def test_a_curve_learnt_on_one_half_makes_the_other_right(fit: Any) -> None:
    curve = fit(SAID[:2_000], CAME[:2_000])
    before = forecast_quality(SAID[2_000:], CAME[2_000:])
    after = forecast_quality(curve.calibrated(SAID[2_000:]), CAME[2_000:])
    assert after.reliability < 0.2 * before.reliability
    assert after.brier < before.brier


def test_the_logistic_curve_has_no_slope_left_to_climb() -> None:
    """Where a likelihood is largest its derivatives are zero."""
    curve = logistic_curve(SAID, CAME)
    yes, n = CAME.sum(), len(CAME)
    target = np.where(CAME > 0, (yes + 1) / (yes + 2), 1 / (n - yes + 2))
    left = curve.calibrated(SAID) - target
    inner = np.clip(SAID, 1e-4, 1 - 1e-4)
    assert abs(left.mean()) < 1e-7
    assert abs((left * np.log(inner / (1 - inner))).mean()) < 1e-6


@pytest.mark.parametrize("came", [np.zeros(50), np.ones(50), np.tile([0.0, 1.0], 25), np.tile([1.0, 0.0], 25)])
def test_curves_of_hard_cases_rise_and_stay_between_0_and_1(came: np.ndarray) -> None:
    said = np.sort(np.random.default_rng(2).random(50))
    for fit in (logistic_curve, rising_curve):
        made = fit(said, came).calibrated(np.linspace(0, 1, 101))
        assert (np.diff(made) >= -1e-12).all()
        assert ((made > 0) & (made < 1)).all()


def test_equal_forecasts_become_their_base_rate() -> None:
    came = np.array([1.0] * 10 + [0.0] * 30)
    assert logistic_curve([0.9] * 40, came).calibrated([0.9])[0] == pytest.approx(0.25, abs=0.03)
    assert rising_curve([0.9] * 40, came).calibrated([0.1])[0] == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("said", "came", "sentence"),
    [
        ([0.5, 0.5], [1], "one outcome for each"),
        ([1.5], [1], "chances from 0 to 1"),
        ([float("nan")], [1], "chances from 0 to 1"),
        ([0.5], [2], "outcomes are 0"),
        ([], [], "at least 1"),
    ],
)
def test_what_is_no_forecast_is_refused(said: list[float], came: list[float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        forecast_quality(said, came)


@pytest.mark.parametrize("bins", [0, 1_001, [0.0, 0.5], [0.0, 0.5, 0.5, 1.0], [0.1, 1.0]])
def test_bins_that_are_none_are_refused(bins: Any) -> None:
    with pytest.raises(InputError, match="bins must"):
        forecast_quality([0.1, 0.2], [0, 1], bins=bins)


def test_a_curve_takes_twenty_forecasts() -> None:
    for fit in (logistic_curve, rising_curve):
        with pytest.raises(NotEnoughData, match="there are 3"):
            fit([0.1, 0.2, 0.3], [0, 1, 0])
