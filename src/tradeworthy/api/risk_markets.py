"""Bars for strategies out of whatever holds them, and spreads where nobody named any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from tradeworthy.adapters.files.bar_files import BarOptions
from tradeworthy.adapters.files.folder import BarFolder
from tradeworthy.adapters.files.rows import table_from_rows
from tradeworthy.api.risk_strategies import Asked
from tradeworthy.backtest.costs import Costs
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import known_zone
from tradeworthy.ports import BarStore
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template
from tradeworthy.strategies.parameter_names import snake
from tradeworthy.strategies.python_function import History
from tradeworthy.wiring.sources import read_bars

UNNAMED = "UNNAMED"
USUAL_SPREAD = 1e-4
"""Of the price, for instruments outside of the example book: an assumption, and said to be one."""
_COLUMNS = frozenset({"close", "c", "price", "open", "high", "low"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How bars are to be read: what is traded, its timeframe, and the zone and names of columns that do not say it."""

    symbol: str | None = None
    timeframe: str | Timeframe | None = None
    timezone: str | None = None
    columns: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        for name, value, kind in (
            ("symbol", self.symbol, str),
            ("timeframe", self.timeframe, str),
            ("timezone", self.timezone, str),
            ("columns", self.columns, Mapping),
        ):
            if value is not None and not isinstance(value, kind):
                what = "text" if kind is str else "a dict of names"
                raise InputError(f"{name} must be {what} or None, not {type(value).__name__}")
        if self.timezone is not None:
            known_zone(self.timezone)


def bars_for(
    strategies: Iterable[Asked], given: Any, store: BarStore[Bars] | None, how: Reading
) -> tuple[dict[str, Bars], list[str]]:
    """The bars of each strategy, and what was assumed about them. Raises InputError for a strategy without any."""
    notes: list[str] = []
    found: dict[str, Bars] = {}
    read: dict[int, Bars] = {}
    for one in strategies:
        place = _place(one, given)
        if place is None:
            found[one.name] = _stored(one, store)
        elif isinstance(place, str | Path) and Path(place).is_dir():
            found[one.name] = _stored(
                one, BarFolder(Path(place), BarOptions(timezone=how.timezone, columns=how.columns or {}))
            )
        else:
            if id(place) not in read:
                read[id(place)] = bars_of(place, how, notes, one.symbol, one.timeframe)
            found[one.name] = read[id(place)]
        _refuse_others(one, found[one.name], how)
    return found, notes


def _refuse_others(one: Asked, bars: Bars, how: Reading) -> None:
    """Raises InputError for bars of another instrument than the strategy's name or parameters say."""
    symbol = how.symbol if how.symbol and bars.instrument.symbol == UNNAMED else bars.instrument.symbol
    if one.symbol is not None and symbol not in {one.symbol, UNNAMED, instrument_named(one.symbol).symbol}:
        raise InputError(
            f"{one.name} is a strategy for {one.symbol}, and these are bars of {symbol}; bring bars of {one.symbol}, say "
            "in symbol= or read_bars(..., instrument=) what they are of, or call the strategy otherwise"
        )


def _place(one: Asked, given: Any) -> Any:
    """What holds the strategy's bars: of its name, of its instrument, or the one thing there is."""
    if not isinstance(given, Mapping) or _is_table(given):
        return given
    timed = "" if one.symbol is None or one.timeframe is None else f"{one.symbol}_{one.timeframe}"
    for key in (one.name, timed, one.symbol):
        if key and key in given:
            return given[key]
    near = [key for key in given if isinstance(key, str) and _is_of(one, key)]
    if len(near) == 1:
        return given[near[0]]
    looked = dict.fromkeys(filter(None, (one.name, timed, one.symbol)))
    raise InputError(
        f"{one.name}: there are no bars for it; bars stand under {', '.join(map(str, given)) or 'nothing'}, and are looked for "
        f"under {' and '.join(looked)}"
    )


def _is_of(one: Asked, key: str) -> bool:
    """Whether bars under `key` are the strategy's by its instrument, or by the beginning of its name: BTC_USDT of BTC_USDT_H1."""
    if one.symbol is not None:
        return one.symbol == symbol_or_none(key)
    words, name = snake(key).split("_"), snake(one.name).split("_")
    return name[: len(words)] == words


def symbol_or_none(name: str) -> str | None:
    """As this house spells it; None for what is no instrument."""
    try:
        return instrument_named(name).symbol
    except InputError:
        return None


def _is_table(given: Mapping[Any, Any]) -> bool:
    return any(isinstance(key, str) and key.lower() in _COLUMNS for key in given)


def _stored(one: Asked, store: BarStore[Bars] | None) -> Bars:
    if store is None:
        raise InputError(f"{one.name}: bring bars to run it on, as bars=, or trades= to look at those alone")
    if one.symbol is None or one.timeframe is None:
        raise InputError(
            f"{one.name}: neither its parameters nor its name say its instrument and timeframe, by which bars are looked for"
        )
    return store.read(one.symbol, one.timeframe)


def bars_of(
    place: Any, how: Reading, notes: list[str], symbol: str | None = None, timeframe: Timeframe | None = None
) -> Bars:
    """One market's bars. symbol, timeframe: what they are of, unless `how` or they themselves say. notes: gets what was assumed."""
    if isinstance(place, Bars):
        return place
    symbol = how.symbol or symbol
    if isinstance(place, str | Path):
        if str(place).startswith(("ecb:", "arch:")):
            return read_bars(place)
        return read_bars(
            place, instrument=how.symbol, timeframe=how.timeframe, timezone=how.timezone, columns=how.columns
        )
    if symbol is None:
        notes.append(
            "the bars name no instrument: prices are counted in steps of 0.01 and money in USD; name it in symbol="
        )
    return read_bars(
        _table(place, how), instrument=symbol or UNNAMED, timeframe=how.timeframe or timeframe, timezone=how.timezone,
        columns=how.columns,
    )  # fmt: skip


def _table(place: Any, how: Reading) -> Any:
    if isinstance(place, list | tuple):
        return table_from_rows(place, how.columns or {})
    if isinstance(place, Mapping):
        import polars as pl

        return pl.DataFrame({str(key): list(values) for key, values in place.items()})
    return place


def seen_as(history: object) -> History:
    """What a function is to see. Raises InputError for what is none of it."""
    for one in get_args(History):
        if isinstance(history, str) and history == one:
            return cast(History, one)
    raise InputError(f"history must be 'bars', 'rows', 'pandas' or 'polars', not {shown(history)}")


def history_of(given: Any) -> History:
    """What a function sees of other prices, by the bars that it was brought with."""
    one = next(iter(given.values()), None) if isinstance(given, Mapping) and not _is_table(given) else given
    if isinstance(one, list | tuple):
        return "rows"
    library = type(one).__module__.partition(".")[0]
    return "pandas" if library == "pandas" else "polars" if library in {"polars", "pyarrow"} else "bars"


def usual_costs(bars: Iterable[Bars]) -> tuple[Costs, list[str]]:
    """Spreads to widen where nobody named any, and a sentence for each."""
    known = from_text(template("fx-daily"), "the book fx-daily", {}).costs.spread_pips
    pips: dict[str, float] = {}
    notes = []
    for one in {some.instrument.symbol: some for some in bars}.values():
        symbol = one.instrument.symbol
        if symbol in known:
            pips[symbol] = known[symbol]
            why = "that of the example book"
        else:
            pips[symbol] = round(USUAL_SPREAD * float(one.close[-1]) / float(one.instrument.pip), 6)
            why = "a ten-thousandth of the price"
        notes.append(
            f"nobody named the spread of {symbol}: {pips[symbol]:g} pips were taken, {why}; name yours in costs="
        )
    return Costs(pips), notes


def with_symbol(bars: Bars, symbol: str | None) -> Bars:
    """The same bars under the instrument that was named for them. Raises InputError where they are of another."""
    if symbol is None or bars.instrument.symbol == instrument_named(symbol).symbol:
        return bars
    if bars.instrument.symbol == UNNAMED:
        return replace(bars, instrument=instrument_named(symbol))
    raise InputError(f"these are bars of {bars.instrument.symbol} and not of {symbol}; leave symbol out, or mend it")
