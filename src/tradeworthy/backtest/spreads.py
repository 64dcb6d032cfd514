"""What lies between the price one buys at and the price one sells at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import PriceSide
from tradeworthy.core.clock import HOUR_NS, from_datetime, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import non_negative
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import known_zone, to_local

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blowout:
    """A stretch of time, start <= bar's open < end, in which the spread is `factor` times as wide."""

    start: datetime
    end: datetime
    factor: float

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            if getattr(self, name).tzinfo is None:
                raise InputError(f"spread: the {name} of a blow-out names no time zone; add one, such as tzinfo=UTC")
        if self.end <= self.start:
            raise InputError("spread: a blow-out ends before it starts")
        non_negative(self.factor, "spread: the factor of a blow-out")


@dataclass(frozen=True, slots=True)
class Spread:
    """A spread in pips, by hour and with blow-outs, or the quotes themselves.

    pips: at hours that `by_hour` does not name. by_hour: pips by the hour of `zone` in which the bar opens. blowouts:
    windows that multiply. quotes: bid and ask bars to deal at instead of all that; their times must be those of the
    bars traded.
    """

    pips: float = 0.0
    by_hour: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    zone: str = "America/New_York"
    blowouts: Sequence[Blowout] = ()
    quotes: tuple[Bars, Bars] | None = None

    def __post_init__(self) -> None:
        non_negative(self.pips, "spread: pips")
        known_zone(self.zone)
        for hour, pips in self.by_hour.items():
            if hour not in range(24):
                raise InputError(f"spread: by_hour names hour {hour!r}; hours go from 0 to 23")
            non_negative(pips, f"spread: pips at hour {hour}")
        if self.quotes is not None:
            self._check_quotes(*self.quotes)

    def _check_quotes(self, bid: Bars, ask: Bars) -> None:
        if self.pips or self.by_hour or self.blowouts:
            raise InputError("spread: with quotes there is nothing to assume; leave pips, by_hour and blowouts out")
        if (bid.price_side, ask.price_side) != (PriceSide.BID, PriceSide.ASK):
            raise InputError(
                f"spread: quotes are (bid bars, ask bars), not ({bid.price_side} bars, {ask.price_side} bars)"
            )
        if not np.array_equal(bid.open_time, ask.open_time):
            raise InputError("spread: bid and ask bars have different times; keep only the bars that both have")
        crossed = np.flatnonzero(ask.close < bid.close)
        if len(crossed):
            raise InputError(f"spread: at {rfc3339(int(bid.open_time[crossed[0]]))} the ask closes below the bid")

    def column(self, bars: Bars) -> Floats:
        """(n,) in price units; one number repeated without memory where it is always the same."""
        pip = float(bars.instrument.pip)
        if not self.by_hour and not self.blowouts:
            return np.broadcast_to(np.float64(self.pips * pip), len(bars))
        table = np.full(24, float(self.pips))
        for hour, pips in self.by_hour.items():
            table[hour] = pips
        hours = to_local(bars.open_time, self.zone) // HOUR_NS % 24 if self.by_hour else np.zeros(len(bars), np.int64)
        column: Floats = (table if self.by_hour else np.full(1, float(self.pips)))[hours] * pip
        for window in self.blowouts:
            first, end = np.searchsorted(bars.open_time, [from_datetime(window.start), from_datetime(window.end)])
            column[first:end] *= window.factor
        return column

    def told(self) -> dict[str, Any]:
        """What names it in a hash, as plain data."""
        return {
            "pips": self.pips,
            "by_hour": {str(hour): pips for hour, pips in sorted(self.by_hour.items())},
            "zone": self.zone,
            "blowouts": [[from_datetime(one.start), from_datetime(one.end), one.factor] for one in self.blowouts],
            "quotes": None if self.quotes is None else [bars.data_hash for bars in self.quotes],
        }
