"""What block bootstraps lose of dependence, and get back."""

import numpy as np
import pytest
from scipy.signal import lfilter

from support.plain_statistics import flat_top, persistence, variance_of_drawn_mean
from tradeworthy.core.errors import InputError
from tradeworthy.indicators.dependence import block_length, long_run_variance
from tradeworthy.validation.bootstrap_loops import resample_sums
from tradeworthy.validation.comparison import compare
from tradeworthy.validation.persistence import drawn_variance, persistence_stretch


def carrying(n: int, share: float, seed: int) -> np.ndarray:
    """Observations of which each holds a share of the one before."""
    drawn: np.ndarray = lfilter([1.0], [1.0, -share], np.random.default_rng(seed).normal(size=n + 100))[100:]
    return drawn


@pytest.mark.parametrize("share", [-0.5, 0.0, 0.3, 0.6, 0.95])
@pytest.mark.parametrize(("n", "window"), [(20, 1), (37, 60), (80, 20), (300, 75)])
def test_the_widening_is_that_of_the_plain_version(n: int, window: int, share: float) -> None:
    for seed in range(5):
        x = carrying(n, share, seed)
        block = block_length(x)
        assert persistence_stretch(x, window, block) == pytest.approx(persistence(x, window, block), rel=1e-9)
        assert long_run_variance(x) == pytest.approx(max(0.0, flat_top(x)), rel=1e-9, abs=1e-12)
        assert drawn_variance(x, window, block) == pytest.approx(variance_of_drawn_mean(x, window, block), rel=1e-9)


@pytest.mark.parametrize("block", [1.0, 3.5, 20.0])
def test_the_variance_of_a_drawn_mean_is_the_one_that_draws_show(block: float) -> None:
    x = carrying(60, 0.4, 1)
    running = np.concatenate(([[0.0]], np.cumsum(x)[:, None]))
    out = np.empty((60_000, 1))
    resample_sums(running, 25, 0, block, np.uint64(1), out)
    assert np.var(out) / 25**2 == pytest.approx(drawn_variance(x, 25, block), rel=0.03)


def test_the_long_run_variance_of_an_autoregression_is_found() -> None:
    """Variance of shocks over (1 - share)**2: 4 for half."""
    assert long_run_variance(carrying(200_000, 0.5, 0)) == pytest.approx(4.0, rel=0.1)
    assert long_run_variance(carrying(200_000, 0.0, 0)) == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize("bad", [[1.0] * 7, [[1.0] * 8], [1.0] * 8 + [float("nan")]])
def test_a_long_run_variance_needs_eight_finite_numbers(bad: list[float]) -> None:
    with pytest.raises(InputError, match="a long-run variance needs one column of at least 8 finite observations"):
        long_run_variance(bad)


def test_a_constant_has_no_variance_in_any_run() -> None:
    assert long_run_variance([0.3] * 30) == 0.0


def test_independent_trades_are_hardly_widened_and_dependent_ones_are() -> None:
    apart, alike = (
        [persistence_stretch(x, 20, block_length(x)) for x in (carrying(66, share, seed) for seed in range(300))]
        for share in (0.0, 0.4)
    )
    assert 1.0 <= np.mean(apart) < 1.05
    assert np.mean(alike) > 1.15


def test_nothing_is_ever_narrowed_whatever_its_unit() -> None:
    for seed in range(40):
        x = carrying(40, -0.9 + seed * 0.045, seed)
        block = block_length(x)
        found = persistence_stretch(x, 10, block)
        assert found >= 1.0
        assert persistence_stretch(5.0 - 1_000.0 * x, 10, block) == pytest.approx(found, rel=1e-7)


@pytest.mark.parametrize(
    "x",
    [np.tile([1.0, -1.0], 15), np.arange(30.0), np.eye(1, 30)[0], 0.5 ** np.arange(40.0), np.repeat([1.0, 0.0], 12)],
)
def test_odd_histories_have_a_finite_widening(x: np.ndarray) -> None:
    for window in (1, 7, 200):
        assert 1.0 <= persistence_stretch(x, window, block_length(x)) < 100.0


def test_an_interval_holds_where_trades_carry_half_of_the_one_before() -> None:
    """Of forty trades; without the widening it would hold 89% of the time (docs/coverage.md)."""
    held = 0
    for seed in range(600):
        x = carrying(50, 0.5, 5_000 + seed)
        interval = compare(x[:40], x[40:], name="x", tests=1, paths=1_000, seed=seed).mean_r.interval
        assert interval is not None
        held += interval.low <= 0.0 <= interval.high
    assert 0.95 - 2.5 * 0.0089 <= held / 600 <= 0.975


@pytest.mark.parametrize("trade", [-9.0, 9.0])
def test_one_trade_unlike_any_before_is_no_proof_of_a_change(trade: float) -> None:
    """Of 101 trades the last is the worst once in 101 times by chance; the baseline alone would say never."""
    before = np.random.default_rng(1).normal(0.1, 1.0, 100).clip(-2.5, 2.5)
    found = compare(before, np.array([trade]), name="x", tests=8)
    assert min(found.p_lower, found.p_upper) == pytest.approx(1 / 101, abs=0.004)
    assert compare(before, np.full(6, -3.0), name="x", tests=8).p_lower < 0.001


def test_wild_trades_in_an_order_by_chance_alarm_no_more_often_than_promised() -> None:
    """The level of one of eight, 0.6%: without draws from all trades 19 of these 1,200 would alarm."""
    alarms = 0
    for seed in range(1_200):
        r = np.random.default_rng(seed).standard_t(2, 102)
        alarms += compare(r[:100], r[100:], name="x", tests=8, paths=1_000, seed=seed).p_lower <= 0.05 / 8
    assert 1 <= alarms <= 14  # 7.5 and two and a half standard errors
