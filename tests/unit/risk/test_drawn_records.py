"""Records drawn anew: blocks of the length that was asked, every day as likely, and an interval by hand."""

import numpy as np
import pytest
from scipy.stats import norm, t

from tradeworthy.risk.drawdown_scoring import estimation_interval
from tradeworthy.risk.drawn_records import drawn_days


@pytest.mark.parametrize("block", [1.0, 2.5, 10.0, 60.0])
def test_blocks_are_as_long_as_asked_and_every_day_is_as_likely(block: float) -> None:
    n, rounds = 200, 2_000
    drawn = np.array([drawn_days(n, block, 7, number) for number in range(rounds)])
    follows = np.mean(drawn[:, 1:] == (drawn[:, :-1] + 1) % n)
    expected = 1 - 1 / block + 1 / block / n
    error = np.sqrt(expected * (1 - expected) / (rounds * (n - 1)))
    assert follows == pytest.approx(expected, abs=5 * error + 1e-9)
    counts = np.bincount(drawn[:, [0, 77, 199]].ravel(), minlength=n)
    assert counts.sum() == 3 * rounds
    assert counts.max() < 80, "thirty of each in the mean"
    assert counts.min() > 5


def test_a_resample_is_the_same_whatever_else_is_drawn() -> None:
    first = drawn_days(50, 4.0, 3, 17)
    drawn_days(50, 4.0, 3, 16)
    np.testing.assert_array_equal(first, drawn_days(50, 4.0, 3, 17))
    assert (first != drawn_days(50, 4.0, 4, 17)).any()
    assert (first != drawn_days(50, 4.0, 3, 18)).any()
    np.testing.assert_array_equal(drawn_days(50, 4.0, -3, 1), drawn_days(50, 4.0, 2**64 - 3, 1))


def test_an_interval_is_students_on_the_scale_of_normal_quantiles() -> None:
    again = np.array([10.0, 20.0, 30.0, 40.0])
    found = estimation_interval(25.0, again, 11.0, 0.9)
    reach = t.ppf(0.95, 10) * np.sqrt(10 / 9) * norm.ppf(again / 100).std(ddof=1)
    assert found.low == pytest.approx(100 * norm.cdf(norm.ppf(0.25) - reach))
    assert found.high == pytest.approx(100 * norm.cdf(norm.ppf(0.25) + reach))


@pytest.mark.parametrize("score", [0.0, 100.0])
def test_certainty_leaves_what_so_many_paths_cannot_tell(score: float) -> None:
    found = estimation_interval(score, np.full(40, score), 50.0, 0.95)
    assert found.low <= score <= found.high
    assert found.high - found.low == pytest.approx(0.05, abs=1e-9)


def test_fewer_blocks_widen_it() -> None:
    again = np.linspace(10, 40, 50)
    widths = [
        one.high - one.low for one in (estimation_interval(25.0, again, blocks, 0.95) for blocks in (3, 10, 30, 1_000))
    ]
    assert widths == sorted(widths, reverse=True)
