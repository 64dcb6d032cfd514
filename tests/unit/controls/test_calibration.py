"""Each rule of calibration at its edges, and how they work together."""

import math
from dataclasses import fields, replace
from datetime import UTC, time
from typing import Any

import numpy as np
import pytest

from tradeworthy.controls import calibration_steps as steps
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.calibration_steps import CalibrationState
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.errors import InputError

RULES = Calibration().packed()
MINUTE = 60 * 10**9
NAN = math.nan
ONLY: dict[str, Any] = dict.fromkeys(
    ("streak", "drawdown", "volatility", "session", "cooldown", "trades_per_day"), False
)


def ask(
    state: CalibrationState, time_ns: int = 0, day: int = 0, minute: int = -1, level: int = 0, **changes: Any
) -> tuple[float, Refusal]:
    """Permission under the default rules, or under changed ones."""
    multiplier, code = steps.permission(state, time_ns, day, minute, int(level), Calibration(**changes).packed())
    return multiplier, Refusal(code)


def after(*results: float, day: int = 0, balance: float = 100_000.0) -> CalibrationState:
    """The state after these results, an hour apart."""
    state = steps.started(balance)
    for k, pnl in enumerate(results):
        state = steps.closed(state, pnl, k * 60 * MINUTE, day, RULES)
    return state


@pytest.mark.parametrize(
    ("losses", "multiplier"), [(0, 1.0), (1, 0.9), (2, 0.75), (3, 0.5), (4, 0.25), (5, 0.25), (50, 0.25)]
)
def test_each_loss_in_a_row_takes_more_off(losses: int, multiplier: float) -> None:
    assert steps.streak_multiplier(losses, RULES) == multiplier


@pytest.mark.parametrize(
    ("percent", "multiplier"),
    [
        (0, 1.0),
        (4.99, 1.0),
        (5, 0.8),
        (9.99, 0.8),
        (10, 0.5),
        (14.99, 0.5),
        (15, 0.25),
        (19.99, 0.25),
        (20, 0.0),
        (99, 0.0),
    ],
)
@pytest.mark.parametrize("peak", [100_000.0, 123_456.7, 0.3, 1e9])
def test_a_drawdown_edge_belongs_to_the_deeper_band_at_any_size_of_account(
    percent: float, multiplier: float, peak: float
) -> None:
    balance = peak - peak * percent / 100
    assert steps.drawdown_multiplier(steps.drawdown_of(balance, peak), RULES) == multiplier


@pytest.mark.parametrize(
    ("level", "multiplier"),
    [(VolatilityLevel.UNKNOWN, 1.0), (VolatilityLevel.LOW, 1.1), (VolatilityLevel.NORMAL, 1.0),
     (VolatilityLevel.HIGH, 0.7), (VolatilityLevel.EXTREME, 0.4)],
)  # fmt: skip
def test_volatility_has_its_multiplier(level: VolatilityLevel, multiplier: float) -> None:
    assert steps.volatility_multiplier(int(level), RULES) == multiplier


@pytest.mark.parametrize(
    ("clock", "multiplier"),
    [("00:00", 1.0), ("09:14", 1.0), ("09:15", 0.7), ("10:14", 0.7), ("10:15", 1.0), ("14:29", 1.0), ("14:30", 0.6),
     ("14:59", 0.6), ("15:00", 0.5), ("15:30", 0.5), ("23:59", 0.5)],
)  # fmt: skip
def test_the_session_has_its_multipliers(clock: str, multiplier: float) -> None:
    hour, minute = map(int, clock.split(":"))
    assert steps.session_multiplier(hour * 60 + minute, RULES) == multiplier


def test_sessions_do_not_apply_everywhere() -> None:
    assert steps.session_multiplier(-1, RULES) == 1.0
    assert steps.session_multiplier(-1, Calibration(no_new_trades=True).packed()) == 1.0


@pytest.mark.parametrize(
    ("percent", "minutes"),
    [
        (0.01, 5),
        (0.499, 5),
        (0.5, 10),
        (0.999, 10),
        (1, 15),
        (1.999, 15),
        (2, 20),
        (50, 20),
        (0, 0),
        (-3, 0),
        (NAN, 20),
    ],
)
def test_the_cooldown_grows_with_the_loss(percent: float, minutes: int) -> None:
    assert steps.cooldown_ns(percent / 100, RULES) == minutes * MINUTE


@pytest.mark.parametrize(("loss", "minutes"), [(499.99, 5), (500.0, 10), (999.99, 10), (1000.0, 15), (2000.0, 20)])
def test_a_cooldown_is_over_at_its_last_nanosecond(loss: float, minutes: int) -> None:
    state = steps.closed(steps.started(100_000.0), -loss, 7, 0, RULES)
    assert ask(state, 7 + minutes * MINUTE - 1) == (0.0, Refusal.COOLDOWN)
    assert ask(state, 7 + minutes * MINUTE) == (0.9, Refusal.NONE)


def test_the_cooldown_counts_from_the_balance_before_the_loss() -> None:
    state = steps.closed(steps.started(100_000.0), -90_000.0, 0, 0, RULES)
    again = steps.closed(state, -49.0, 10**15, 0, RULES)  # 0.49% of the 10,000 that are left
    assert again[3] == 10**15 + 5 * MINUTE


def test_a_smaller_loss_or_a_win_does_not_shorten_a_cooldown() -> None:
    state = steps.closed(steps.started(100_000.0), -2_000.0, 0, 0, RULES)
    assert steps.closed(state, -10.0, MINUTE, 0, RULES)[3] == 20 * MINUTE
    assert steps.closed(state, 10.0, MINUTE, 0, RULES)[3] == 20 * MINUTE


def test_a_win_ends_the_streak_and_a_trade_of_zero_leaves_it() -> None:
    assert after(-1, -1, 0, -1)[0] == 3
    assert after(-1, -1, 0)[0] == 2
    assert after(-1, -1, 1)[0] == 0
    assert after(-1, 1, -1)[0] == 1
    assert after(0)[3] == steps.NO_DAY


def test_five_losses_pause_until_the_next_trading_day_and_the_next_loss_pauses_again() -> None:
    state = after(-1, -1, -1, -1, day=7)
    assert ask(state, 10**15, 7) == (0.25, Refusal.NONE)
    state = steps.closed(state, -1.0, 0, 7, RULES)
    assert ask(state, 10**15, 7) == (0.0, Refusal.STREAK)
    assert ask(state, 10**15, 8) == (0.25, Refusal.NONE)
    assert ask(state, 10**15, 10) == (0.25, Refusal.NONE)
    state = steps.closed(state, -1.0, 0, 10, RULES)
    assert ask(state, 10**15, 10) == (0.0, Refusal.STREAK)
    assert ask(state, 10**15, 11) == (0.25, Refusal.NONE)


def test_a_win_on_the_day_of_a_pause_ends_the_streak_and_not_the_pause() -> None:
    state = after(-1, -1, -1, -1, -1, 9, day=7)
    assert ask(state, 10**15, 7) == (0.0, Refusal.STREAK)
    assert ask(state, 10**15, 8) == (1.0, Refusal.NONE)


def test_the_drawdown_stop_is_latched() -> None:
    state = after(-19_999.99)
    assert ask(state, 10**15)[0] == pytest.approx(0.9 * 0.25)
    state = steps.closed(state, -0.01, 0, 0, RULES)
    assert ask(state, 10**15) == (0.0, Refusal.STOPPED)
    state = steps.closed(state, 1e6, 0, 0, RULES)
    assert ask(state, 10**15, 500) == (0.0, Refusal.STOPPED)


def test_the_drawdown_is_counted_from_the_highest_balance() -> None:
    state = after(100_000.0, -10_000.0)
    assert ask(state, 10**15)[0] == pytest.approx(0.9 * 0.8)
    state = after(100_000.0, -20_000.0, 5.0)
    assert ask(state, 10**15)[0] == pytest.approx(0.8)


def test_ten_trades_a_day_and_ten_more_on_the_next() -> None:
    state = steps.started(100_000.0)
    for _ in range(10):
        assert ask(state, day=3) == (1.0, Refusal.NONE)
        state = steps.entered(state, 3)
    assert ask(state, day=3) == (0.0, Refusal.TRADES_PER_DAY)
    assert ask(state, day=4) == (1.0, Refusal.NONE)
    assert ask(steps.entered(state, 4), day=4) == (1.0, Refusal.NONE)
    assert steps.entered(state, 4)[5] == 1


def test_the_promised_combined_case_is_a_tenth() -> None:
    state = after(-3_000.0, -3_000.0, -4_000.0)
    multiplier, code = ask(state, 10**15, level=VolatilityLevel.EXTREME)
    assert multiplier == pytest.approx(0.1, rel=1e-12)
    assert code == Refusal.NONE


def test_multipliers_multiply_without_a_floor() -> None:
    state = after(-5_000.0, -5_000.0, -5_000.0, -1.0)
    multiplier, code = ask(state, 10**15, minute=15 * 60, level=VolatilityLevel.EXTREME)
    assert multiplier == pytest.approx(0.25 * 0.25 * 0.4 * 0.5)
    assert code == Refusal.NONE


def test_what_stops_first_is_what_is_said() -> None:
    state: CalibrationState = (5, 80_000.0, 100_000.0, 10, 0, 10, 0, 1)
    asked: dict[str, Any] = {"minute": 15 * 60, "no_new_trades": True, "volatility_extreme": 0.0, "level": 4}
    seen = [ask(state, **asked)[1]]
    for change in ((7, 0), (1, 90_000.0), (6, -1), (5, 0), (3, 0)):
        row = list(state)
        row[change[0]] = change[1]
        state = tuple(row)  # type: ignore[assignment]  # eight numbers again
        seen.append(ask(state, **asked)[1])
    asked["no_new_trades"] = False
    seen += [ask(state, **asked)[1], ask(state, **{**asked, "level": 3})[1]]
    assert [one.name for one in seen] == [
        "STOPPED", "DRAWDOWN", "STREAK", "TRADES_PER_DAY", "COOLDOWN", "SESSION", "VOLATILITY", "NONE",
    ]  # fmt: skip


@pytest.mark.parametrize("switch", ["streak", "drawdown", "volatility", "session", "cooldown", "trades_per_day"])
def test_each_rule_works_alone_and_is_silent_when_off(switch: str) -> None:
    bad: CalibrationState = (3, 85_000.0, 100_000.0, 10, 0, 10, steps.NO_DAY, 0)
    asked: dict[str, Any] = {"minute": 15 * 60, "level": 4}
    alone = {"streak": 0.5, "drawdown": 0.25, "volatility": 0.4, "session": 0.5, "cooldown": 0.0, "trades_per_day": 0.0}
    assert ask(bad, **asked, **ONLY) == (1.0, Refusal.NONE)
    assert ask(bad, **asked, **{**ONLY, switch: True})[0] == alone[switch]


def test_rules_that_are_off_leave_no_trace_in_the_state() -> None:
    off = Calibration(**ONLY).packed()
    state = steps.started(100_000.0)
    for _ in range(9):
        state = steps.closed(state, -9_000.0, 5, 1, off)
    assert (state[0], state[6], state[7]) == (9, steps.NO_DAY, 0)
    assert ask(state, 5, 1) == (0.0, Refusal.DRAWDOWN)
    assert ask(state, 5, 1, drawdown=False) == (0.25, Refusal.NONE)


def test_a_multiplier_that_is_set_to_zero_refuses_in_the_name_of_its_rule() -> None:
    assert ask(after(-1), 10**15, streak_multipliers=(0.0, 0.0, 0.0, 0.0)) == (0.0, Refusal.STREAK)
    assert ask(after(-5_000.0, 1.0), 10**15, drawdown_multipliers=(0.8, 0.0, 0.0))[1] == Refusal.NONE
    assert ask(after(-10_000.0, 0.0), 10**15, drawdown_multipliers=(0.8, 0.0, 0.0)) == (0.0, Refusal.DRAWDOWN)
    assert ask(steps.started(1.0), minute=600, opening_multiplier=0.0) == (0.0, Refusal.SESSION)
    assert ask(steps.started(1.0), level=3, volatility_high=0.0) == (0.0, Refusal.VOLATILITY)


def test_no_new_trades_is_an_option_with_its_own_time() -> None:
    fresh = steps.started(1.0)
    assert ask(fresh, minute=900, no_new_trades=True) == (0.0, Refusal.SESSION)
    assert ask(fresh, minute=899, no_new_trades=True)[1] == Refusal.NONE
    assert ask(fresh, minute=840, no_new_trades=True, no_new_trades_from=time(14), session=False)[1] == Refusal.SESSION
    assert ask(fresh, minute=900)[1] == Refusal.NONE
    assert ask(fresh, minute=0, no_new_trades=True, no_new_trades_from=time(0)) == (0.0, Refusal.SESSION)


@pytest.mark.parametrize("pnl", [NAN, -math.inf, math.inf])
def test_a_result_that_is_no_number_stops_everything(pnl: float) -> None:
    state = steps.closed(steps.started(100_000.0), pnl, 0, 0, RULES)
    assert ask(state, 10**15) == (0.0, Refusal.STOPPED)


def test_an_unknown_loss_counts_as_a_loss_and_waits_the_longest() -> None:
    state = steps.closed(steps.started(100_000.0), NAN, 0, 0, RULES)
    assert (state[0], state[3]) == (1, 20 * MINUTE)


@pytest.mark.parametrize("balance", [NAN, 0.0, -1.0])
def test_a_start_without_money_or_with_an_unknown_balance_is_refused(balance: float) -> None:
    assert ask(steps.started(balance)) == (0.0, Refusal.DRAWDOWN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"streak": 1}, "streak must be True or False, not 1"),
        ({"no_new_trades": None}, "no_new_trades must be True or False"),
        ({"streak_multipliers": (0.9, 0.75, 0.5)}, "streak_multipliers must be a tuple of 4"),
        ({"streak_multipliers": [0.9, 0.75, 0.5, 0.25]}, "streak_multipliers must be a tuple of 4"),
        ({"streak_multipliers": (0.9, 0.75, 0.8, 0.25)}, "streak_multipliers must not rise"),
        ({"streak_multipliers": (1.2, 0.75, 0.5, 0.25)}, "each a number of at least 0 and at most 1"),
        ({"streak_multipliers": (NAN, 0.75, 0.5, 0.25)}, "streak_multipliers must be"),
        ({"streak_multipliers": (True, 0.75, 0.5, 0.25)}, "streak_multipliers must be"),
        ({"streak_pause": 0}, "streak_pause must be a whole number of at least 1"),
        ({"streak_pause": True}, "streak_pause must be a whole number"),
        ({"streak_pause": 2.0}, "streak_pause must be a whole number"),
        ({"drawdown_edges": (0.05, 0.05, 0.1)}, "drawdown_edges must rise"),
        ({"drawdown_edges": (0.05, 0.1, 0.2)}, "the last of drawdown_edges and drawdown_stop must rise"),
        ({"drawdown_multipliers": (0.5, 0.8, 0.1)}, "drawdown_multipliers must not rise"),
        ({"drawdown_multipliers": (0.8, 0.5, -0.1)}, "drawdown_multipliers must be"),
        ({"drawdown_stop": 1.0}, "drawdown_stop must be a number above 0 and below 1"),
        ({"drawdown_stop": NAN}, "drawdown_stop must be a number above 0 and below 1, not nan"),
        ({"drawdown_stop": 20}, "drawdown_stop must be a number above 0 and below 1, not 20"),
        ({"volatility_low": -0.1}, "volatility_low must be a number of at least 0 and at most 2"),
        ({"volatility_high": math.inf}, "volatility_high must be"),
        ({"volatility_extreme": "0.4"}, "volatility_extreme must be"),
        ({"opening_multiplier": 1.1}, "opening_multiplier must be"),
        ({"late_multiplier": True}, "late_multiplier must be"),
        ({"last_multiplier": None}, "last_multiplier must be"),
        ({"opening_from": "09:15"}, "opening_from must be a time of day"),
        ({"opening_until": time(9, 0)}, "must not fall"),
        ({"late_from": time(14, 30, 1)}, "late_from must be a time of day in whole minutes"),
        ({"last_from": time(15, 0, tzinfo=UTC)}, "last_from must be a time of day in whole minutes without a zone"),
        ({"no_new_trades_from": 900}, "no_new_trades_from must be a time of day"),
        ({"cooldown_minutes": -1}, "cooldown_minutes must be"),
        ({"cooldown_minutes": NAN}, "cooldown_minutes must be"),
        ({"cooldown_edges": (0.01, 0.005, 0.02)}, "cooldown_edges must rise"),
        ({"cooldown_times": (1.0, 2.0, 1.0, 4.0)}, "cooldown_times must not fall"),
        ({"trades_per_day_max": 0}, "trades_per_day_max must be"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        Calibration(**change)
    assert str(error.value).startswith("calibration: ")


OTHER: dict[str, Any] = {
    "streak_multipliers": (0.8, 0.75, 0.5, 0.25), "streak_pause": 6, "drawdown_edges": (0.04, 0.1, 0.15),
    "drawdown_multipliers": (0.7, 0.5, 0.25), "drawdown_stop": 0.3, "volatility_low": 1.2, "volatility_high": 0.6,
    "volatility_extreme": 0.3, "opening_from": time(9, 0), "opening_until": time(10, 0), "opening_multiplier": 0.6,
    "late_from": time(14, 0), "late_multiplier": 0.55, "last_from": time(15, 1), "last_multiplier": 0.4,
    "no_new_trades_from": time(15, 5), "cooldown_minutes": 6, "cooldown_edges": (0.006, 0.01, 0.02),
    "cooldown_times": (1.0, 2.0, 3.0, 5.0), "trades_per_day_max": 9,
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Calibration)])
def test_every_field_reaches_the_compiled_rules_in_places_of_its_own(name: str) -> None:
    usual = Calibration()
    value = OTHER.get(name, not getattr(usual, name))
    changed = replace(usual, **{name: value}).packed()
    assert changed.shape == (41,)
    assert np.count_nonzero(changed != RULES) == 1


def test_each_call_packs_a_new_vector() -> None:
    first = Calibration().packed()
    first[:] = 0
    np.testing.assert_array_equal(Calibration().packed(), RULES)
