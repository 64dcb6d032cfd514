"""The past as a plain function wants to see it: growing with every bar, in the shape that its bars were given in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tradeworthy.core.clock import to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

Windows = Iterator[Any]
"""What is shown at each bar: at place i the bars 0 to i."""


def windows(source: Any) -> Windows:
    """The windows over a list of dict bars, `Bars`, or a dataframe of pandas, polars, pyarrow and others.

    Nothing of the user's is handed out: rows and tables are copied, `Bars` are read-only.
    """
    if isinstance(source, Bars):
        return (source.first(i + 1) for i in range(len(source)))
    if is_rows(source):
        return _growing(dict(row) for row in source)
    return _tables(source)


def is_rows(source: Any) -> bool:
    """Whether it is a list (or tuple) of dict bars."""
    return isinstance(source, list | tuple) and all(isinstance(row, Mapping) for row in source)


def changed(seen: Any, place: int) -> str | None:
    """What is wrong with the growing list after the function has had it at `place`; None if nothing is."""
    if not isinstance(seen, list) or len(seen) == place + 1:
        return None
    return f"changed historical_data, which had {place + 1:,} bars and now has {len(seen):,}; leave it as it is and work on a copy"


def _growing(rows: Iterator[dict[str, Any]]) -> Windows:
    seen: list[dict[str, Any]] = []
    for row in rows:
        seen.append(row)
        yield seen


def _tables(source: Any) -> Windows:
    head = _head_of(source)
    return (head(i + 1) for i in range(len(source)))


def _head_of(source: Any) -> Callable[[int], Any]:
    """How to take the first rows of a table; of pandas, whose tables can be written to, as frames of their own."""
    if hasattr(source, "iloc"):
        table = source.copy()
        return lambda count: table.iloc[:count].copy(deep=False)
    if hasattr(source, "head"):
        head: Callable[[int], Any] = source.head
        return head
    if hasattr(source, "slice"):
        return lambda count: source.slice(0, count)
    raise InputError(
        f"a {type(source).__name__} cannot be shown bar by bar; give a list of dicts, a dataframe of pandas, polars or pyarrow, "
        "or Bars"
    )


def rows_of(bars: Bars) -> list[dict[str, Any]]:
    """Bars as dicts: time (of the open, an aware datetime), open, high, low, close, and volume where there is one."""
    columns: dict[str, Sequence[Any]] = {
        "time": [to_datetime(moment) for moment in bars.open_time.tolist()],
        **{name: getattr(bars, name).tolist() for name in ("open", "high", "low", "close")},
    }
    if bars.volume is not None:
        columns["volume"] = bars.volume.tolist()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def table_of(bars: Bars, library: str) -> Any:
    """Bars as a dataframe of `pandas` or `polars`, with the same columns. Raises InputError where it is not installed."""
    import importlib

    try:
        home = importlib.import_module(library)
    except ImportError:
        raise InputError(f"{library} is not installed; install it, or ask for history='rows'") from None
    columns = {name: np.array(getattr(bars, name)) for name in ("open", "high", "low", "close")}
    moments = bars.open_time.astype("datetime64[ns]")
    columns = {"time": moments, **columns, **({} if bars.volume is None else {"volume": np.array(bars.volume)})}
    frame = home.DataFrame(columns)
    if library == "polars":
        return frame.with_columns(frame["time"].dt.replace_time_zone("UTC"))
    frame["time"] = frame["time"].dt.tz_localize("UTC")
    return frame
