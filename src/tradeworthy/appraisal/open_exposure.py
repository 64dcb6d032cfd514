"""What a book holds at once: leverage, margin, and how much of it is in one currency, through time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CurrencyExposure:
    """All positions in one currency, longs less shorts over all open positions, as multiples or shares of equity.

    largest: notional where it is furthest from zero, above zero for long; at: when. mean: of its distance from zero, over
    all closes. stop_risk: the most of equity that stops would lose if this currency alone went against all that is open in
    it, intended losses only; stop_risk_at: when. positions: the most that were open in it at once.
    """

    currency: str
    largest: float
    at: str
    mean: float
    stop_risk: float
    stop_risk_at: str
    positions: int


@dataclass(frozen=True, slots=True)
class BookExposure:
    """Notional over equity of all open positions at each close, both directions counted up (gross).

    limit: the leverage that each account allows; margin is gross / limit. over_limit: share of closes at which the book as
    one account would stand above it. stop_risk: the most of equity that all stops together would lose.
    """

    gross_mean: float
    gross_p99: float
    gross_largest: float
    gross_at: str
    limit: float
    margin_largest: float
    over_limit: float
    positions_largest: int
    stop_risk: float
    currencies: tuple[CurrencyExposure, ...]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """At each of m moments, signed: notional over equity, and equity lost at the stop; 0 where nothing is open."""

    base: str
    quote: str
    notional: Floats
    at_stop: Floats


def book_exposure(results: Mapping[str, Result]) -> BookExposure:
    """Of backtests with an account, by name. Raises InputError for one without."""
    if not results or any(one.account is None for one in results.values()):
        raise InputError("exposure is a share of equity: give every backtest an account=Account(...)")
    times = np.unique(np.concatenate([one.bars.close_time for one in results.values()]))
    held = [_held(one, times) for one in results.values()]
    gross = np.sum([np.abs(one.notional) for one in held], axis=0)
    open_ = np.sum([one.notional != 0.0 for one in held], axis=0)
    stops = np.sum([np.abs(one.at_stop) for one in held], axis=0)
    limit = min(one.account.leverage for one in results.values() if one.account)
    most = int(np.argmax(gross))
    names = sorted({name for one in held for name in (one.base, one.quote)})
    currencies = sorted((_currency(name, held, times) for name in names), key=lambda one: -abs(one.largest))
    return BookExposure(
        float(gross.mean()), float(np.quantile(gross, 0.99)), float(gross[most]), rfc3339(int(times[most])), limit,
        float(gross[most]) / limit, float(np.mean(gross > limit)), int(open_.max()), float(stops.max()),
        tuple(currencies),
    )  # fmt: skip


def _held(result: Result, times: Times) -> _Held:
    bars, trades, books = result.bars, result.trades, result.books
    n = len(bars)
    units, risk = np.zeros(n), np.zeros(n)
    finished = trades.closed
    for k in range(len(trades)):
        first, end = int(trades.entry_index[k]), int(trades.exit_index[k]) + (not finished[k])
        units[first:end] = trades.side[k] * trades.units[k]
        planned = trades.risked[k]
        risk[first:end] = trades.side[k] * planned if np.isfinite(planned) else 0.0
    rate = np.ones(n) if books is None else np.asarray(books.rate)
    worth = units * bars.close * rate * float(bars.instrument.multiplier)
    equity = np.where(result.equity > 0.0, result.equity, np.inf)
    last = np.searchsorted(bars.close_time, times, side="right") - 1
    known = (last >= 0) & (times <= bars.close_time[-1])
    return _Held(
        bars.instrument.base, bars.instrument.quote, np.where(known, np.nan_to_num(worth / equity)[last], 0.0),
        np.where(known, (risk / equity)[last], 0.0),
    )  # fmt: skip


def _currency(name: str, held: list[_Held], times: Times) -> CurrencyExposure:
    """A position in A_B is long A and short B by the same amount."""
    sides = [(one, (one.base == name) - (one.quote == name)) for one in held if name in {one.base, one.quote}]
    net = np.sum([side * one.notional for one, side in sides], axis=0)
    at_stop = np.abs(np.sum([side * one.at_stop for one, side in sides], axis=0))
    count = np.sum([one.notional != 0.0 for one, _ in sides], axis=0)
    most, worst = int(np.argmax(np.abs(net))), int(np.argmax(at_stop))
    return CurrencyExposure(
        name, float(net[most]), rfc3339(int(times[most])), float(np.abs(net).mean()), float(at_stop[worst]),
        rfc3339(int(times[worst])), int(count.max()),
    )  # fmt: skip
