"""What the sets of a search were traded under, in sentences."""

from collections.abc import Sequence
from dataclasses import fields

from tradeworthy.appraisal.account_words import costs_words, sizing_words
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.market.bars import Bars

SHARPE = (
    "Sharpe (per bar) is that of money from bar to bar, flat bars included, x the root of bars a year; a backtest's Sharpe "
    "(daily) is that of daily returns, so the two differ for the same trades"
)
"""Has to be said wherever sets are ranked, because a backtest means something else by the name."""


def terms_of_search(
    bars: Sequence[Bars], costs: Costs, fills: FillRules, account: Account | None = None, finer: Bars | None = None
) -> tuple[str, ...]:
    """Whose money, costs, fill rules and finer bars; what was not named is said to cost nothing."""
    quotes = sorted({one.instrument.quote for one in bars})
    money = account.currency.upper() if account and account.currency else " or ".join(quotes)
    alike = len({(one.instrument.pip, one.instrument.quote) for one in bars}) == 1
    named = dict.fromkeys(word for one in bars for word in costs_words(costs, one.instrument, money, priced=alike))
    told = [*_funds(account, quotes), *(named or ["no cost was named, so dealing is free; real trading is not"])]
    if not alike and any(" pip" in word for word in named):
        told.append(_pips(bars))
    told.append(_rules(fills))
    if finer is not None:
        told.append(f"{finer.label} of {finer.source} tell which of stop and target came first")
    return tuple(told)


def _pips(bars: Sequence[Bars]) -> str:
    """`a pip is 0.0001 USD of EUR_USD and GBP_USD, 0.01 JPY of USD_JPY`."""
    of: dict[str, list[str]] = {}
    for one in bars:
        it = one.instrument
        symbols = of.setdefault(f"{it.pip.normalize():f} {it.quote}", [])
        if it.symbol not in symbols:
            symbols.append(it.symbol)
    told = [f"{price} of {' and '.join(symbols)}" for price, symbols in of.items()]
    return f"a pip is {', '.join(told)}"


def _funds(account: Account | None, quotes: Sequence[str]) -> list[str]:
    if account is None:
        told = ["one unit of each instrument is traded without an account; money is its quote currency"]
    else:
        currency = account.currency.upper() or ("in its quote currency" if len(quotes) > 1 else quotes[0])
        each = f"an account of {account.balance:,.0f} {currency} for each instrument and set"
        told = [f"{each}; {sizing_words(account)}, at most {account.leverage:g} times the balance"]
        if isinstance(account.sizing, FixedFraction):
            told.append("sizes come from the stop's distance, so sets without a stop trade nothing")
        if account.calibration is not None:
            told.append("calibration cuts sizes after losses, in drawdowns and in wild markets")
    if len(quotes) > 1 and not (account and account.currency):
        told.append(
            f"P&L and drawdown of different instruments are in {', '.join(quotes)}: their means add up different money, so "
            "compare them one instrument at a time, or rank by a ratio"
        )
    return told


def _rules(fills: FillRules) -> str:
    usual = FillRules()
    other = [
        f"{one.name} {getattr(fills, one.name)}"
        for one in fields(fills)
        if getattr(fills, one.name) != getattr(usual, one.name)
    ]
    return "fill rules: the usual ones" + (f", but for {', '.join(other)}" if other else "")
