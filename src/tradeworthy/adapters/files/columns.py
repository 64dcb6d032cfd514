"""Finding columns by the names that people give them, and turning text into numbers and moments."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.tables import plain_name
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.market.zones import to_utc

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

DATE_FORMATS = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
    "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y%m%d %H%M%S", "%Y%m%d %H:%M:%S", "%Y%m%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
    "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M:%S",
)  # fmt: skip
"""Spellings with a time of day. Slashes with the day or the month first are not guessed at: they look alike."""

DAY_FORMATS = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y")


def find(
    frame: "pl.DataFrame", spellings: Mapping[str, Sequence[str]], chosen: Mapping[str, str], where: str
) -> dict[str, str]:
    """Which column holds what: `chosen` by the user first, then the first spelling that is there.

    Raises InputError for a chosen column that does not exist.
    """
    by_plain = {plain_name(name): name for name in reversed(frame.columns)}
    found: dict[str, str] = {}
    for role, names in spellings.items():
        if role in chosen:
            wanted = chosen[role]
            actual = wanted if wanted in frame.columns else by_plain.get(plain_name(wanted))
            if actual is None:
                raise InputError(
                    f"{where}: there is no column {wanted!r} for {role}; the file has {', '.join(frame.columns)}"
                )
            found[role] = actual
            continue
        hit = next((by_plain[name] for name in names if name in by_plain), None)
        if hit is not None:
            found[role] = hit
    unknown = sorted(set(chosen) - set(spellings))
    if unknown:
        raise InputError(f"{where}: {unknown[0]!r} is not something to map a column to; use {', '.join(spellings)}")
    return found


def numbers(frame: "pl.DataFrame", name: str, where: str) -> Floats:
    """A column as float64 (n,), NaN where it is empty. Takes 1,234.5 and 1.234,5 and 1,2345; raises InputError for text."""
    import polars as pl  # noqa: PLC0415 - heavy, and only needed for files

    values = frame[name]
    if values.dtype != pl.String:
        return values.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy().astype(np.float64)
    text = values.str.strip_chars().str.replace_all(r"[\s_']", "")
    parsed = _decimal_point(text).cast(pl.Float64, strict=False)
    empty = text.is_null() | text.str.to_lowercase().is_in(["", "nan", "na", "n/a", "null", "none", "-"])
    bad = parsed.is_null() & ~empty
    if bad.any():
        row = int(bad.arg_max() or 0)
        raise InputError(f"{where}: column {name!r} holds {values[row]!r} in data row {row + 1}, which is not a number")
    return parsed.fill_null(np.nan).to_numpy().astype(np.float64)


def _decimal_point(text: "pl.Series") -> "pl.Series":
    """With a point for the decimals: the last of point and comma is taken to be what separates them."""
    comma_last = text.str.contains(r",\d*$") & ~text.str.contains(r",\d{3},|,\d+\.")
    thousands = text.str.contains(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
    if comma_last.any() and not (thousands | ~text.str.contains(",")).all():
        return text.str.replace_all(".", "", literal=True).str.replace_all(",", ".", literal=True)
    return text.str.replace_all(",", "", literal=True)


def moments(frame: "pl.DataFrame", names: Sequence[str], zone: str | None, where: str) -> Times:
    """One column, or a date and a time column, as nanoseconds UTC (n,).

    Times without a zone are read in `zone`; without one InputError asks for it. Bare dates need none: they name days,
    and are read as midnight of `zone` or UTC.
    """
    import polars as pl  # noqa: PLC0415 - heavy, and only needed for files

    series = frame[names[0]] if len(names) == 1 else (frame[names[0]] + " " + frame[names[1]])
    if isinstance(series.dtype, pl.Datetime):
        utc = series.dtype.time_zone is not None
        local = _nanoseconds(series.dt.convert_time_zone("UTC") if utc else series, where)
        return local if utc else _zoned(local, zone, where)
    if series.dtype == pl.Date:
        return to_utc(_nanoseconds(series.cast(pl.Datetime("us")), where), zone or "UTC")
    if series.dtype.is_numeric() or series.str.contains(r"^\d{9,}(\.\d+)?$").all():
        return _from_epoch(series.cast(pl.Float64), where)
    return _from_text(series.str.strip_chars(), zone, where)


def _from_epoch(series: "pl.Series", where: str) -> Times:
    values = series.to_numpy().astype(np.float64)
    if len(values) and not np.isfinite(values).all():
        raise InputError(f"{where}: the time column has empty rows; fill or drop them")
    top = float(values.max()) if len(values) else 0.0
    unit = next(unit for limit, unit in ((1e11, SECOND_NS), (1e14, 10**6), (1e17, 1000), (np.inf, 1)) if top < limit)
    return np.round(values).astype(np.int64) * unit if unit < SECOND_NS else np.round(values * unit).astype(np.int64)


def _from_text(series: "pl.Series", zone: str | None, where: str) -> Times:
    import polars as pl  # noqa: PLC0415 - heavy, and only needed for files

    aware = series.str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$") & series.str.contains(r"\d:\d")
    if len(series) and aware.all():
        tidy = series.str.replace(r"Z$", "+00:00").str.replace(r"([+-]\d{2})(\d{2})$", "$1:$2").str.replace(" ", "T")
        parsed = tidy.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", strict=False, time_unit="ns")
        if parsed.null_count() == 0:
            return _nanoseconds(parsed.dt.convert_time_zone("UTC"), where)
    for formats, dates in ((DATE_FORMATS, False), (DAY_FORMATS, True)):
        for spelling in formats:
            parsed = (
                series.str.to_date(spelling, strict=False).cast(pl.Datetime("ns"))
                if dates
                else series.str.to_datetime(spelling, strict=False, time_unit="ns")
            )
            if len(series) and parsed.null_count() == 0:
                local = _nanoseconds(parsed, where)
                return to_utc(local, zone or "UTC") if dates else _zoned(local, zone, where)
    sample = next((value for value in series if value), "nothing")
    raise InputError(f"{where}: cannot read {sample!r} as a time; write it as 2024-01-31T17:00:00Z")


def _nanoseconds(series: "pl.Series", where: str) -> Times:
    if series.null_count():
        raise InputError(f"{where}: the time column has {series.null_count()} empty rows; fill or drop them")
    return series.dt.timestamp("ns").to_numpy().astype(np.int64)


def _zoned(local: Times, zone: str | None, where: str) -> Times:
    if zone is None:
        raise InputError(
            f"{where}: the times name no time zone; say which it is, for instance --timezone UTC or --timezone "
            "America/New_York (timezone= in Python)"
        )
    return to_utc(local, zone)
