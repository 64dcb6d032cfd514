"""Indicators one bar at a time, for live use; the same numbers as the array forms, to the last bit.

`update` takes the next bar and gives the indicator's value, NaN while it warms up.
"""

from collections import deque

import numpy as np

from tradeworthy.indicators import steps
from tradeworthy.indicators.inputs import period


class Sma:
    """Simple moving average."""

    def __init__(self, n: int) -> None:
        self._n = period(n)
        self._window: deque[float] = deque(maxlen=self._n)
        self._state: steps.SmaState = (0, 0, 0.0, 0.0)

    def update(self, value: float) -> float:
        """The mean after `value`."""
        old = self._window[0] if len(self._window) == self._n else 0.0
        self._window.append(value)
        self._state, mean = steps.sma_step(self._state, value, old, self._n)
        return mean


class Ema:
    """Exponential moving average, seeded by the mean of the first n values."""

    def __init__(self, n: int) -> None:
        self._n = period(n)
        self._state: steps.EmaState = (0, 0.0)

    def update(self, value: float) -> float:
        """The average after `value`."""
        self._state, average = steps.ema_step(self._state, value, self._n, True)
        return average


class Rsi:
    """Wilder's relative strength index."""

    def __init__(self, n: int = 14) -> None:
        self._n = period(n)
        self._state: steps.RsiState = (0, 0.0, 0.0, 0.0)

    def update(self, close: float) -> float:
        """The index after `close`."""
        self._state, strength = steps.rsi_step(self._state, close, self._n)
        return strength


class Atr:
    """Wilder's average true range."""

    def __init__(self, n: int = 14) -> None:
        self._n = period(n)
        self._state: steps.AtrState = (0, 0.0, 0.0)

    def update(self, high: float, low: float, close: float) -> float:
        """The range after one more bar."""
        self._state, average = steps.atr_step(self._state, high, low, close, self._n)
        return average


class Bollinger:
    """Bollinger bands."""

    def __init__(self, n: int = 20, k: float = 2.0, ddof: int = 0) -> None:
        self._n, self._k, self._ddof = period(n), float(k), ddof
        self._window: deque[float] = deque(maxlen=self._n)

    def update(self, close: float) -> tuple[float, float, float]:
        """Middle, upper and lower band after `close`."""
        self._window.append(close)
        if len(self._window) < self._n:
            return float("nan"), float("nan"), float("nan")
        return steps.bollinger_step(np.array(self._window), self._k, self._ddof)
