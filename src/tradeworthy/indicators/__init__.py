"""Compiled indicators: array forms, and streams that give the same numbers one bar at a time."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.indicators.arrays import Bands as Bands
    from tradeworthy.indicators.arrays import atr as atr
    from tradeworthy.indicators.arrays import bollinger as bollinger
    from tradeworthy.indicators.arrays import ema as ema
    from tradeworthy.indicators.arrays import rsi as rsi
    from tradeworthy.indicators.arrays import sma as sma
    from tradeworthy.indicators.streams import Atr as Atr
    from tradeworthy.indicators.streams import Bollinger as Bollinger
    from tradeworthy.indicators.streams import Ema as Ema
    from tradeworthy.indicators.streams import Rsi as Rsi
    from tradeworthy.indicators.streams import Sma as Sma

__all__ = ["Atr", "Bands", "Bollinger", "Ema", "Rsi", "Sma", "atr", "bollinger", "ema", "rsi", "sma"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Atr": "streams",
        "Bands": "arrays",
        "Bollinger": "streams",
        "Ema": "streams",
        "Rsi": "streams",
        "Sma": "streams",
        "atr": "arrays",
        "bollinger": "arrays",
        "ema": "arrays",
        "rsi": "arrays",
        "sma": "arrays",
    },
    public=__all__,
)
