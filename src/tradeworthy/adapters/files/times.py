"""Columns of times in the spellings that people's files have, as moments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.option_words import naming_zone
from tradeworthy.core.clock import HOUR_NS, MINUTE_NS, SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.market.zones import to_utc

if TYPE_CHECKING:
    import polars as pl

Times = npt.NDArray[np.int64]

_DAYS = (
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
)
"""Of the last two only the one that every row allows: where both do, as in 01/02/2024, the file is refused."""
_CLOCKS = ("T%H:%M:%S%.f", " %H:%M:%S%.f", "T%H:%M", " %H:%M", " %H%M%S", " %H%M", " %I:%M:%S %p", " %I:%M %p")
_SPELLINGS = (*((day, False) for day in _DAYS), *((day + clock, True) for day in _DAYS for clock in _CLOCKS))

_ZONE = r"(?i)^(.*\d:\d.*?)\s*(?:(?:utc|gmt)?([+-])(\d\d)(?::?(\d\d))?|z|utc|gmt)$"
"""A text with a time of day, then `Z`, `UTC`, `+02`, `+02:00`, `GMT+0200`."""

_FIRST_US, _LAST_US = -9_200_000_000_000_000, 9_200_000_000_000_000
"""1678 to 2261: what nanoseconds in 64 bits can say."""
_OLDEST_EPOCH = 1e8
"""Seconds; smaller numbers are days of a spreadsheet or rows counted, and not moments since 1970."""


def moments(frame: "pl.DataFrame", names: Sequence[str], zone: str | None, where: str) -> Times:
    """One column, or a date and a time column, as nanoseconds UTC (n,).

    Times without a zone are read in `zone`; without one InputError asks for it. Bare dates need none: they name days,
    and are read as midnight of `zone` or UTC.
    """
    import polars as pl

    series = frame[names[0]]
    if len(names) > 1:
        series = series.cast(pl.String).str.strip_chars() + " " + frame[names[1]].cast(pl.String).str.strip_chars()
    if series.dtype in (pl.String, pl.Categorical, pl.Enum):
        text = series.cast(pl.String).str.strip_chars()
        _refuse_gaps(text.is_null() | (text == ""), where)
        epoch = text.str.contains(r"^-?\d{9,}(\.\d+)?$").all()
        return _from_epoch(text.cast(pl.Float64), zone, where) if epoch else _from_text(text, zone, where)
    _refuse_gaps(series.is_null(), where)
    if isinstance(series.dtype, pl.Datetime):
        aware = series.dtype.time_zone is not None
        local = _nanoseconds(series.dt.convert_time_zone("UTC") if aware else series, where)
        return local if aware else _zoned(local, zone, where)
    if series.dtype == pl.Date:
        return to_utc(_nanoseconds(series.cast(pl.Datetime("us")), where), zone or "UTC")
    if series.dtype.is_numeric():
        return _from_epoch(series, zone, where)
    raise InputError(
        f"{where}: the time column holds {series.dtype}, which are not moments; write 2024-01-31T17:00:00Z"
    )


def _refuse_gaps(empty: "pl.Series", where: str) -> None:
    if empty.any():
        row = int(empty.arg_max() or 0)
        raise InputError(
            f"{where}: the time column is empty in data row {row + 1} ({int(empty.sum())} such rows); fill or drop them"
        )


def _from_epoch(series: "pl.Series", zone: str | None, where: str) -> Times:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, by their size; 20240131 is a day."""
    import polars as pl

    values = series.cast(pl.Float64).to_numpy().astype(np.float64)
    _refuse_gaps(pl.Series(~np.isfinite(values)), where)
    if len(values) and ((values >= 1e7) & (values < 1e8)).all():
        return _from_text(series.cast(pl.Int64).cast(pl.String), zone, where)
    top = float(np.abs(values).max()) if len(values) else np.inf
    if not _OLDEST_EPOCH <= top < 9.2e18:
        raise InputError(
            f"{where}: the time column holds {values[0]:g}, which is no time since 1970; write it as 2024-01-31T17:00:00Z"
        )
    unit = next(unit for limit, unit in ((1e11, SECOND_NS), (1e14, 10**6), (1e17, 1000), (np.inf, 1)) if top < limit)
    if series.dtype.is_integer():
        whole: Times = series.cast(pl.Int64).to_numpy().astype(np.int64) * unit
        return whole
    return np.round(values).astype(np.int64) * unit if unit < SECOND_NS else np.round(values * unit).astype(np.int64)


def _from_text(text: "pl.Series", zone: str | None, where: str) -> Times:
    import polars as pl

    marked = text.str.contains(_ZONE)
    if marked.any() and not marked.all():
        row, other = int((~marked).arg_max() or 0), int(marked.arg_max() or 0)
        raise InputError(
            f"{where}: the time in data row {row + 1} ({text[row]!r}) names no time zone and the one in data row {other + 1} "
            f"({text[other]!r}) does; write all of them alike"
        )
    if not marked.any():
        local, clocked = _read(text, where)
        return _zoned(local, zone, where) if clocked else to_utc(local, zone or "UTC")
    local, _ = _read(text.str.extract(_ZONE, 1), where)
    hours, minutes = (text.str.extract(_ZONE, group).cast(pl.Int64).fill_null(0).to_numpy() for group in (3, 4))
    west = (text.str.extract(_ZONE, 2) == "-").fill_null(value=False).to_numpy()
    ahead = np.where(west, -1, 1) * (hours * HOUR_NS + minutes * MINUTE_NS)
    utc: Times = local - ahead
    return utc


def _read(text: "pl.Series", where: str) -> tuple[Times, bool]:
    """Wall-clock nanoseconds in the one spelling that fits every row, and whether it has a time of day."""
    likely = [spelling for spelling in _SPELLINGS if _spelled(text.head(1), spelling[0]).null_count() == 0]
    read = [(spelling, clocked, _spelled(text, spelling)) for spelling, clocked in likely]
    fitting = [(spelling, clocked, column) for spelling, clocked, column in read if column.null_count() == 0]
    if fitting and any((column != fitting[0][2]).any() for _, _, column in fitting[1:]):
        raise InputError(
            f"{where}: {text[0]!r} could be read with the day or the month first; write it as 2024-01-31 or 2024-01-31T17:00:00Z"
        )
    if fitting:
        return _nanoseconds(fitting[0][2], where), fitting[0][1]
    row = max((int(column.is_null().arg_max() or 0) for _, _, column in read), default=0)
    raise InputError(
        f"{where}: cannot read {text[row]!r} in data row {row + 1} as a time; write it as 2024-01-31T17:00:00Z"
    )


def _spelled(text: "pl.Series", spelling: str) -> "pl.Series":
    """Microseconds, null where a row does not fit the spelling or names a year of fewer than four digits."""
    import polars as pl

    if any(clock in spelling for clock in ("%H", "%I")):
        parsed = text.str.to_datetime(spelling, strict=False, time_unit="us")
    else:
        parsed = text.str.to_date(spelling, strict=False).cast(pl.Datetime("us"))
    return parsed.set((parsed.dt.year() < 1000).fill_null(value=False), None)


def _nanoseconds(series: "pl.Series", where: str) -> Times:
    """Of moments without gaps. Raises InputError for years that nanoseconds cannot say."""
    stamps = series.dt.timestamp("us")
    if len(stamps) and not stamps.is_between(_FIRST_US, _LAST_US).all():
        row = int((~stamps.is_between(_FIRST_US, _LAST_US)).arg_max() or 0)
        raise InputError(f"{where}: the time in data row {row + 1} is not in the years 1680 to 2260; check the column")
    exact: Times = series.dt.timestamp("ns").to_numpy().astype(np.int64)
    return exact


def _zoned(local: Times, zone: str | None, where: str) -> Times:
    if zone is None:
        raise InputError(f"{where}: the times name no time zone; say which it is, for instance {naming_zone(where)}")
    return to_utc(local, zone)
