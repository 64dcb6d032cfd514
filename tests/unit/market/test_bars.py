"""Bars are checked once and cannot be changed afterwards."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import BadBars


def test_columns_are_copies_that_nobody_can_write_to() -> None:
    source = np.array([1.0, 1.0, 1.0])
    bars = replace(random_walk(3), open=source, high=source, low=source, close=source)
    source[0] = 99.0
    assert bars.open[0] == 1.0
    for name in ("open_time", "close_time", "open", "high", "low", "close"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(bars, name)[0] = 2


@pytest.mark.parametrize(
    ("name", "column", "rule"),
    [
        ("close_time", np.array([0, 2, 3]) * HOUR_NS - 1, "overlap"),  # the first closes before it opens
        ("close_time", np.array([2, 2, 3]) * HOUR_NS, "overlap"),  # the first reaches into the second
        ("close", np.ones(2), "shape"),
        ("volume", np.ones(2), "shape"),
        ("low", np.ones((3, 1)), "shape"),
    ],
)
def test_bars_that_do_not_fit_together_are_refused(name: str, column: np.ndarray, rule: str) -> None:
    change: dict[str, Any] = {name: column}
    with pytest.raises(BadBars) as raised:
        replace(random_walk(3), **change)
    assert raised.value.rules == (rule,)


def test_columns_that_are_tables_are_refused() -> None:
    square = np.ones((2, 2))
    times = np.arange(4).reshape(2, 2)
    with pytest.raises(BadBars, match="not one column"):
        replace(random_walk(3), open_time=times, close_time=times, open=square, high=square, low=square, close=square)


def test_a_bar_is_known_only_once_it_has_closed() -> None:
    bars = random_walk(5)
    assert [len(bars.until(3 * HOUR_NS + step)) for step in (-1, 0, 1)] == [2, 3, 3]
    assert len(bars.until(-1)) == 0


def test_a_slice_keeps_every_column_in_step() -> None:
    bars = replace(random_walk(10), volume=np.arange(10.0))
    part = bars.slice(3, 6)
    assert part.volume is not None
    assert part.volume.tolist() == [3, 4, 5]
    assert part.open_time.tolist() == [3 * HOUR_NS, 4 * HOUR_NS, 5 * HOUR_NS]
    assert (part.close == bars.close[3:6]).all()


def test_the_hash_follows_the_prices_and_nothing_else() -> None:
    bars = random_walk(50)
    assert bars.data_hash == random_walk(50).data_hash == replace(bars, source="elsewhere").data_hash
    assert bars.data_hash != random_walk(50, seed=1).data_hash
    assert bars.data_hash != random_walk(50, symbol="GBP_USD").data_hash
    assert bars.data_hash != bars.slice(0, 49).data_hash


def test_no_bars_are_legal_and_say_so() -> None:
    assert "empty" in repr(random_walk(3).slice(0, 0))
