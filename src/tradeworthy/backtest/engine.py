"""The front door: any strategy over bars, under stated fill rules and costs, for one unit or an account."""

import numpy as np

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.books import Books
from tradeworthy.backtest.chances import asked
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.dealing import Dealing
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.finer import finer_columns
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import Trades
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.checking import check_strategy, decided
from tradeworthy.strategies.protocol import Decisions, Strategy

_MARKS, _PRICES, _MONEY = 6, 5, 7


def run_backtest(
    bars: Bars,
    strategy: Strategy,
    fills: FillRules | None = None,
    costs: Costs | None = None,
    account: Account | None = None,
    *,
    finer: Bars | None = None,
) -> Result:
    """Trade one instrument, one position at a time: an account's money, or one unit where there is none.

    Defaults: `FillRules()` (next open, pessimistic) and `Costs()` (nothing: say what you pay). finer: bars of the same
    instrument and price side that tell which of two levels within one bar came first. Raises NotEnoughData when there
    are fewer bars than the strategy's warm-up, InputError for a missing cost or rate, or decisions that make no sense.
    """
    fills = FillRules() if fills is None else fills
    costs = Costs() if costs is None else costs
    _check(bars, strategy, fills, costs, account, finer)
    if account is not None:
        account.inputs.check(bars)
    if len(bars) <= strategy.warm_up:
        raise NotEnoughData(
            f"{bars.label}: {strategy.name} needs {strategy.warm_up} bars to warm up and one to trade, "
            f"and there are {len(bars)}; bring more history or shorten its periods"
        )
    return trade(bars, strategy, decided(strategy, bars), fills, costs, account, finer)


def trade(
    bars: Bars,
    strategy: Strategy,
    decisions: Decisions,
    fills: FillRules,
    costs: Costs,
    account: Account | None,
    finer: Bars | None,
) -> Result:
    """Trade decisions that were made before; everything is as it should be."""
    dealing = Dealing.of(bars, costs.spread_of(bars.instrument))
    wanted = (decisions.bar, decisions.enter, decisions.leave, decisions.stop_distance, decisions.target_distance)
    most = len(decisions) + 1
    rows = np.empty((_MARKS + _PRICES, most))  # in one piece: large ones get large pages, which come quicker
    marks, prices = rows[:_MARKS].view(np.int64), rows[_MARKS:]
    if finer is not None and costs.spread_of(bars.instrument).quotes is not None:
        raise InputError("finer bars are of one price side and the quotes of both; leave finer= or the quotes out")
    inside = finer_columns(bars, finer)
    told = (bars, strategy.name, dict(strategy.parameters), fills, costs, account, decisions)
    if account is None and costs.only_spread:
        from tradeworthy.backtest.unit_kernel import trade_units

        k = trade_units(dealing.bid, dealing.ask, bars.close, wanted, fills.switches, inside, marks, prices)
        trades = Trades(bars, dealing, fills.at_next_open, marks[:, :k], prices[:, :k])
        return Result(*told, trades, None, finer=finer)
    from tradeworthy.backtest.account_kernel import trade_account

    books = Books.of(bars, costs, account)
    money, refusal = np.empty((_MONEY, most)), np.zeros(len(decisions), np.int64)
    columns = (books.slip, books.rate, books.night, books.nights, bars.open_time, bars.close_time)
    everything = (columns, *asked(bars, decisions, fills, books, account), (money, refusal))
    k = trade_account(dealing.bid, dealing.ask, bars.close, wanted, fills.switches, inside, everything, marks, prices)
    trades = Trades(bars, dealing, fills.at_next_open, marks[:, :k], prices[:, :k], money[:, :k])
    refusal.flags.writeable = False
    return Result(*told, trades, books, refusal, finer)


def _check(
    bars: Bars, strategy: Strategy, fills: FillRules, costs: Costs, account: Account | None, finer: Bars | None
) -> None:
    given = {"bars": bars, "fills": fills, "costs": costs, "account": account, "finer": finer}
    if not hasattr(strategy, "decisions") or isinstance(strategy, type):
        made = getattr(strategy, "__name__", type(strategy).__name__)
        raise InputError(
            f"run_backtest takes a strategy, such as MaCrossover(10, 20), and not {made}; give a plain function to "
            "BacktestingEngine(function) or wrap it: python_strategy(function, symbol)"
        )
    check_strategy(strategy)
    for name, wanted in (("bars", Bars), ("fills", FillRules), ("costs", Costs), ("account", Account), ("finer", Bars)):
        one = given[name]
        if not isinstance(one, wanted) and (one is not None or name in {"bars", "fills", "costs"}):
            made = f"; read_bars makes them of a file or a dataframe: {name}=read_bars(...)" if wanted is Bars else ""
            raise InputError(f"run_backtest takes {name} as {wanted.__name__}, not as {type(one).__name__}{made}")
