"""Strategies on their bars, however both were given: what every question of risk is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradeworthy.api.loss_markets import Reading, bars_for, history_of, usual_costs, with_symbol
from tradeworthy.api.loss_strategies import Asked, AskedBook, asked_book
from tradeworthy.appraisal.book import Book
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.python_function import History


@dataclass(frozen=True, slots=True, eq=False)
class Trading:
    """Terms that were named beside the strategies; None for a book's own, or what is usual. history: what functions see."""

    fills: FillRules | None = None
    costs: Costs | None = None
    account: Account | Mapping[str, Account] | None = None
    history: History | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RiskMembers:
    """name: of what was given. risks: by strategy the share lost at a stop, where its parameters name one. notes: sentences
    on what was assumed."""

    name: str
    members: tuple[Member, ...]
    risks: Mapping[str, float]
    notes: tuple[str, ...]

    def one_risk(self, named: float | None, usual: float) -> float:
        """Of all strategies: what was named, else the most that any of the parameters states, else what is usual."""
        return named if named is not None else max(self.risks.values(), default=usual)


def risk_members(parameters: Any, bars: Any, reading: Reading, trading: Trading) -> RiskMembers:
    """The strategies with their bars and terms. Raises InputError or SettingsError for what cannot be read or run."""
    if parameters is None:
        raise InputError("name what can lose: parameters and bars, a book, or trades=")
    book = asked_book(parameters, trading.history or history_of(bars))
    markets, notes = bars_for(book.strategies, bars, book.store, reading)
    markets = {name: with_symbol(one, reading.symbol) for name, one in markets.items()}
    costs = trading.costs or book.costs
    if costs is None:
        costs, more = usual_costs(markets.values())
        notes += more
    members = tuple(_member(one, markets[one.name], book, replace(trading, costs=costs)) for one in book.strategies)
    return RiskMembers(
        _named(parameters, book),
        members,
        {one.name: one.risk for one in book.strategies if one.risk is not None},
        (*(note for one in book.strategies for note in one.notes), *notes, *_of_bars(members)),
    )


def _member(one: Asked, bars: Bars, book: AskedBook, trading: Trading) -> Member:
    costs = trading.costs or Costs()
    costs.spread_of(bars.instrument)
    fills = trading.fills or book.fills or FillRules()
    if one.places_levels:
        fills = replace(fills, stops_from="signal_close")
    account = trading.account.get(one.name) if isinstance(trading.account, Mapping) else trading.account
    if account is None and trading.account is not None:
        raise InputError(f"{one.name}: there is no account for it; accounts are named by strategy")
    return Member(one.name, one.make(bars.instrument.symbol), bars, fills, costs, account)


def _of_bars(members: Sequence[Member]) -> list[str]:
    if not any(one.bars.close_only for one in members):
        return []
    return ["bars of one price each show no range: stops are seen at that price only, often well beyond their level"]


def _named(parameters: Any, book: AskedBook) -> str:
    if isinstance(parameters, Book):
        return parameters.name
    if isinstance(parameters, str | Path):
        return str(parameters)
    return book.strategies[0].name if len(book.strategies) == 1 else "the book"
