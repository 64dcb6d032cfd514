"""The rules of calibration that need a clock, by themselves."""

import math
from datetime import datetime, time
from typing import Any

import pytest

from support.hand_clock import HandClock
from tradeworthy import Calibration, DynamicCooldown, StreakBasedRiskManager, TimeBasedRiskManager
from tradeworthy.core.errors import InputError

NAIVE: dict[str, Any] = {"clock": lambda: datetime(2026, 3, 2, 11)}  # noqa: DTZ001 - what is refused


def test_a_win_ends_a_streak_and_a_zero_does_not() -> None:
    streak = StreakBasedRiskManager(clock=HandClock())
    for pnl in (-1, 0, -1):
        streak.update_trade_result(pnl=pnl)
    assert (streak.losses_in_a_row, streak.get_multiplier()) == (2, 0.75)
    streak.update_trade_result(pnl=0.01)
    assert (streak.losses_in_a_row, streak.get_multiplier()) == (0, 1.0)


def test_a_win_does_not_end_a_pause_and_the_next_loss_pauses_again() -> None:
    clock = HandClock()
    streak = StreakBasedRiskManager(clock=clock)
    for pnl in (-1, -1, -1, -1, -1, 5):
        streak.update_trade_result(pnl=pnl)
    assert not streak.can_take_trade()["allowed"]
    clock.wait(days=1)
    assert streak.get_multiplier() == 1.0
    for _ in range(5):
        streak.update_trade_result(pnl=-1)
    assert streak.can_take_trade()["reason"].endswith("(5 in a row)")


def test_the_day_of_a_streak_is_that_of_the_zone() -> None:
    clock = HandClock("23:00")
    streaks = [StreakBasedRiskManager(clock=clock, zone=zone) for zone in ("Asia/Kolkata", "UTC")]
    for streak in streaks:
        for _ in range(5):
            streak.update_trade_result(pnl=-1)
    clock.wait(minutes=90)
    assert [streak.get_multiplier() for streak in streaks] == [0.25, 0.0]


def test_a_smaller_loss_does_not_shorten_a_cooldown_and_a_win_starts_none() -> None:
    clock = HandClock()
    cooldown = DynamicCooldown(100_000, clock=clock)
    cooldown.update_trade_result(pnl=500)
    assert cooldown.get_multiplier() == 1.0
    cooldown.update_trade_result(pnl=-5_000)
    clock.wait(minutes=10)
    cooldown.update_trade_result(pnl=-1)
    cooldown.update_trade_result(pnl=900)
    assert cooldown.get_remaining_seconds() == 600
    assert cooldown.can_take_trade()["reason"] == "the cooldown after a loss is not over (until 2026-03-02T05:50:00Z)"


def test_a_cooldown_is_by_share_of_the_capital_and_not_by_money() -> None:
    small, large = DynamicCooldown(10_000, clock=HandClock()), DynamicCooldown(1_000_000, clock=HandClock())
    for one in (small, large):
        one.update_trade_result(pnl=-400)
    assert (small.get_remaining_seconds(), large.get_remaining_seconds()) == (1200, 300)


def test_a_clock_that_is_put_back_ends_no_cooldown() -> None:
    clock = HandClock()
    cooldown = DynamicCooldown(clock=clock)
    cooldown.update_trade_result(pnl=-1)
    clock.wait(minutes=-60)
    assert not cooldown.can_take_trade()["allowed"]


def test_trades_of_the_day_are_counted_on_the_exchanges_day() -> None:
    clock = HandClock("14:00")
    hours = TimeBasedRiskManager(clock=clock, calibration=Calibration(trades_per_day_max=2))
    for _ in range(2):
        hours.record_entry()
    assert (hours.trades_today, hours.get_multiplier()) == (2, 0.0)
    assert hours.can_take_trade()["reason"] == "today's number of trades is used up (2 of 2)"
    clock.wait(minutes=600)
    assert (hours.trades_today, hours.can_take_trade()["allowed"]) == (0, True)


def test_no_new_trades_from_three_is_off_unless_switched_on() -> None:
    clock = HandClock("15:00")
    assert TimeBasedRiskManager(clock=clock).get_multiplier() == 0.5
    strict = TimeBasedRiskManager(clock=clock, calibration=Calibration(no_new_trades=True))
    assert (strict.get_multiplier(), strict.can_take_trade()["code"]) == (0.0, "session")
    own = Calibration(opening_from=time(8), opening_until=time(9), session=True)
    assert TimeBasedRiskManager(zone="UTC", clock=clock, calibration=own).get_multiplier() == 1.0  # 9:30 there


@pytest.mark.parametrize("part", [StreakBasedRiskManager, DynamicCooldown, TimeBasedRiskManager])
def test_a_clock_without_a_zone_is_refused_and_nothing_changes(part: Any) -> None:
    one = part(**NAIVE)
    with pytest.raises(InputError, match="has no time zone"):
        one.can_take_trade()
    with pytest.raises(InputError, match="has no time zone"):
        one.record_entry() if part is TimeBasedRiskManager else one.update_trade_result(pnl=-1)


@pytest.mark.parametrize("part", [StreakBasedRiskManager, DynamicCooldown])
@pytest.mark.parametrize("pnl", [math.nan, math.inf, None, "12", True, -2e15])
def test_a_result_that_is_no_amount_changes_nothing(part: Any, pnl: Any) -> None:
    one = part(clock=HandClock())
    with pytest.raises(InputError, match=r"^pnl must"):
        one.update_trade_result(pnl=pnl)
    assert one.get_multiplier() == 1.0
