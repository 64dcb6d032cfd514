"""Where a history is cut."""

import numpy as np
import pytest

from tradeworthy.backtest.cuts import cut_points


def test_a_short_history_is_cut_everywhere() -> None:
    assert cut_points(np.array([5]), 20, 11, 100, 0) == tuple(range(11, 20))


@pytest.mark.parametrize("seed", range(5))
def test_both_ends_and_the_bars_of_decisions_are_cut(seed: int) -> None:
    decided = np.arange(50, 5000, 200)
    cuts = cut_points(decided, 5000, 30, 100, seed)
    assert len(cuts) == len(set(cuts)) == 100
    assert list(cuts) == sorted(cuts)
    assert {30, 31, 4997, 4998, 4999} <= set(cuts)
    assert set((decided + 1).tolist()) <= set(cuts)
    assert {50, 52} <= set(cuts)


@pytest.mark.parametrize("seed", range(5))
def test_of_many_decisions_the_earliest_and_some_of_every_stretch_are_cut(seed: int) -> None:
    decided = np.arange(40, 50_000, 7)
    cuts = np.array(cut_points(decided, 50_000, 30, 100, seed))
    assert {41, 48, 55} <= set(cuts.tolist())
    right_after = cuts[np.isin(cuts - 1, decided)]
    assert len(right_after) >= 50
    assert np.histogram(right_after, bins=5, range=(0, 50_000))[0].min() >= 8
    assert np.histogram(cuts, bins=5, range=(0, 50_000))[0].min() >= 14


def test_no_decision_leaves_cuts_all_over() -> None:
    cuts = np.array(cut_points(np.zeros(0, np.int64), 10_000, 1, 50, 0))
    assert len(cuts) == 50
    assert np.diff(cuts).max() < 1500
