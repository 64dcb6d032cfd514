"""Each rule that bars may not break, on the smallest columns that break it."""

import numpy as np
import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import BadBars
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.market.rules import broken_rules, flag_disorder, flag_duplicates

GOOD = ([10, 20, 30, 40], [1.0] * 4, [2.0] * 4, [0.5] * 4, [1.5] * 4)


def changed(column: int, row: int, value: float) -> list[list[float]]:
    columns = [list(map(float, one)) for one in GOOD]
    columns[column][row] = value
    return columns


@pytest.mark.parametrize(
    ("column", "row", "value", "rule"),
    [
        (0, 2, 15, "disorder"), (0, 2, 20, "duplicates"), (1, 1, np.nan, "nan"), (2, 0, np.inf, "nan"), (4, 3, np.nan, "nan"),
        (3, 1, 0.0, "not_positive"), (3, 1, -1.0, "not_positive"), (2, 2, 0.4, "inconsistent"), (1, 0, 2.1, "inconsistent"),
        (1, 0, 0.4, "inconsistent"), (4, 3, 2.1, "inconsistent"), (4, 3, 0.4, "inconsistent"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_counted_and_placed(column: int, row: int, value: float, rule: str) -> None:
    times, *prices = changed(column, row, value)
    moments = np.array(times, np.int64)
    open_, high, low, close = map(np.array, prices)
    found = {one.rule: one for one in broken_rules(moments, open_, high, low, close)}
    assert rule in found
    assert (found[rule].count, found[rule].first_time_ns) == (1, int(times[row]))
    with pytest.raises(BadBars) as raised:
        Bars(instrument_named("X"), Timeframe.M1, moments, moments + 5, open_, high, low, close)
    assert rule in raised.value.rules


def test_good_columns_break_nothing() -> None:
    assert broken_rules(np.array(GOOD[0], np.int64), *map(np.array, GOOD[1:])) == ()


def test_every_bar_after_a_jump_back_is_out_of_order_until_time_has_caught_up() -> None:
    assert flag_disorder(np.array([1, 5, 2, 3, 6], np.int64)).tolist() == [False, False, True, True, False]


def test_the_first_of_equal_times_is_kept() -> None:
    assert flag_duplicates(np.array([3, 1, 3, 1, 2], np.int64)).tolist() == [False, False, True, True, False]
