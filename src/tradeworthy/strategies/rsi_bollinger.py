"""Against the move: RSI and Bollinger bands together, back to the middle."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import LONGEST_PERIOD
from tradeworthy.strategies.protocol import Decisions, KeptStream


@dataclass(frozen=True, slots=True)
class RsiBollinger:
    """Long while the RSI is under `oversold` and the close under the lower band; short while both are over theirs.

    Wilder's RSI of closes, bands of `band_width` population deviations round the mean of `band_period` closes. A long is
    left when the close comes up to the middle band, a short when it comes down to it (`exit_at_middle`), and either when
    the other side's entry comes. rsi_period, band_period, atr_period: bars. oversold, overbought: 0 to 100. stop_atr,
    target_atr: multiples of ATR at the signal, None for none. Nothing is entered while the ATR is zero.
    Raises InputError naming the parameter and its range.
    """

    rsi_period: int = 14
    oversold: float = 30.0
    overbought: float = 70.0
    band_period: int = 20
    band_width: float = 2.0
    atr_period: int = 14
    stop_atr: float | None = None
    target_atr: float | None = None
    exit_at_middle: bool = True

    def __post_init__(self) -> None:
        for name in ("rsi_period", "band_period", "atr_period"):
            number = whole_number(getattr(self, name))
            if number is None or not 1 <= number <= LONGEST_PERIOD:
                raise InputError(f"{name} must be a whole number of bars, 1 or more, not {getattr(self, name)!r}")
            object.__setattr__(self, name, number)
        if self.band_period < 2:
            raise InputError("band_period must be 2 bars or more: one close has no deviation")
        low, high = finite_number(self.oversold, "oversold"), finite_number(self.overbought, "overbought")
        if not 0 < low < high < 100:
            raise InputError(
                f"oversold and overbought must be 0 < oversold < overbought < 100, not {low:g} and {high:g}"
            )
        positive(self.band_width, "band_width")
        for name in ("stop_atr", "target_atr"):
            if getattr(self, name) is not None:
                positive(getattr(self, name), name)

    @property
    def name(self) -> str:
        """`rsi_bollinger`."""
        return "rsi_bollinger"

    @property
    def warm_up(self) -> int:
        """One change more than RSI has bars, the bands (one bar before as well, for crossings), and the range."""
        return max(self.rsi_period + 1, self.band_period + 1, self.atr_period)

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """Every field that is set."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def periods(self) -> tuple[int, int, int]:
        """Of RSI, bands and range, as the compiled step takes them."""
        return self.rsi_period, self.band_period, self.atr_period

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Oversold, overbought and the width of the bands, as the compiled step takes them."""
        return float(self.oversold), float(self.overbought), float(self.band_width)

    @property
    def multiples(self) -> tuple[float, float]:
        """Of stop and target, NaN for none."""
        return tuple(math.nan if one is None else float(one) for one in (self.stop_atr, self.target_atr))  # type: ignore[return-value]  # two

    def decisions(self, bars: Bars) -> Decisions:
        """One for every bar that enters, and for every crossing of the middle."""
        from tradeworthy.strategies.rsi_bollinger_steps import band_loop

        n = len(bars)
        out = Decisions(np.empty(n, np.int64), np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n), np.empty(n))
        k = band_loop(
            bars.high, bars.low, bars.close, self.periods, self.bounds, self.multiples, bool(self.exit_at_middle),
            out.bar, out.enter, out.leave, out.stop_distance, out.target_distance,
        )  # fmt: skip
        return Decisions(out.bar[:k], out.enter[:k], out.leave[:k], out.stop_distance[:k], out.target_distance[:k])

    def stream(self) -> KeptStream:
        """The same decisions, one bar at a time."""
        from tradeworthy.strategies.rsi_bollinger_stream import RsiBollingerStream

        return RsiBollingerStream(self)

    def resumed(self, saved: Mapping[str, Any]) -> KeptStream:
        """The stream that wrote this. Raises InputError where it is damaged or of other parameters."""
        from tradeworthy.strategies.rsi_bollinger_stream import RsiBollingerStream

        return RsiBollingerStream(self).take(saved)
