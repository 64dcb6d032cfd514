"""The compiled part of passing over quiet bars: what each of them does to the money, and where something begins."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

PEAK, DAY_HIGH = 1, 2
"""Places in `money`; the balance stands at 0."""

_HELD = "Tuple((int64[::1], float64[::1], float64[::1], float64[::1], int64[::1]))"
_RATES = "Tuple((int64[::1], int64[::1]))"
_SERIES = "Tuple((int64[::1], int64[::1], float64[::1], int64[::1]))"


@compiled(
    "Tuple((int64, boolean))(int64[::1], int64[::1], int64[::1], float64[::1], float64[::1], float64[::1], float64[::1], int64,"
    " int64, int64, int64[::1], int64[::1])"
)
def sound_until(
    place: Whole,
    open_ns: Whole,
    close_ns: Whole,
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    start: int,
    now: int,
    day_ends: int,
    longest: Whole,
    closed: Whole,
) -> tuple[int, bool]:
    """The first bar from `start` on that is not one more bar of its series, on the same day; and whether that is only because
    it does not open where the bar before it closed. `closed` moves along: when the last bar of each series closed."""
    for k in range(start, len(place)):
        s, opened, ended = place[k], open_ns[k], close_ns[k]
        if s < 0 or ended < now or ended >= day_ends or not 0 < ended - opened <= longest[s]:
            return k, False
        if not (0.0 < low[k] <= open_[k] <= high[k] < np.inf and low[k] <= close[k] <= high[k]):
            return k, False
        if closed[s] != opened:
            return k, 0 <= closed[s] < opened
        closed[s], now = ended, ended
    return len(place), False


@compiled()
def newest_rate(rates: tuple[Whole, Whole], first: int, end: int, closes: Floats, closed: Whole) -> float:
    """Account money for one unit, by the pair whose bar closed last; 1 where no pair is needed."""
    rate, newest = 1.0, -1
    for j in range(first, end):
        told = rates[0][j]
        if closed[told] > newest and closes[told] > 0.0:
            newest = closed[told]
            rate = 1.0 / closes[told] if rates[1][j] != 0 else closes[told]
    return rate


@compiled(
    f"UniTuple(int64, 2)(int64[::1], int64[::1], float64[::1], int64, int64, {_SERIES}, {_HELD}, {_RATES}, float64[::1],"
    " float64[::1])"
)
def bars_passed(
    place: Whole,
    close_ns: Whole,
    close: Floats,
    book_due: int,
    due: int,
    series: tuple[Whole, Whole, Floats, Whole],
    held: tuple[Whole, Floats, Floats, Floats, Whole],
    rates: tuple[Whole, Whole],
    money: Floats,
    marks: Floats,
) -> tuple[int, int]:
    """Take in bars until the house has to be looked after; how many were taken, and when the house is looked
    after next. `series`, `money` and `marks` stand after them.

    series: by place when each has to be looked at, after how long, its last close and when. held: of each position its
    series, account money a unit of price, price, what is booked, and where its rates begin in `rates` (one more at the
    end): places of series, and 1 for those that say it inversely. due: the next look at the house, `series` and `book_due`
    what it looks at.
    """
    looks, limits, closes, closed = series
    on, factor, price, booked, first = held
    for k in range(len(place)):
        s, now = place[k], close_ns[k]
        if due != 0 and now >= due:
            later = book_due
            for other in range(len(looks)):
                later = min(later, now + limits[s] if other == s else looks[other])
            if now >= later:
                return k, due
            due = later
        looks[s], closes[s], closed[s] = now + limits[s], close[k], now
        touched = False
        for i in range(len(on)):
            if on[i] != s:
                continue
            touched = True
            rate = newest_rate(rates, first[i], first[i + 1], closes, closed)
            marks[i] = factor[i] * (close[k] - price[i]) * rate
        if touched:
            equity = money[0]
            for i in range(len(on)):
                equity += marks[i] + booked[i]
            money[PEAK], money[DAY_HIGH] = max(money[PEAK], equity), max(money[DAY_HIGH], equity)
    return len(place), due
