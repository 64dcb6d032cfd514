"""Measures of returns by the worked example of empyrical's own tests."""

import numpy as np
import pytest

from tradeworthy import validation

RETURNS = np.array([np.nan, 1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100


@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("sharpe_ratio", 1.7238613961706866),
        ("sortino_ratio", 2.605531251673693),
        ("max_drawdown", -0.1),
        ("annual_volatility", 0.9136465399704637),
        ("calmar_ratio", 19.135925373194233),
        ("omega_ratio", 1.357142857),
        ("downside_risk", 0.60448325),
    ],
)
def test_measure_is_the_published_one(measure: str, published: float) -> None:
    assert getattr(validation, measure)(RETURNS) == pytest.approx(published, rel=1e-6)
