"""What an account's rules ask about each decision, worked out for the decisions alone and not for every bar."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.books import Books
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import VolatilityTarget
from tradeworthy.core.bar import NEW_YORK_CLOSE, UTC_MIDNIGHT, DayCut
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import day_index, to_local, to_utc
from tradeworthy.strategies.protocol import Decisions

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_YEAR_NS = 365.25 * DAY_NS
ATR_PERIOD = 14
"""Volatility without implied volatility is the average true range over the close."""


def asked(
    bars: Bars, decisions: Decisions, fills: FillRules, books: Books, account: Account | None
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What the walk knows of each decision (refusal of the filters, minute, volatility level, a year's volatility), and
    the account's settings as numbers."""
    k = len(decisions)
    nothing, unknown = np.broadcast_to(np.int64(0), k), np.broadcast_to(np.float64(np.nan), k)
    empty = np.empty(0)
    if account is None:
        settings = (0.0, False, books.charges, empty, (0.0, 0.0, 0.0, 0.0), empty, np.empty(0, np.int64))
        return (nothing, nothing, nothing, unknown), settings
    rules = account.calibration
    minute = minutes_of_day(fill_moments(bars, decisions, fills.at_next_open), account.session_zone)
    level = _levels(bars, decisions, account)
    filtered = _filtered(decisions, account, minute, level) if account.filters else nothing
    volatility = (
        _year_volatility(bars, decisions, account.sizing.window)
        if isinstance(account.sizing, VolatilityTarget)
        else unknown
    )
    days = day_starts(bars, day_of(account, bars)) if rules else np.empty(0, np.int64)
    packed = rules.packed() if rules else empty
    sizing = account.sizing.packed()
    settings = (float(account.balance), True, books.charges, sizing, account.limits(bars), packed, days)
    return (filtered, minute, level, volatility), settings


def day_of(account: Account | None, bars: Bars) -> DayCut:
    """Where trading days begin: as the account says, as the bars are cut, or as their market does."""
    if account is not None and account.day is not None:
        return account.day
    if bars.day_cut.zone:
        return bars.day_cut
    return NEW_YORK_CLOSE if bars.instrument.calendar is CalendarName.FX_24_5 else UTC_MIDNIGHT


def day_starts(bars: Bars, cut: DayCut) -> Whole:
    """(m,) first moments of the trading days from the one in which the bars begin, in ns UTC."""
    ends = day_index(np.array([bars.open_time[0], bars.close_time[-1]], np.int64), cut.zone, cut.hour)
    days = np.arange(ends[0], ends[1] + 1, dtype=np.int64)
    return to_utc(days * DAY_NS + cut.hour * HOUR_NS, cut.zone)


def minutes_of_day(moments: Whole, zone: str | None) -> Whole:
    """(k,) minute of the exchange's day of each moment; -1 without a zone, which is not applicable."""
    if zone is None:
        return np.broadcast_to(np.int64(-1), len(moments))
    minutes: Whole = to_local(moments, zone) % DAY_NS // MINUTE_NS
    return minutes


def fill_moments(bars: Bars, decisions: Decisions, at_next_open: bool) -> Whole:
    """(k,) when each decision would be filled; that of a decision on the last bar is the bar's close."""
    if not at_next_open:
        return bars.close_time[decisions.bar]
    following = np.minimum(decisions.bar + 1, len(bars) - 1)
    moments: Whole = np.where(decisions.bar + 1 < len(bars), bars.open_time[following], bars.close_time[-1])
    return moments


def _levels(bars: Bars, decisions: Decisions, account: Account) -> Whole:
    """(k,) `VolatilityLevel` at each decision: of implied volatility where it is given, else of ATR over close."""
    wanted = (account.calibration is not None and account.calibration.volatility) or (
        account.filters is not None and account.filters.volatility
    )
    if not wanted:
        return np.broadcast_to(np.int64(0), len(decisions))
    from tradeworthy.controls.volatility_levels import levels_at

    series = account.inputs.iv
    if series is None:
        from tradeworthy.backtest.volatility_loops import range_share_loop

        series = np.empty(len(bars))
        range_share_loop(bars.high, bars.low, bars.close, ATR_PERIOD, series)
    return levels_at(series, decisions.bar)


def _filtered(decisions: Decisions, account: Account, minute: Whole, level: Whole) -> Whole:
    """(k,) why the filters refuse each entry, 0 where they let it pass."""
    from tradeworthy.controls.filters import Filters, filter_codes

    filters, inputs, at = account.filters or Filters(), account.inputs, decisions.bar
    columns = {
        "bias": inputs.bias_strength, "trap": inputs.trap_probability, "oi_delta": inputs.oi_delta,
    }  # fmt: skip
    given = {name: None if column is None else np.asarray(column)[at] for name, column in columns.items()}
    side = decisions.enter.astype(np.int64)
    return filter_codes(filters, minute, side, level=level if filters.volatility else None, **given)


def _year_volatility(bars: Bars, decisions: Decisions, window: int) -> Floats:
    """(k,) sample deviation of the last `window` changes of log close x sqrt(bars a year so far); NaN before there are as
    many."""
    from tradeworthy.backtest.volatility_loops import deviation_at

    out = np.empty(len(decisions))
    deviation_at(bars.close, decisions.bar, window, out)
    known = ~np.isnan(out)
    years = (bars.close_time[decisions.bar[known]] - bars.close_time[0]) / _YEAR_NS
    out[known] *= np.sqrt(decisions.bar[known] / years)
    return out
