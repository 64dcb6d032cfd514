"""The checks that are told one by one refuse what the compiled rules refuse, and by the rule that spoke first."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.controls import Calibration, FilterInput, Filters, Refusal, VolatilityLevel
from tradeworthy.controls.calibration_steps import closed, entered, permission, started
from tradeworthy.controls.calibration_told import calibration_outcomes
from tradeworthy.controls.filter_steps import filter_decision
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.filters_told import filter_outcomes
from tradeworthy.controls.running_calibration import Moment, RunningCalibration
from tradeworthy.core.clock import DAY_NS, MINUTE_NS

switches = st.fixed_dictionaries({
    name: st.booleans()
    for name in ("streak", "drawdown", "volatility", "session", "no_new_trades", "cooldown", "trades_per_day")
})  # fmt: skip
minutes = st.integers(-1, 24 * 60 - 1)
shares = st.one_of(st.just(math.nan), st.floats(-0.5, 1.5))


@given(switches, st.lists(st.sampled_from([-6000.0, -900.0, -10.0, 0.0, 50.0]), max_size=12), minutes,
       st.sampled_from(VolatilityLevel), st.integers(0, 400), st.sampled_from([0.0, 0.4]))  # fmt: skip
def test_the_first_rule_of_calibration_that_refuses_is_the_one_that_speaks(
    on: dict[str, Any], results: list[float], minute: int, level: VolatilityLevel, later: int, extreme: float
) -> None:
    rules = Calibration(**on, trades_per_day_max=6, volatility_extreme=extreme)
    state, now = started(30_000.0), 100 * DAY_NS
    for pnl in results:
        state = closed(entered(state, 100), pnl, now, 100, rules.packed())
    now += later * MINUTE_NS
    day = now // DAY_NS
    share, code = permission(state, now, day, minute, int(level), rules.packed())
    outcomes = calibration_outcomes(RunningCalibration.resumed(rules, state), Moment(now, day, minute), level)
    refusing = [one for one in outcomes if one.refuses]
    assert bool(refusing) == bool(code) == (share == 0.0)
    if refusing:
        assert refusing[0].reason == Refusal(code).words
    off = {one.check for one in outcomes if one.state is CheckState.OFF}
    silent = {"streak", "drawdown", "volatility", "cooldown", "trades_per_day"}
    expected = {f"calibration: {name.replace('_', ' ')}" for name in silent if not on[name]}
    expected |= set() if on["session"] or on["no_new_trades"] else {"calibration: session"}
    assert off == expected


@given(
    st.fixed_dictionaries({name: st.booleans() for name in ("session", "bias", "trap", "open_interest", "volatility")}),
    minutes, st.sampled_from([1, -1]), st.sampled_from(VolatilityLevel), st.integers(0, 15), shares, shares,
    st.one_of(st.just(math.nan), st.floats(-1e6, 1e6)),
)  # fmt: skip
def test_the_first_filter_that_refuses_is_the_one_that_speaks(
    on: dict[str, Any],
    minute: int,
    side: int,
    level: VolatilityLevel,
    applies: int,
    bias: float,
    trap: float,
    change: float,
) -> None:
    filters = Filters(**on)
    passes, code = filter_decision(minute, bias, trap, change, int(level), side, applies, filters.packed())
    outcomes = filter_outcomes(
        filters, minute, side, level, FilterInput(applies), bias=bias, trap=trap, oi_delta=change
    )
    refusing = [one for one in outcomes if one.refuses]
    assert bool(refusing) is not passes
    if refusing:
        assert refusing[0].reason == Refusal(code).words
    assert [one.check for one in outcomes] == [
        "filter: bias strength", "filter: trap probability", "filter: oi confirmation", "filter: volatility",
    ]  # fmt: skip
