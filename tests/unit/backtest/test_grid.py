"""Every combination of parameters, and what is said of grids that cannot be tried."""

import numpy as np
import pytest

from tradeworthy.backtest.grid import Grid, Sets
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover


def test_a_single_value_is_fixed_and_a_list_varies_the_last_axis_fastest() -> None:
    grid = Grid.of({"fast": [5, 10], "slow": range(20, 22), "stop_atr": 2.0, "exit_on_opposite_cross": True})
    assert grid.fixed == {"stop_atr": 2.0, "exit_on_opposite_cross": True}
    assert [tuple(point.values()) for point in grid.points()] == [(5, 20), (5, 21), (10, 20), (10, 21)]
    assert (grid.size, grid.shape) == (4, (2, 2))


def test_values_of_numpy_read_like_pythons_own() -> None:
    grid = Grid.of({"fast": np.array([3, 4]), "stop_atr": np.float64(1.5)})
    assert type(grid.axes["fast"][0]) is int
    assert type(grid.fixed["stop_atr"]) is float


def test_sets_that_the_strategy_refuses_are_left_out_counted_and_one_is_shown() -> None:
    sets = Sets.of(MaCrossover, Grid.of({"fast": [5, 10], "slow": [10, 20]}), 100)
    assert sets.places == (0, 1, 3)
    assert sets.refused == 1
    assert (
        sets.example == "fast=10, slow=10: fast and slow are both 10: such averages never cross; make fast the smaller"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fast": [5]}, "MaCrossover needs slow, which the grid does not name; add values, or one for all sets"),
        ({"fast": [5], "slow": 9, "slower": 3}, r"MaCrossover has no parameter 'slower'; did you mean slow\?"),
        ({"fast": [], "slow": 9}, "fast has no values"),
        ({"fast": [5, 6, 5], "slow": 9}, "fast names a value twice"),
        ({"fast": 5, "slow": 9}, "nothing varies"),
        ({"fast": [9], "slow": 9}, "no valid set: all 1 are refused, the first for fast=9: fast and slow are both 9"),
        ({"fast": [9], "slow": 9, "stop_atr": [None]}, "the first for fast=9, stop_atr=none: fast and slow are both 9"),
        ({"fast": [5], "slow": [[1, 2]]}, r"\[1, 2\] is no parameter"),
        ({"fast": [5.0, float("nan")], "slow": 9}, "nan is no value"),
        (
            {"fast": range(1, 1001), "slow": range(1001, 2001), "atr_period": range(1, 1001)},
            r"1,000,000,000 sets \(1000 fast x 1000 slow x 1000 atr_period\), and more than 1,000 are not begun unasked",
        ),
    ],
)
def test_a_grid_that_cannot_be_tried_is_refused_in_one_sentence(given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Sets.of(MaCrossover, Grid.of(given), 1_000)


def test_what_a_strategy_raises_when_it_is_made_counts_as_a_refusal() -> None:
    class Picky(MaCrossover):
        def __post_init__(self) -> None:
            if self.fast == 7:
                raise ValueError("not seven")

    sets = Sets.of(Picky, Grid.of({"fast": [5, 7], "slow": [20]}), 100)
    assert (sets.places, sets.refused) == ((0,), 1)
    assert sets.example.startswith("fast=7, slow=20: Picky raised ValueError: not seven")
