"""The rules of calibration that need no clock, by themselves."""

import math
from typing import Any

import pytest

from tradeworthy.controls import Calibration, DrawdownProtection, VolatilityBasedRiskManager, VolatilityRegimeDetector
from tradeworthy.core.errors import InputError


def test_the_drawdown_is_that_from_the_highest_balance() -> None:
    drawdown = DrawdownProtection(100_000)
    drawdown.update_trade_result(pnl=100_000)
    drawdown.update_trade_result(pnl=-10_000)
    assert (drawdown.drawdown, drawdown.get_multiplier()) == (0.05, 0.8)
    assert drawdown.can_take_trade() == {"allowed": True, "reason": "", "code": ""}


def test_the_stop_stays_until_it_is_lifted() -> None:
    drawdown = DrawdownProtection(100_000)
    drawdown.update_trade_result(pnl=-20_000)
    drawdown.update_trade_result(pnl=+50_000)
    found = drawdown.can_take_trade()
    assert (found["allowed"], found["code"], drawdown.get_multiplier()) == (False, "stopped", 0.0)
    drawdown.lift_stop()
    assert (drawdown.get_multiplier(), drawdown.drawdown, drawdown.stopped) == (1.0, 0.0, False)
    drawdown.update_trade_result(pnl=-6_500)
    assert drawdown.get_multiplier() == 0.8  # of 130,000


def test_only_a_latched_stop_can_be_lifted_and_only_with_capital() -> None:
    drawdown = DrawdownProtection(100_000)
    with pytest.raises(InputError, match="no drawdown stop is latched"):
        drawdown.lift_stop()
    drawdown.update_trade_result(pnl=-100_000)
    with pytest.raises(InputError, match="capital must be above zero"):
        drawdown.lift_stop()
    drawdown.lift_stop(capital=50_000)
    drawdown.update_trade_result(pnl=-5_000)
    assert drawdown.get_multiplier() == 0.5


@pytest.mark.parametrize("pnl", [math.nan, math.inf, None, "12", True, 2e15, [1.0]])
def test_a_result_that_is_no_amount_changes_nothing(pnl: Any) -> None:
    drawdown = DrawdownProtection(100_000)
    drawdown.update_trade_result(pnl=-7_000)
    with pytest.raises(InputError, match=r"^pnl must"):
        drawdown.update_trade_result(pnl=pnl)
    assert (drawdown.drawdown, drawdown.get_multiplier()) == (0.07, 0.8)


@pytest.mark.parametrize("capital", [0, -1, math.nan, "100000", None, 2e15])
def test_capital_is_an_amount_above_zero(capital: Any) -> None:
    with pytest.raises(InputError, match=r"^initial_capital must be"):
        DrawdownProtection(capital)


def test_thresholds_are_those_of_the_calibration_and_other_rules_stay_off() -> None:
    calibration = Calibration(drawdown_edges=(0.01, 0.02, 0.03), drawdown_stop=0.04, no_new_trades=True)
    drawdown = DrawdownProtection(100_000, calibration=calibration)
    drawdown.update_trade_result(pnl=-2_000)
    assert drawdown.get_multiplier() == 0.5
    with pytest.raises(InputError, match=r"calibration must be a Calibration\(...\), not 5"):
        DrawdownProtection(calibration=5)  # type: ignore[arg-type]


def test_a_rule_that_is_switched_off_takes_nothing_off() -> None:
    drawdown = DrawdownProtection(100_000, calibration=Calibration(drawdown=False))
    drawdown.update_trade_result(pnl=-90_000)
    assert drawdown.get_multiplier() == 1.0


def test_a_multiplier_of_zero_refuses() -> None:
    volatility = VolatilityBasedRiskManager(
        VolatilityRegimeDetector([10.0] * 99), calibration=Calibration(volatility_extreme=0.0)
    )
    assert volatility.update_market_volatility(iv=50.0) == "EXTREME"
    assert volatility.get_multiplier() == 0.0
    assert volatility.can_take_trade()["reason"] == "no new trades at this level of volatility"


def test_volatility_that_is_not_known_yet_takes_nothing_off() -> None:
    volatility = VolatilityBasedRiskManager()
    assert volatility.update_market_volatility(iv=50.0) == "UNKNOWN"
    assert volatility.get_multiplier() == 1.0
    with pytest.raises(InputError, match="iv must be above zero"):
        volatility.update_market_volatility(iv=0.0)
