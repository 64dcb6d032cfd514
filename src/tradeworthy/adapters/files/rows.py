"""Lists of dict bars as a table, so that they are read by the same rules as files and dataframes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tradeworthy.adapters.files.bar_files import SPELLINGS
from tradeworthy.adapters.files.tables import plain_name
from tradeworthy.core.counting import with_article
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import polars as pl

_ALIKE: tuple[frozenset[type], ...] = (
    frozenset({int, float}),
    frozenset({str}),
    frozenset({date}),
    frozenset({datetime}),
)
_PLAIN = frozenset({int, float, str, date})
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
            f"the bar at place {stranger} is {with_article(type(rows[stranger]).__name__)}; a list of bars holds dicts, such as "
            "{'time': '2024-01-31T17:00:00Z', 'open': 1.08, 'high': 1.09, 'low': 1.07, 'close': 1.085}"
        )
    names = [name for name in rows[0] if plain_name(str(name)) in _KNOWN or name in columns.values()]
    table = {}
    for name in names:
        values = _column(rows, name)
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


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    try:
        values = [row[name] for row in rows]
    except KeyError:
        place = next(place for place, row in enumerate(rows) if name not in row)
        raise InputError(f"the bar at place {place} has no {name!r}, which the first has; every bar needs it") from None
    kinds = set(map(type, values))
    if kinds == {int, float}:
        return [float(value) for value in values]
    return values if kinds <= _PLAIN else [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    """Numbers and moments of other libraries as Python's own; aware moments in UTC."""
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime):
        same = value if value.tzinfo is None or value.tzinfo is UTC else value.astimezone(UTC)
        return same if type(same) is datetime else datetime.combine(same.date(), same.timetz())
    return float(value) if isinstance(value, Decimal) else value


def _mixed(values: Sequence[Any]) -> bool:
    """Whether not all can stand in one column: text beside numbers, or moments with and without a zone."""
    kinds = set(map(type, values)) - {type(None)}
    zones = {value.tzinfo is None for value in values if value is not None} if kinds == {datetime} else set()
    return len(zones) > 1 or not any(kinds <= alike for alike in _ALIKE)


def _kinds(values: Sequence[Any]) -> str:
    names = {type(value).__name__ for value in values}
    zoned = {f"{'naive' if one.tzinfo is None else 'aware'} datetime" for one in values if isinstance(one, datetime)}
    return ", ".join(sorted((names - {"datetime", "Timestamp"}) | zoned))
