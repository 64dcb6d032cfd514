"""The walk for an account, compiled."""

from tradeworthy.backtest.account_steps import Account
from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.kernel_types import ACCOUNT, FINER, FLOATS, QUOTES, RULES, WANTED
from tradeworthy.backtest.walking import Finer, Floats, Rules, Wanted, Whole, walk
from tradeworthy.indicators.compiling import compiled


@compiled(f"int64({QUOTES}, {QUOTES}, {FLOATS}, {WANTED}, {RULES}, {FINER}, {ACCOUNT}, int64[:, ::1], float64[:, ::1])")
def trade_account(
    bid: Quotes,
    ask: Quotes,
    close: Floats,
    wanted: Wanted,
    rules: Rules,
    finer: Finer,
    account: Account,
    marks: Whole,
    prices: Floats,
) -> int:
    """`walk` with an account; gives the number of trades."""
    return walk(bid, ask, close, wanted, rules, finer, account, marks, prices)
