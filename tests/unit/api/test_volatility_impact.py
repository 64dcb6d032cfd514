"""The facade of volatility: its keys, what it takes, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tradeworthy
from support.volatility_chains import bars_of, two_states
from tradeworthy import appraisal
from tradeworthy.api.volatility_impact import VolatilityImpactAnalyzer
from tradeworthy.appraisal.volatility_study import study_volatility
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError, NotEnoughData
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
    study = study_volatility(MARKET, MaCrossover(10, 30, 14, 2.0, 3.0, 0.0002))
    assert study == VolatilityImpactAnalyzer().study(PARAMETERS, MARKET)
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
    with pytest.raises(InputError, match="makes no moving-average cross: it needs fast and slow"):
        analyse({"threshold": 3}, MARKET)
    with pytest.raises(InputError, match="give each strategy a dict"):
        analyse([1, 2], MARKET)  # type: ignore[arg-type]
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
