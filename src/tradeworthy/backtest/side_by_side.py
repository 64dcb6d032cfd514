"""The same decisions traded under other rules, to see what a rule was worth."""

from dataclasses import dataclass, replace

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Strategy


@dataclass(frozen=True, slots=True)
class Bounds:
    """Both answers to bars that held stop and target. For each such trade the truth is one of the two; the whole path
    may lie outside of both, because later entries depend on earlier exits."""

    stop_first: Result
    target_first: Result


def fill_bounds(
    bars: Bars,
    strategy: Strategy,
    fills: FillRules | None = None,
    costs: Costs | None = None,
    account: Account | None = None,
    *,
    finer: Bars | None = None,
) -> Bounds:
    """`run_backtest` with the stop first and with the target first wherever one bar held both."""
    rules = fills or FillRules()
    stop_first, target_first = (
        run_backtest(bars, strategy, replace(rules, both=both), costs, account, finer=finer)
        for both in ("stop", "target")
    )
    return Bounds(stop_first, target_first)


def with_and_without(
    bars: Bars,
    strategy: Strategy,
    fills: FillRules | None = None,
    costs: Costs | None = None,
    account: Account | None = None,
    *,
    finer: Bars | None = None,
) -> dict[str, Result]:
    """`run_backtest` with neither filters nor calibration, with each that the account has, and with both.

    Raises InputError for an account that has neither: there would be nothing to compare.
    """
    if account is None or (account.filters is None and account.calibration is None):
        raise InputError("with_and_without compares an account that has filters or calibration; this has neither")
    accounts = {"neither": replace(account, filters=None, calibration=None)}
    if account.filters is not None:
        accounts["filters"] = replace(account, calibration=None)
    if account.calibration is not None:
        accounts["calibration"] = replace(account, filters=None)
    if account.filters is not None and account.calibration is not None:
        accounts["both"] = account
    return {name: run_backtest(bars, strategy, fills, costs, one, finer=finer) for name, one in accounts.items()}
