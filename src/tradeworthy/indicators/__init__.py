"""Compiled indicators: array forms, and streams that give the same numbers one bar at a time."""

from tradeworthy.indicators.arrays import Bands, atr, bollinger, ema, rsi, sma
from tradeworthy.indicators.streams import Atr, Bollinger, Ema, Rsi, Sma

__all__ = ["Atr", "Bands", "Bollinger", "Ema", "Rsi", "Sma", "atr", "bollinger", "ema", "rsi", "sma"]
