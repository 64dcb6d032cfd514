"""The walk for one unit, compiled."""

from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.kernel_types import FINER, FLOATS, QUOTES, RULES, WANTED
from tradeworthy.backtest.walking import Finer, Floats, Rules, Wanted, Whole, walk
from tradeworthy.indicators.compiling import compiled


@compiled(f"int64({QUOTES}, {QUOTES}, {FLOATS}, {WANTED}, {RULES}, {FINER}, int64[:, ::1], float64[:, ::1])")
def trade_units(
    bid: Quotes,
    ask: Quotes,
    close: Floats,
    wanted: Wanted,
    rules: Rules,
    finer: Finer,
    marks: Whole,
    prices: Floats,
) -> int:
    """`walk` without an account; gives the number of trades."""
    return walk(bid, ask, close, wanted, rules, finer, None, marks, prices)
