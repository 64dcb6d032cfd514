"""Levels of volatility look back over a whole window and never ahead."""

import math
from typing import Any

import numpy as np
import pytest

from tradeworthy.controls import Percentiles, VolatilityLevel, levels_at
from tradeworthy.core.errors import InputError

FEW = Percentiles(window=10, least=10)


def names(volatility: list[float], places: list[int], percentiles: Percentiles | None = None) -> list[str]:
    """The levels in words."""
    return [VolatilityLevel(int(one)).name for one in levels_at(volatility, places, percentiles)]


def test_until_enough_is_known_the_level_is_unknown() -> None:
    rising = [float(k) for k in range(100)]
    assert names(rising, [0, 58, 59, 99]) == ["UNKNOWN", "UNKNOWN", "EXTREME", "EXTREME"]


@pytest.mark.parametrize(
    ("below", "level"),
    [(0, "LOW"), (1, "LOW"), (2, "NORMAL"), (7, "NORMAL"), (8, "HIGH"), (9, "HIGH")],
)
def test_of_ten_values_the_third_lowest_is_normal_and_the_ninth_is_high(below: int, level: str) -> None:
    others = [float(k) for k in range(below)] + [100.0 + k for k in range(9 - below)]
    assert names([*others, 50.0], [9], FEW) == [level]


def test_percentiles_at_an_edge_belong_to_the_middle() -> None:
    ten = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]  # with the tenth: percentiles 5, 15, 25 and so on
    assert names([*ten, 0.5], [9], Percentiles(window=10, least=10, low=15.0)) == ["NORMAL"]
    assert names([*ten, 7.5], [9], Percentiles(window=10, least=10, high=85.0)) == ["NORMAL"]
    assert names([*ten, 9.0], [9], FEW) == ["HIGH"]
    assert names([*ten, 9.0], [9], Percentiles(window=10, least=10, extreme=94.9)) == ["EXTREME"]


def test_a_market_that_never_changes_is_normal() -> None:
    assert names([0.01] * 80, [79]) == ["NORMAL"]


def test_what_left_the_window_no_longer_counts() -> None:
    series = [100.0] * 5 + [float(k) for k in range(10)]
    assert names(series, [14], Percentiles(window=10, least=10, extreme=90.0)) == ["EXTREME"]
    assert names(series, [14], Percentiles(window=15, least=10, extreme=90.0)) == ["NORMAL"]


def test_unknown_values_are_left_out_and_an_unknown_now_is_unknown() -> None:
    series = [math.nan, *[float(k) for k in range(10)], math.inf, 20.0]
    assert names(series, [9, 10, 11], Percentiles(window=12, least=10)) == ["UNKNOWN", "HIGH", "UNKNOWN"]
    assert names(series, [12], FEW) == ["UNKNOWN"]


def test_a_level_is_asked_only_where_somebody_decides() -> None:
    assert levels_at([1.0, 2.0], []).tolist() == []
    assert levels_at(np.arange(100.0), np.array([99, 70, 70])).tolist() == [4, 4, 4]


@pytest.mark.parametrize(
    ("places", "words"),
    [([2], "from 0 to 1, not from 2 to 2"), ([-1], "places must lie"), ([0.0], "places must be whole numbers"),
     ([True], "places must be whole numbers"), ([[0]], "one column each")],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(places: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        levels_at([1.0, 2.0], places)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"window": 1}, "window must be a whole number"), ({"window": 60.5}, "window must be"),
     ({"least": 0}, "least must be"), ({"least": 253}, "least must be at most window"),
     ({"low": math.nan}, "low must be"), ({"high": 101}, "high must be"), ({"extreme": True}, "extreme must be"),
     ({"low": 81.0}, "low, high, extreme must not fall")],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=f"percentiles: {words}"):
        Percentiles(**change)
