"""Finding columns by the names that people give them, and turning text into numbers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.option_words import has
from tradeworthy.adapters.files.tables import plain_name
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]

_GROUPED = r"^[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?$"
"""1,234.5, and 1,23,234.5 as it is written in India."""
_COMMA_DECIMAL = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?([eE][+-]?\d+)?$"
"""1234,5 and 1.234,5."""
_EMPTY = ("", "nan", "na", "n/a", "null", "none", "-")


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
                    f"{where}: there is no column {wanted!r} for {role}; {has(where)} {', '.join(frame.columns)}"
                )
            found[role] = actual
            continue
        hit = next((by_plain[name] for name in names if name in by_plain), None)
        if hit is not None:
            _refuse_twins(frame, role, hit, where)
            found[role] = hit
    unknown = sorted(set(chosen) - set(spellings))
    if unknown:
        raise InputError(f"{where}: {unknown[0]!r} is not something to map a column to; use {', '.join(spellings)}")
    return found


def _refuse_twins(frame: "pl.DataFrame", role: str, name: str, where: str) -> None:
    """Which of two columns of one name is meant is not guessed, unless both hold the same."""
    twin = f"{name} (2)"
    if twin in frame.columns and not frame[twin].equals(frame[name]):
        raise InputError(
            f"{where}: two columns are called {name!r} and differ; say which is meant, --column {role}={name!r} or --column "
            f"{role}={twin!r} (columns= in Python)"
        )


def numbers(frame: "pl.DataFrame", name: str, where: str) -> Floats:
    """A column as float64 (n,), NaN where it is empty. Takes 1,234.5 and 1.234,5 and 1,2345; raises InputError for text."""
    import polars as pl

    values = frame[name]
    if values.dtype.is_numeric() or values.dtype == pl.Null:
        return values.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy().astype(np.float64)
    if values.dtype not in (pl.String, pl.Categorical, pl.Enum):
        raise InputError(f"{where}: column {name!r} holds {values.dtype}, which are not numbers")
    text = values.cast(pl.String).str.strip_chars().str.replace_all(r"[\s_']", "")
    empty = text.is_null() | text.str.to_lowercase().is_in(_EMPTY)
    parsed = _parsed(text.set(empty, None))
    bad = parsed.is_null() & ~empty
    if bad.any():
        row = int(bad.arg_max() or 0)
        raise InputError(f"{where}: column {name!r} holds {values[row]!r} in data row {row + 1}, which is not a number")
    return parsed.fill_null(np.nan).to_numpy().astype(np.float64)


def _parsed(text: "pl.Series") -> "pl.Series":
    """Read with commas between thousands or before decimals, whichever of the two makes numbers of more rows."""
    import polars as pl

    comma = text.str.contains(",", literal=True)
    grouped = text.set(comma & ~text.str.contains(_GROUPED), None).str.replace_all(",", "", literal=True)
    with_point = grouped.cast(pl.Float64, strict=False)
    if with_point.null_count() == text.null_count():
        return with_point
    decimal = text.set(~text.str.contains(_COMMA_DECIMAL), None).str.replace_all(".", "", literal=True)
    with_comma = decimal.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return min(with_point, with_comma, key=lambda column: column.null_count())
