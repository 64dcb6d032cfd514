"""Strategies on their bars, however both were given: what every question of risk is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradeworthy.api.risk_markets import Reading, bars_for, history_of, usual_costs, with_symbol
from tradeworthy.api.risk_strategies import Asked, AskedBook, asked_book
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import FixedFraction
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
    """name: of what was given. members: each at the risk that its parameters name, if they do. notes: sentences on what was
    assumed."""

    name: str
    members: tuple[Member, ...]
    notes: tuple[str, ...]

    def at_risk(self, named: float | None) -> "RiskMembers":
        """The same with one risk for all; None leaves each strategy its own."""
        if named is None:
            return self
        return replace(self, members=tuple(replace(one, risk=named) for one in self.members))


def members_given(parameters: Any, bars: Any, reading: Reading, trading: Trading) -> RiskMembers:
    """The strategies with their bars and terms. Raises InputError or SettingsError for what cannot be read or run."""
    if parameters is None:
        raise InputError("name what can lose: parameters and bars, a book, or trades=")
    return members_of_book(asked_book(parameters, trading.history or history_of(bars)), bars, reading, trading)


def members_of_book(book: AskedBook, bars: Any, reading: Reading, trading: Trading) -> RiskMembers:
    """The same of strategies that were read before."""
    markets, notes = bars_for(book.strategies, bars, book.store, reading)
    markets = {name: with_symbol(one, reading.symbol) for name, one in markets.items()}
    costs = trading.costs or book.costs
    if costs is None:
        costs, more = usual_costs(markets.values())
        notes += more
    members = tuple(_member(one, markets[one.name], book, replace(trading, costs=costs)) for one in book.strategies)
    return RiskMembers(
        _named(book),
        members,
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
    return Member(one.name, one.make(bars.instrument.symbol), bars, fills, costs, account, _risk(one, account))


def _risk(one: Asked, account: Account | None) -> float | None:
    """As its parameters say, else as its account sizes."""
    if one.risk is not None or account is None or not isinstance(account.sizing, FixedFraction):
        return one.risk
    return account.sizing.risk


def risk_words(members: Sequence[Member], risk: float | None) -> str:
    """`2% of itself`, or each strategy's own."""
    if risk is not None:
        return f"{100 * risk:g}% of itself"
    return ", ".join(f"{100 * one.risk_or(RISK_PER_TRADE):g}% ({one.name})" for one in members)


def _of_bars(members: Sequence[Member]) -> list[str]:
    if not any(one.bars.close_only for one in members):
        return []
    return ["bars of one price each show no range: stops are seen at that price only, often well beyond their level"]


def _named(book: AskedBook) -> str:
    if book.name is not None:
        return book.name
    return book.strategies[0].name if len(book.strategies) == 1 else "the book"
