"""What dealing costs in each bar, worked out slowly from how a person states it: spreads, slippage, nights, rates.

Standard library only; times are nanoseconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from support.plain_setup import Candles

SECOND_NS = 1_000_000_000
NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY = 2


def moment_ns(local: datetime) -> int:
    """Nanoseconds of a time that carries its zone and has no fraction of a second."""
    return int(local.timestamp()) * SECOND_NS


def local_time(moment: int, zone: ZoneInfo) -> datetime:
    """The zone's clock at this moment."""
    return datetime.fromtimestamp(moment // SECOND_NS, tz=zone)


def spreads(
    opens: Sequence[int],
    usual: float,
    by_hour: Mapping[int, float],
    zone: ZoneInfo,
    blowouts: Sequence[tuple[int, int, float]],
) -> list[float]:
    """Of each bar, in the unit of `usual`; blowouts are (start, end, factor)."""
    result: list[float] = []
    for opened in opens:
        spread = by_hour.get(local_time(opened, zone).hour, usual)
        for start, end, factor in blowouts:
            if start <= opened < end:
                spread *= factor
        result.append(spread)
    return result


def offsets(price_side: str, spread: Sequence[float]) -> tuple[list[float], list[float]]:
    """Ask offsets and bid offsets of bars that are "bid", "mid" or "ask" prices."""
    if price_side == "mid":
        return [one / 2 for one in spread], [-one / 2 for one in spread]
    if price_side == "bid":
        return list(spread), [0.0] * len(spread)
    return [0.0] * len(spread), [-one for one in spread]


def slippages(flat: float, atr_share: float, atr: Sequence[float | None]) -> list[float]:
    """In each bar the flat part plus a share of the average true range of the bar before, where there is one."""
    result: list[float] = []
    for bar in range(len(atr)):
        before = atr[bar - 1] if bar > 0 else None
        result.append(flat + (atr_share * before if before is not None else 0.0))
    return result


def nights(first: date, last: date, triple_weekday: int | None = WEDNESDAY) -> list[tuple[int, int]]:
    """The moments of 17:00 New York of these days, and how often each counts."""
    result: list[tuple[int, int]] = []
    day = first
    while day <= last:
        moment = moment_ns(datetime.combine(day, time(17), tzinfo=NEW_YORK))
        if triple_weekday is None:
            result.append((moment, 1))
        elif day.weekday() < 5:
            result.append((moment, 3 if day.weekday() == triple_weekday else 1))
        day += timedelta(days=1)
    return result


def rates_from_bars(opens: Sequence[int], rate_bars: Candles, *, inverted: bool) -> list[float]:
    """Of each bar: the last close of the rate's bars at or before its open; NaN while there is none."""
    result: list[float] = []
    for opened in opens:
        known = [close for close, at in zip(rate_bars.close, rate_bars.close_time, strict=True) if at <= opened]
        rate = known[-1] if known else math.nan
        result.append(1 / rate if inverted else rate)
    return result


def rates_of_base(candles: Candles) -> list[float]:
    """The account counts in the instrument's base currency: 1 / the close before, of the first bar its own open."""
    return [1 / candles.open[0]] + [1 / close for close in candles.close[:-1]]
