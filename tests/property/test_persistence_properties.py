"""The widening for dependence, for any trades that can be compared at all."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.indicators.dependence import block_length
from tradeworthy.validation.persistence import persistence_stretch

TRADES = st.lists(st.integers(-300, 500).map(lambda cents: cents / 100), min_size=20, max_size=120)


@given(TRADES, st.integers(1, 150))
def test_the_widening_is_a_number_of_at_least_one(trades: list[float], window: int) -> None:
    x = np.array(trades)
    if np.ptp(x) > 0:
        found = persistence_stretch(x, window, block_length(x))
        assert found >= 1.0
        assert math.isfinite(found)
