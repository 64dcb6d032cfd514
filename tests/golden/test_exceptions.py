"""Published tests of exceptions beyond the value at risk."""

import pytest

from tradeworthy.risk import christoffersen, kupiec, time_until_first_failure, traffic_light


@pytest.mark.parametrize(
    ("observations", "exceptions", "probability", "statistic", "p_value"),
    [
        (1043, 57, 0.05, 0.46147, 0.49694),
        (1043, 17, 0.01, 3.511813, 0.060933),
        (250, 3, 0.05, 10.812334, 0.001008),
        (250, 3, 0.01, 0.094940, 0.757988),
        (250, 0, 0.01, 5.025168, 0.024982),
    ],
)
def test_proportion_of_failures(
    observations: int, exceptions: int, probability: float, statistic: float, p_value: float
) -> None:
    """Kupiec 1995; MATLAB Risk Management Toolbox."""
    found = kupiec(observations, exceptions, probability)
    assert found.statistic == pytest.approx(statistic, rel=1e-5)
    assert found.p_value == pytest.approx(p_value, rel=1e-3)


@pytest.mark.parametrize(
    ("probability", "days", "least", "most"),
    [(0.01, 510, 2, 10), (0.01, 1000, 5, 16), (0.05, 255, 7, 20), (0.05, 510, 17, 35), (0.05, 1000, 38, 64)],
)
def test_acceptance_region_at_95_percent(probability: float, days: int, least: int, most: int) -> None:
    """Kupiec 1995, table 3."""
    accepted = [x for x in range(days + 1) if kupiec(days, x, probability).p_value > 0.05]
    assert (accepted[0], accepted[-1]) == (least, most)


@pytest.mark.parametrize(
    ("exceptions", "percent", "zone"),
    [(4, 89.22, "green"), (5, 95.88, "yellow"), (9, 99.97, "yellow"), (10, 99.99, "red"), (0, 8.11, "green")],
)
def test_traffic_light_of_250_days_at_one_percent(exceptions: int, percent: float, zone: str) -> None:
    """Basel Committee 1996."""
    found = traffic_light(250, exceptions, 0.01)
    assert found.zone == zone
    assert 100 * found.cumulative == pytest.approx(percent, abs=0.005)


def test_independence_against_the_likelihoods_written_out() -> None:
    """Christoffersen 1998, by its own formula: 10 exceptions in 250 pairs of days, 4 of them after another."""
    a, b, c, d = 236, 5, 5, 4
    both, after, other = 9 / 250, 4 / 9, 5 / 241
    together = (1 - both) ** (a + c) * both ** (b + d)
    apart = (1 - other) ** a * other**b * (1 - after) ** c * after**d
    import math

    found = christoffersen(a, b, c, d)
    assert found.statistic == pytest.approx(-2 * math.log(together / apart))
    assert found.p_value < 0.001
    assert christoffersen(240, 5, 5, 0).p_value > 0.5


def test_time_until_the_first_failure() -> None:
    """Kupiec 1995: at 1% a first exception between days 7 and 438 is no reason to reject at 95%."""
    accepted = [day for day in range(1, 1_000) if time_until_first_failure(day, 0.01).p_value > 0.05]
    assert (accepted[0], accepted[-1]) == (7, 438)
