"""The level of volatility, told value by value."""

import math
import threading
from typing import Any

import pytest

from tradeworthy.controls import Percentiles, VolatilityLevel, VolatilityRegimeDetector, levels_at
from tradeworthy.core.errors import InputError

SMALL = Percentiles(window=20, least=5)
VALUES = [10.0 + (7 * k) % 23 for k in range(60)]


def test_values_one_by_one_have_the_levels_of_the_whole_column() -> None:
    detector = VolatilityRegimeDetector(percentiles=SMALL)
    told = [detector.update_volatility(value) for value in VALUES]
    assert told == list(levels_at(VALUES, range(len(VALUES)), SMALL))
    assert set(told) == set(VolatilityLevel)


def test_a_history_counts_as_if_it_had_been_told() -> None:
    detector = VolatilityRegimeDetector(VALUES, SMALL)
    assert detector.values == tuple(VALUES[-20:])
    assert detector.level == levels_at(VALUES, [59], SMALL)[0]
    assert detector.get_regime() == detector.level.name


def test_too_few_values_have_no_level() -> None:
    detector = VolatilityRegimeDetector([12.0] * 58)
    assert [detector.update_volatility(99.0).name for _ in range(2)] == ["UNKNOWN", "EXTREME"]


def test_another_with_one_more_value_leaves_the_first_as_it_is() -> None:
    first = VolatilityRegimeDetector(VALUES, SMALL)
    second = first.with_value(99.0)
    assert (first.values[-1], second.values[-1], second.get_regime()) == (VALUES[-1], 99.0, "EXTREME")
    assert first.told([1.0]).values == (1.0,)


@pytest.mark.parametrize("iv", [0, -1, math.nan, math.inf, None, "18", True])
def test_what_is_no_volatility_is_told_and_changes_nothing(iv: Any) -> None:
    detector = VolatilityRegimeDetector(VALUES, SMALL)
    with pytest.raises(InputError, match=r"^iv must be"):
        detector.update_volatility(iv)
    with pytest.raises(InputError, match=r"^iv must be"):
        detector.with_value(iv)
    assert detector.values == tuple(VALUES[-20:])


def test_a_history_that_cannot_be_is_told_with_its_place() -> None:
    with pytest.raises(InputError, match=r"history\[1\] must be a finite number"):
        VolatilityRegimeDetector([12.0, math.nan])
    for history in ("12", 12, None):
        with pytest.raises(InputError, match="history must be a list of volatilities"):
            VolatilityRegimeDetector(history)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"percentiles must be Percentiles"):
        VolatilityRegimeDetector(percentiles=252)  # type: ignore[arg-type]


def test_no_value_is_lost_between_threads() -> None:
    detector = VolatilityRegimeDetector(percentiles=Percentiles(window=500, least=2))

    def tell(first: int) -> None:
        for k in range(50):
            detector.update_volatility(1.0 + first + k)

    threads = [threading.Thread(target=tell, args=(1000 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(detector.values) == sorted(1.0 + 1000 * n + k for n in range(8) for k in range(50))
