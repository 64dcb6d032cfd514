"""Moves between levels: counts, intervals that hold the truth as often as they say, durations, long-run shares."""

import numpy as np
import pytest
from scipy.special import stdtrit

from support.volatility_chains import chain
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import transitions_of
from tradeworthy.risk.level_transitions import wilson_bounds
from tradeworthy.risk.markov import long_run_shares
from tradeworthy.validation import wilson_interval

MATRIX = np.array([[0.9, 0.1, 0.0], [0.1, 0.8, 0.1], [0.0, 0.2, 0.8]])


def test_moves_by_hand() -> None:
    found = transitions_of([0, 0, 1, 1, 1, 0, -1, 2, 2, 0] + [0] * 20, k=3)
    assert found.counts == ((21, 1, 0), (1, 2, 0), (1, 0, 1))
    assert found.steps == 27
    assert found.persistence == pytest.approx(24 / 27)
    assert found.spells == (3, 1, 1)
    row = found.cells[1]
    assert row is not None
    assert [one.share for one in row] == pytest.approx([1 / 3, 2 / 3, 0])
    duration = found.durations[1]
    assert duration is not None
    assert duration.bars == pytest.approx(3.0)
    assert [one.share for one in found.occupancy] == pytest.approx([24 / 29, 3 / 29, 2 / 29])


@pytest.mark.parametrize("steps", [500, 2_000])
def test_intervals_hold_the_truth_at_their_rate_where_levels_are_a_chain(steps: int) -> None:
    rng = np.random.default_rng(steps)
    held = []
    for _ in range(150):
        cells = transitions_of(chain(MATRIX, steps, rng), k=3).cells
        for i, row in enumerate(cells):
            assert row is not None
            held += [one.low <= MATRIX[i, j] <= one.high for j, one in enumerate(row)]
    assert 0.935 <= np.mean(held) <= 0.985  # cells of zero are always held


def test_overlapping_windows_make_the_intervals_wider_than_wilson_alone() -> None:
    rng = np.random.default_rng(5)
    slow = np.convolve(rng.standard_normal(4_000), np.ones(30) / 30**0.5, mode="valid")
    found = transitions_of((slow > 0).astype(np.int64), k=2)
    one = found.occupancy[1]
    plain = wilson_interval(round(one.share * one.visits), one.visits)
    assert one.high - one.low > 3 * (plain.high - plain.low)
    assert one.worth < one.visits / 10


def test_the_interval_of_independent_throws_is_wilsons() -> None:
    wanted = wilson_interval(37, 90)
    assert wilson_bounds(37 / 90, 90.0, 1.959963984540054) == pytest.approx((wanted.low, wanted.high), rel=1e-12)


def test_expected_durations_and_their_intervals_follow_from_the_chance_of_staying() -> None:
    found = transitions_of(chain(MATRIX, 5_000, np.random.default_rng(0)), k=3)
    for i, wanted in enumerate((10.0, 5.0, 5.0)):
        duration, row = found.durations[i], found.cells[i]
        assert duration is not None
        assert duration.bars is not None
        assert duration.high is not None
        assert row is not None
        assert duration.low <= wanted <= duration.high
        assert duration.bars == pytest.approx(1 / (1 - row[i].share))
    assert found.stationary == pytest.approx([0.4, 0.4, 0.2], abs=0.06)
    assert found.stationary == pytest.approx([one.share for one in found.occupancy], abs=0.002)


def test_one_level_only_is_said_without_certainty() -> None:
    found = transitions_of([2] * 500)
    assert found.persistence == 1.0
    assert found.stationary == (0.0, 0.0, 1.0, 0.0, 0.0)
    assert found.cells[0] is None
    assert found.durations[0] is None
    duration = found.durations[2]
    assert duration is not None
    assert (duration.bars, duration.high) == (None, None)
    assert duration.low > 20
    # one spell says little of how much of the time it takes
    assert found.occupancy[2].low < 0.05
    assert found.occupancy[0].high > 0.9


def test_a_level_that_is_never_left_or_never_found_again_has_no_long_run() -> None:
    assert transitions_of([0] * 30 + [1] * 30, k=2).stationary is None
    assert long_run_shares(np.array([[2, 1, 1], [1, 0, 1], [1, 1, 2]])) == pytest.approx([0.4, 0.2, 0.4])
    assert long_run_shares(np.zeros((2, 2), np.int64)) is None


def test_too_few_steps_and_what_are_no_levels() -> None:
    with pytest.raises(NotEnoughData, match="at least 20 steps, and there are 19"):
        transitions_of([0] * 20)
    with pytest.raises(NotEnoughData, match="there are 0"):
        transitions_of([0, -1] * 40)
    for wrong in ([0.5] * 30, [[0] * 30], [5] * 30, [-2] * 30):
        with pytest.raises(InputError, match="levels must be"):
            transitions_of(wrong)
    with pytest.raises(InputError, match="confidence"):
        transitions_of([0, 1] * 30, confidence=95)


def test_intervals_are_wilsons_with_students_quantile_for_what_the_visits_are_worth() -> None:
    levels = np.repeat([0, 1, 0, 1, 0, 1], [30, 10, 25, 15, 5, 35])
    found = transitions_of(levels, 3)
    spread = np.var([(part == 1).mean() for part in np.split(levels, 6)], ddof=1)
    worth = 120 / (spread * 20 / 0.25)
    occupied = found.occupancy[1]
    assert (occupied.share, occupied.visits, occupied.worth) == pytest.approx((0.5, 120, worth))
    assert (occupied.low, occupied.high) == pytest.approx(wilson_bounds(0.5, worth, float(stdtrit(5.0, 0.975))))
    row = found.cells[0]
    assert row is not None
    assert row[2].high == pytest.approx(wilson_bounds(0.0, 60, float(stdtrit(59.0, 0.975)))[1])
