"""Closed trades, however they were given: a file, a dataframe, dicts, or nothing but R's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tradeworthy.adapters.files.trade_files import read_trades
from tradeworthy.appraisal.days_of_book import BookDays, trade_days, undated_trades
from tradeworthy.core.clock import from_datetime, from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import LARGEST, floats
from tradeworthy.validation.samples import TradeSample
from tradeworthy.validation.trade_table import TradeTable

_TRADES = "trades are a file, a dataframe, a list of dicts with exit_time and r, or a list of numbers, the R of each"


@dataclass(frozen=True, slots=True, eq=False)
class RiskTrades:
    """name: of the history. samples: by strategy, with dates; none where `undated` holds R's alone. notes: what was assumed.
    table: what a file or dataframe held."""

    name: str
    samples: tuple[TradeSample, ...]
    undated: tuple[float, ...]
    notes: tuple[str, ...]
    table: TradeTable | None = None

    def days(self, risk: float) -> BookDays:
        """Each trade's R x risk on the day it closed, or one trade after the other where they have no dates."""
        return undated_trades(self.undated, risk) if self.undated else trade_days(self.samples, risk)

    def dated(self) -> tuple[TradeSample, ...]:
        """The samples. Raises InputError where trades have no dates."""
        if self.undated:
            raise InputError(
                "R's alone have no dates, and this asks when trades closed: give dicts with exit_time and r, or a file; "
                "RiskCalculator takes R's alone"
            )
        return self.samples


def trades_given(trades: Any, columns: Mapping[str, str] | None, timezone: str | None) -> RiskTrades:
    """The history. Raises InputError for what is none, and NotEnoughData for an empty list."""
    if isinstance(trades, str | Path) or hasattr(trades, "columns"):
        history = read_trades(trades, columns=columns, timezone=timezone)
        name = Path(history.source).stem if history.source != "dataframe" else "trade history"
        return RiskTrades(name, history.samples, (), tuple(history.assumptions.values()), history.table)
    if isinstance(trades, Mapping | bytes) or not isinstance(trades, Iterable):
        raise InputError(_TRADES)
    rows: Any = trades if hasattr(trades, "dtype") else list(trades)
    if isinstance(rows, list) and rows and all(isinstance(one, Mapping) for one in rows):
        return RiskTrades("trades", (_of_rows(rows),), (), ())
    r = floats("the R of trades", rows)
    if r.ndim != 1:
        raise InputError(_TRADES)
    return RiskTrades("trades", (), tuple(r.tolist()), ())


def _of_rows(rows: Sequence[Mapping[str, Any]]) -> TradeSample:
    """Closed trades as `BacktestingEngine` gives them; those still open have no moment of exit."""
    closed = [(place, one) for place, one in enumerate(rows) if one.get("exit_time") is not None]
    moments, r = np.empty(len(closed), np.int64), np.empty(len(closed))
    for at, (place, one) in enumerate(closed):
        value = one.get("r")
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= LARGEST:
            raise InputError(
                f"trade {place} has no R (profit over what was risked); give every trade a number under 'r'"
            )
        moments[at], r[at] = _moment(one["exit_time"], place), float(value)
    order = np.argsort(moments, kind="stable")
    ends = int(moments.max()) if closed else 0
    return TradeSample("trades", moments[order], r[order], int(moments.min()) - 1 if closed else 0, ends)


def _moment(when: Any, place: int) -> int:
    try:
        return from_datetime(when) if isinstance(when, datetime) else from_rfc3339(str(when))
    except (ValueError, TypeError):
        raise InputError(f"trade {place}: {when!r} is no moment; write 2024-01-31T17:00:00Z") from None
