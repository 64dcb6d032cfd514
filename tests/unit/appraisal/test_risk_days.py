"""Books traded on an account of their own: sizes by risk, held to the leverage that was asked for."""

import numpy as np
import pytest

from support.backtests import Told, daily
from tradeworthy.appraisal.open_exposure import book_exposure
from tradeworthy.appraisal.risk_days import traded_at_risk
from tradeworthy.appraisal.window_replays import Member

MEMBER = Member("one", Told((0, 1, 0.0005, np.nan)), daily(1.0, 1.0, 1.0, 1.0, gapping=True))


@pytest.mark.parametrize(
    ("leverage", "share", "most"), [(3.0, 1.0, 3.0), (30.0, 1.0, 30.0), (100.0, 1.0, 40.0), (100.0, 0.5, 20.0)]
)
def test_positions_are_as_large_as_their_risk_and_no_larger_than_leverage_lets_them(
    leverage: float, share: float, most: float
) -> None:
    """2% of equity over 5 pips of 10,000 is 40 times equity."""
    found = book_exposure(traded_at_risk([MEMBER], 0.02, leverage, share))
    assert found.gross_largest == pytest.approx(most, rel=1e-3)
    assert found.limit == leverage
