"""The promised calls: names, results to the letter, and what they say of other people's input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import tradeworthy
from support.markets import random_walk
from tradeworthy import appraisal
from tradeworthy.api.risk_calculator import RiskCalculator
from tradeworthy.backtest.costs import Costs
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import DrawdownLevel, monte_carlo
from tradeworthy.strategies.ma_cross import MaCrossover

BARS = random_walk(6_000, 3)
ONE = {"fast": 8, "slow": 30, "atr_multiplier": 2.0, "tp_atr": 3.0, "max_risk_per_trade": 0.02}
BOOK = {"EUR_USD_H1": ONE, "GBP_USD_H1": {**ONE, "slow": 50}}
BOTH = {"EUR_USD": BARS, "GBP_USD_H1": random_walk(6_000, 4, symbol="GBP_USD")}
KEYS = {
    "value_at_risk_95", "value_at_risk_99", "conditional_var_95", "conditional_var_99", "worst_case_drawdown_95",
    "max_simulated_drawdown", "drawdown_distribution",
}  # fmt: skip


def test_it_is_found_where_it_was_promised() -> None:
    assert appraisal.RiskCalculator is RiskCalculator
    assert tradeworthy.RiskCalculator is RiskCalculator


def test_the_potential_has_the_promised_keys_and_nothing_else() -> None:
    found = RiskCalculator(risk_free_rate=0.02).calculate_max_drawdown_potential(ONE, BARS)
    assert set(found) == KEYS
    spread = found["drawdown_distribution"]
    assert set(spread) == {"mean", "std", "percentiles"}
    assert list(spread["percentiles"]) == [50, 75, 90, 95, 99]
    deep = list(spread["percentiles"].values())
    assert deep == sorted(deep)
    assert 0 < deep[0] < found["max_simulated_drawdown"] <= 1
    assert found["worst_case_drawdown_95"] == spread["percentiles"][95]
    assert found["value_at_risk_95"] <= found["value_at_risk_99"] <= found["conditional_var_99"]
    assert found["value_at_risk_95"] <= found["conditional_var_95"] <= found["conditional_var_99"]
    json.dumps(found, allow_nan=False)


def test_figures_are_quantiles_of_the_paths_that_it_gives() -> None:
    calculator = RiskCalculator(horizon=60)
    said, made = (
        calculator.calculate_max_drawdown_potential(ONE, BARS),
        calculator.run_monte_carlo_simulation(ONE, BARS),
    )
    assert set(made) == {"final_returns", "paths"}
    assert made["paths"].shape == (1_000, 61)
    np.testing.assert_array_equal(made["paths"][:, -1] - 1, made["final_returns"])
    losses = np.sort(-made["final_returns"])
    assert said["value_at_risk_95"] == pytest.approx(np.percentile(losses, 95))
    assert said["conditional_var_95"] == pytest.approx(losses[-50:].mean())
    falls = (1 - made["paths"] / np.maximum.accumulate(made["paths"], axis=1)).max(axis=1)
    assert said["drawdown_distribution"]["mean"] == pytest.approx(falls.mean())
    assert said["drawdown_distribution"]["std"] == pytest.approx(falls.std(ddof=1))
    assert said["max_simulated_drawdown"] == pytest.approx(falls.max())
    assert calculator.run_monte_carlo_simulation(ONE, BARS, n_simulations=7)["paths"].shape == (7, 61)


@pytest.mark.parametrize(
    ("given", "safety", "leverage"),
    [
        ({}, "ACCEPTABLE", "ACCEPTABLE"),
        ({"atr_multiplier": 3.0, "max_risk_per_trade": 0.05}, "ACCEPTABLE", "ACCEPTABLE"),
        ({"atr_multiplier": 1.0, "max_risk_per_trade": 0.005}, "ACCEPTABLE", "ACCEPTABLE"),
        ({"atr_multiplier": 3.01}, "HIGH_RISK", "ACCEPTABLE"),
        ({"atr_multiplier": 0.99}, "HIGH_RISK", "ACCEPTABLE"),
        ({"max_risk_per_trade": 0.0501}, "HIGH_RISK", "HIGH_RISK"),
        ({"max_risk_per_trade": 0.0049}, "LOW_RETURN", "LOW_RETURN"),
        ({"atr_multiplier": 4, "max_risk_per_trade": 0.001}, "HIGH_RISK", "LOW_RETURN"),
        ({"risk_percent": 6}, "HIGH_RISK", "HIGH_RISK"),
        ({"RiskPerTrade": 0.001}, "LOW_RETURN", "LOW_RETURN"),
    ],
)
def test_sizes_are_judged_by_the_rules_to_the_letter(given: dict[str, Any], safety: str, leverage: str) -> None:
    found = RiskCalculator().validate_position_sizing(given)
    assert set(found) == {"position_sizing_safety", "leverage_risk", "correlation_exposure", "recommendations"}
    assert (found["position_sizing_safety"], found["leverage_risk"]) == (safety, leverage)
    assert found["correlation_exposure"] == "NOT RUN"
    assert found["recommendations"]


def test_a_portfolio_is_judged_by_what_hangs_on_one_currency() -> None:
    found = RiskCalculator().validate_position_sizing({**BOOK, "USD_JPY_D": ONE})
    assert found["correlation_exposure"] == "HIGH_RISK"
    assert any("3 strategies trade USD" in one and "6%" in one for one in found["recommendations"])
    assert RiskCalculator().validate_position_sizing(BOOK)["correlation_exposure"] == "ACCEPTABLE"
    nameless = RiskCalculator().validate_position_sizing({"a": ONE, "b": ONE})
    assert nameless["correlation_exposure"] == "NOT RUN"
    assert "a does not say what it trades" in nameless["recommendations"][-1]


@pytest.mark.parametrize(
    "given",
    [{"max_risk_per_trade": 2}, {"risk": 0}, {"risk": "much"}, {"atr_multiplier": -1}, {"atr_multiplier": "wide"}],
)
def test_sizes_that_cannot_be_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"share of equity|must be a number above zero"):
        RiskCalculator().validate_position_sizing(given)


def test_bars_of_any_kind_give_the_same() -> None:
    table = pl.DataFrame({
        "time": pl.Series(BARS.open_time).cast(pl.Datetime("ns", "UTC")), "open": BARS.open, "high": BARS.high,
        "low": BARS.low, "close": BARS.close,
    })  # fmt: skip
    told = {**ONE, "instrument": "EUR_USD"}
    calculator = RiskCalculator()
    made = [
        calculator.calculate_max_drawdown_potential(told, one)
        for one in (BARS, table, table.to_dicts(), {"EUR_USD": BARS})
    ]
    assert made[0] == made[1] == made[2] == made[3]
    by_strategy = calculator.calculate_max_drawdown_potential(MaCrossover(8, 30, stop_atr=2, target_atr=3), BARS)
    assert by_strategy == made[0]


def test_times_that_name_no_zone_take_the_one_that_is_told() -> None:
    table = pl.DataFrame({
        "time": pl.Series(BARS.open_time).cast(pl.Datetime("ns")), "open": BARS.open, "high": BARS.high, "low": BARS.low,
        "close": BARS.close,
    })  # fmt: skip
    with pytest.raises(InputError, match="name no time zone"):
        RiskCalculator().calculate_max_drawdown_potential(ONE, table)
    told = {**ONE, "instrument": "EUR_USD"}
    found = RiskCalculator(timezone="UTC").calculate_max_drawdown_potential(told, table)
    assert found == RiskCalculator().calculate_max_drawdown_potential(told, BARS)


def test_what_was_assumed_is_said() -> None:
    calculator = RiskCalculator()
    calculator.calculate_max_drawdown_potential({"fast": 8, "slow": 30}, BARS)
    assert any("it names no stop" in one for one in calculator.assumptions)
    assert any("nobody named the spread of EUR_USD" in one for one in calculator.assumptions)
    assert calculator.not_computed == ()
    calculator = RiskCalculator(costs=Costs(1.0))
    calculator.calculate_max_drawdown_potential(ONE, BARS)
    assert not any("nobody named the spread" in one for one in calculator.assumptions)


def test_twice_the_risk_falls_about_twice_as_far() -> None:
    calculator = RiskCalculator(horizon=60)
    small, large = (
        calculator.calculate_max_drawdown_potential({**ONE, "max_risk_per_trade": risk}, BARS)["worst_case_drawdown_95"]
        for risk in (0.0025, 0.005)
    )
    assert large == pytest.approx(2 * small, rel=0.1)


def test_a_score_of_a_book_has_both_intervals_and_its_parts() -> None:
    calculator = RiskCalculator()
    found = calculator.drawdown_score(BOOK, BOTH, limit=0.3)
    assert found.score is not None
    assert found.trades is not None
    assert found.trades > 100
    parts = calculator.score_parts(BOOK, BOTH, limit=0.3)
    assert parts.score == found.score
    assert set(parts.strategies) == set(BOOK)
    safer = calculator.drawdown_score(BOOK, BOTH, limit=0.3, risk_per_trade=0.005)
    assert safer.score is not None
    assert safer.score < found.score
    assert safer.risk_per_trade == 0.005


def test_stops_and_exposure_of_a_book() -> None:
    calculator = RiskCalculator()
    stops = calculator.stop_losses(BOOK, BOTH)
    assert set(stops) == set(BOOK)
    assert all(one.stops > 20 and one.mean_r is not None and one.mean_r >= 1.0 for one in stops.values())
    held = calculator.exposure(BOOK, BOTH)
    assert {one.currency for one in held.currencies} == {"EUR", "GBP", "USD"}
    assert held.positions_largest == 2


def test_ratios_take_the_risk_free_rate_off() -> None:
    returns = np.random.default_rng(0).normal(0.0005, 0.01, 504)
    free, none = RiskCalculator(0.02), RiskCalculator(0.0)
    daily = 0.02 / 252
    sharpe = (returns.mean() - daily) / returns.std(ddof=1) * np.sqrt(252)
    assert free.sharpe_ratio(returns) == pytest.approx(sharpe)
    short = np.sqrt(np.mean(np.minimum(returns - daily, 0) ** 2))
    assert free.sortino_ratio(returns) == pytest.approx((returns.mean() - daily) / short * np.sqrt(252))
    wealth = np.cumprod(np.append(1.0, 1 + returns))
    fall = np.max(1 - wealth / np.maximum.accumulate(wealth))
    growth = wealth[-1] ** 0.5 - 1
    assert none.calmar_ratio(returns) == pytest.approx(growth / fall)
    assert free.calmar_ratio(returns) == pytest.approx((growth - 0.02) / fall)
    assert none.sharpe_ratio([0.01, 0.01, 0.01]) is None
    assert none.calmar_ratio([0.01, 0.02]) is None
    assert set(free.calculate_risk_ratios(ONE, BARS)) == {"sharpe_ratio", "sortino_ratio", "calmar_ratio"}


def trades() -> list[dict[str, Any]]:
    rng = np.random.default_rng(2)
    moments = np.datetime64("2020-01-06T12:00") + np.cumsum(rng.integers(4, 60, 200)) * np.timedelta64(1, "h")
    return [
        {"exit_time": f"{moment}:00Z", "r": float(r), "pnl": float(r) * 100}
        for moment, r in zip(moments, rng.choice([-1.0, 1.4], 200), strict=True)
    ]


def test_trades_alone_work_too_and_what_they_do_not_say_is_said(tmp_path: Path) -> None:
    calculator = RiskCalculator()
    found = calculator.calculate_max_drawdown_potential({"max_risk_per_trade": 0.01}, trades=trades())
    assert set(found) == KEYS
    assert any("while trades are open" in one for one in calculator.not_computed)
    assert any("risks 1% of equity" in one for one in calculator.assumptions)
    assert calculator.calculate_risk_ratios(None, trades=trades())["sharpe_ratio"] is not None
    score = calculator.drawdown_score(None, trades=trades(), limit=0.15)
    assert score.level is not DrawdownLevel.INSUFFICIENT_DATA
    path = tmp_path / "trades.csv"
    lines = [f"{one['exit_time']},long,100,{100 + one['r']},99" for one in trades()]
    path.write_text("time,side,entry,exit,stop\n" + "\n".join(lines) + "\n")
    read = calculator.calculate_max_drawdown_potential({"risk": 0.01}, trades=path)
    assert read["max_simulated_drawdown"] == pytest.approx(found["max_simulated_drawdown"])
    assert read["value_at_risk_95"] == pytest.approx(found["value_at_risk_95"])


def test_numbers_alone_are_trades_without_dates() -> None:
    calculator = RiskCalculator(horizon=50)
    r = [one["r"] for one in trades()]
    found = calculator.calculate_max_drawdown_potential({"risk": 0.01}, trades=r)
    falls = -monte_carlo(np.array(r) * 0.01, 1_000, 50).max_drawdown
    assert found["max_simulated_drawdown"] == pytest.approx(falls.max())
    assert any("horizons count trades" in one for one in calculator.not_computed)
    assert calculator.calculate_risk_ratios(None, trades=r)["sharpe_ratio"] is None


def test_all_wins_fall_nowhere_and_all_losses_always() -> None:
    calculator = RiskCalculator(horizon=100)
    won = calculator.calculate_max_drawdown_potential(None, trades=[1.0] * 50)
    assert (won["max_simulated_drawdown"], won["worst_case_drawdown_95"]) == (0.0, 0.0)
    assert won["value_at_risk_95"] < 0
    lost = calculator.calculate_max_drawdown_potential(None, trades=[-1.0] * 50)
    assert lost["max_simulated_drawdown"] == pytest.approx(1 - 0.98**100)
    assert lost["drawdown_distribution"]["std"] == pytest.approx(0.0, abs=1e-12)
    assert lost["value_at_risk_95"] == pytest.approx(lost["conditional_var_99"])
    flat = calculator.calculate_max_drawdown_potential(None, trades=[0.0] * 50)
    assert flat["conditional_var_99"] == 0.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: c.calculate_max_drawdown_potential(ONE), "bring bars to run it on, as bars=, or trades="),
        (lambda c: c.calculate_max_drawdown_potential(ONE, BARS, trades=[1.0]), "one of the two"),
        (lambda c: c.calculate_max_drawdown_potential([1], BARS), "a strategy is a dict of parameters"),
        (lambda c: c.calculate_max_drawdown_potential({"threshold": 3}, BARS), "no strategy can be run with threshold"),
        (lambda c: c.calculate_max_drawdown_potential({}, BARS), "there are no parameters"),
        (lambda c: c.calculate_max_drawdown_potential({"fast": 5, "slow": 9, "sl_pips": 20}, BARS), "no multiple of ATR"),
        (lambda c: c.calculate_max_drawdown_potential(BOOK, {"EUR_USD": BARS}), "GBP_USD_H1: there are no bars for it"),
        (lambda c: c.calculate_max_drawdown_potential(None, trades=[]), "no closed trade"),
        (lambda c: c.calculate_max_drawdown_potential(None, trades=["a"]), "the R of trades must be numbers, and hold text"),
        (lambda c: c.calculate_max_drawdown_potential(None, trades=7), "trades are a file"),
        (lambda c: c.calculate_max_drawdown_potential(None, trades=[{"exit_time": "2020-01-01T00:00:00Z"}]), "trade 0 has no R"),
        (lambda c: c.calculate_max_drawdown_potential(None, trades=[{"exit_time": "soon", "r": 1.0}]), "is no moment"),
        (lambda c: c.drawdown_score({"a": {"risk": 0.01}, "b": {"risk": 0.02}}, trades=[1.0]), "one risk per trade"),
        (lambda c: c.run_monte_carlo_simulation(ONE, BARS, 0), "paths must be"),
        (lambda c: c.run_monte_carlo_simulation(ONE, BARS, 10**7), "more than 50,000,000"),
        (lambda c: c.drawdown_score(ONE, BARS, limit=0), "limit is the fall"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call(RiskCalculator())


@pytest.mark.parametrize(
    "ask", ["calculate_max_drawdown_potential", "drawdown_potential", "run_monte_carlo_simulation"]
)
def test_losses_are_not_drawn_from_a_handful_of_trades(ask: str) -> None:
    calculator = RiskCalculator(horizon=20)
    with pytest.raises(NotEnoughData, match="there are 2 closed trades to draw from, and at least 30 are needed"):
        getattr(calculator, ask)(None, trades=[1.5, -1])
    with pytest.raises(NotEnoughData, match="there are 29 closed trades to draw from, and at least 30 are needed"):
        getattr(calculator, ask)(None, trades=trades()[:29])
    assert getattr(calculator, ask)(None, trades=trades()[:30])
    with pytest.raises(NotEnoughData, match="at least 30 are needed"):
        getattr(calculator, ask)(ONE, BARS.until(int(BARS.close_time[400])))


def test_bars_without_a_trade_are_not_enough() -> None:
    with pytest.raises(NotEnoughData, match="no trade was closed"):
        RiskCalculator().calculate_max_drawdown_potential({**ONE, "min_atr": 9.0}, BARS)


@pytest.mark.parametrize("rate", [float("nan"), 1.0, "two"])
def test_a_rate_that_is_none_is_refused(rate: Any) -> None:
    with pytest.raises(InputError, match="risk_free_rate"):
        RiskCalculator(rate)


def test_another_process_says_the_same() -> None:
    code = (
        "import json, tradeworthy as tw; bars = tw.read_bars('ecb:EUR_USD');"
        "print(json.dumps(tw.RiskCalculator().calculate_max_drawdown_potential({'fast': 10, 'slow': 50}, bars)))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert "drawdown_distribution" in runs[0].stdout
