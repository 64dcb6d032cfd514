"""What is said of sizes that the leverage limit cut."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backtests import Told, daily, kinds
from support.markets import random_walk
from tradeworthy.api.engine_facade import BacktestingEngine
from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.appraisal.limited_sizes import limited_words
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.controls import Calibration, FixedFraction, Kelly, Units, VolatilityTarget
from tradeworthy.strategies.ma_cross import MaCrossover

PRICES = (*[1.1] * 30, 1.2, *[1.2] * 30, 1.35, 1.35)
TIGHT_THEN_WIDE = Told((20, 1, 0.004, 0.02), (45, 1, 0.1, 0.1))


def traded(account: Account) -> Result:
    """Two winners, the first with a tight stop and the second with a wide one."""
    return run_backtest(daily(*PRICES), TIGHT_THEN_WIDE, account=account)


def test_sizes_that_the_leverage_limit_cut_are_counted_with_the_risk_that_was_left() -> None:
    result = traded(Account(10_000, sizing=FixedFraction(0.02), leverage=1.0))
    assert [one.units for one in result.trades] == [9_090.0, pytest.approx(result.trades[1].units)]
    said = "1 of 2 sizes were cut by the leverage limit; the mean risk at the stop was 1.2%, not 2%"
    assert limited_words(result) == said
    assert said in record_of(result).assumptions


def test_a_size_in_units_that_was_cut_says_what_was_left_of_it() -> None:
    result = traded(Account(10_000, sizing=Units(9_200), leverage=1.0))
    assert (
        limited_words(result) == "2 of 2 sizes were cut by the leverage limit; the mean size was 8,787 units, not 9,200"
    )


@pytest.mark.parametrize("account", [Account(leverage=500.0), Account(sizing=Units(100.0), leverage=1.0), None])
def test_where_no_size_was_cut_nothing_is_said(account: Account | None) -> None:
    bars, strategy = random_walk(3_000, 4), MaCrossover(10, 30, stop_atr=2, target_atr=3)
    result = run_backtest(bars, strategy, account=account)
    assert len(result.trades) > 20
    assert limited_words(result) is None
    assert not any("leverage limit" in one for one in record_of(result).assumptions)


@pytest.mark.parametrize("sizing", [VolatilityTarget(5.0, window=20), Kelly(until_then=0.5, cap=0.5)])
def test_sizes_by_volatility_and_kelly_are_counted_where_they_stand_at_the_limit(
    sizing: VolatilityTarget | Kelly,
) -> None:
    bars, strategy = random_walk(3_000, 4), MaCrossover(10, 30, stop_atr=2, target_atr=3)
    result = run_backtest(bars, strategy, account=Account(sizing=sizing, leverage=1.0))
    said = limited_words(result)
    assert said is not None
    assert said.endswith(f"of {len(result.trades):,} sizes were cut by the leverage limit")


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.5, 40.0), st.floats(0.002, 0.05), st.booleans())
def test_the_count_is_that_of_trades_smaller_than_what_their_risk_asks_for(
    seed: int, leverage: float, risk: float, calibrated: bool
) -> None:
    bars, strategy = random_walk(1_500, seed), MaCrossover(5, 15, stop_atr=1.5, target_atr=3)
    account = Account(sizing=FixedFraction(risk), leverage=leverage, calibration=Calibration() if calibrated else None)
    result = run_backtest(bars, strategy, account=account)
    balance, cut = account.balance, 0
    for one in result.trades:
        cut += one.units < math.floor(balance * risk * one.multiplier / one.risk + 1e-6)
        balance += one.pnl
    said = limited_words(result)
    assert (said or "0 of").startswith(f"{cut:,} of")


def test_an_engine_that_was_told_its_risk_says_how_many_sizes_were_cut() -> None:
    bars, strategy = random_walk(2_000, 3), MaCrossover(10, 30, stop_atr=2, target_atr=3)
    told = BacktestingEngine(strategy, sizing=FixedFraction(0.05)).run_backtest(bars)["assumptions"]
    assert any("sizes were cut by the leverage limit; the mean risk at the stop was" in one for one in told)


def test_an_engine_that_takes_all_of_the_balance_does_not_call_that_a_cut() -> None:
    told = BacktestingEngine(MaCrossover(10, 30)).run_backtest(random_walk(2_000, 3))["assumptions"]
    assert any("takes all of the balance" in one for one in told)
    assert not any("leverage limit" in one for one in told)


def test_the_usual_account_cuts_nothing() -> None:
    assert limited_words(kinds()["one"]) is None
