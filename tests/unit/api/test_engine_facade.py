"""One call from a strategy and bars to a dict of results."""

import importlib
import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.api.engine_facade import BacktestingEngine
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import FixedFraction, Units
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.histories import rows_of, table_of
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.signal_arrays import from_signals

PROMISED = {
    "win_rate", "total_return", "max_drawdown", "total_trades", "profit_factor", "average_win", "average_loss",
    "equity_curve", "trades", "initial_balance", "final_balance", "statistics", "refused", "assumptions",
}  # fmt: skip


def channel(past: Any, symbol: str) -> dict[str, Any] | None:
    """Breaks out of the last ten closes; takes rows and tables."""
    closes = [bar["close"] for bar in past[-11:]] if isinstance(past, list) else list(past["close"][-11:])
    if len(closes) < 11:
        return None
    last, before = closes[-1], closes[:-1]
    if last > max(before):
        return {"symbol": symbol, "action": "BUY", "stop_loss": last - 0.004, "take_profit": last + 0.006}
    if last < min(before):
        return {"symbol": symbol, "action": "SELL", "stop_loss": last + 0.004, "take_profit": last - 0.006}
    return None


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([0.001, 0.02]), st.sampled_from([1.0, 20.0]))
def test_the_numbers_are_those_of_the_trades(seed: int, risk: float, leverage: float) -> None:
    engine = BacktestingEngine(channel, 5_000, costs=Costs(0.5), sizing=FixedFraction(risk), leverage=leverage)
    found = engine.run_backtest(rows_of(random_walk(400, seed)), "EUR_USD")
    pnl = [trade["pnl"] for trade in found["trades"]]
    won, lost = [one for one in pnl if one > 0], [one for one in pnl if one < 0]
    assert found["total_trades"] == len(pnl) > 3
    assert found["win_rate"] == pytest.approx(len(won) / len(pnl))
    assert found["profit_factor"] == (pytest.approx(sum(won) / -sum(lost)) if lost else None)
    assert found["average_win"] == (pytest.approx(sum(won) / len(won)) if won else None)
    assert found["average_loss"] == (pytest.approx(sum(lost) / len(lost)) if lost else None)
    still = found["open_trade"]["pnl"] if found["open_trade"] else 0.0
    assert found["final_balance"] == pytest.approx(5_000 + sum(pnl) + still)
    assert found["total_return"] == pytest.approx(found["final_balance"] / 5_000 - 1)
    curve = np.array([5_000, *found["equity_curve"]])
    peak = np.maximum.accumulate(curve)
    assert found["max_drawdown"] == pytest.approx(((peak - curve) / peak).max())
    assert len(found["equity_curve"]) == 400
    for trade in [*found["trades"], *([found["open_trade"]] if still else [])]:
        assert trade["units"] * abs(trade["entry_price"]) <= 1.01 * leverage * max(found["equity_curve"])


def test_everything_promised_is_there_and_is_plain_json() -> None:
    found = BacktestingEngine(channel).run_backtest(rows_of(random_walk(300)), "EURUSD")
    assert set(found) >= PROMISED
    assert found["initial_balance"] == 10_000
    json.dumps(found, allow_nan=False)
    trade = found["trades"][0]
    assert trade["symbol"] == "EUR_USD"
    assert datetime.fromisoformat(trade["entry_time"]) < datetime.fromisoformat(trade["exit_time"])
    assert trade["side"] in {"long", "short"}


@pytest.mark.parametrize("package", ["tradeworthy", "tradeworthy.appraisal", "tradeworthy.validation"])
def test_it_stands_behind_every_door_where_it_was_promised(package: str) -> None:
    assert getattr(importlib.import_module(package), "BacktestingEngine") is BacktestingEngine  # noqa: B009 - lazy


def test_the_call_as_it_was_promised_trades_a_crypto_pair() -> None:
    asked = set()

    def strategy(past: Any, symbol: str) -> dict[str, Any] | None:
        asked.add(symbol)
        price = past[-1]["close"]
        return {"symbol": symbol, "action": "BUY", "stop_loss": 0.99 * price} if len(past) == 5 else None

    rows = [
        {**row, **{name: 50_000 * row[name] for name in ("open", "high", "low", "close")}}
        for row in rows_of(random_walk(60))
    ]
    found = BacktestingEngine(strategy, initial_balance=10_000).run_backtest(rows, "BTCUSDT")
    assert asked == {"BTCUSDT"}
    made = [*found["trades"], *([found["open_trade"]] if found["open_trade"] else [])]
    assert len(made) == 1
    assert 0 < made[0]["units"] < 1


def test_rows_tables_files_and_bars_give_the_same(tmp_path: Path) -> None:
    bars = random_walk(300)
    table_of(bars, "pandas").to_csv(tmp_path / "EUR_USD_H1.csv", index=False)
    indexed = table_of(bars, "pandas").set_index("time")
    engine, whole = BacktestingEngine(channel, history="rows"), random_walk(300)
    found = [
        engine.run_backtest(rows_of(bars), "EUR_USD"),
        engine.run_backtest(table_of(bars, "pandas"), "EUR_USD"),
        engine.run_backtest(indexed, "EUR_USD"),
        engine.run_backtest(table_of(bars, "polars"), "EUR_USD"),
        engine.run_backtest(whole),
        engine.run_backtest(whole, "EUR_USD"),
        engine.run_backtest(tmp_path / "EUR_USD_H1.csv"),
    ]
    assert found[0]["total_trades"] > 3
    assert all(one == found[0] for one in found[1:])


@pytest.mark.parametrize(
    "spelt",
    [
        lambda ns: ns // 10**9,
        lambda ns: ns // 10**6,
        int,
        rfc3339,
        lambda ns: datetime.fromtimestamp(ns / 1e9, UTC),
        lambda ns: pd.Timestamp(ns, tz="UTC").tz_convert("Asia/Tokyo"),
        lambda ns: ns / 1e9,
    ],
)
@pytest.mark.parametrize("key", ["time", "timestamp", "Datetime"])
def test_times_may_be_written_in_many_ways(spelt: Any, key: str) -> None:
    def moved(row: dict[str, Any]) -> dict[str, Any]:
        ns = int(row["time"].timestamp()) * 10**9 + 1_700_000_000 * 10**9
        return {key: spelt(ns), **{name: row[name] for name in ("open", "high", "low", "close")}}

    found = BacktestingEngine(channel).run_backtest([moved(row) for row in rows_of(random_walk(100))], "EUR_USD")
    assert found["statistics"]["start_ns"] == 1_700_000_000 * 10**9


def test_naive_times_need_a_zone() -> None:
    rows = [{**row, "time": row["time"].replace(tzinfo=None)} for row in rows_of(random_walk(50))]
    with pytest.raises(InputError, match="the times name no time zone"):
        BacktestingEngine(channel).run_backtest(rows, "EUR_USD")
    tokyo = BacktestingEngine(channel).run_backtest(rows, "EUR_USD", timezone="Asia/Tokyo")
    assert tokyo["statistics"]["end_ns"] == (50 - 9) * 3600 * 10**9


def test_levels_stay_where_the_function_put_them_whatever_the_fills_say() -> None:
    bars, asked = random_walk(200), []

    def once(past: Bars, _: str) -> Any:
        if len(past) != 5:
            return None
        asked.append(float(past.close[-1]))
        return {"action": "BUY", "stop_loss": asked[0] - 0.003, "take_profit": asked[0] + 0.003}

    found = BacktestingEngine(once, fills=FillRules(both="target")).run_backtest(bars)
    trade = found["trades"][0]
    assert (trade["stop_loss"], trade["take_profit"]) == pytest.approx((asked[0] - 0.003, asked[0] + 0.003))
    assert "Stops and targets are measured from the close of the bar that decided." in found["assumptions"]
    assert any("the target comes first" in sentence for sentence in found["assumptions"])


def test_an_object_with_decisions_trades_as_run_backtest_does() -> None:
    bars, strategy, costs = random_walk(800), MaCrossover(5, 20, stop_atr=2), Costs(1.0, Commission(percent=0.01))
    found = BacktestingEngine(strategy, 2_000, costs=costs, leverage=10).run_backtest(bars)
    account = Account(2_000, sizing=FixedFraction(0.02), leverage=10)
    result = run_backtest(bars, strategy, costs=costs, account=account)
    assert found["equity_curve"] == result.equity.tolist()
    assert found["statistics"] == result.statistics.to_dict()


def test_without_any_stop_each_position_takes_the_whole_balance_and_says_so() -> None:
    bars = random_walk(200)
    found = BacktestingEngine(from_signals(bars.close > 1.1, bars.close < 1.1)).run_backtest(bars)
    assert found["total_trades"] > 1
    first = found["trades"][0]
    assert 0.99 * 10_000 < first["units"] * first["entry_price"] < 1.01 * 10_000
    assert first["stop_loss"] is first["take_profit"] is first["r"] is None
    assert any("no entry has a stop to count a risk by; nobody chose this" in one for one in found["assumptions"])


def test_where_some_entries_have_a_stop_those_without_are_refused_and_counted() -> None:
    entries = np.zeros(50, bool)
    entries[[5, 30]] = True
    stop = np.where(np.arange(50) < 20, 0.0005, math.nan)
    found = BacktestingEngine(from_signals(entries, np.roll(entries, 5), stop=stop)).run_backtest(random_walk(50))
    assert found["total_trades"] == 1
    assert found["refused"] == {"the sizing needs a stop, and the decision has none": 1}
    assert "Entries without a stop could not be sized and were not made: 1." in found["assumptions"]


def test_what_was_chosen_is_not_called_an_assumption_of_ours() -> None:
    bars = random_walk(100)
    costs = Costs(1.0, Commission(minimum=1.0))
    found = BacktestingEngine(MaCrossover(3, 9), costs=costs, sizing=Units(100), leverage=5).run_backtest(bars)
    text = " ".join(found["assumptions"])
    assert "nobody chose" not in text
    assert "Nothing is taken off for slippage and swap" in text
    assert "Each position has 100 units." in text
    assert {trade["units"] for trade in found["trades"]} == {100}


def test_a_strategy_that_never_enters_gives_none_where_nothing_is_defined() -> None:
    found = BacktestingEngine(lambda *_: None).run_backtest(random_walk(20))
    assert [found[name] for name in ("win_rate", "profit_factor", "average_win", "average_loss")] == [None] * 4
    assert (found["total_trades"], found["total_return"], found["max_drawdown"]) == (0, 0.0, 0.0)
    assert found["assumptions"][-1] == "The strategy never asked to enter."


def test_the_same_engine_runs_again_and_leaves_its_bars_alone() -> None:
    rows, engine = rows_of(random_walk(100)), BacktestingEngine(channel)
    before = [dict(row) for row in rows]
    assert engine.run_backtest(rows, "EUR_USD") == engine.run_backtest(rows, "EUR_USD")
    assert rows == before


GOOD = rows_of(random_walk(3))


@pytest.mark.parametrize(
    ("bars", "words"),
    [
        ([], "there are no bars: the list is empty"),
        ([GOOD[0], (1, 2)], "the bar at place 1 is a tuple; a list of bars holds dicts"),
        ([GOOD[0], {"time": GOOD[1]["time"]}], "the bar at place 1 has no 'open', which the first has"),
        ([{"a": 1}], "no time and prices by a name known here; their keys are a"),
        (
            [GOOD[0], {**GOOD[1], "close": "x"}],
            "'close' holds values of several kinds .float, str.; write all of them alike",
        ),
        ([GOOD[0], {**GOOD[1], "time": datetime(2024, 1, 1)}], "of several kinds .aware datetime, naive datetime."),  # noqa: DTZ001 - that is the mistake
        ([{**row, "close": {"a": 1}} for row in GOOD], "values of several kinds .dict."),
        ([GOOD[1], GOOD[0], GOOD[2]], "1 bar out of order, first at 1970-01-01T00:00:00Z; sort by time"),
        ({"close": [1]}, "cannot read a table from a dict"),
    ],
)
def test_bars_that_cannot_be_used_are_told_in_one_sentence(bars: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        BacktestingEngine(channel).run_backtest(bars, "EUR_USD")


def test_columns_of_other_names_can_be_mapped_and_others_are_left_out() -> None:
    rows = [{"time": row["time"], "Px": row["close"], "note": {"any": "thing"}} for row in rows_of(random_walk(40))]
    found = BacktestingEngine(lambda *_: None).run_backtest(rows, "EUR_USD", columns={"close": "Px"})
    assert "The bars have one price each, so stops and targets are seen at that price only." in found["assumptions"]


def test_whole_prices_and_those_of_other_libraries_are_numbers() -> None:
    rows: list[dict[str, Any]] = [
        {
            "time": np.datetime64("2024-01-01T00") + np.timedelta64(i, "h"),
            "open": 1,
            "high": np.float32(2),
            "low": 0.5,
            "close": np.int64(1),
        }
        for i in range(5)
    ]
    rows[3]["close"] = 1.5
    found = BacktestingEngine(lambda *_: None).run_backtest(rows, "EUR_USD", timezone="UTC")
    assert len(found["equity_curve"]) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"strategy": MaCrossover}, "the class MaCrossover is not a strategy"),
        ({"strategy": 3}, "3 is not a strategy"),
        ({"initial_balance": 0}, "initial_balance must be above zero"),
        ({"fills": 1.0}, "takes fills as FillRules, not as float"),
        ({"costs": 1.0}, "takes costs as Costs, not as float"),
        ({"sizing": 0.02}, "sizing must be Units"),
        ({"leverage": -1}, "leverage must be above zero"),
    ],
)
def test_an_argument_that_cannot_be_used_is_named(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        BacktestingEngine(**{"strategy": channel, **arguments})


def test_another_symbol_than_the_bars_own_is_refused() -> None:
    with pytest.raises(InputError, match="bars of EUR_USD and not of GBP_USD"):
        BacktestingEngine(channel).run_backtest(random_walk(20), "GBPUSD")


def test_bars_that_do_not_say_what_they_are_need_a_symbol() -> None:
    with pytest.raises(InputError, match="say what the bars are of"):
        BacktestingEngine(channel).run_backtest(rows_of(random_walk(20)))
