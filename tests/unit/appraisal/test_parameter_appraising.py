"""The parameters of a book, judged."""

from typing import Any

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.api.parameter_markets import neighbours
from tradeworthy.api.parameter_sources import read_source
from tradeworthy.api.progress import Silent
from tradeworthy.appraisal.parameter_appraising import appraise_parameters, risk_changes, tradeable
from tradeworthy.appraisal.parameter_history import Market, neighbours_of
from tradeworthy.appraisal.parameter_record import NeighbourFacts, ParameterAppraisal, StrategyRisk
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.given_parameters import Parameters
from tradeworthy.strategies.ma_cross import MaCrossover

SOUND: Parameters = {"fast": 10, "slow": 60, "stop_atr": 1.5, "target_atr": 2.25}


def book_of(name: str) -> dict[str, Any]:
    """The parameters of a book that ships."""
    return {one.name: one.parameters for one in read_source(name).strategies}


def alone(
    parameters: dict[str, Any], market: Market | None = None, near: NeighbourFacts | str = "none"
) -> StrategyRisk:
    """One strategy, judged."""
    markets = {} if market is None else {"S": market}
    return appraise_parameters({"S": parameters}, markets=markets, neighbours={"S": near}).strategies[0]


def rules(one: StrategyRisk) -> dict[str, str]:
    """Findings by rule."""
    return {finding.rule: str(finding.level) for finding in one.findings}


@pytest.mark.parametrize(
    ("name", "high"), [("fx-16", ["AUD_USD_H4", "GBP_JPY_D", "USD_CAD_H4"]), ("fx-daily", ["GBP_JPY_D"])]
)
def test_the_hidden_faults_of_the_shipped_books_are_named_and_the_books_stay_medium(name: str, high: list[str]) -> None:
    found = appraise_parameters(book_of(name))
    assert [one.name for one in found.of(RiskLevel.HIGH)] == high
    assert found.overall is RiskLevel.MEDIUM
    reasons = found.to_dict()["parameter_risks"]
    assert reasons["GBP_JPY_D"]["reasons"][0].startswith("inverted cross: fast 160 is slower than slow 20")
    if name == "fx-16":
        assert reasons["AUD_USD_H4"]["reasons"][0].startswith(
            "reward/risk 2/1.5 = 1.33 is below its own minimum of 1.5"
        )
        assert "raise target_atr to 2.25 or more, or lower stop_atr to 1.333 or less" in found.recommendations[1]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (SOUND, {}),
        ({"FastMA": 10, "SlowMA": 60, "sl": 1.5, "tp": 2.0, "ATRPeriod": 14}, {"reward_risk": "HIGH"}),
        ({"fast": 10, "slow": 60, "StopLoss": 50, "TakeProfit": 100}, {}),
        ({"fast": 10, "slow": 60, "sl_pips": 50, "tp_pips": 60}, {"reward_risk": "HIGH"}),
        ({"fast": 10, "slow": 60, "sl_pips": 50, "tp_pct": 0.1}, {}),
        ({"fast": 10, "slow": 60, "stoploss": -0.1, "rr": 1.2}, {"reward_risk": "HIGH"}),
        ({"fast": 10, "slow": 60, "stop_atr": None}, {"no_stop": "HIGH"}),
        ({"fast": 10, "slow": 60, "stop_loss": 0}, {"no_stop": "HIGH"}),
        ({"fast": 10, "slow": 60, "stoploss": -1}, {"no_stop": "HIGH"}),
        ({**SOUND, "fast": 0}, {"impossible_value": "HIGH"}),
        ({**SOUND, "slow": 60.5}, {"impossible_value": "HIGH"}),
        ({**SOUND, "stop_atr": -1.5}, {"impossible_value": "HIGH"}),
        ({**SOUND, "min_rr": 1.2, "target_atr": 1.9}, {}),
        ({**SOUND, "min_candles": 50}, {"short_history": "MEDIUM"}),
        ({**SOUND, "fast": 60}, {"never_crosses": "HIGH"}),
    ],
)
def test_rules_see_through_names_and_units(parameters: dict[str, Any], expected: dict[str, str]) -> None:
    found = alone(parameters)
    assert rules(found) == expected
    assert found.level is not None


@pytest.mark.parametrize(
    "parameters", [{}, {"lots": 3}, {"fast": 10}, {"fast": "10", "slow": 60}, {"atr": 14, "stoploss": -0.1}]
)
def test_what_cannot_be_judged_is_not_run_and_never_low(parameters: dict[str, Any]) -> None:
    found = appraise_parameters({"S": parameters})
    assert found.strategies[0].level is None
    assert found.overall is None
    assert found.to_dict()["overall_risk_level"] == "NOT RUN"
    assert found.to_dict()["parameter_risks"]["S"]["risk_level"] == "NOT RUN"
    assert found.recommendations == ("No strategy could be judged: nothing is known of the risk of these parameters.",)


def test_a_level_that_rests_on_part_of_the_rules_says_so() -> None:
    assert alone({"fast": 10, "slow": 60}).in_part
    assert not alone(SOUND).in_part
    assert "stop: no stop was recognised among its parameters" in [
        str(one) for one in alone({"fast": 10, "slow": 60}).not_run
    ]


def test_strategies_that_could_not_be_judged_do_not_dilute_the_book() -> None:
    book: dict[str, Parameters] = {
        "A": {**SOUND, "fast": 90},
        "B": SOUND,
        **{f"N{place}": {"lots": 1} for place in range(10)},
    }
    assert appraise_parameters(book).overall is RiskLevel.HIGH


def test_bars_count_the_trades_and_the_history() -> None:
    bars = random_walk(3000)
    found = alone({**SOUND, "min_candles": 200}, Market(bars, spread=0.0001))
    rules_of_it = MaCrossover(10, 60, stop_atr=1.5, target_atr=2.25)
    assert found.history is not None
    assert found.history.entries == np.count_nonzero(rules_of_it.decisions(bars).enter)
    assert found.history.expected == pytest.approx(found.history.entries / found.history.years / 4)
    assert [str(one) for one in found.not_run if one.what == "history"] == []
    quiet = alone({**SOUND, "min_atr": 9.0}, Market(bars))
    assert quiet.history is not None
    assert quiet.history.entries == 0
    assert rules(quiet) == {"few_trades": "MEDIUM"}


def test_too_little_history_and_a_wide_spread_are_found_on_the_bars() -> None:
    bars = random_walk(300)
    assert rules(alone({**SOUND, "slow": 300}, Market(bars)))["short_history"] == "HIGH"
    assert rules(alone({**SOUND, "min_candles": 400}, Market(bars)))["short_history"] == "MEDIUM"
    assert rules(alone(SOUND, Market(bars, spread=1.0)))["stop_near_spread"] == "HIGH"


def test_a_lonely_peak_is_unstable_and_better_neighbours_are_never_told() -> None:
    assert rules(alone(SOUND, near=NeighbourFacts(0.3, 0.05, 0.0, 26, 90))) == {"unstable_neighbourhood": "MEDIUM"}
    assert rules(alone(SOUND, near=NeighbourFacts(0.3, 0.05, None, 26, 90))) == {}


def around(bars: Bars, **parameters: Any) -> NeighbourFacts | str:
    """What is found around one strategy."""
    return neighbours({"S": {**SOUND, **parameters}}, {"S": Market(bars)}, {}, Silent())["S"]


def test_neighbours_are_the_median_of_twenty_six_sets_and_hidden_where_it_is_higher() -> None:
    from tradeworthy.backtest.engine import run_backtest

    bars = random_walk(4000, 5)
    rules_of_it = MaCrossover(10, 60, stop_atr=1.5, target_atr=2.25)
    grid = neighbours_of(rules_of_it)
    assert (grid["fast"], grid["slow"], grid["stop_atr"]) == ([9, 10, 11], [54, 60, 66], [1.25, 1.5, 1.75])
    sets = [
        (f, s, d) for f in (9, 10, 11) for s in (54, 60, 66) for d in (1.25, 1.5, 1.75) if (f, s, d) != (10, 60, 1.5)
    ]
    means = []
    for fast, slow, stop in sets:
        trades = run_backtest(bars, MaCrossover(fast, slow, stop_atr=stop, target_atr=2.25)).trades
        means.append(trades.r[trades.closed].mean())
    own = run_backtest(bars, rules_of_it).trades
    mean = own.r[own.closed].mean()
    found = around(bars)
    assert isinstance(found, NeighbourFacts)
    assert found.own == pytest.approx(mean)
    assert found.error == pytest.approx(own.r[own.closed].std() / np.sqrt(own.closed.sum()))
    assert found.sets == 26
    median = float(np.median(means))
    assert found.around == (pytest.approx(median) if median < mean else None)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"stop_atr": None}, "no R"), ({"slow": 5000}, "too few for its periods"), ({"min_atr": 9.0}, "fewer than 20"),
        ({"fast": None}, "not known as a moving-average cross"),
    ],
)  # fmt: skip
def test_neighbours_that_cannot_be_compared_say_why(parameters: dict[str, Any], said: str) -> None:
    found = around(random_walk(900), **parameters)
    assert isinstance(found, str)
    assert said in found


@pytest.mark.parametrize(
    "rules_of_it", [MaCrossover(1, 2), MaCrossover(3, 5, stop_atr=0.2), MaCrossover(160, 20, stop_atr=3)]
)
def test_every_neighbourhood_holds_its_own_set_and_only_possible_ones(rules_of_it: MaCrossover) -> None:
    grid = neighbours_of(rules_of_it)
    for name, values in grid.items():
        own = getattr(rules_of_it, name)
        assert own in values if isinstance(values, list) else values == own
        assert all(value > 0 for value in values) if isinstance(values, list) else True


def test_what_parameters_trade_is_the_cross_that_settings_would_make() -> None:
    assert tradeable(book_of("fx-16")["AUD_USD_H4"]) == MaCrossover(50, 160, 14, 1.5, 2.0, 0.0002)
    assert tradeable({**SOUND, "exit_on_opposite_cross": False}) == MaCrossover(10, 60, 14, 1.5, 2.25, 0.0, False)
    assert tradeable({"fast": 3, "slow": 3}) is None


def test_five_of_a_timeframe_are_compared_and_fewer_are_not_run() -> None:
    book = {f"EUR_USD_{place}_H4": {**SOUND, "fast": 9 + place} for place in range(5)}
    book["GBP_USD_H4"] = {**SOUND, "fast": 45}
    found = {one.name: one for one in appraise_parameters(book).strategies}
    assert found["GBP_USD_H4"].outliers == ("fast",)
    few = appraise_parameters({"A_D": SOUND, "B_D": {**SOUND, "fast": 50}})
    assert "outliers: 2 strategies on D, and 5 are needed to compare" in [str(one) for one in few.strategies[0].not_run]


def test_changes_carry_the_level_then_and_now_by_the_same_rules() -> None:
    changes = risk_changes({"A": {**SOUND, "fast": 90}, "N": SOUND}, {"A": SOUND, "O": SOUND})
    told = {name: one.to_dict() for name, one in changes.items()}
    assert told["A"] == {
        "status": "CHANGED",
        "changes": {"fast": {"old": 10, "new": 90, "change_type": "INCREASED"}},
        "old_risk_level": "LOW",
        "new_risk_level": "HIGH",
    }
    assert (told["N"]["old_risk_level"], told["N"]["new_risk_level"]) == (None, "LOW")
    assert (told["O"]["old_risk_level"], told["O"]["new_risk_level"]) == ("LOW", None)


def test_an_empty_book_is_not_run() -> None:
    assert appraise_parameters({}) == ParameterAppraisal((), None, appraise_parameters({}).recommendations)
