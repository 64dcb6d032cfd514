"""Bars out of tables: which column is what, what was mended, and what one price a bar means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.columns import find, numbers
from tradeworthy.adapters.files.option_words import DATAFRAME, has, naming_column, naming_timeframe
from tradeworthy.adapters.files.tables import plain_name, read_table
from tradeworthy.adapters.files.times import moments
from tradeworthy.core.bar import AS_IN_THE_FILE, DayCut, PriceSide, Timeframe
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import BadBars, InputError
from tradeworthy.core.instrument import CalendarName, Instrument, instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.market.rules import (
    Finding,
    Severity,
    broken_rules,
    flag_duplicates,
    flag_inconsistent,
    flag_nan,
    flag_not_positive,
)
from tradeworthy.market.zones import known_zone

if TYPE_CHECKING:
    import polars as pl

Columns = dict[str, npt.NDArray[Any]]

SPELLINGS = {
    "time": (
        "time", "timestamp", "datetime", "date_time", "date", "open_time", "opentime", "gmt_time", "time_utc", "utc",
        "local_time", "unix", "ts",
    ),
    "clock": ("clock",),
    "open": ("open", "o", "open_price", "mid_o", "bid_open", "ask_open"),
    "high": ("high", "h", "high_price", "mid_h", "bid_high", "ask_high", "max"),
    "low": ("low", "l", "low_price", "mid_l", "bid_low", "ask_low", "min"),
    "close": ("close", "c", "close_price", "mid_c", "bid_close", "ask_close", "last", "price", "rate"),
    "volume": ("volume", "vol", "v", "tick_volume", "tickvol"),
}  # fmt: skip
_IN_UTC = frozenset({"gmt_time", "time_utc", "utc"})
"""Columns whose own name is the time zone."""
_CLOCK = r"^\s*(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\d{6})\s*$"


@dataclass(frozen=True, slots=True)
class BarOptions:
    """How a table is to be read. Anything left None is taken from the file's name or contents, or asked for."""

    instrument: str | Instrument | None = None
    timeframe: str | Timeframe | None = None
    timezone: str | None = None
    price_side: PriceSide | None = None
    day_cut: DayCut | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    repair: bool = False


def bars_from(source: Any, options: BarOptions) -> Bars:
    """Bars from a path or dataframe. Raises InputError (BadBars for prices and times) in one sentence."""
    where = str(source) if isinstance(source, str | Path) else DATAFRAME
    zone = None if options.timezone is None else known_zone(options.timezone).key
    frame = read_table(source)
    instrument, named_frame = _identity(source, options, where)
    found = _roles(frame, options, where)
    if frame.height == 0:
        raise InputError(f"{where}: there is a header and no row under it; export the file again")
    named = _time_columns(frame, found, options)
    if zone is None and plain_name(named[0]) in _IN_UTC:
        zone = "UTC"
    times = moments(frame, named, zone, where)
    columns: Columns = {"time": times}
    close_only = "open" not in found
    for name in ("close",) if close_only else ("open", "high", "low", "close"):
        columns[name] = numbers(frame, found[name], where)
    for name in ("open", "high", "low") if close_only else ():
        columns[name] = columns["close"]
    if "volume" in found:
        columns["volume"] = numbers(frame, found["volume"], where)
    mended = _repaired(columns, where) if options.repair else ()
    _refuse_broken(columns, where)
    timeframe = named_frame or _guess_timeframe(columns["time"], where)
    _refuse_shorter(columns["time"], timeframe, where)
    side = options.price_side or _side_named(found["close"])
    return _assemble(columns, instrument, timeframe, options, where, mended, side, close_only=close_only)


def split_stem(stem: str) -> tuple[str, Timeframe] | None:
    """`EUR_USD_H4`, `BTC_USDT-1h`, `EURUSD_H1_202001020000_202012312300` or `BTCUSDT-1h-2024-01` as instrument and timeframe.

    None where the name says no timeframe. Digits at its end are dates.
    """
    found = re.fullmatch(r"(.+)[_-]([^_-]+)", _without_dates(stem))
    try:
        return (found[1], Timeframe.parse(found[2])) if found else None
    except InputError:
        return None


def _without_dates(stem: str) -> str:
    return re.sub(r"([_-]\d+)+$", "", stem)


def _identity(source: Any, options: BarOptions, where: str) -> tuple[Instrument, Timeframe | None]:
    stem = Path(source).name.split(".")[0] if isinstance(source, str | Path) else ""
    parts = split_stem(stem)
    given = options.instrument or (parts[0] if parts else _known_without_dates(stem) or stem)
    if not given:
        raise InputError(f"{where}: say which instrument this is, for instance instrument='EUR_USD'")
    instrument = given if isinstance(given, Instrument) else instrument_named(given)
    frame = options.timeframe or (parts[1] if parts else None)
    return instrument, None if frame is None else Timeframe.parse(frame)


def _known_without_dates(stem: str) -> str | None:
    """`BTCUSDT` of `BTCUSDT-2024-01`; the digits of a name that is no known instrument may belong to it (`SP_500`)."""
    name = _without_dates(stem)
    try:
        return name if instrument_named(name).calendar is not CalendarName.UNKNOWN else None
    except InputError:
        return None


def _roles(frame: "pl.DataFrame", options: BarOptions, where: str) -> dict[str, str]:
    found = find(frame, SPELLINGS, options.columns, where)
    have = ", ".join(frame.columns)
    if "time" not in found:
        bare = any(name[:1].isdigit() for name in frame.columns)
        hint = "the first line has to name the columns" if bare else f"name it with {naming_column('time', where)}"
        raise InputError(f"{where}: no column of times; {has(where)} {have}; {hint}")
    if "close" not in found:
        raise InputError(
            f"{where}: no column of closing prices; {has(where)} {have}; name it with {naming_column('close', where)}"
        )
    ranges = [name for name in ("open", "high", "low") if name in found]
    if ranges and len(ranges) < 3:
        missing = ", ".join(name for name in ("open", "high", "low") if name not in found)
        raise InputError(f"{where}: columns {', '.join(ranges)} without {missing}; {has(where)} {have}")
    return found


def _side_named(column: str) -> PriceSide:
    """The side that a column such as `bid_close` says it is of; mid where it says nothing."""
    first = plain_name(column).split("_")[0]
    return PriceSide(first) if first in list(PriceSide) else PriceSide.MID


def _time_columns(frame: "pl.DataFrame", found: Mapping[str, str], options: BarOptions) -> list[str]:
    """The time column, or a column of dates with one of times of day beside it (MetaTrader writes two)."""
    if "clock" in found:
        return [found["time"], found["clock"]]
    plain = {plain_name(name): name for name in frame.columns}
    if "time" in options.columns or not {"date", "time"} <= plain.keys():
        return [found["time"]]
    clock = frame[plain["time"]]
    beside = str(clock.dtype) == "Time" or (str(clock.dtype) == "String" and clock.str.contains(_CLOCK).all())
    return [plain["date"], plain["time"]] if beside else [found["time"]]


def _repaired(columns: Columns, where: str) -> tuple[Finding, ...]:
    """Drop what breaks a rule and sort the rest, in place; a finding for each kind of mending."""
    notes: list[Finding] = []
    prices = [columns[name] for name in ("open", "high", "low", "close")]
    bad = flag_nan(*prices)
    bad |= ~bad & (flag_not_positive(*prices) | flag_inconsistent(*prices))
    _keep(columns, ~bad, "dropped", f"{where}: dropped {counted(int(bad.sum()), 'bar')} with impossible prices", notes)
    again = flag_duplicates(columns["time"])
    _keep(
        columns,
        ~again,
        "deduplicated",
        f"{where}: dropped {counted(int(again.sum()), 'bar')} whose time was there before",
        notes,
    )
    order = np.argsort(columns["time"], kind="stable")
    moved = int((order != np.arange(len(order))).sum())
    if moved:
        notes.append(Finding("sorted", Severity.WARNING, f"{where}: put {counted(moved, 'bar')} into order", moved))
        for name in columns:
            columns[name] = columns[name][order]
    return tuple(notes)


def _keep(columns: Columns, keep: npt.NDArray[np.bool_], rule: str, message: str, notes: list[Finding]) -> None:
    if keep.all():
        return
    notes.append(Finding(rule, Severity.WARNING, message, int((~keep).sum())))
    for name in columns:
        columns[name] = columns[name][keep]


def _refuse_broken(columns: Columns, where: str) -> None:
    broken = broken_rules(columns["time"], *(columns[name] for name in ("open", "high", "low", "close")))
    if broken:
        message = "; ".join(str(finding) for finding in broken)
        raise BadBars(f"{where}: {message}", tuple(finding.rule for finding in broken))
    if not len(columns["time"]):
        raise InputError(f"{where}: no usable bar is left; check the file")


def _guess_timeframe(times: npt.NDArray[np.int64], where: str) -> Timeframe:
    if len(times) < 2:
        raise InputError(f"{where}: one bar does not tell its length; name the timeframe {naming_timeframe(where)}")
    step = int(np.median(np.diff(times)))
    for frame in Timeframe:
        if frame.length_ns == step:
            return frame
    raise InputError(f"{where}: bars {step / 1e9:,.0f} s apart are no timeframe known here; use {', '.join(Timeframe)}")


def _refuse_shorter(times: npt.NDArray[np.int64], timeframe: Timeframe, where: str) -> None:
    """Bars that overlap were not made for this timeframe; a day may be an hour short where clocks change."""
    if len(times) > 1 and np.median(np.diff(times)) < 0.9 * timeframe.length_ns:
        raise InputError(
            f"{where}: the bars stand {np.median(np.diff(times)) / 1e9:,.0f} s apart and cannot be {timeframe} bars; name "
            f"theirs {naming_timeframe(where)}"
        )


def _assemble(
    columns: Columns, instrument: Instrument, timeframe: Timeframe, options: BarOptions, where: str,
    mended: tuple[Finding, ...], side: PriceSide, *, close_only: bool,
) -> Bars:  # fmt: skip
    opened = columns["time"]
    flat = bool((columns["high"] == columns["low"]).all())
    closed = opened + timeframe.length_ns
    if len(opened) > 1:  # a day is 23 hours long once a year, and no bar may reach into the next
        closed[:-1] = np.minimum(closed[:-1], opened[1:])
    if close_only or flat:
        opened = closed  # the price is known at the close and at no earlier time
    return Bars(
        instrument, timeframe, opened, closed, columns["open"], columns["high"], columns["low"], columns["close"],
        columns.get("volume"), price_side=side, day_cut=options.day_cut or AS_IN_THE_FILE,
        close_only=close_only or flat, source=Path(where).name, findings=mended,
    )  # fmt: skip
