"""Strategies out of whatever stands for them: parameters, objects, functions, books, settings."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradeworthy.appraisal.book import Book
from tradeworthy.appraisal.parameter_appraising import tradeable
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE, stated_risk
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.ports import BarStore
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import settings_named
from tradeworthy.strategies.given_parameters import plain_parameters
from tradeworthy.strategies.making import named_parameters
from tradeworthy.strategies.parameter_names import Role, market_of, meant
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import History, PythonFunction, python_strategy
from tradeworthy.strategies.registry import registered, strategy_named, strategy_names
from tradeworthy.wiring.sources import bar_store

USUAL_STOP_ATR = 2.0
_NAMES_OF_RULES = ("strategy", "rules")
_CROSS = "ma_crossover"


@dataclass(frozen=True, slots=True)
class Asked:
    """One strategy, and what its parameters say of its market and its risk. make: of the symbol, once the bars are known."""

    name: str
    make: Callable[[str], Strategy]
    symbol: str | None = None
    timeframe: Timeframe | None = None
    risk: float | None = None
    notes: tuple[str, ...] = ()
    places_levels: bool = False
    """Whether it answers with prices, which stay where it put them."""


@dataclass(frozen=True, slots=True)
class AskedBook:
    """Strategies, and the terms and bars that came with them, where any did."""

    strategies: tuple[Asked, ...]
    fills: FillRules | None = None
    costs: Costs | None = None
    store: BarStore[Bars] | None = None
    name: str | None = None


def asked_book(given: Any, history: History = "bars") -> AskedBook:
    """What a question of risk is asked about. history: what functions see. Raises InputError or SettingsError for what makes
    no strategy."""
    if isinstance(given, Book):
        return _of_book(given, None)
    if isinstance(given, str | Path):
        return _of_settings(given)
    if isinstance(given, Mapping):
        if not given:
            raise InputError("there are no parameters; give for instance {'fast': 10, 'slow': 50, 'stop_atr': 2}")
        several = all(isinstance(one, Mapping) or _is_strategy(one) for one in given.values())
        return AskedBook(tuple(_asked(name, one, history) for name, one in (given if several else {"": given}).items()))
    return AskedBook((_asked("", given, history),))


def stated_of(parameters: Any, named: float | None) -> float:
    """The share lost at a stop, beside trades that do not say it: as named, else the most that any parameters state."""
    if named is not None:
        return named
    book = asked_book(parameters).strategies if isinstance(parameters, Mapping) and parameters else ()
    return max((one.risk for one in book if one.risk is not None), default=RISK_PER_TRADE)


def _made(strategy: Strategy) -> Callable[[str], Strategy]:
    """Of every symbol the same."""
    return lambda _: strategy


def _is_strategy(given: Any) -> bool:
    return (hasattr(given, "decisions") and not isinstance(given, type)) or callable(given)


def _of_settings(given: str | Path) -> AskedBook:
    settings, beside = settings_named(given, os.environ)
    return _of_book(book_from(settings), bar_store(settings.data, beside))


def _of_book(book: Book, store: BarStore[Bars] | None) -> AskedBook:
    strategies = (Asked(one.name, _made(one.cross), one.instrument, one.timeframe) for one in book.strategies)
    return AskedBook(tuple(strategies), book.fills, book.costs, store, book.name)


def _asked(name: object, given: Any, history: History) -> Asked:
    if not isinstance(name, str):
        raise InputError(f"{name!r} is no name of a strategy; use words")
    if isinstance(given, Mapping):
        return _of_parameters(name, given)
    if isinstance(given, PythonFunction):
        seen = given.showing(None)  # other prices have no table of theirs
        return Asked(
            name or given.name, lambda symbol: replace(seen, symbol=symbol), *_market(name), places_levels=True
        )
    if hasattr(given, "decisions") and not isinstance(given, type):
        return Asked(name or str(given.name), _made(given), *_market(name))
    if callable(given):
        words = name or getattr(given, "__name__", "function")
        return Asked(
            words, lambda symbol: python_strategy(given, symbol, history=history), *_market(name), places_levels=True
        )
    raise InputError(
        f"{name or 'parameters'}: a strategy is a dict of parameters, such as {{'fast': 10, 'slow': 50, 'stop_atr': 2}}, an "
        f"object with decisions(bars), a function, a Book or settings, and not of type {type(given).__name__}"
    )


def _market(name: str) -> tuple[str | None, Timeframe | None]:
    return market_of(name, meant({})) if name else (None, None)


def _of_parameters(name: str, given: Mapping[str, Any]) -> Asked:
    plain = plain_parameters({name or "strategy": given}, "the parameters")[name or "strategy"]
    rules = next((str(plain[one]) for one in _NAMES_OF_RULES if isinstance(plain.get(one), str)), _CROSS)
    words = name or str(plain.get("name") or rules)
    if rules not in strategy_names() and tradeable(plain) is not None:
        rules = _CROSS  # a name of its own, for what its other parameters say
    symbol, timeframe = market_of(words, meant(plain))
    strategy, notes = _crossing(name, plain) if rules == _CROSS else (_registered(rules, plain), ())
    return Asked(words, _made(strategy), symbol, timeframe, stated_risk(name or "the parameters", plain), notes)


def _registered(rules: str, plain: Mapping[str, Any]) -> Strategy:
    names = set(named_parameters(registered(rules)))
    return strategy_named(rules, **{key: value for key, value in plain.items() if key in names})


def _crossing(name: str, plain: Mapping[str, Any]) -> tuple[Strategy, tuple[str, ...]]:
    rules, known = tradeable(plain), meant(plain)
    who = name or "the parameters"
    if rules is None:
        raise InputError(
            f"{who}: no strategy can be run with {', '.join(plain)}; a moving-average cross needs a fast and a slow period, "
            "such as {'fast': 10, 'slow': 50}, and others are named by 'strategy'"
        )
    if rules.stop_atr is not None or Role.STOP_ATR in known.values:
        return rules, ()
    if known.values.get(Role.STOP):
        raise InputError(
            f"{who}: {known.names[Role.STOP]} = {known.values[Role.STOP]} is no multiple of ATR; give stop_atr, or bring the "
            "strategy itself"
        )
    note = f"{who}: it names no stop, and {USUAL_STOP_ATR:g} times the average true range was taken"
    return replace(rules, stop_atr=USUAL_STOP_ATR), (note,)
