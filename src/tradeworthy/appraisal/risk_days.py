"""A book traded on one account's equity, each strategy at its own risk: the days that futures are drawn from."""

from collections.abc import Mapping, Sequence

from tradeworthy.appraisal.days_of_book import BookDays, book_days, least_days
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.controls.sizing import FixedFraction

BALANCE = 1_000_000.0
"""So large that whole lots hardly round sizes; everything said is a share of it."""
LEVERAGE = 30.0
LEAST_DAYS = 2


def traded_at_risk(
    members: Sequence[Member], usual: float, leverage: float = LEVERAGE, share: float = 1.0
) -> dict[str, Result]:
    """By name, each run with sizes that lose `share` of its own risk, or of the usual one, at its stop.

    leverage: positions at most so many times equity. Raises InputError for a strategy that cannot be run.
    """
    found = {}
    for one in members:
        account = Account(BALANCE, sizing=FixedFraction(share * one.risk_or(usual)), leverage=leverage)
        found[one.name] = run_backtest(one.bars, one.strategy, one.fills, one.costs, account)
    return found


def days_at_risk(members: Sequence[Member], results: Mapping[str, Result]) -> BookDays:
    """Their days from when the last of them has warmed up. Raises NotEnoughData where nothing was traded."""
    return least_days(book_days(results, {one.name: one.strategy.warm_up for one in members}), LEAST_DAYS)
