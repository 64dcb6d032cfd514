"""Bars: one instrument's price history as read-only columns, checked once when it is made."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import DayCut, PriceSide, Timeframe
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import BadBars
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.rules import Finding, broken_rules

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

_COLUMNS = ("open_time", "close_time", "open", "high", "low", "close", "volume")


def _frozen(column: npt.ArrayLike, kind: type[np.float64 | np.int64]) -> npt.NDArray[np.generic]:
    array = np.array(column, dtype=kind, order="C", copy=True)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False)
class Bars:
    """Price bars of one instrument, oldest first.

    open_time, close_time: int64 (n,), nanoseconds UTC. open, high, low, close: float64 (n,), in the quote currency.
    volume: float64 (n,) or None. close_only: the source knew one price a bar, so high and low hide what happened inside.
    findings: what was noticed, and mended, while reading. Arrays are copied and made read-only.
    Raises BadBars when a rule of `market.rules` is broken.
    """

    instrument: Instrument
    timeframe: Timeframe
    open_time: Times
    close_time: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None = None
    price_side: PriceSide = PriceSide.MID
    day_cut: DayCut = field(default_factory=lambda: DayCut(""))
    close_only: bool = False
    source: str = "memory"
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        for name in ("open_time", "close_time"):
            object.__setattr__(self, name, _frozen(getattr(self, name), np.int64))
        for name in ("open", "high", "low", "close"):
            object.__setattr__(self, name, _frozen(getattr(self, name), np.float64))
        if self.volume is not None:
            object.__setattr__(self, "volume", _frozen(self.volume, np.float64))
        self._check()

    def _check(self) -> None:
        names = ("close_time", "open", "high", "low", "close", *(() if self.volume is None else ("volume",)))
        shape = self.open_time.shape
        wrong = [f"{name} has {getattr(self, name).shape}" for name in names if getattr(self, name).shape != shape]
        if wrong or len(shape) != 1:
            raise BadBars(
                f"{self.label}: open_time has shape {shape}, {', '.join(wrong) or 'not one column'}", ("shape",)
            )
        broken = broken_rules(self.open_time, self.open, self.high, self.low, self.close)
        if (
            not broken
            and len(self)
            and ((self.close_time < self.open_time).any() or (self.open_time[1:] < self.close_time[:-1]).any())
        ):
            raise BadBars(f"{self.label}: bars overlap, or close before they open", ("overlap",))
        if broken:
            raise BadBars(
                f"{self.label}: {'; '.join(str(finding) for finding in broken)}",
                tuple(finding.rule for finding in broken),
            )

    def __len__(self) -> int:
        return len(self.open_time)

    def __repr__(self) -> str:
        span = f"{rfc3339(self.open_time[0])} to {rfc3339(self.close_time[-1])}" if len(self) else "empty"
        return f"<Bars {self.label}: {len(self):,} bars, {span}, {self.price_side} prices from {self.source}>"

    @property
    def label(self) -> str:
        """`EUR_USD D`."""
        return f"{self.instrument.symbol} {self.timeframe}"

    @cached_property
    def data_hash(self) -> str:
        """SHA-256 over times, prices and volume, and what the instrument counts in: by it a result names its data."""
        one = self.instrument
        told = (
            one.symbol, self.timeframe, self.price_side, self.day_cut, one.base, one.quote, one.pip, one.tick, one.lot_step,
            one.min_units, one.multiplier, one.calendar,
        )  # fmt: skip
        digest = hashlib.sha256("|".join(map(str, told)).encode())
        columns = (self.open_time, self.close_time, self.open, self.high, self.low, self.close)
        for column in (*columns, *(() if self.volume is None else (self.volume,))):
            digest.update(column.data)
        return digest.hexdigest()

    def slice(self, start: int, stop: int) -> Self:
        """Bars `start` up to but without `stop`, by position."""
        cut = slice(start, stop)
        return replace(
            self,
            open_time=self.open_time[cut],
            close_time=self.close_time[cut],
            open=self.open[cut],
            high=self.high[cut],
            low=self.low[cut],
            close=self.close[cut],
            volume=None if self.volume is None else self.volume[cut],
        )

    @classmethod
    def unchecked(cls, instrument: Instrument, timeframe: Timeframe, open_time: Times, prices: Floats) -> Self:
        """Bars that nobody checks, for strategies that are fed live: what the feed did not say may be NaN.

        open_time: (n,). prices: (5, n), open, high, low, close and volume.
        """
        bars = object.__new__(cls)
        open_, high, low, close, volume = prices
        bars.__dict__.update(
            instrument=instrument, timeframe=timeframe, open_time=open_time, close_time=open_time + timeframe.length_ns,
            open=open_, high=high, low=low, close=close, volume=volume, price_side=PriceSide.MID, day_cut=DayCut(""),
            close_only=False, source="stream", findings=(),
        )  # fmt: skip
        return bars

    def first(self, count: int) -> Self:
        """The first `count` bars as a read-only window: views of these columns, neither copied nor checked again."""
        window = object.__new__(type(self))
        inside = window.__dict__
        inside.update(self.__dict__)
        inside.pop("data_hash", None)  # of the whole
        for name in _COLUMNS:
            column = inside[name]
            inside[name] = None if column is None else column[:count]
        return window

    def until(self, moment_ns: int) -> Self:
        """Only the bars that had closed by that moment."""
        return self.slice(0, int(np.searchsorted(self.close_time, moment_ns, side="right")))
