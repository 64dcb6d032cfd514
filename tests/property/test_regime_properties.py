"""What must hold for regimes of any market: no later bar changes an earlier level, and shares are shares."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.volatility_chains import bars_of_steps, two_states
from tradeworthy.risk import Estimator, SwitchingVolatility, VolatilityThresholds, realised_volatility, transitions_of
from tradeworthy.risk.stop_walks import follow_entries

BEFORE, _ = two_states(600, 8)
STEPS = st.lists(st.lists(st.integers(-30, 30), min_size=3, max_size=3), min_size=30, max_size=80)


@given(STEPS, STEPS, st.integers(1, 12), st.sampled_from(Estimator), st.integers(0, 29))
def test_no_later_bar_changes_a_level(
    past: list[list[int]], future: list[list[int]], n: int, estimator: Estimator, cut: int
) -> None:
    thresholds = VolatilityThresholds.frozen_on(BEFORE, n, estimator)
    moves, others = np.array(past) / 1e4, np.array(future) / 1e4
    kept = len(past) - cut
    one = bars_of_steps(moves)
    other = bars_of_steps(np.concatenate((moves[:kept], others)))
    np.testing.assert_array_equal(thresholds.levels(one)[:kept], thresholds.levels(other)[:kept])
    np.testing.assert_array_equal(
        realised_volatility(one, n, estimator)[:kept], realised_volatility(one.slice(0, kept), n, estimator)
    )


@given(
    st.lists(st.floats(-0.05, 0.05), min_size=1, max_size=60),
    st.lists(st.floats(-5, 5), max_size=20),
    st.floats(0.5, 0.999),
    st.floats(0.5, 0.999),
)
def test_no_later_return_changes_the_chance_of_a_state(
    past: list[float], future: list[float], calm: float, wild: float
) -> None:
    model = SwitchingVolatility((0.005, 0.02), ((calm, 1 - calm), (1 - wild, wild)), 0.0, 0)
    told = model.filtered(past)
    np.testing.assert_array_equal(told, model.filtered([*past, *future])[: len(past)])
    assert np.isfinite(told).all()
    np.testing.assert_allclose(told.sum(axis=1), 1.0, rtol=1e-12)


@given(st.lists(st.integers(-1, 4), min_size=60, max_size=200))
def test_shares_of_moves_are_shares_inside_their_intervals(levels: list[int]) -> None:
    known = sum(one >= 0 and other >= 0 for one, other in pairwise(levels))
    if known < 20:
        return
    found = transitions_of(levels)
    assert found.steps == known
    for row, counts in zip(found.cells, found.counts, strict=True):
        assert (row is None) == (sum(counts) == 0)
        if row is not None:
            assert sum(one.share for one in row) == pytest.approx(1.0)
            for one in row:
                assert 0.0 <= one.low <= one.share <= one.high <= 1.0
                assert 1.0 <= one.worth <= one.visits
    assert sum(one.share for one in found.occupancy) == pytest.approx(1.0)
    if found.stationary is not None:
        shares = np.array([[0.0] * 5 if row is None else [one.share for one in row] for row in found.cells])
        assert np.array(found.stationary) @ shares == pytest.approx(np.array(found.stationary), abs=1e-9)


@given(STEPS, st.integers(1, 60), st.integers(1, 60), st.booleans())
def test_entries_are_followed_as_a_plain_version_does(
    steps: list[list[int]], stop: int, target: int, long: bool
) -> None:
    bars, side = bars_of_steps(np.array(steps) / 1e4), 1 if long else -1
    many = len(bars)
    near, far = stop * 1.03e-4, target * 1.07e-4
    found = follow_entries(bars, np.arange(many), np.full(many, side), np.full(many, near), np.full(many, far))
    for first in range(many):
        entry, outcome = float(bars.open[first]), 0
        for t in range(first, many):
            worst = entry - float(bars.low[t]) if long else float(bars.high[t]) - entry
            best = float(bars.high[t]) - entry if long else entry - float(bars.low[t])
            if outcome == 0 and worst >= near:
                outcome = 3 if worst >= 2 * near else 4
            elif outcome == 4:
                outcome = 3 if worst >= 2 * near else 2 if best >= far else 4
            elif outcome == 0 and best >= far:
                outcome = 1
            if outcome in {1, 2, 3}:
                break
        assert found.outcome[first] == outcome
    assert not math.isnan(float(found.against.sum() + found.onward.sum()))
