"""Position sizes and Kelly shares that others have published."""

import math

import pytest

from tradeworthy.controls import FixedFraction, Kelly, SizeLimits, sizing_steps
from tradeworthy.validation import wilson_interval


@pytest.mark.parametrize(
    ("equity", "price", "stop", "rate", "units"),
    [(5_000.0, 1.1, 0.0200, 1.0, 2_500.0), (10_000.0, 150.0, 0.50, 1 / 150, 30_000.0)],
)
def test_one_percent_at_the_stop_is_the_published_size(
    equity: float, price: float, stop: float, rate: float, units: float
) -> None:
    """EUR/USD with a stop of 200 pips, USD/JPY at 150.00 with one of 50: worked examples of position calculators."""
    packed = FixedFraction(0.01).packed()
    wanted, code = sizing_steps.wanted_units(packed, equity, price, stop, rate, math.nan, (0, 0, 0.0, 0.0), 1.0)
    assert code == 0
    assert wanted == pytest.approx(units, rel=1e-12)
    assert sizing_steps.permitted_units(wanted, price, rate, equity, *SizeLimits(1, 1, 30).numbers()) == (units, 0)


def test_even_odds_and_a_chance_of_51_percent_risk_two_percent() -> None:
    """Kelly 1956: the share is twice the chance less one."""
    assert sizing_steps.kelly_fraction(0.51, 1.0) == pytest.approx(0.02, rel=1e-12)
    whole = Kelly(cap=0.5, fraction=1.0, confidence=0.0).packed()
    risk, code = sizing_steps.kelly_risk(whole, (51, 49, 51.0, -49.0))
    assert code == 0
    assert risk == pytest.approx(0.02, rel=1e-12)


@pytest.mark.parametrize(("wins", "n"), [(0, 1), (1, 1), (51, 100), (7, 30), (300, 301)])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.99])
def test_the_cautious_share_of_wins_is_the_lower_end_of_the_interval_of_the_statistics(
    wins: int, n: int, confidence: float
) -> None:
    z = Kelly(confidence=confidence).packed()[3]
    low = wilson_interval(wins, n, confidence).low
    assert sizing_steps.wilson_low(float(wins), float(n), z) == pytest.approx(low, abs=1e-12)
