"""Tests of exceptions: edges, refusals and an independent implementation."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tradeworthy.core.errors import InputError
from tradeworthy.risk import christoffersen, kupiec, time_until_first_failure, traffic_light


@given(st.integers(1, 5_000), st.data(), st.floats(0.001, 0.999))
def test_the_ratio_is_that_of_two_binomial_likelihoods(n: int, data: st.DataObject, p: float) -> None:
    x = data.draw(st.integers(0, n))
    ratio = 2 * (stats.binom.logpmf(x, n, x / n) - stats.binom.logpmf(x, n, p))
    found = kupiec(n, x, p)
    assert found.statistic == pytest.approx(max(0.0, ratio), rel=1e-6, abs=1e-7)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 1), rel=1e-9)
    assert traffic_light(n, x, p).cumulative == pytest.approx(stats.binom.cdf(x, n, p), rel=1e-6, abs=1e-12)


@given(st.lists(st.booleans(), min_size=3, max_size=300))
def test_clustered_or_not_the_statistic_is_finite(days: list[bool]) -> None:
    pairs = np.array([(one, other) for one, other in itertools.pairwise(days)])
    counts = [int(np.sum((pairs[:, 0] == one) & (pairs[:, 1] == other))) for one in (0, 1) for other in (0, 1)]
    found = christoffersen(*counts)
    assert found.statistic >= 0
    assert 0 <= found.p_value <= 1


def test_every_day_and_no_day_an_exception_are_results() -> None:
    assert kupiec(250, 250, 0.01).p_value < 1e-100
    assert kupiec(100, 1, 0.01).statistic == pytest.approx(0.0, abs=1e-12)
    assert time_until_first_failure(100, 0.01).statistic == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kupiec(0, 0, 0.01), "observations above 0"),
        (lambda: kupiec(10, 11, 0.01), "no more exceptions"),
        (lambda: kupiec(10, 1.5, 0.01), "whole number"),  # type: ignore[arg-type]  # what a user might do
        (lambda: kupiec(10, 1, 0.0), "between 0 and 1"),
        (lambda: kupiec(10, 1, float("nan")), "finite"),
        (lambda: christoffersen(0, 0, 0, 0), "no pair of days"),
        (lambda: christoffersen(-1, 0, 0, 0), "n00 must be a whole number"),
        (lambda: time_until_first_failure(0, 0.01), "1 or more"),
        (lambda: traffic_light(250, 3, 1.0), "between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call: object, said: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=said):
        call()
