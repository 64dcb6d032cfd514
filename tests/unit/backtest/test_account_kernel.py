"""The walk with money against paper, and against the plain version of docs/money.md under any terms at once."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings

from support.account_kernels import kernel_account
from support.money_case import MoneyCase, candles, disagreements
from support.money_cases import MONEY_CASES
from support.plain_account import plain_account
from support.plain_setup import Account, AccountTrade, Decision, Limits, Outcome, Setup
from support.sameness import same_row
from unit.backtest.test_plain_account import setups


def plainly(outcome: Outcome) -> Outcome:
    """Without the difference between the entry that meets a drawdown stop and those that find it latched."""
    words = {
        "DRAWDOWN": "STOPPED",
        "NO_EQUITY": "NO SIZE",
        "NO_STOP": "NO SIZE",
        "NO_VOLATILITY": "NO SIZE",
        "NO_RATE": "NO SIZE",
    }
    return replace(outcome, dropped=[(index, words.get(word, word)) for index, word in outcome.dropped])


@pytest.mark.parametrize("case", MONEY_CASES, ids=lambda case: case.name)
def test_paper_and_kernel_agree(case: MoneyCase) -> None:
    expected = replace(case, dropped=plainly(Outcome([], [], case.dropped)).dropped)
    assert disagreements(expected, plainly(kernel_account(case.setup))) == []


@settings(max_examples=400)
@given(setups())
def test_kernel_and_plain_version_agree_under_any_terms(setup: Setup) -> None:
    ours, plain = plainly(kernel_account(setup)), plainly(plain_account(setup))
    names = [field.name for field in fields(AccountTrade)]
    assert [trade.signal_index for trade in ours.trades] == [trade.signal_index for trade in plain.trades]
    for got, wanted in zip(ours.trades, plain.trades, strict=True):
        assert same_row([getattr(got, name) for name in names], [getattr(wanted, name) for name in names], 1e-7)
    np.testing.assert_allclose(ours.equity, plain.equity, rtol=1e-9, atol=1e-6)
    assert ours.dropped == plain.dropped


@pytest.mark.parametrize("seed", range(6))
def test_kelly_sizes_by_the_same_record_through_a_long_run_with_moving_rates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    close = np.round(100 + np.cumsum(rng.normal(0.7, 1.5, 400)))
    open_ = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(open_, close) + 1, np.minimum(open_, close) - 1
    rows = [(float(open_[i]), float(high[i]), float(low[i]), float(close[i])) for i in range(400)]
    setup = Setup(
        candles(rows),
        [Decision(bar, 1, 0, 2.0, 3.5) for bar in range(0, 398, 2)],
        Account(50_000.0, ("kelly", 0.1, 0.5, 0.2, 5, 0.01), Limits(0.01, 0.0, 50.0)),
        rate=rng.uniform(0.5, 2.0, 400).tolist(),
    )
    ours, plain = kernel_account(setup), plain_account(setup)
    sizes = [trade.units for trade in plain.trades]
    assert len({round(one) for one in sizes}) > 8
    np.testing.assert_allclose([trade.units for trade in ours.trades], sizes, rtol=1e-6)
    np.testing.assert_allclose(ours.equity, plain.equity, rtol=1e-6)
