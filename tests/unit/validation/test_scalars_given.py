"""Single numbers as they may be given: of any kind that is a number, however large; the rest in one sentence."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy import validation
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number

NO_NUMBERS: tuple[object, ...] = (
    "1", b"1", None, [1], (1.0,), {}, True, np.True_, np.array([0.3]), np.str_("1"), np.ma.masked, np.datetime64("2020-01-01"),
    np.timedelta64(1, "s"), 1j, np.complex128(1), 10**400, 10**5_000, Decimal("sNaN"), Decimal("inf"), math.nan,
    np.array(1.0, dtype=object),
)  # fmt: skip
NUMBERS = (
    2,
    2.0,
    np.int8(2),
    np.uint64(2),
    np.float32(2),
    np.float64(2),
    np.longdouble(2),
    np.array(2.0),
    Decimal(2),
    Fraction(2),
)


@pytest.mark.parametrize("wrong", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_what_is_no_single_finite_number_is_named_in_one_short_sentence(wrong: object) -> None:
    with pytest.raises(InputError) as refused:
        finite_number(wrong, "shift")
    assert str(refused.value).startswith("shift must be a finite number, not ")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 140


@pytest.mark.parametrize("number", NUMBERS)
def test_every_kind_of_number_is_a_float(number: object) -> None:
    found = finite_number(number, "shift")
    assert found == 2.0
    assert type(found) in {float, np.float64}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_kind_of_number_gives_what_the_float_gives(number: float) -> None:
    assert validation.sharpe_standard_error(number, 24) == validation.sharpe_standard_error(2.0, 24)
    assert validation.probabilistic_sharpe_ratio(number, 24) == validation.probabilistic_sharpe_ratio(2.0, 24)
    assert validation.minimum_track_record_length(number, 1) == validation.minimum_track_record_length(2.0, 1)
    assert validation.cusum_threshold(number, 370) == validation.cusum_threshold(2.0, 370)
    assert validation.wilson_interval(number, 3) == validation.wilson_interval(2, 3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="does not exceed the benchmark of 2"):
        validation.minimum_track_record_length(0.1, number)


SCALARS: tuple[Callable[..., object], ...] = (
    lambda x: validation.wilson_interval(x, 5),
    lambda x: validation.wilson_interval(1, x),
    lambda x: validation.wilson_interval(1, 5, x),
    lambda x: validation.sharpe_standard_error(x, 24),
    lambda x: validation.sharpe_standard_error(0.1, x),
    lambda x: validation.sharpe_standard_error(0.1, 24, ddof=x),
    lambda x: validation.probabilistic_sharpe_ratio(0.1, 24, benchmark=x),
    lambda x: validation.minimum_track_record_length(0.1, x),
    lambda x: validation.expected_maximum_sharpe(x, 1),
    lambda x: validation.minimum_backtest_length(9, x),
    lambda x: validation.annualise_sharpe(0.1, x),
    lambda x: validation.cusum_arl(x, 4),
    lambda x: validation.cusum_arl(0.5, 4, x),
    lambda x: validation.cusum_threshold(x, 370),
    lambda x: validation.cusum_threshold(0.5, x),
    lambda x: validation.Cusum(x, 4),
    lambda x: validation.Cusum(0.5, 4).update(x),
)


@pytest.mark.parametrize("call", SCALARS)
@pytest.mark.parametrize("wrong", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_no_statistic_takes_what_is_no_number(call: Callable[..., object], wrong: object) -> None:
    with pytest.raises(InputError, match="must be a finite number, not "):
        call(wrong)


@pytest.mark.parametrize(
    ("kind", "wins", "n", "low", "high"),
    [
        (np.int8, 50, 100, 0.4038315, 0.5961685),
        (np.int16, 60, 120, 0.4119387, 0.5880613),
        (np.int32, 20_000, 30_000, 0.6613113, 0.6719794),
        (np.uint8, 5, 200, 0.0107247, 0.0571783),
    ],
)
def test_small_integers_of_numpy_do_not_overflow(kind: type[int], wins: int, n: int, low: float, high: float) -> None:
    found = validation.wilson_interval(kind(wins), kind(n))
    assert found == validation.wilson_interval(wins, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-7)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((2.5, 5), "wins must be a whole number, not 2.5"),
        ((5e-324, 5e-324), "wins must be a whole number"),
        ((1, math.inf), "n must be a finite number"),
        ((1, 0), "n must be at least 1"),
        ((3, 2), "3 wins are more than the 2 trades"),
        ((1, 2, 1.0), "confidence must lie between 0 and 1"),
    ],
)
def test_what_is_no_count_of_wins_is_refused(arguments: tuple[int, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        validation.wilson_interval(*arguments)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.floats(1e-9, 1 - 1e-12))
def test_a_share_lies_within_its_interval_and_its_ends_are_exact(n: int, wins: int, confidence: float) -> None:
    found = validation.wilson_interval(min(wins, n), n, confidence)
    share = min(wins, n) / n
    assert 0.0 <= found.low <= share * (1 + 1e-12)
    assert share * (1 - 1e-12) <= found.high <= 1.0
    assert validation.wilson_interval(0, n, confidence).low == 0.0
    assert validation.wilson_interval(n, n, confidence).high == 1.0


def test_the_surest_interval_there_is_has_ends() -> None:
    found = validation.wilson_interval(1, 2, 1 - 1e-16)
    assert 0.0 < found.low < 0.01
    assert 0.99 < found.high < 1.0


def test_huge_ratios_and_numbers_of_tries_have_their_limits() -> None:
    """E[max] of N tries tends to sqrt(2 ln N); the ratio of a sum with weight rho to sqrt(q (1 - rho) / (1 + rho))."""
    assert validation.expected_maximum_sharpe(1e308, 1) == pytest.approx(math.sqrt(2 * math.log(1e308)), rel=0.01)
    assert validation.minimum_backtest_length(1e308, 1) < 2 * math.log(1e308)
    assert validation.deflated_sharpe_ratio(0.1, 100, 1e308, 0.5) < 1e-300
    assert validation.annualise_sharpe(1, 1e308, 0.5) == pytest.approx(math.sqrt(1e308 / 3), rel=1e-12)
    assert validation.annualise_sharpe(1, 1e19, [0.1]) == pytest.approx(math.sqrt(1e19 / 1.2), rel=1e-12)
    assert validation.annualise_sharpe(1, 1e308, 1.0) == 1.0
    assert validation.sharpe_standard_error(1e308, 3, 2, 24) == pytest.approx(1e308 * math.sqrt(23 / 4 / 3))
    assert validation.probabilistic_sharpe_ratio(-1e308, 30, benchmark=1e308) < 1e-50
    assert validation.probabilistic_sharpe_ratio(1e308, 30, benchmark=-1e308) == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: validation.annualise_sharpe(1e308, 252),
        lambda: validation.sharpe_standard_error(1.7e308, 2, 2, 24),
    ],
)
def test_a_result_beyond_what_a_number_holds_is_said_to_be_one(call: Callable[[], float]) -> None:
    with pytest.raises(InputError, match="is too large to be written as a number"):
        call()


def test_no_distribution_has_a_skewness_that_squares_beyond_its_kurtosis() -> None:
    with pytest.raises(InputError, match="no distribution has skewness"):
        validation.sharpe_standard_error(0.1, 24, 1e308, 1e308)


def test_a_shift_far_beyond_the_threshold_alarms_at_once_and_one_away_from_it_never() -> None:
    for shift in (1e308, 1e3, -1e308):
        assert validation.cusum_arl(0.5, 4, shift) == 1.0
    assert validation.cusum_arl(0.5, 4, 43.0, two_sided=False) == validation.cusum_arl(0.5, 4, 45.0, two_sided=False)
    with pytest.raises(InputError, match="runs for over 1e\\+11 observations"):
        validation.cusum_arl(1e6, 24)
    with pytest.raises(InputError, match="runs for over 1e\\+11 observations"):
        validation.cusum_arl(0.5, 4, -1e308, two_sided=False)
    with pytest.raises(InputError, match="even the lowest threshold runs for longer"):
        validation.cusum_threshold(250, 2)


@given(st.floats(0.0, 20.0), st.floats(0.1, 8.0), st.floats(-50.0, 50.0))
def test_a_run_has_a_length_of_one_or_more_or_is_too_long(reference: float, threshold: float, shift: float) -> None:
    try:
        found = validation.cusum_arl(reference, threshold, shift, two_sided=False)
    except InputError as error:
        assert "runs for over" in str(error)  # noqa: PT017 - either is right, and nothing else
        return
    assert 1.0 <= found <= 1e11
