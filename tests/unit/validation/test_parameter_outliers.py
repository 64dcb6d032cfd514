"""Values that stand apart."""

import statistics

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.validation.parameter_outliers import Outlier, outlier_finding, outliers, robust_z

FAST_OF_DAILY = {"AUD": 40, "EURGBP": 10, "EUR": 10, "GBPJPY": 160, "GBP": 10, "NZD": 30, "CAD": 40, "JPY": 10}


def plainly(values: list[float]) -> list[float]:
    """The same by the standard library."""
    median = statistics.median(values)
    mad = statistics.median(abs(value - median) for value in values)
    mean = statistics.fmean(abs(value - median) for value in values)
    if mad > 1e-12 * mean:
        return [0.6745 * (value - median) / mad for value in values]
    return [(value - median) / (1.253314 * mean) if mean else 0.0 for value in values]


@example([0.0, 0.0, 1.0, 1.0, 5e-324])
@given(st.lists(st.floats(-1e6, 1e6) | st.sampled_from([1.0, 2.0]), min_size=1, max_size=12))
def test_scores_are_those_of_the_definition(values: list[float]) -> None:
    found = robust_z({str(place): value for place, value in enumerate(values)})
    assert list(found.values()) == pytest.approx(plainly(values), rel=1e-9, abs=1e-9)


def test_the_slow_average_of_the_example_book_stands_apart() -> None:
    found = outliers({name: float(value) for name, value in FAST_OF_DAILY.items()})
    assert list(found) == ["GBPJPY"]
    assert (found["GBPJPY"].median, found["GBPJPY"].group, found["GBPJPY"].alike) == (20, 8, False)
    assert found["GBPJPY"].z == pytest.approx(0.6745 * 140 / 10)


def test_four_are_too_few_and_equal_ones_have_no_outlier() -> None:
    assert outliers({"a": 1, "b": 1, "c": 1, "d": 99}) == {}
    assert outliers(dict.fromkeys("abcdef", 3.0)) == {}
    assert robust_z({}) == {}


def test_one_that_only_differs_from_equals_is_low_and_one_of_another_size_is_not() -> None:
    near = outliers({"a": 1.5, **dict.fromkeys("bcdefgh", 2.0)})["a"]
    assert (near.alike, outlier_finding("stop", near, "H4").level) == (True, RiskLevel.LOW)
    far = outliers({"a": 20.0, **dict.fromkeys("bcdefgh", 2.0)})["a"]
    assert outlier_finding("stop", far, "H4").level is RiskLevel.MEDIUM
    message = outlier_finding("fast", Outlier(160, 20, -9.44, 8, alike=False), "").message
    assert (
        message
        == "fast 160 stands apart: the median of 8 strategies of no known timeframe is 20 (robust z \N{MINUS SIGN}9.4)"
    )
