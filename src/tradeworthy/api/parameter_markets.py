"""Bars behind the parameters of a book, and the sets around each strategy's own, tried on them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tradeworthy.api.parameter_sources import SettingsRead
from tradeworthy.appraisal.parameter_appraising import tradeable
from tradeworthy.appraisal.parameter_history import Market, neighbour_facts, neighbours_of
from tradeworthy.appraisal.parameter_record import NeighbourFacts
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.grid import Grid, Sets
from tradeworthy.backtest.sweep_result import MEASURES, Searched, SweepResult
from tradeworthy.backtest.sweeping import Terms, try_all
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.ports import BarStore, Progress
from tradeworthy.settings.books import book_from
from tradeworthy.settings.tree import DataSettings
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.parameter_names import market_of, meant
from tradeworthy.strategies.source_parameters import Value
from tradeworthy.wiring.sources import bar_store

Book = Mapping[str, Mapping[str, Value]]
Origins = Mapping[str, SettingsRead]

_MOST = 1_000


def markets_of(book: Book, origins: Origins, data: Path | None, progress: Progress) -> dict[str, Market]:
    """The bars of each strategy: of the folder that was named, else of its own settings; or why there are none.

    Raises InputError for a folder that is not there.
    """
    if data is not None and not data.is_dir():
        raise InputError(f"{data}: there is no such folder of bars; check --data (data= in Python)")
    stores: dict[int, BarStore[Bars]] = {}
    found: dict[str, Market] = {}
    for done, (name, parameters) in enumerate(book.items()):
        progress.update("reading bars", done, len(book))
        origin = origins.get(name)
        if origin is None and data is None:
            found[name] = Market(None, "no bars were named; --data (data= in Python) names a folder of them")
            continue
        if id(origin) not in stores:
            settings = DataSettings() if origin is None else origin.settings.data
            stores[id(origin)] = bar_store(settings, Path() if origin is None else origin.beside, data)
        found[name] = _market(name, parameters, stores[id(origin)], origin)
    progress.update("reading bars", len(book), len(book))
    return found


def _market(name: str, parameters: Mapping[str, Value], store: BarStore[Bars], origin: SettingsRead | None) -> Market:
    symbol, timeframe = market_of(name, meant(parameters))
    if symbol is None or timeframe is None:
        missing = " and ".join(word for word, one in (("instrument", symbol), ("timeframe", timeframe)) if one is None)
        return Market(None, f"neither its parameters nor its name say its {missing}")
    try:
        bars = store.read(symbol, timeframe)
    except InputError as error:
        return Market(None, str(error))
    pips = None if origin is None else origin.settings.costs.spread_pips.get(bars.instrument.symbol)
    return Market(bars, "", None if pips is None else pips * float(instrument_named(symbol).pip))


def neighbours(
    book: Book, markets: Mapping[str, Market], origins: Origins, progress: Progress
) -> dict[str, NeighbourFacts | str]:
    """Each strategy among the sets one step away on its own bars, under its settings' fill rules and spreads.

    They are not entered in a ledger of trials, which counts what could have been chosen: of the sets around nothing is
    told but that they are worse, where they are.
    """
    found: dict[str, NeighbourFacts | str] = {}
    for done, (name, parameters) in enumerate(book.items()):
        progress.update("trying neighbours", done, len(book))
        bars, rules = markets[name].bars, tradeable(parameters)
        if bars is None or rules is None:
            found[name] = markets[name].why or "it is not known as a moving-average cross"
        elif len(bars) <= rules.warm_up:
            found[name] = f"{len(bars):,} bars are too few for its periods"
        elif rules.stop_atr is None:
            found[name] = "without a stop in multiples of ATR a trade has no R"
        else:
            found[name] = _among(bars, rules, origins.get(name))
    progress.update("trying neighbours", len(book), len(book))
    return found


def _among(bars: Bars, rules: MaCrossover, origin: SettingsRead | None) -> NeighbourFacts | str:
    terms = Terms(FillRules(), Costs(0.0))
    if origin is not None:
        plan = book_from(origin.settings)
        terms = Terms(plan.fills, plan.costs)
    try:
        return neighbour_facts(_tried(bars, rules, terms), rules)
    except InputError as error:
        return str(error)


def _tried(bars: Bars, rules: MaCrossover, terms: Terms) -> SweepResult:
    plan = Grid.of(neighbours_of(rules))
    sets = Sets.of(MaCrossover, plan, _MOST)
    measures = np.full((1, len(sets.points), len(MEASURES)), np.nan)

    def enter(place: int, places: Sequence[int], values: npt.NDArray[np.float64]) -> None:
        measures[place, list(places)] = values

    try_all([bars], sets.strategies, [range(len(sets.points))], terms, enter)
    return SweepResult(rules.name, plan, sets, (Searched(bars.label, len(bars), bars.data_hash, 1.0),), measures, 0)
