"""Entries followed past their stops, and random ones beside them."""

import numpy as np
import pytest

from support.volatility_chains import bars_of_steps
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.risk.stop_walks import (
    follow_entries,
    random_rescued,
    random_sets,
    random_stopped,
    shares_of,
)


def walk_of_units(moves: list[int]) -> Bars:
    """Bars that each move by a whole number of units of 0.001 round 1; prices are nearly 1, so logarithms will do."""
    return bars_of_steps(np.array(moves, dtype=np.float64)[:, None] * 0.001)


@pytest.mark.parametrize(
    ("moves", "outcome"),
    [
        ([1, 1, 1, 1], 1),
        ([-1, -1, -1, 2, 2, 3], 2),
        ([-1, -1, -1, -3, 5, 5], 3),
        ([-1, -1, -1, 1, 1], 4),
        ([1, -1, 1, -1], 0),
        ([-9, 20], 3),
    ],
)
def test_what_becomes_of_a_long_entry(moves: list[int], outcome: int) -> None:
    found = follow_entries(walk_of_units(moves), [0], [1], [0.0025], [0.0035])
    assert found.outcome.tolist() == [outcome]


def test_a_short_entry_is_its_mirror_image() -> None:
    rng = np.random.default_rng(0)
    steps = rng.normal(0, 0.0001, (400, 20))
    places = np.arange(300)
    stop, target = np.full(300, 0.0008), np.full(300, 0.0012)
    long = follow_entries(bars_of_steps(steps), places, np.ones(300), stop, target)
    short = follow_entries(bars_of_steps(-steps), places, -np.ones(300), stop, target)
    assert np.mean(long.outcome == short.outcome) > 0.99  # logarithms of prices are not quite prices
    assert set(long.outcome) >= {1, 2, 3}


def test_a_bar_that_holds_both_counts_as_the_stop_and_one_that_rescues_and_loses_as_lost() -> None:
    both = bars_of_steps(np.array([[0.004, -0.008, 0.004]]))
    found = follow_entries(both, [0], [1], [0.003], [0.003])
    assert found.outcome.tolist() == [4]
    later = bars_of_steps(np.array([[-0.0035, 0.0, 0.0], [0.009, -0.018, 0.0]]))
    assert follow_entries(later, [0], [1], [0.003], [0.003]).outcome.tolist() == [3]


def test_excursions_end_with_the_trade() -> None:
    found = follow_entries(walk_of_units([1, 1, -1, -1, -1, -1, 9]), [0], [1], [0.0015], [0.0035])
    assert found.outcome.tolist() == [2]
    assert found.onward[0] == pytest.approx(0.002, rel=0.01)
    assert found.against[0] == pytest.approx(0.0015, rel=0.01)


def test_a_fair_coin_meets_stop_and_target_as_often_as_gamblers_do() -> None:
    # gambler's ruin (Feller 1968, XIV.2): stop first with 3 / (2 + 3); from there the target before two more with 2 / (3 + 4)
    moves = np.random.default_rng(1).choice([-1, 1], 150_000) * 1e-7
    bars = bars_of_steps(moves[:, None])
    entries = np.arange(0, 149_000, 30)
    many = len(entries)
    walks = follow_entries(bars, entries, np.ones(many), np.full(many, 1.99e-7), np.full(many, 2.99e-7))
    shares = shares_of(walks.outcome)
    assert shares.stopped_share == pytest.approx(0.6, abs=0.02)
    assert shares.rescued_share == pytest.approx(2 / 7, abs=0.025)


def test_random_sets_have_the_shares_of_what_they_are_drawn_from() -> None:
    long, short = np.repeat([1, 2, 3], [50, 10, 40]), np.repeat([1, 2, 3, 0], [20, 20, 40, 20])
    sets = random_sets(long, short, 30, 10, seed=1)
    assert sets.shape == (10_000, 5)
    assert (sets.sum(axis=1) == 40).all()
    stopped, rescued = random_stopped(sets, 0.9), random_rescued(sets, 0.25)
    assert stopped is not None
    assert rescued is not None
    assert stopped.share == pytest.approx((15 + 6) / (15 + 6 + 15 + 2), abs=0.005)
    assert rescued.share == pytest.approx((3 + 2) / (3 + 2 + 12 + 4), abs=0.005)
    assert stopped.p_value < 0.001
    assert rescued.p_value > 0.8
    assert stopped.low < stopped.share < stopped.high < 0.9
    again = random_stopped(random_sets(long, short, 30, 10, seed=1), 0.9)
    assert again == stopped


def test_nothing_decided_is_no_share() -> None:
    shares = shares_of(np.array([0, 0]))
    assert (shares.stopped_share, shares.rescued_share) == (None, None)
    none = np.zeros(5, np.int64)
    sets = random_sets(none, none, 3, 2)
    assert random_stopped(sets, 0.5) is None
    assert random_rescued(sets, 0.5) is None


def test_what_cannot_be_followed_or_drawn() -> None:
    bars = walk_of_units([1, -1])
    for wrong in (([2], [1], [1.0], [1.0]), ([-1], [1], [1.0], [1.0])):
        with pytest.raises(InputError, match="within the 2 bars"):
            follow_entries(bars, *wrong)
    for wrong in (([0], [0], [1.0], [1.0]), ([0], [1], [0.0], [1.0]), ([0], [1], [1.0], [float("nan")])):
        with pytest.raises(InputError, match="an entry is long"):
            follow_entries(bars, *wrong)
    with pytest.raises(InputError, match="one length"):
        follow_entries(bars, [0, 1], [1], [1.0], [1.0])
    empty = np.zeros(0, np.int64)
    for longs, shorts in ((1, 0), (0, 1), (0, 0)):
        with pytest.raises(InputError, match="to be drawn from"):
            random_sets(empty, empty, longs, shorts)


def test_an_entry_is_followed_for_ten_thousand_bars_and_no_longer() -> None:
    quiet = np.zeros(10_002)
    quiet[10_000] = 0.01
    bars = bars_of_steps(quiet[:, None])
    found = follow_entries(bars, [0, 1], [1, 1], [0.005, 0.005], [0.005, 0.005])
    assert found.outcome.tolist() == [0, 1]
