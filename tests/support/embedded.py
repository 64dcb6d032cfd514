"""A small desk to have inside of a program: one strategy whose signals come from outside, over the ECB's rates."""

import time
from pathlib import Path
from typing import Any

import tradeworthy as tw

QUICK = 10 * 86_400.0
"""Ten days of bars in a second."""


def settings_of(**tables: Any) -> dict[str, Any]:
    """Settings as a dict. What is as old as a day is not stale here: the desk begins days after its last bar. Nothing cools
    down after a loss, so that what a test sends is not refused by what came before."""
    return {
        "desk": {"name": "embedded"},
        "costs": {"spread_pips": {"EUR_USD": 0.8, "GBP_USD": 1.2}},
        "limits": {"stale_price": {"enabled": False}},
        "calibration": {"enabled": False},
        "strategies": {
            "mine": {"instrument": "EUR_USD", "timeframe": "D", "rules": "signals"},
            "other": {"instrument": "GBP_USD", "timeframe": "D", "rules": "signals"},
        },
        **tables,
    }


def embedded(folder: Path, *, speed: float | None = QUICK, **more: Any) -> tw.TradingEngine:
    """Not started yet; its replay begins in July 2025."""
    tables = more.pop("tables", {})
    return tw.TradingEngine(settings_of(**tables), desk=folder, speed=speed, start="2025-07-01", **more)


def buy(name: str, **more: Any) -> dict[str, Any]:
    """A signal that any price of the years takes."""
    return {"symbol": "EUR_USD", "action": "BUY", "stop_loss": 0.5, "take_profit": 2.5, "id": name, **more}


def until(said: Any, seconds: float = 60.0) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
