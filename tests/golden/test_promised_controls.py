"""The promised numbers of filters and calibration, through the objects that a bot of one's own uses.

Source: the product's own promises. Strictness 9:15-10:30 1.3, 10:30-12:00 1.0, 12:00-14:00 0.8, 14:00-15:15 1.1, 15:15-15:30 1.5
over bases of 0.6 (bias) and 0.65 (trap). Loss streak 1/2/3/4+ 0.9/0.75/0.5/0.25, 5 or more pauses. Drawdown under 5% 1.0, from
5% 0.8, from 10% 0.5, from 15% 0.25, at 20% stop. Volatility low 1.1, high 0.7, extreme 0.4. Opening hour 0.7, 14:30 on 0.6,
15:00 on 0.5. Cooldown 5 minutes, times 2, 3, 4 from 0.5%, 1%, 2% of the capital. 2% risk, 10 trades a day.
"""

import pytest

from support.hand_clock import HandClock
from tradeworthy import (
    AdaptiveSignalFilter,
    BiasStrengthFilter,
    DrawdownProtection,
    DynamicCooldown,
    RiskCalibrationEngine,
    StreakBasedRiskManager,
    TimeBasedRiskManager,
    TimeOfDayAnalyzer,
    TrapProbabilityFilter,
    VolatilityBasedRiskManager,
    VolatilityRegimeDetector,
)

CALM = [10 + 0.01 * day for day in range(100)]
"""Rising a little every day; 100 values, so that one more of 9 is LOW and one of 30 EXTREME."""


def test_the_combined_case_leaves_a_tenth() -> None:
    """Extreme volatility 0.4 x three losses in a row 0.5 x a drawdown of 10% 0.5 = 0.1, without a floor."""
    clock = HandClock()
    engine = RiskCalibrationEngine(100_000, clock=clock, iv_history=CALM)
    for _ in range(2):
        engine.update_trade_result(pnl=-3_000)
    engine.update_trade_result(pnl=-4_000)
    assert engine.update_market_volatility(iv=30.0) == "EXTREME"
    clock.wait(minutes=20)
    profile = engine.get_calibrated_risk_profile()
    factors = (profile.volatility_multiplier, profile.streak_multiplier, profile.drawdown_multiplier)
    assert factors == (0.4, 0.5, 0.5)
    assert profile.position_size_multiplier == pytest.approx(0.1, rel=1e-12)
    assert profile.risk_per_trade == pytest.approx(0.002, rel=1e-12)
    assert engine.get_position_size(90_000, 50.0) == 3  # 180 may be lost: 3.6 units


@pytest.mark.parametrize(
    ("clock", "strictness", "bias", "trap"),
    [
        ("09:15", 1.3, 0.78, 0.5), ("10:29", 1.3, 0.78, 0.5), ("10:30", 1.0, 0.6, 0.65), ("11:59", 1.0, 0.6, 0.65),
        ("12:00", 0.8, 0.48, 0.8125), ("13:59", 0.8, 0.48, 0.8125), ("14:00", 1.1, 0.66, 0.65 / 1.1),
        ("15:14", 1.1, 0.66, 0.65 / 1.1), ("15:15", 1.5, 0.9, 0.65 / 1.5), ("15:29", 1.5, 0.9, 0.65 / 1.5),
    ],
)  # fmt: skip
def test_the_windows_of_the_session(clock: str, strictness: float, bias: float, trap: float) -> None:
    assert TimeOfDayAnalyzer(clock=HandClock(clock)).get_strictness_multiplier() == strictness
    assert BiasStrengthFilter().required(strictness) == pytest.approx(bias)
    assert TrapProbabilityFilter().allowed(strictness) == pytest.approx(trap)
    asked = AdaptiveSignalFilter(clock=HandClock(clock))
    good = {"bias_strength": bias, "trap_probability": trap, "oi_delta": 1.0, "current_iv": 15.0}
    assert asked.evaluate_signal(good)["passed"]
    weak, trapped = {**good, "bias_strength": bias - 1e-6}, {**good, "trap_probability": trap + 1e-6}
    assert asked.evaluate_signal(weak)["reasons"] == ["bias_too_weak"]
    assert asked.evaluate_signal(trapped)["reasons"] == ["likely_trap"]


@pytest.mark.parametrize(("losses", "multiplier"), [(0, 1.0), (1, 0.9), (2, 0.75), (3, 0.5), (4, 0.25)])
def test_the_streak(losses: int, multiplier: float) -> None:
    streak = StreakBasedRiskManager(clock=HandClock())
    for _ in range(losses):
        streak.update_trade_result(pnl=-1.0)
    assert (streak.losses_in_a_row, streak.get_multiplier()) == (losses, multiplier)


def test_five_losses_pause_until_the_next_day_of_the_exchange() -> None:
    clock = HandClock()
    streak = StreakBasedRiskManager(clock=clock)
    for _ in range(5):
        streak.update_trade_result(pnl=-1.0)
    assert streak.can_take_trade()["code"] == "streak"
    clock.wait(minutes=13 * 60 - 1)
    assert streak.get_multiplier() == 0.0
    clock.wait(minutes=1)  # midnight in Mumbai, and still the day before in UTC
    assert streak.get_multiplier() == 0.25


@pytest.mark.parametrize(
    ("lost", "multiplier"),
    [
        (4_999.99, 1.0), (5_000, 0.8), (9_999.99, 0.8), (10_000, 0.5), (14_999.99, 0.5), (15_000, 0.25), (19_999.99, 0.25),
        (20_000, 0.0), (150_000, 0.0),
    ],
)  # fmt: skip
def test_the_bands_of_the_drawdown(lost: float, multiplier: float) -> None:
    drawdown = DrawdownProtection(100_000)
    drawdown.update_trade_result(pnl=-lost)
    assert drawdown.get_multiplier() == multiplier
    assert drawdown.stopped == (multiplier == 0.0)


@pytest.mark.parametrize(
    ("iv", "level", "multiplier"), [(9.0, "LOW", 1.1), (10.5, "NORMAL", 1.0), (30.0, "EXTREME", 0.4)]
)
def test_the_levels_of_volatility(iv: float, level: str, multiplier: float) -> None:
    volatility = VolatilityBasedRiskManager(VolatilityRegimeDetector(CALM))
    assert volatility.update_market_volatility(iv=iv) == level
    assert volatility.get_multiplier() == multiplier


def test_high_volatility_lies_between_the_80th_and_the_95th_percentile() -> None:
    volatility = VolatilityBasedRiskManager(VolatilityRegimeDetector(CALM))
    assert volatility.update_market_volatility(iv=10.9) == "HIGH"
    assert volatility.get_multiplier() == 0.7


@pytest.mark.parametrize(
    ("clock", "multiplier"),
    [
        ("09:15", 0.7), ("10:14", 0.7), ("10:15", 1.0), ("14:29", 1.0), ("14:30", 0.6), ("14:59", 0.6), ("15:00", 0.5),
        ("15:29", 0.5),
    ],
)  # fmt: skip
def test_the_hours_of_the_session(clock: str, multiplier: float) -> None:
    assert TimeBasedRiskManager(clock=HandClock(clock)).get_multiplier() == multiplier
    assert (
        RiskCalibrationEngine(clock=HandClock(clock)).get_calibrated_risk_profile()["session_multiplier"] == multiplier
    )


@pytest.mark.parametrize(
    ("lost", "minutes"), [(1, 5), (499.99, 5), (500, 10), (999.99, 10), (1_000, 15), (1_999.99, 15), (2_000, 20)]
)
def test_the_cooldown(lost: float, minutes: int) -> None:
    clock = HandClock()
    cooldown = DynamicCooldown(100_000, clock=clock)
    cooldown.update_trade_result(pnl=-lost)
    assert cooldown.get_remaining_seconds() == 60 * minutes
    clock.wait(minutes=minutes - 0.001)
    assert cooldown.can_take_trade()["code"] == "cooldown"
    clock.wait(minutes=0.001)
    assert cooldown.can_take_trade() == {"allowed": True, "reason": "", "code": ""}


def test_ten_trades_a_day_of_two_percent() -> None:
    clock = HandClock()
    engine = RiskCalibrationEngine(clock=clock)
    assert engine.get_calibrated_risk_profile().max_trades_per_day == 10
    assert engine.get_position_size(100_000, 150.0) == 13  # 2,000 / 150 = 13.3
    for _ in range(10):
        assert engine.take_trade()["allowed"]
    assert engine.can_take_trade()["code"] == "trades_per_day"
    assert engine.get_position_size(100_000, 150.0) == 0
    clock.wait(days=1)
    assert engine.can_take_trade()["allowed"]
