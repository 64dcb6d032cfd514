"""The same backtest in one loop by hand for numba: what compiling alone gives, without anything that a package needs."""

import numba
import numpy as np
import numpy.typing as npt

from tradeworthy.strategies.ma_steps import TIE

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@numba.njit(nogil=True, error_model="numpy", cache=True)
def fused(  # noqa: C901, PLR0912, PLR0915 - one loop by hand is what is measured
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    fast: int,
    slow: int,
    period: int,
    stop_atr: float,
    target_atr: float,
    marks: Places,
    prices: Floats,
) -> int:
    """Fills `marks` (k, 4: entry, exit, side, reason) and `prices` (k, 2: entry, exit); gives the number of trades."""
    k = side = pending = entered = place_fast = place_slow = 0
    above = 2
    price = stop = target = fast_sum = slow_sum = fast_anew = slow_anew = atr = planned = 0.0
    for i in range(len(close)):
        left, reason = 0.0, 0
        if pending != 0:
            if side == -pending:
                marks[k, 0], marks[k, 1], marks[k, 2], marks[k, 3] = entered, i, side, 3
                prices[k, 0], prices[k, 1] = price, open_[i]
                k += 1
                side = 0
            if side == 0:
                side, entered, price = pending, i, open_[i]
                stop, target = price - side * stop_atr * planned, price + side * target_atr * planned
            pending = 0
        if side != 0:
            against, ahead = (low[i], high[i]) if side > 0 else (high[i], low[i])
            if side * (open_[i] - stop) <= 0.0:
                left, reason = open_[i], 1
            elif side * (open_[i] - target) >= 0.0:
                left, reason = open_[i], 2
            elif side * (against - stop) <= 0.0:
                left, reason = stop, 1
            elif side * (ahead - target) >= 0.0:
                left, reason = target, 2
            if reason != 0:
                marks[k, 0], marks[k, 1], marks[k, 2], marks[k, 3] = entered, i, side, reason
                prices[k, 0], prices[k, 1] = price, left
                k += 1
                side = 0
        spread = high[i] - low[i] if i == 0 else max(high[i], close[i - 1]) - min(low[i], close[i - 1])
        fast_sum += close[i] - close[i - fast] if i >= fast else close[i]
        slow_sum += close[i] - close[i - slow] if i >= slow else close[i]
        fast_anew += close[i]
        slow_anew += close[i]
        place_fast += 1
        place_slow += 1
        if place_fast == fast:
            place_fast, fast_sum, fast_anew = 0, fast_anew, 0.0
        if place_slow == slow:
            place_slow, slow_sum, slow_anew = 0, slow_anew, 0.0
        if i < period - 1:
            atr += spread
        elif i == period - 1:
            atr = (atr + spread) / period
        else:
            atr = atr * ((period - 1.0) / period) + spread * (1.0 / period)
        if i >= slow - 1:
            slow_mean = slow_sum * (1.0 / slow)
            distance = fast_sum * (1.0 / fast) - slow_mean
            now = 1 if distance > TIE * slow_mean else (-1 if distance < -TIE * slow_mean else 0)
            if now != above:
                if above != 2 and now != 0 and i >= period - 1 and atr > 0.0:
                    pending, planned = now, atr
                above = now
    if side != 0:
        marks[k, 0], marks[k, 1], marks[k, 2], marks[k, 3] = entered, len(close) - 1, side, 4
        prices[k, 0], prices[k, 1] = price, close[-1]
        k += 1
    return int(k)
