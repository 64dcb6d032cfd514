"""Lists of dict bars as a table, so that they are read by the same rules as files and dataframes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tradeworthy.adapters.files.bar_files import SPELLINGS
from tradeworthy.adapters.files.tables import plain_name
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import polars as pl

_ALIKE: tuple[frozenset[type], ...] = (
    frozenset({int, float}),
    frozenset({str}),
    frozenset({date}),
    frozenset({datetime}),
)
_KNOWN = frozenset(name for names in SPELLINGS.values() for name in names)


def table_from_rows(rows: Sequence[Any], columns: Mapping[str, str]) -> "pl.DataFrame":
    """The columns of bars out of dicts, one dict a bar; whatever else the dicts hold is left out.

    columns: names of the user's own, as `read_bars` takes them. Raises InputError for no bars, for one that lacks a value
    that others have, and for values of several kinds in one column.
    """
    import polars as pl

    if not rows:
        raise InputError("there are no bars: the list is empty")
    stranger = next((place for place, row in enumerate(rows) if not isinstance(row, Mapping)), None)
    if stranger is not None:
        raise InputError(
            f"the bar at place {stranger} is a {type(rows[stranger]).__name__}; a list of bars holds dicts, such as "
            "{'time': '2024-01-31T17:00:00Z', 'open': 1.08, 'high': 1.09, 'low': 1.07, 'close': 1.085}"
        )
    names = [name for name in rows[0] if plain_name(str(name)) in _KNOWN or name in columns.values()]
    for place, row in enumerate(rows):
        missing = next((name for name in names if name not in row), None)
        if missing is not None:
            raise InputError(f"the bar at place {place} has no {missing!r}, which the first has; every bar needs it")
    table = {}
    for name in names:
        values = [_plain(row[name]) for row in rows]
        if _mixed(values):
            raise InputError(
                f"the bars' {name!r} holds values of several kinds ({_kinds(values)}); write all of them alike"
            )
        table[str(name)] = pl.Series(str(name), values, strict=False)
    if not table:
        raise InputError(
            f"the bars have no time and prices by a name known here; their keys are {', '.join(map(str, rows[0]))}"
        )
    return pl.DataFrame(table)


def _plain(value: Any) -> Any:
    """Numbers and moments of other libraries as Python's own; aware moments in UTC."""
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime):
        same = value if value.tzinfo is None else value.astimezone(UTC)
        return datetime.combine(same.date(), same.timetz())
    return float(value) if isinstance(value, Decimal) else value


def _mixed(values: Sequence[Any]) -> bool:
    """Whether not all can stand in one column: text beside numbers, or moments with and without a zone."""
    kinds = {type(value) for value in values} - {type(None)}
    zones = {value.tzinfo is None for value in values if isinstance(value, datetime)}
    return len(zones) > 1 or not any(kinds <= alike for alike in _ALIKE)


def _kinds(values: Sequence[Any]) -> str:
    names = {type(value).__name__ for value in values}
    zoned = {f"{'naive' if one.tzinfo is None else 'aware'} datetime" for one in values if isinstance(one, datetime)}
    return ", ".join(sorted((names - {"datetime", "Timestamp"}) | zoned))
