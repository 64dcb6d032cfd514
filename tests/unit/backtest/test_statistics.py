"""All statistics of a backtest at once: against plain Python on one history, and in their corners."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest

from support.plain_measures import changes, curve_numbers, day_levels, day_numbers, month_returns, trade_numbers
from tradeworthy import validation
from tradeworthy.backtest.statistics import Statistics, statistics_of
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.errors import InputError

RNG = np.random.default_rng(11)
BARS = 3_000
TIMES = 1_600_000_000_000_000_000 // HOUR_NS * HOUR_NS + np.arange(BARS) * HOUR_NS
EQUITY = 10_000.0 * np.cumprod(1.0 + RNG.normal(0.0001, 0.004, BARS))
PNL = RNG.normal(5.0, 100.0, 80).round(2)
R = np.where(np.arange(80) % 9 == 0, np.nan, PNL / 90.0)
HELD = RNG.integers(1, 30, 80)


def same(found: Statistics, expected: dict[str, float | int | None]) -> None:
    """Each number named is the one expected."""
    for name, value in expected.items():
        if value is None:
            assert getattr(found, name) is None, name
        else:
            assert getattr(found, name) == pytest.approx(value, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 0), ("America/New_York", 17)])
def test_every_number_is_that_of_plain_python(zone: str, hour: int) -> None:
    began = int(TIMES[0]) - HOUR_NS
    found = statistics_of(EQUITY, TIMES, 10_000, PNL, R, HELD, risk_free=0.04, start_ns=began, zone=zone, hour=hour)
    levels, times = [10_000.0, *EQUITY.tolist()], [began, *TIMES.tolist()]
    daily = day_levels(EQUITY.tolist(), TIMES.tolist(), zone, hour)
    returns, months = changes([10_000.0, *daily.values()]), month_returns(10_000.0, daily, hour)
    periods = 365.25 * (len(daily) - 1) / (max(daily) - min(daily))
    growth = (levels[-1] / levels[0]) ** (365.25 * DAY_NS / (times[-1] - times[0])) - 1
    r = [x for x in R.tolist() if not math.isnan(x)]
    expected = {
        "start_ns": began,
        "end_ns": int(TIMES[-1]),
        "capital": 10_000,
        "final_equity": levels[-1],
        "net_profit": levels[-1] - 10_000,
        "total_return": levels[-1] / 10_000 - 1,
        "cagr": growth,
        "ruined": False,
        **curve_numbers(levels, times),
        "periods": periods,
        **day_numbers(returns, 1.04 ** (1 / periods) - 1, periods),
        "best_month": max(months),
        "worst_month": min(months),
        "trades": 80,
        **trade_numbers(PNL.tolist()),
        "expectancy_r": trade_numbers(r)["expectancy"],
        "sqn_r": trade_numbers(r)["sqn"],
        "average_bars_held": sum(HELD.tolist()) / 80,
    }
    expected["calmar"] = growth / (expected["max_drawdown_fraction"] or math.nan)
    assert set(expected) == set(Statistics.__slots__)
    same(found, expected)


def test_the_record_and_the_public_measures_are_the_same_numbers() -> None:
    found = statistics_of(EQUITY, TIMES, 10_000, PNL, periods=252)
    daily = validation.daily_returns(EQUITY, TIMES, 10_000)
    assert daily is not None
    assert found.sharpe == validation.sharpe_ratio(daily.returns)
    assert found.sortino == validation.sortino_ratio(daily.returns)
    assert found.profit_factor == validation.profit_factor(PNL)
    assert found.periods == 252


def test_a_field_is_its_own_type_and_the_dictionary_has_all_of_them() -> None:
    found = statistics_of(EQUITY, TIMES, 10_000, PNL, R, HELD)
    told = found.to_dict()
    assert told == dataclasses.asdict(found)
    assert list(told) == [field.name for field in dataclasses.fields(Statistics)]
    assert {type(value) for value in told.values()} == {int, float, bool}


def test_a_backtest_without_a_trade_has_a_flat_account_and_no_ratios() -> None:
    found = statistics_of(np.full(100, 500.0), np.arange(100) * DAY_NS, 500)
    assert (found.net_profit, found.total_return, found.cagr, found.max_drawdown_fraction) == (0.0, 0.0, 0.0, 0.0)
    same(found, {"annual_volatility": 0.0, "downside_risk": 0.0, "worst_day": 0.0, "trades": 0, "ruined": False})
    for name in ("sharpe", "sortino", "omega", "calmar", "skewness", "tail_ratio", "recovery_factor", *_of_trades()):
        assert getattr(found, name) is None, name


def _of_trades() -> Sequence[str]:
    names = Statistics.__slots__
    return names[names.index("win_rate") :]


def test_a_backtest_without_a_bar_has_an_account_and_nothing_else() -> None:
    found = statistics_of([], [], 500)
    known = {name: value for name, value in found.to_dict().items() if value is not None}
    assert known == {
        "capital": 500.0,
        "final_equity": 500.0,
        "net_profit": 0.0,
        "total_return": 0.0,
        "ruined": False,
        "max_drawdown_fraction": 0.0,
        "max_drawdown_money": 0.0,
        "longest_under_water_ns": 0,
        "ulcer_index": 0.0,
        "trades": 0,
    }


@pytest.mark.parametrize("lowest", [0.0, -50.0])
def test_a_ruined_account_has_falls_and_money_but_no_growth(lowest: float) -> None:
    equity = [110.0, lowest, 20.0]
    found = statistics_of(equity, np.arange(3) * DAY_NS, 100, [10.0, lowest - 110, 20 - lowest], risk_free=0.02)
    assert found.ruined
    assert found.net_profit == -80.0
    assert found.max_drawdown_money == 110.0 - lowest
    assert found.max_drawdown_fraction == pytest.approx((110.0 - lowest) / 110.0)
    assert found.win_rate == pytest.approx(2 / 3)
    names = Statistics.__slots__
    for name in ("cagr", "calmar", *names[names.index("days") : names.index("trades")]):
        assert getattr(found, name) is None, name


def test_a_loss_on_the_first_bar_is_a_fall_from_the_capital() -> None:
    found = statistics_of([90.0, 95.0], [DAY_NS, 2 * DAY_NS], 100)
    assert found.max_drawdown_fraction == pytest.approx(0.1)
    assert found.worst_day == pytest.approx(-0.1)


def test_one_day_has_no_year_to_annualise_with_unless_one_is_named() -> None:
    times = [HOUR_NS, 2 * HOUR_NS]
    found = statistics_of([101.0, 99.0], times, 100, risk_free=0.05)
    assert (found.days, found.periods, found.downside_risk, found.sharpe) == (1, None, None, None)
    named = statistics_of([101.0, 99.0], times, 100, periods=252)
    assert named.downside_risk == pytest.approx(0.01 * math.sqrt(252))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capital": 0.0}, "above zero"),
        ({"capital": float("nan")}, "NaN"),
        ({"equity": [1.0, float("nan")]}, "NaN"),
        ({"times": [1]}, "one time for each value"),
        ({"times": [2, 1]}, "oldest first"),
        ({"start_ns": 5}, "oldest first"),
        ({"pnl": [float("nan")]}, "every closed trade"),
        ({"r": [1.0]}, "r has shape"),
        ({"bars_held": [1, 2]}, "bars_held has shape"),
        ({"risk_free": -1.0}, "risk_free is -1.0"),
        ({"periods": 0}, "periods is 0"),
    ],
)
def test_what_does_not_belong_together_is_refused(changed: dict[str, object], sentence: str) -> None:
    given: dict[str, object] = {"equity": [1.0, 2.0], "times": [1, 2], "capital": 1.0, **changed}
    with pytest.raises(InputError, match=sentence):
        statistics_of(**given)  # type: ignore[arg-type]
