"""Errors of simulated quantiles: the one of too few paths, and the one of too few data."""

import math

import numpy as np
import pytest
from scipy import stats

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import monte_carlo, quantile_interval, simulated_quantile
from tradeworthy.risk.simulation_error import _places

DAILY = 0.01 * np.random.default_rng(9).standard_normal(250)


def test_more_paths_mend_the_one_error_and_not_the_other() -> None:
    few = simulated_quantile(DAILY, 0.95, paths=1_000, method="iid", resamples=100)
    many = simulated_quantile(DAILY, 0.95, paths=16_000, method="iid", resamples=100)
    assert many.simulation_error == pytest.approx(few.simulation_error / 4, rel=0.35)
    assert many.estimation_error == pytest.approx(few.estimation_error, rel=0.3)
    assert many.estimation_error > 5 * many.simulation_error
    assert many.simulation.low <= many.value <= many.simulation.high
    assert many.estimation.low < many.value < many.estimation.high
    assert (many.paths, many.resamples) == (16_000, 100)


def test_more_data_mend_the_other() -> None:
    long = 0.01 * np.random.default_rng(9).standard_normal(4_000)
    short = simulated_quantile(long[:250], 0.95, paths=4_000, horizon=100, method="iid", resamples=100)
    whole = simulated_quantile(long, 0.95, paths=4_000, horizon=100, method="iid", resamples=100)
    assert whole.estimation_error < short.estimation_error / 2


def test_the_error_of_a_normal_quantile_of_one_day_is_the_one_of_the_textbook() -> None:
    """sqrt(p (1 - p) / n) / density, for the record as for the paths."""
    x = 0.01 * stats.norm.ppf((np.arange(400) + 0.5) / 400)
    found = simulated_quantile(x, 0.9, "loss", paths=20_000, horizon=1, method="iid", resamples=400)
    density = stats.norm.pdf(stats.norm.isf(0.1)) / 0.01
    assert found.value == pytest.approx(0.01 * stats.norm.isf(0.1), rel=0.03)
    assert found.estimation_error == pytest.approx(math.sqrt(0.09 / 400) / density, rel=0.25)
    assert found.simulation_error == pytest.approx(math.sqrt(0.09 / 20_000) / density, rel=0.35)


def test_the_value_is_the_quantile_of_those_very_paths() -> None:
    found = simulated_quantile(DAILY, 0.99, paths=2_000, horizon=60, seed=3, resamples=20)
    paths = monte_carlo(DAILY, 2_000, 60, seed=3)
    assert found.value == np.sort(-paths.max_drawdown)[1979]
    assert simulated_quantile(DAILY, 0.99, paths=2_000, horizon=60, seed=3, resamples=20) == found
    loss = simulated_quantile(DAILY, 0.95, "loss", paths=2_000, horizon=60, seed=3, resamples=20)
    assert loss.value == np.sort(-paths.terminal)[1899]


def test_the_error_of_the_record_is_that_of_records_drawn_anew_in_the_same_blocks() -> None:
    given = {"paths": 500, "horizon": 40, "method": "circular", "block": 7, "seed": 5}
    found = simulated_quantile(DAILY, 0.9, resamples=60, **given)  # type: ignore[arg-type]  # of several types
    random, others = np.random.default_rng([5, 60]), []
    for _ in range(60):
        places = _places(250, 7.0, random)
        paths = monte_carlo(DAILY[places], 500, 40, "circular", 5, block=7)
        others.append(np.sort(-paths.max_drawdown)[449])
    assert found.estimation.low == pytest.approx(np.quantile(others, 0.025))
    assert found.estimation.high == pytest.approx(np.quantile(others, 0.975))
    assert found.estimation_error == pytest.approx(math.sqrt(np.var(others, ddof=1) - found.simulation_error**2))


def test_a_record_drawn_anew_goes_on_within_blocks_and_wraps_round() -> None:
    places = _places(100_000, 20.0, np.random.default_rng(0))
    steps = np.diff(places) % 100_000
    assert np.mean(steps != 1) == pytest.approx(1 / 20, rel=0.05)
    assert np.bincount(places // 10_000).std() < 1_000
    assert set(np.diff(_places(5, 1e9, np.random.default_rng(1)))) <= {1, -4}


@pytest.mark.parametrize(
    ("n", "level", "confidence"), [(100, 0.5, 0.95), (400, 0.95, 0.9), (1_000, 0.99, 0.99), (90, 0.05, 0.95)]
)
def test_order_statistics_cover_as_promised(n: int, level: float, confidence: float) -> None:
    """The ranks are the narrowest on each side, by the binomial distribution written out."""
    values = np.arange(1.0, n + 1.0)
    found = quantile_interval(values, level, confidence)
    low, high = int(found.low), int(found.high)
    below = stats.binom.cdf(np.arange(-1, n + 1), n, level)  # of at most k - 1 values below the quantile
    outside = (1 - confidence) / 2
    assert below[low] <= outside < below[low + 1]
    assert 1 - below[high] <= outside < 1 - below[high - 1]
    assert below[high] - below[low] >= confidence


def test_order_statistics_cover_in_practice() -> None:
    random = np.random.default_rng(0)
    inside = 0
    for _ in range(1_000):
        found = quantile_interval(random.standard_exponential(200), 0.95)
        inside += found.low <= -math.log(0.05) <= found.high
    assert 0.94 <= inside / 1_000 <= 0.985


def test_too_few_are_refused_with_the_number_needed() -> None:
    with pytest.raises(NotEnoughData, match=r"95% for the quantile at 0\.99 needs at least 368 values; there are 367"):
        quantile_interval(np.arange(367.0), 0.99)
    assert quantile_interval(np.arange(368.0), 0.99).high == 367.0
    assert quantile_interval(np.arange(368.0), 0.01).low == 0.0
    with pytest.raises(NotEnoughData, match="there are 2"):
        quantile_interval([1.0, 2.0], 5e-324)
    with pytest.raises(NotEnoughData, match="needs at least 20 returns; there are 19"):
        simulated_quantile(DAILY[:19])
    with pytest.raises(NotEnoughData, match="needs at least 368 values; there are 100"):
        simulated_quantile(DAILY, 0.99, paths=100)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"of": "depth"}, "there is no measure of a path 'depth'; choose one of drawdown, loss"),
        ({"level": 1.0}, "level must lie between 0 and 1"),
        ({"confidence": 95}, "confidence must lie between 0 and 1"),
        ({"resamples": 5}, "resamples must be a whole number from 20"),
        ({"method": "shuffle"}, "there is no method 'shuffle'"),
        ({"seed": 1.5}, "seed must be a whole number"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulated_quantile(DAILY, **given)  # type: ignore[arg-type]  # as a stranger would


def test_a_record_that_never_differs_has_no_error() -> None:
    found = simulated_quantile([-0.01] * 30, 0.9, horizon=10, paths=500, resamples=20)
    assert found.value == pytest.approx(1 - 0.99**10)
    assert found.simulation_error == 0.0
    assert found.estimation_error == 0.0
