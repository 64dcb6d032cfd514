"""Fed one bar at a time, every indicator gives the array form's numbers to the last bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeworthy import indicators

PRICES = st.lists(st.floats(0.5, 2e5), min_size=1, max_size=120)


@settings(max_examples=60)
@given(PRICES, st.integers(1, 30))
def test_averages_agree(prices: list[float], n: int) -> None:
    sma, ema, rsi = indicators.Sma(n), indicators.Ema(n), indicators.Rsi(n)
    np.testing.assert_array_equal([sma.update(x) for x in prices], indicators.sma(prices, n))
    np.testing.assert_array_equal([ema.update(x) for x in prices], indicators.ema(prices, n))
    np.testing.assert_array_equal([rsi.update(x) for x in prices], indicators.rsi(prices, n))


@settings(max_examples=60)
@given(PRICES, st.integers(1, 30))
def test_ranges_and_bands_agree(prices: list[float], n: int) -> None:
    close = np.array(prices)
    high, low = close * 1.01, close * 0.98
    atr, bands = indicators.Atr(n), indicators.Bollinger(n)
    streamed = [atr.update(float(h), float(lo), float(c)) for h, lo, c in zip(high, low, close, strict=True)]
    np.testing.assert_array_equal(streamed, indicators.atr(high, low, close, n))
    arrays = indicators.bollinger(close, n)
    rows = [bands.update(float(c)) for c in close]
    np.testing.assert_array_equal(np.array(rows).T, [arrays.middle, arrays.upper, arrays.lower])
