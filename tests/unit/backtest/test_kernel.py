"""The kernel against trades worked out on paper."""

import pytest

from support.hand_cases import CASES, Case
from support.kernels import kernel_backtest
from support.plain_backtest import plain_backtest
from support.sameness import same_trades

NOTHING = (0, 0, float("nan"), float("nan"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_kernel_and_plain_version_give_the_trades_that_paper_gives(case: Case) -> None:
    decisions = [case.signals.get(bar, NOTHING) for bar in range(len(case.bars))]
    enter, leave = [one[0] for one in decisions], [one[1] for one in decisions]
    stop, target = [one[2] for one in decisions], [one[3] for one in decisions]
    open_, high, low, close = prices = [[bar[i] for bar in case.bars] for i in range(4)]
    plain = plain_backtest(
        open_, high, low, close, enter, leave, stop, target, case.rules, case.ask_offset, case.bid_offset
    )
    kernel = kernel_backtest(prices, enter, leave, stop, target, case.rules, case.ask_offset, case.bid_offset)
    for trades, equity in (plain, kernel):
        assert same_trades(trades, case.trades)
        assert equity == case.equity
