"""Bars as they are asked for on the command line."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from tradeworthy.api.validation import moment
from tradeworthy.cli.repeated import pairs
from tradeworthy.core.clock import from_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.wiring.sources import read_bars

_DAY = len("2024-06-30")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How bars are read, and which of them are used; None where nothing was said."""

    timeframe: str | None
    timezone: str | None
    price_side: str | None
    column: list[str] | None
    repair: bool
    first: str | None
    last: str | None


def bars_asked(asked: Reading, source: str, **instead: Any) -> Bars:
    """Bars of that source, cut to the days that were asked for."""
    given: dict[str, Any] = {
        "timeframe": asked.timeframe,
        "timezone": asked.timezone,
        "price_side": asked.price_side,
        "columns": pairs("--column", asked.column or [], "open=O") or None,
        "repair": asked.repair,
    }
    return _cut(read_bars(source, **{**given, **instead}), asked)


def _cut(bars: Bars, asked: Reading) -> Bars:
    """From the first day's beginning to the last day's end, UTC."""
    start, stop = 0, len(bars)
    first, last = moment(asked.first), moment(asked.last)
    if first is not None:
        whole_day = len(asked.first or "") == _DAY
        begins = from_datetime(first - timedelta(days=1) if whole_day else first)
        start = int(np.searchsorted(bars.open_time, begins, side="left"))
    if last is not None:
        stop = int(np.searchsorted(bars.close_time, from_datetime(last), side="right"))
    if start >= stop:
        raise InputError(f"{bars.label}: no bar lies between --from and --to; choose other days")
    return bars if (start, stop) == (0, len(bars)) else bars.slice(start, stop)
