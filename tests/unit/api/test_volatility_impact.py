"""The facade of volatility: its keys, what it takes, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import tradeworthy
from support.volatility_chains import bars_of, two_states
from tradeworthy import appraisal
from tradeworthy.api.volatility_impact import VolatilityImpactAnalyzer
from tradeworthy.appraisal.volatility_study import StudyTerms, study_volatility
from tradeworthy.backtest.costs import Costs
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.risk.volatility_levels import LEVELS
from tradeworthy.strategies.ma_cross import MaCrossover

PARAMETERS = {"slow": 30, "fast": 10, "stop_atr": 2.0, "target_atr": 3.0, "min_atr": 0.0002, "atr_period": 14}
MARKET, _ = two_states(6_000, 5, stay=0.995)
LEVEL_NAMES = {str(one) for one in LEVELS}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """One market with every part measured."""
    return VolatilityImpactAnalyzer().analyze_volatility_impact(PARAMETERS, MARKET)


def test_the_facade_is_found_where_it_was_promised() -> None:
    assert appraisal.VolatilityImpactAnalyzer is VolatilityImpactAnalyzer
    assert tradeworthy.VolatilityImpactAnalyzer is VolatilityImpactAnalyzer


def test_the_keys_are_those_that_were_promised(found: dict[str, Any]) -> None:
    assert set(found) == {
        "volatility_regimes", "atr_effectiveness", "position_sizing_analysis", "regime_performance", "volatility_timing",
        "recommendations",
    }  # fmt: skip
    assert {"stability", "regime_adaptability_score"} <= set(found["position_sizing_analysis"])
    assert {"clustering", "persistence", "transition_matrix"} <= set(found["volatility_timing"])
    for part in (
        found["regime_performance"], found["atr_effectiveness"]["regimes"], found["volatility_regimes"]["occupancy"],
        found["volatility_timing"]["transition_matrix"], found["position_sizing_analysis"]["stability"]["by_regime"],
    ):  # fmt: skip
        assert set(part) == LEVEL_NAMES
    assert found["volatility_regimes"]["current"] in LEVEL_NAMES


def test_every_answer_is_json_without_nan(found: dict[str, Any]) -> None:
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    still = VolatilityImpactAnalyzer().analyze_volatility_impact(PARAMETERS, bars_of(np.zeros(1_000)))
    json.dumps(still, allow_nan=False)
    assert still["position_sizing_analysis"]["regime_adaptability_score"] is None
    plain = VolatilityImpactAnalyzer().analyze_volatility_impact({"fast": 10, "slow": 30}, MARKET)
    json.dumps(plain, allow_nan=False)
    assert plain["atr_effectiveness"]["regimes"] == {}
    assert "no stop and target" in plain["atr_effectiveness"]["why_not"]


def test_the_numbers_are_those_of_the_study(found: dict[str, Any]) -> None:
    said = VolatilityImpactAnalyzer().study(PARAMETERS, MARKET)
    assert "nobody named the spread of EUR_USD: 0.8 pips were taken" in said.assumptions[0]
    terms = StudyTerms(costs=Costs({"EUR_USD": 0.8}))
    study = study_volatility(MARKET, MaCrossover(10, 30, 14, 2.0, 3.0, 0.0002), None, terms, said.assumptions)
    assert study == said
    assert found["volatility_regimes"]["assumptions"] == list(said.assumptions)
    for one in study.trades:
        told = found["regime_performance"][str(one.level)]
        assert (told["trades"], told["mean_r"]) == (one.trades, one.mean_r)
        assert told["advice"][0]["about"] == "entries"
    row = found["volatility_timing"]["transition_matrix"]["medium"]
    assert sum(cell["share"] for cell in row.values()) == pytest.approx(1.0)
    assert study.adaptation is not None
    assert found["position_sizing_analysis"]["regime_adaptability_score"] == study.adaptation.score
    assert len(found["recommendations"]) == len(study.advice)
    assert any("not enough trades: " in one for one in found["recommendations"])


def test_the_strategy_of_these_bars_is_taken_out_of_a_book(found: dict[str, Any]) -> None:
    book = {"EUR_USD_H1": PARAMETERS, "EUR_USD_H4": {**PARAMETERS, "slow": 50}, "GBP_USD_H1": {"fast": 2, "slow": 5}}
    assert VolatilityImpactAnalyzer().analyze_volatility_impact(book, MARKET) == found
    assert VolatilityImpactAnalyzer().analyze_volatility_impact({"anything": PARAMETERS}, MARKET) == found
    with pytest.raises(InputError, match="2 strategies, and none of them for EUR_USD H1"):
        VolatilityImpactAnalyzer().analyze_volatility_impact({"A": PARAMETERS, "B": PARAMETERS}, MARKET)


def test_bars_are_read_from_where_they_stand(tmp_path: Path) -> None:
    part = MARKET.slice(0, 1_200)
    names = ("open", "high", "low", "close")
    dicts = [
        {"time": rfc3339(int(t)), **dict(zip(names, map(float, prices), strict=True))}
        for t, *prices in zip(part.open_time, *(getattr(part, name) for name in names), strict=True)
    ]
    rows = [",".join(("time", *names)), *(",".join(str(value) for value in one.values()) for one in dicts)]
    path = tmp_path / "EUR_USD_H1.csv"
    path.write_text("\n".join(rows))
    told = VolatilityImpactAnalyzer().analyze_volatility_impact(PARAMETERS, path)
    analyse = VolatilityImpactAnalyzer().analyze_volatility_impact
    assert analyse(PARAMETERS, dicts, symbol="EUR_USD") == told
    assert analyse(PARAMETERS, part) == told
    apart = analyse(PARAMETERS, MARKET.slice(600, 1_200), before=MARKET.slice(0, 600))
    assert apart["volatility_regimes"]["frozen_readings"] == 600 - 24
    assert apart["volatility_regimes"]["bars"] == 600 - 24
    assert told["volatility_regimes"]["market"] == "EUR_USD H1"


def test_what_cannot_be_analysed() -> None:
    analyse = VolatilityImpactAnalyzer().analyze_volatility_impact
    with pytest.raises(InputError, match="no strategy can be run with threshold"):
        analyse({"threshold": 3}, MARKET)
    with pytest.raises(InputError, match="a strategy is a dict of parameters"):
        analyse([1, 2], MARKET)
    with pytest.raises(NotEnoughData, match="962"):
        analyse(PARAMETERS, MARKET.slice(0, 500))
    with pytest.raises(InputError, match="choose one of"):
        VolatilityImpactAnalyzer(estimator="atr").analyze_volatility_impact(PARAMETERS, MARKET)


@pytest.mark.parametrize("name", ["EUR_GBP_H4", "AUD_USD_H4"])
def test_real_four_hour_bars_from_a_file(shared: Path, name: str) -> None:
    told = VolatilityImpactAnalyzer().analyze_volatility_impact(
        {"slow": 90, "fast": 40, "sl_atr": 2.0, "tp_atr": 3.0}, shared / "data" / "fx" / f"{name}.parquet"
    )
    json.dumps(told, allow_nan=False)
    assert told["atr_effectiveness"]["stop_atr"] == 2.0
    assert told["volatility_timing"]["clustering"]["arch_lm"]["p_value"] < 1e-6
    assert 50 < told["position_sizing_analysis"]["regime_adaptability_score"] <= 100


def history(bars: Bars, **more: Any) -> pl.DataFrame:
    """Closed trades of the parameters, as a bot would write them down."""
    trades = tradeworthy.run_backtest(bars, MaCrossover(10, 30, 14, 2.0, 3.0, 0.0002), costs=Costs(0.8)).trades
    mine = trades.closed
    side, entry = trades.side[mine], trades.entry_price[mine]
    return pl.DataFrame({
        "entry_time": pl.Series(bars.open_time[trades.entry_index[mine]]).cast(pl.Datetime("ns", "UTC")),
        "exit_time": pl.Series(bars.close_time[trades.exit_index[mine]]).cast(pl.Datetime("ns", "UTC")),
        "side": np.where(side > 0, "long", "short"), "entry": entry, "exit": trades.exit_price[mine],
        "stop": entry - side * trades.risk[mine], **more,
    })  # fmt: skip


def test_a_history_of_trades_is_told_by_the_levels_at_which_each_was_opened(found: dict[str, Any]) -> None:
    told = VolatilityImpactAnalyzer().analyze_volatility_impact(bars=MARKET, trades=history(MARKET))
    for level, one in found["regime_performance"].items():
        assert told["regime_performance"][level]["trades"] == one["trades"]
        assert told["regime_performance"][level]["mean_r"] == pytest.approx(one["mean_r"], rel=1e-9)
        assert told["regime_performance"][level]["win_rate"] == one["win_rate"]
        assert told["regime_performance"][level]["median_bars_held"] == pytest.approx(one["median_bars_held"], abs=0.5)
    stable = told["position_sizing_analysis"]["stability"]["coefficient_of_variation"]
    assert stable == pytest.approx(found["position_sizing_analysis"]["stability"]["coefficient_of_variation"])
    assert "does not tell its rules" in told["atr_effectiveness"]["why_not"]
    assert told["position_sizing_analysis"]["regime_adaptability_score"] is None


def test_trades_of_other_markets_are_left_out_and_none_at_all_is_refused() -> None:
    analyse = VolatilityImpactAnalyzer().study
    first = history(MARKET, instrument="EUR/USD")
    mixed = pl.concat([first, first.with_columns(instrument=pl.lit("GBP_JPY"))])
    study = analyse(bars=MARKET, trades=mixed)
    assert [one.trades for one in study.trades] == [one.trades for one in analyse(bars=MARKET, trades=first).trades]
    assert f"{len(first)} trades of other instruments were left out" in study.assumptions
    with pytest.raises(InputError, match="none of these trades is of EUR_USD H1"):
        analyse(bars=MARKET, trades=first.with_columns(instrument=pl.lit("GBP_JPY")))
    with pytest.raises(InputError, match="does not say when trades were opened"):
        analyse(bars=MARKET, trades=first.drop("entry_time"))
    with pytest.raises(InputError, match="file or a dataframe"):
        analyse(bars=MARKET, trades=[1.0, -1.0])


def test_trades_without_bars_say_of_each_part_what_is_missing() -> None:
    told = VolatilityImpactAnalyzer().analyze_volatility_impact(trades=history(MARKET))
    assert told["volatility_regimes"]["current"] is None
    for part in ("volatility_regimes", "atr_effectiveness", "position_sizing_analysis", "volatility_timing"):
        assert "give its bars" in told[part]["why_not"]
    assert set(told["regime_performance"]) == LEVEL_NAMES
    json.dumps(told, allow_nan=False)


def test_any_strategy_is_studied_and_stops_only_where_they_are_multiples_of_atr() -> None:
    analyse = VolatilityImpactAnalyzer().analyze_volatility_impact
    bands = analyse(tradeworthy.RsiBollinger(stop_atr=2.0, target_atr=1.5), MARKET)
    assert bands["atr_effectiveness"]["stop_atr"] == 2.0
    assert sum(one["entries"] for one in bands["atr_effectiveness"]["regimes"].values()) > 20

    def momentum(past: Any, _symbol: str) -> dict[str, Any] | None:
        closes = past.close[-20:]
        return None if len(closes) < 20 else {"action": "BUY" if closes[-1] > closes[0] else "SELL"}

    own = analyse(momentum, MARKET.slice(0, 2_000))
    assert sum(one["trades"] for one in own["regime_performance"].values()) > 20
    assert own["atr_effectiveness"]["regimes"] == {}
    assert "no stop and target in multiples of ATR" in own["atr_effectiveness"]["why_not"]
