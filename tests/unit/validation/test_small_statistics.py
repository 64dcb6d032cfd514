"""Intervals, multiplicity, block lengths and measures in their corners."""

import numpy as np
import pytest

from tradeworthy import validation
from tradeworthy.core.errors import InputError
from tradeworthy.validation.bootstrap_loops import resample_sums, resample_trades
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.multiplicity import holm


def test_holm_is_that_of_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_wilson_interval_is_that_of_newcombe_1998() -> None:
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    found = validation.wilson_interval(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    nothing = validation.wilson_interval(0, 20)
    assert (nothing.low, nothing.high) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize(("wins", "n", "confidence"), [(1, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0)])
def test_an_impossible_share_is_refused(wins: int, n: int, confidence: float) -> None:
    with pytest.raises(InputError):
        validation.wilson_interval(wins, n, confidence)


def test_a_constant_series_has_blocks_of_one() -> None:
    assert block_length(np.full(50, 0.3)) == 1.0


def test_few_observations_have_blocks_of_one() -> None:
    assert block_length(np.arange(7.0)) == 1.0


def test_losses_that_cluster_ask_for_longer_blocks_though_signs_do_not() -> None:
    rng = np.random.default_rng(0)
    size = np.repeat(rng.uniform(0.1, 3.0, 40), 25)
    clustered = size * rng.choice([-1.0, 1.0], 1_000)
    assert block_length(clustered) > 3 * validation.optimal_block_length(clustered).stationary


@pytest.mark.parametrize("bad", [[1.0] * 7, [[1.0] * 8], [1.0] * 8 + [float("nan")]])
def test_a_block_length_needs_eight_finite_numbers(bad: list[float]) -> None:
    with pytest.raises(InputError, match="at least 8 finite observations"):
        validation.optimal_block_length(bad)


def test_every_path_is_the_same_whatever_the_number_of_paths() -> None:
    r = np.random.default_rng(0).normal(size=80)
    few, many = np.empty((2, 10, 6)), np.empty((2, 200, 6))
    resample_trades(r, 15, 80, 2.5, np.uint64(7), few[0], few[1])
    resample_trades(r, 15, 80, 2.5, np.uint64(7), many[0], many[1])
    np.testing.assert_array_equal(few, many[:, :10])


def test_resampled_means_have_the_mean_and_spread_of_theory() -> None:
    r = np.random.default_rng(0).normal(0.2, 1.0, size=400)
    window, baseline = np.empty((2, 20_000, 6))
    resample_trades(r, 50, 400, 1.0, np.uint64(1), window, baseline)
    assert window[:, 0].mean() == pytest.approx(r.mean(), abs=4 * r.std() / np.sqrt(50 * 20_000))
    assert window[:, 0].std() == pytest.approx(r.std() / np.sqrt(50), rel=0.02)
    assert baseline[:, 0].std() == pytest.approx(r.std() / np.sqrt(400), rel=0.02)


def test_blocks_keep_the_dependence_that_single_draws_lose() -> None:
    r = np.repeat(np.random.default_rng(0).normal(size=100), 10)
    running = np.concatenate(([[0.0]], np.cumsum(r)[:, None]))
    spread = []
    for block in (1.0, 40.0):
        out = np.empty((4_000, 1))
        resample_sums(running, 1_000, 0, block, np.uint64(3), out)
        spread.append(out.std())
    assert spread[1] > 2.4 * spread[0]  # runs of ten: sqrt(10) in the limit


def test_sums_of_blocks_are_the_same_rows_in_every_column() -> None:
    x = np.random.default_rng(0).normal(size=60)
    both = np.stack((x, -2.0 * x), axis=1)
    running = np.concatenate((np.zeros((1, 2)), np.cumsum(both, axis=0)))
    out = np.empty((500, 2))
    resample_sums(running, 45, 1, 4.0, np.uint64(3), out)
    np.testing.assert_allclose(out[:, 1], -2.0 * out[:, 0], atol=1e-12)


MEASURES = [
    name
    for name in validation.__all__
    if getattr(validation, name).__module__.endswith((".validation.measures", ".validation.trade_measures"))
]


def test_the_measures_of_one_column_are_found() -> None:
    assert {"sharpe_ratio", "tail_ratio", "win_rate", "sqn"} < set(MEASURES)
    assert len(MEASURES) >= 23


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_without_data_is_none_and_never_nan(name: str) -> None:
    assert getattr(validation, name)([]) is None
    assert getattr(validation, name)([float("nan")]) is None


def test_ratios_that_nothing_divides_are_none() -> None:
    gains = [0.01, 0.02, 0.03]
    assert validation.sharpe_ratio([0.01, 0.01, 0.01]) is None
    assert validation.sortino_ratio(gains) is None
    assert validation.omega_ratio(gains) is None
    assert validation.calmar_ratio(gains) is None
    assert validation.max_drawdown(gains) == 0.0


def test_an_infinite_return_is_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        validation.sharpe_ratio([0.1, float("inf")])
