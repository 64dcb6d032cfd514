"""What the sets of a search were traded under, in sentences."""

from collections.abc import Sequence
from dataclasses import fields

from tradeworthy.appraisal.account_words import costs_words, sizing_words
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.market.bars import Bars


def terms_of_search(
    bars: Sequence[Bars], costs: Costs, fills: FillRules, account: Account | None = None, finer: Bars | None = None
) -> tuple[str, ...]:
    """Whose money, costs, fill rules and finer bars; what was not named is said to cost nothing."""
    quotes = sorted({one.instrument.quote for one in bars})
    money = account.currency.upper() if account and account.currency else " or ".join(quotes)
    named = dict.fromkeys(word for one in bars for word in costs_words(costs, one.instrument, money))
    told = [*_funds(account, quotes), *(named or ["no cost was named, so dealing is free; real trading is not"])]
    told.append(_rules(fills))
    if finer is not None:
        told.append(f"{finer.label} of {finer.source} tell which of stop and target came first")
    return tuple(told)


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
