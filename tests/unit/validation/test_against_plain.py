"""The comparison and the pool of the example book against the plain versions, within the error of simulation."""

import math

import numpy as np
import pytest

from support.plain_statistics import plain_p_and_power, plain_pool
from support.validations import example

PATHS = 1_500


def error_of(share: float) -> float:
    """Four standard errors of a simulated share, at least of one in fifty paths."""
    return 4 * math.sqrt(max(share * (1 - share), 0.02) / PATHS)


@pytest.mark.parametrize("place", range(8))
def test_p_and_power_of_each_strategy_are_those_of_the_plain_version(place: int) -> None:
    one = example().strategies[place]
    r, times = np.array(one.trades.r), np.array(one.trades.exit_time)
    before = r[times <= "2024-03-29T00:00:00Z"]
    now = r[times > "2024-03-29T00:00:00Z"]
    if not len(now):
        assert one.comparison is None
        return
    assert one.comparison is not None
    tests = sum(each.comparison is not None for each in example().strategies)
    p, power = plain_p_and_power(before, now, tests, PATHS, seed=place)
    assert one.comparison.p_lower == pytest.approx(p, abs=error_of(p))
    assert one.comparison.power == pytest.approx(power, abs=error_of(power))


def test_the_pool_is_that_of_the_plain_version() -> None:
    record = example()
    start = np.datetime64("2024-03-29T00:00:00", "s")
    r, week = [], []
    first = min(min(one.trades.exit_time) for one in record.strategies)
    weeks_before = int(np.ceil((start - np.datetime64(first[:-1], "s")) / np.timedelta64(7, "D"))) + 1
    for one in record.strategies:
        moments = np.array([text[:-1] for text in one.trades.exit_time], "datetime64[s]")
        since = (moments - start) / np.timedelta64(7, "D")
        r.append(np.array(one.trades.r))
        week.append(np.minimum(np.ceil(since).astype(int) - 1, 12) + weeks_before)
    mean, spread, chance = plain_pool(r, week, weeks_before + 13, PATHS, seed=1)
    assert record.pool is not None
    assert record.pool.mean_r == pytest.approx(mean, abs=1e-9)
    assert record.pool.probability == pytest.approx(chance, abs=error_of(chance) + 0.01)
    half = (record.pool.interval.high - record.pool.interval.low) / 2
    assert half == pytest.approx(1.96 * spread, rel=0.08)
