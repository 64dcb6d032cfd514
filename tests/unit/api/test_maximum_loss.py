"""MaxLossAnalyzer: one call, whatever stands for strategies and for bars."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import tradeworthy as tw
from tradeworthy.api.validation import validate
from tradeworthy.appraisal import MaxLossAnalyzer as Promised
from tradeworthy.appraisal.book import Book, BookStrategy
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, to_datetime
from tradeworthy.core.errors import InputError, SettingsError
from tradeworthy.market.synthetic import random_walk_bars

KEYS = [
    "worst_case_scenarios",
    "stress_test_results",
    "crisis_period_analysis",
    "maximum_consecutive_losses",
    "portfolio_impact",
    "risk_recommendations",
]
PARAMETERS = {"fast": 5, "slow": 20, "stop_atr": 2.0, "target_atr": 3.0}
BARS = random_walk_bars(3_000, 1)
RULES = tw.MaCrossover(5, 20, stop_atr=2.0, target_atr=3.0)


def table() -> pl.DataFrame:
    """The bars as somebody else's table."""
    times = [to_datetime(int(one)) for one in BARS.open_time]
    return pl.DataFrame({"time": times, "open": BARS.open, "high": BARS.high, "low": BARS.low, "close": BARS.close})


def total(found: dict[str, Any]) -> float:
    """The R of the bars as they are."""
    [case] = [one for one in found["worst_case_scenarios"]["cases"] if one["case"] == "as it was"]
    value: float = case["losses"]["total_r"]
    return value


def test_the_promised_call_has_the_promised_keys_and_no_others() -> None:
    assert Promised is tw.MaxLossAnalyzer
    found = tw.MaxLossAnalyzer().analyze_maximum_loss_scenarios(PARAMETERS, BARS)
    assert list(found) == KEYS
    json.dumps(found, allow_nan=False)
    assert list(found["stress_test_results"]) == ["Extreme Volatility", "High Trend", "Choppy", "Flash Crash"]
    assert list(found["crisis_period_analysis"]) == [
        "Brexit", "Sterling flash crash", "Yen flash crash", "COVID-19", "Ukraine",
    ]  # fmt: skip
    assert {one["status"] for one in found["crisis_period_analysis"].values()} == {"NOT IN THE DATA"}
    assert found["portfolio_impact"]["status"] == "NOT RUN"
    assert "one strategy" in found["portfolio_impact"]["why"]
    assert {one["level"] for one in found["risk_recommendations"]} <= {"CRITICAL", "HIGH", "MEDIUM", "LOW"}
    assert all(one["number"] is not None for one in found["risk_recommendations"])
    assert found["worst_case_scenarios"]["level"] in {"LOW", "MODERATE", "HIGH", "VERY_HIGH"}


def test_strategies_and_bars_of_any_kind_give_the_same(tmp_path: Path) -> None:
    ask = tw.MaxLossAnalyzer(costs=tw.Costs(1.0), draws=1).analyze_maximum_loss_scenarios
    file = tmp_path / "EUR_USD_H1.parquet"
    table().write_parquet(file)
    spelled = {"FastMA": 5, "SlowMA": 20, "sl_atr": 2.0, "tp_atr": 3.0, "symbol": "EURUSD", "timeframe": "H1"}
    columns = {name: table()[name].to_list() for name in table().columns}
    expected = total(ask(PARAMETERS, BARS))
    for parameters, bars, how in (
        (RULES, BARS, {}),
        ({"EUR_USD_H1": PARAMETERS}, tmp_path, {}),
        (spelled, file, {}),
        (spelled, table(), {}),
        (spelled, table().to_pandas(), {}),
        (spelled, table().to_dicts(), {}),
        (spelled, columns, {}),
        (PARAMETERS, table(), {"symbol": "EUR_USD"}),
        ({"mine": RULES}, {"mine": BARS}, {}),
        ({"EUR_USD_H1": PARAMETERS}, {"EURUSD": BARS}, {}),
    ):
        assert total(ask(parameters, bars, **how)) == pytest.approx(expected), (parameters, type(bars))


def test_a_function_is_a_strategy_too_and_its_prices_stay_where_it_put_them() -> None:
    def breakout(history: Any, symbol: str) -> dict[str, Any] | None:
        close = history.close
        if len(close) < 21 or close[-1] <= close[-21:-1].max():
            return None
        return {"symbol": symbol, "action": "BUY", "stop_loss": close[-1] - 0.01, "take_profit": close[-1] + 0.01}

    found = tw.MaxLossAnalyzer(costs=tw.Costs(1.0), draws=1).analyze(breakout, BARS.slice(0, 500))
    result = tw.run_backtest(
        BARS.slice(0, 500),
        tw.python_strategy(breakout, "EUR_USD"),
        tw.FillRules(stops_from="signal_close"),
        tw.Costs(1.0),
    )
    assert found.stress_test_results["Choppy"].strategies[0].before is not None
    assert found.stress_test_results["Choppy"].strategies[0].before.total_r == pytest.approx(result.equity_r[-1])


def test_a_function_sees_other_prices_in_the_shape_that_its_bars_were_given_in() -> None:
    seen: set[str] = set()

    def look(historical_data: Any, symbol: str) -> None:
        assert symbol == "EUR_USD"
        seen.add(type(historical_data).__name__ + ":" + type(historical_data).__module__.split(".")[0])

    few = table().head(40)
    analyzer = tw.MaxLossAnalyzer(draws=1, crises=())
    for bars in (few.to_pandas(), few, few.to_dicts(), BARS.slice(0, 40)):
        analyzer.analyze(look, bars, symbol="EUR_USD")
    assert seen == {"DataFrame:pandas", "DataFrame:polars", "list:builtins", "Bars:tradeworthy"}
    shown = tw.python_strategy(look, "EUR_USD", history="rows").showing(few.to_dicts())
    seen.clear()
    assert analyzer.analyze(shown, BARS.slice(0, 40)).stress_test_results["Choppy"].status == "RUN"
    assert seen == {"list:builtins"}


def test_registered_strategies_are_named_in_their_parameters() -> None:
    given = {"strategy": "rsi_bollinger", "rsi_period": 7, "stop_atr": 2.0, "max_risk_per_trade": 0.01}
    found = tw.MaxLossAnalyzer(costs=tw.Costs(1.0), draws=1).analyze(given, BARS)
    result = tw.run_backtest(BARS, tw.RsiBollinger(rsi_period=7, stop_atr=2.0), costs=tw.Costs(1.0))
    before = found.stress_test_results["Choppy"].strategies[0].before
    assert before is not None
    assert before.total_r == pytest.approx(result.equity_r[-1])
    assert "risks 1% of itself" in found.worst_case_scenarios.assumptions[-1]


def test_a_book_goes_by_its_own_terms_and_its_own_data() -> None:
    found = tw.MaxLossAnalyzer(draws=1).analyze("fx-daily")
    validation = validate("fx-daily")
    by_name = {one.strategy: one.before for one in found.stress_test_results["Choppy"].strategies}
    assert list(by_name) == [one.name for one in validation.strategies]
    closed = {one.name: one.baseline_trades + one.window_trades for one in validation.strategies}
    assert {name: one.trades for name, one in by_name.items() if one is not None} == closed
    assert found.portfolio_impact.status == "RUN"
    assert found.crisis_period_analysis["COVID-19"].status == "RUN"
    flash = found.crisis_period_analysis["Sterling flash crash"]
    assert flash.status == "NOT IN THE DATA"
    assert flash.why.endswith("the bars know one price each, 2 prices in all that time")


def test_a_book_in_python_takes_bars_by_instrument() -> None:
    book = Book("two", (
        BookStrategy("a", "EUR_USD", Timeframe.H1, RULES), BookStrategy("b", "GBP_USD", Timeframe.H1, RULES),
    ), costs=tw.Costs(1.0))  # fmt: skip
    bars = {"EUR_USD": BARS, "GBP_USD": random_walk_bars(3_000, 2, "GBP_USD")}
    found = tw.MaxLossAnalyzer(draws=1).analyze(book, bars)
    assert [one.strategy for one in found.stress_test_results["Choppy"].strategies] == ["a", "b"]


def test_accounts_are_one_for_all_or_one_by_name() -> None:
    found = tw.MaxLossAnalyzer(account=tw.Account(5_000), draws=1).analyze(PARAMETERS, BARS)
    assert found.worst_case_scenarios.cases[0].losses.currency == "USD"
    by_name = tw.MaxLossAnalyzer(account={"a": tw.Account(5_000)}, draws=1)
    assert by_name.analyze({"a": PARAMETERS}, BARS).worst_case_scenarios.cases == found.worst_case_scenarios.cases
    with pytest.raises(InputError, match="b: there is no account for it; accounts are named by strategy"):
        by_name.analyze({"b": PARAMETERS}, BARS)


def test_what_was_assumed_is_said() -> None:
    found = tw.MaxLossAnalyzer(draws=1).analyze({"fast": 5, "slow": 20}, table())
    said = "\n".join(found.worst_case_scenarios.assumptions)
    assert "it names no stop, and 2 times the average true range was taken" in said
    assert "the bars name no instrument" in said
    assert "nobody named the spread of UNNAMED" in said
    assert "risks 2% of itself" in said
    named = tw.MaxLossAnalyzer(draws=1).analyze(PARAMETERS, BARS).worst_case_scenarios.assumptions
    assert "nobody named the spread of EUR_USD: 0.8 pips were taken, that of the example book" in named[0]


def test_a_stress_file_brings_scenarios_and_crises(tmp_path: Path) -> None:
    file = tmp_path / "stress.toml"
    file.write_text(
        "usual_scenarios = false\nusual_crises = false\n[scenarios.Quiet]\nvolatility = 0.5\n"
        "[crises.spring]\nstart = 2000-03-01\nend = 2000-03-20\n"
    )
    found = tw.MaxLossAnalyzer(stress_file=file).analyze(PARAMETERS, BARS)
    assert list(found.stress_test_results) == ["Quiet"]
    assert found.crisis_period_analysis["spring"].status == "RUN"
    file.write_text("[scenarios.Quiet]\nvolatilty = 0.5\ntrend = -1\n")
    with pytest.raises(SettingsError, match=r"2 problems in the settings:\n.*"):
        tw.MaxLossAnalyzer(stress_file=file)


def test_trades_alone_are_looked_at_and_the_rest_is_not_run() -> None:
    rng = np.random.default_rng(1)
    closed = [to_datetime(int(day) * DAY_NS) for day in 18_000 + 3 * np.arange(60)]
    exits = 1.10 + 0.01 * rng.choice([-1.0, 1.5], 60)
    trades = pl.DataFrame(
        {"time": closed, "side": ["long"] * 60, "entry": [1.10] * 60, "exit": exits, "stop": [1.09] * 60}
    )
    found = tw.MaxLossAnalyzer().analyze_maximum_loss_scenarios(trades=trades)
    assert list(found) == KEYS
    assert {one["status"] for one in found["stress_test_results"].values()} == {"NOT RUN"}
    assert total(found) == pytest.approx(float(((exits - 1.10) / 0.01).sum()))
    with pytest.raises(InputError, match="leave out the one or the other"):
        tw.MaxLossAnalyzer().analyze(PARAMETERS, BARS, trades=trades)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: tw.MaxLossAnalyzer().analyze(), "name what can lose: parameters and bars, a book, or trades="),
        (lambda: tw.MaxLossAnalyzer().analyze({}), "there are no parameters"),
        (lambda: tw.MaxLossAnalyzer().analyze(3), "a strategy is a dict of parameters"),
        (lambda: tw.MaxLossAnalyzer().analyze({"a": PARAMETERS, "b": {"atr": 3}}, BARS), "b: no strategy can be run with atr"),
        (lambda: tw.MaxLossAnalyzer().analyze({"stop_atr": 3}, BARS), "needs a fast and a slow period"),
        (lambda: tw.MaxLossAnalyzer().analyze({"fast": 5, "slow": 20, "sl_pips": 20}, BARS), "sl_pips = 20 is no multiple of ATR"),
        (lambda: tw.MaxLossAnalyzer().analyze({**PARAMETERS, "risk": 2}, BARS), "risk is a share of equity"),
        (lambda: tw.MaxLossAnalyzer().analyze({"strategy": "rsi_bolinger"}, BARS), "did you mean rsi_bollinger"),
        (lambda: tw.MaxLossAnalyzer().analyze(PARAMETERS), "bring bars to run it on, as bars=, or trades="),
        (lambda: tw.MaxLossAnalyzer().analyze({"x": PARAMETERS}, {"y": BARS}), "x: there are no bars for it; bars stand under y"),
        (lambda: tw.MaxLossAnalyzer().analyze({"x": PARAMETERS}, Path()), "neither its parameters nor its name say its instrument"),
        (lambda: tw.MaxLossAnalyzer().analyze(PARAMETERS, BARS, symbol="GBP_USD"), "bars of EUR_USD and not of GBP_USD"),
        (lambda: tw.MaxLossAnalyzer(costs=tw.Costs({"X": 1.0})).analyze(PARAMETERS, BARS), "no spread for EUR_USD"),
        (lambda: tw.MaxLossAnalyzer(costs=1.0), "takes costs as Costs, not as float"),  # type: ignore[arg-type]
        (lambda: tw.MaxLossAnalyzer(max_risk_per_trade=2), "risk is the share of the balance"),
        (lambda: tw.MaxLossAnalyzer(stress_file="x.toml", crises=()), "give scenarios and crises as arguments or in a stress_file"),
        (lambda: tw.MaxLossAnalyzer().analyze("nowhere.toml"), "there is no such file"),
        (lambda: tw.MaxLossAnalyzer().analyze(PARAMETERS, BARS.slice(0, 15)), "needs 21 bars to warm up"),
        (lambda: tw.MaxLossAnalyzer().analyze({3: PARAMETERS}, BARS), "3 is no name of a strategy"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence(asked: Any, said: str) -> None:
    with pytest.raises(tw.TradeworthyError, match=said):
        asked()


def test_bars_that_never_move_are_run_and_their_stress_is_not() -> None:
    flat = np.full(len(BARS), 1.1)
    still = replace(BARS, open=flat, high=flat, low=flat, close=flat)
    found = tw.MaxLossAnalyzer(draws=1).analyze_maximum_loss_scenarios(PARAMETERS, still)
    assert {one["status"] for one in found["stress_test_results"].values()} == {"NOT RUN"}
    assert "there is no volatility to scale" in found["stress_test_results"]["Choppy"]["why"]
