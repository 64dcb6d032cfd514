"""Volatility and a strategy: what is counted where, what is refused, and advice that waits for evidence."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support.volatility_chains import bars_of, two_states
from tradeworthy.appraisal.regime_advice import advise
from tradeworthy.appraisal.regime_record import LevelStops, LevelTrades, RegimeAdvice
from tradeworthy.appraisal.regime_stops import StopPlan, level_stops
from tradeworthy.appraisal.regime_trades import DecidedTrades, level_trades, mean_interval, trades_needed, variation
from tradeworthy.appraisal.volatility_study import StudyTerms, study_volatility
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.arrays import atr
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.adapting_sizes import Movement, SizeAdaptation
from tradeworthy.risk.stop_walks import RandomShare, StopShares
from tradeworthy.risk.volatility_levels import LEVELS, VolatilityLevel, VolatilityThresholds
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.validation.intervals import Interval, wilson_interval
from tradeworthy.validation.trade_table import TradeTable
from tradeworthy.wiring.sources import read_bars

CROSS = MaCrossover(10, 30, stop_atr=2.0, target_atr=3.0)
MARKET, STATES = two_states(6_000, 5, stay=0.995)
STUDY = study_volatility(MARKET, CROSS)


def test_every_trade_is_counted_once_at_the_level_of_the_bar_that_decided_it() -> None:
    levels = VolatilityThresholds.frozen_on(MARKET.slice(0, 2_000)).levels(MARKET)
    trades = [one for one in run_backtest(MARKET, CROSS).trades if one.reason != "open" and one.signal_index >= 2_000]
    assert len(trades) > 100
    for place, found in enumerate(STUDY.trades):
        mine = [one for one in trades if levels[one.signal_index] == place]
        assert found.level is LEVELS[place]
        assert found.trades == len(mine)
        if mine:
            wins = sum(one.pnl > 0 for one in mine)
            assert found.mean_r == pytest.approx(np.mean([one.r for one in mine]))
            assert found.win_rate == pytest.approx(wins / len(mine))
            assert found.win_interval == wilson_interval(wins, len(mine))
            assert found.median_bars_held == np.median([one.exit_index - one.entry_index for one in mine])
            assert found.size_variation == variation(np.array([1 / one.risk for one in mine]))
    assert sum(one.trades for one in STUDY.trades) == len(trades)


def test_a_market_of_two_volatilities_is_seen_as_one() -> None:
    # thresholds were frozen on both, so calm bars are low and wild ones high, and each spell lasts about 200 bars
    assert STUDY.switching is not None
    assert STUDY.switching.model.volatility == pytest.approx([0.001, 0.004], rel=0.1)
    assert STUDY.switching.wild_share == pytest.approx(float((STATES[2_000:] == 1).mean()), abs=0.03)
    assert STUDY.clustering.arch is not None
    assert STUDY.clustering.arch.p_value < 1e-10
    assert STUDY.transitions.persistence > 0.85
    assert sum(one.share for one in STUDY.transitions.occupancy) == pytest.approx(1.0)
    assert STUDY.adaptation is not None
    assert STUDY.adaptation.score is not None
    assert STUDY.adaptation.score > 80
    assert STUDY.why_not == {}


def test_no_bar_after_the_thresholds_changes_them_or_what_was_fitted_before() -> None:
    other, _ = two_states(6_000, 99, calm=0.01, wild=0.03)
    opened, high, low, closed = (
        np.concatenate((mine[:2_000], theirs[2_000:]))
        for mine, theirs in (
            (MARKET.open, other.open), (MARKET.high, other.high), (MARKET.low, other.low), (MARKET.close, other.close),
        )
    )  # fmt: skip
    changed = study_volatility(replace(MARKET, open=opened, high=high, low=low, close=closed), CROSS)
    assert changed.thresholds == STUDY.thresholds
    assert changed.switching is not None
    assert STUDY.switching is not None
    assert changed.switching.model == STUDY.switching.model
    assert changed.trades != STUDY.trades


def test_bars_given_before_are_the_thresholds_own() -> None:
    apart = study_volatility(MARKET.slice(2_000, 6_000), CROSS, MARKET.slice(0, 2_000))
    assert apart.thresholds == STUDY.thresholds
    assert apart.bars == STUDY.bars - 24
    assert apart.now is STUDY.now


def test_the_same_seed_gives_the_same_study_and_another_seed_other_random_entries() -> None:
    assert study_volatility(MARKET, CROSS) == STUDY
    other = study_volatility(MARKET, CROSS, terms=StudyTerms(seed=-1))
    assert other.stops != STUDY.stops
    assert other.trades == STUDY.trades


def test_random_entries_meet_the_stop_as_often_as_a_market_without_drift_makes_them() -> None:
    stops = [one for one in STUDY.stops if one.entries]
    assert sum(one.shares.decided for one in stops) >= sum(one.trades for one in STUDY.trades) - 2
    for one in stops:
        assert one.random_stopped is not None
        if one.pool > 400:  # 3 / (2 + 3), and a little more because a bar that holds both counts as stopped
            assert one.random_stopped.share == pytest.approx(0.62, abs=0.06)


def test_a_strategy_without_stops_is_told_what_cannot_be_measured() -> None:
    found = study_volatility(MARKET, MaCrossover(10, 30))
    assert found.stops == ()
    assert found.adaptation is None
    assert found.size_variation is None
    assert set(found.why_not) == {"atr_effectiveness", "position_sizing_analysis"}
    assert {one.words for one in found.advice} >= {"its trades have no stop, so there is no R to judge by"}


def test_a_market_that_stands_still_is_one_regime_without_trades_or_advice() -> None:
    found = study_volatility(bars_of(np.zeros(1_000)), CROSS)
    assert found.now is VolatilityLevel.VERY_LOW
    assert found.transitions.persistence == 1.0
    assert found.clustering.arch is None
    assert found.switching is None
    assert "over half of the returns are zero" in found.why_not["switching"]
    assert sum(one.trades for one in found.trades) == 0
    assert not any(one.supported for one in found.advice)
    assert all("0 of " in one.words for one in found.advice)


def test_one_regime_only_has_no_score_and_says_why() -> None:
    found = study_volatility(bars_of(np.full(3_000, 0.05), 1), CROSS, bars_before(0.001))
    assert found.now is VolatilityLevel.EXTREME
    assert [one.trades > 0 for one in found.trades] == [False] * 4 + [True]
    assert found.adaptation is not None
    assert found.adaptation.score is None
    assert "hardly differed" in found.why_not["position_sizing_analysis"]


def bars_before(volatility: float) -> Bars:
    """Bars that end where those of the chains begin."""
    bars = bars_of(np.full(600, volatility))
    back = bars.close_time[-1]
    return replace(bars, open_time=bars.open_time - back, close_time=bars.close_time - back)


def test_too_few_bars_are_counted_in_the_answer() -> None:
    with pytest.raises(NotEnoughData, match="needs 962 of them, half to freeze its thresholds on, and there are 961"):
        study_volatility(MARKET.slice(0, 961), CROSS)
    assert study_volatility(MARKET.slice(0, 962), CROSS).bars == 481
    with pytest.raises(NotEnoughData, match="studied on at least 481; there are 480"):
        study_volatility(MARKET.slice(600, 1_080), CROSS, MARKET.slice(0, 600))
    with pytest.raises(NotEnoughData, match="at least 481 bars, and there are 480"):
        study_volatility(MARKET.slice(600, 2_000), CROSS, MARKET.slice(0, 480))


def test_what_cannot_be_studied() -> None:
    with pytest.raises(InputError, match="reach into the others"):
        study_volatility(MARKET.slice(600, 2_000), CROSS, MARKET.slice(0, 601))
    with pytest.raises(InputError, match="give one market"):
        study_volatility(MARKET, CROSS, random_walk_bars(600, symbol="GBP_USD"))
    for terms, words in (
        (StudyTerms(effect_r=0), "effect_r"),
        (StudyTerms(seed=0.5), "seed"),  # type: ignore[arg-type]
        (StudyTerms(n=0), "whole number of bars"),
        (StudyTerms(states=5), "2 or 3 states"),
    ):
        with pytest.raises(InputError, match=words):
            study_volatility(MARKET, CROSS, terms=terms)


def test_mean_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(0)
    held = []
    for _ in range(800):
        found = mean_interval(np.where(rng.random(40) < 0.4, 1.5, -1.0), 0.95)
        assert found is not None
        held.append(found.low <= 0.0 <= found.high)
    assert 0.93 < np.mean(held) < 0.98
    assert mean_interval(np.ones(50), 0.95) is None
    assert mean_interval(np.arange(19.0), 0.95) is None


def test_as_many_trades_are_needed_as_the_formula_of_power_says() -> None:
    # (1.96 + 0.8416)^2 x 1.2^2 / 0.25^2, and more where more levels are looked at
    assert trades_needed(1.2, 0.25, 1) == 181
    assert trades_needed(1.2, 0.25, 5) == 270
    assert trades_needed(0.01, 0.25, 1) == 20


BASE = LevelTrades(VolatilityLevel.HIGH, 84, -0.3, None, None, 0.3, wilson_interval(25, 84), 200, 0.1, 5.0)


def one_advice(trades: LevelTrades) -> RegimeAdvice:
    """What is said of entries at one level."""
    return advise((trades,), (), None, 0.25, 2.0)[0]


def test_advice_on_entries_follows_the_interval_and_nothing_else() -> None:
    none = one_advice(BASE)
    assert (none.words, none.supported) == ("not enough trades: 84 of 200 needed to show a mean of 0.25 R", False)
    unsure = one_advice(replace(BASE, adjusted=Interval(-0.7, 0.1)))
    assert unsure == none
    bad = one_advice(replace(BASE, adjusted=Interval(-0.52, -0.08)))
    assert bad.supported
    assert bad.words.startswith(
        "leave entries out at this level: 84 trades, -0.30 R each (-0.52 to -0.08 over all regimes)"
    )
    good = one_advice(replace(BASE, mean_r=0.4, adjusted=Interval(0.1, 0.7)))
    assert (good.supported, good.words.startswith("go on trading")) == (True, True)
    enough = one_advice(replace(BASE, trades=300, mean_r=0.0, adjusted=Interval(-0.1, 0.1)))
    assert (enough.supported, enough.words.startswith("nothing to change")) == (False, True)


def test_advice_on_stops_needs_an_adjusted_p_value() -> None:
    seen = StopShares(50, 80, 30, 50)
    random = RandomShare(0.3, 0.2, 0.4, 0.001)
    one = LevelStops(VolatilityLevel.LOW, 80, seen, None, None, 500, random, random, None, None, None, 0.2, 110)
    assert advise((), (one,), None, 0.25, 2.0) == ()
    wider = advise((), (replace(one, rescued_p=0.01),), None, 0.25, 2.0)
    assert [(said.about, said.words.split(":")[0]) for said in wider] == [("stop", "try a stop wider than 2 ATR")]
    fewer = replace(one, shares=StopShares(50, 80, 2, 50), rescued_p=0.01, stopped_p=0.01)
    words = [said.words.split(":")[0] for said in advise((), (fewer,), None, 0.25, 2.0)]
    assert words == ["do not widen the stop", "look at the entries, not at the stop"]
    better = replace(one, shares=StopShares(10, 80, 2, 10), stopped_p=0.01)
    assert advise((), (better,), None, 0.25, 2.0)[0].words.startswith("keep stop and target")


def test_advice_on_sizes_needs_an_interval_and_a_change_worth_making() -> None:
    sure, unsure, small, less = (1.3, 1.2, 1.4), (1.3, 0.9, 1.6), (1.05, 1.01, 1.1), (0.8, 0.7, 0.9)
    rows = tuple(Movement(level, 900, *one) for level, one in ((0, sure), (1, unsure), (2, small), (4, less)))
    said = advise((), (), SizeAdaptation(50.0, 40.0, 60.0, 0.1, 0.2, rows, 24, 200), 0.25, 2.0)
    assert [one.level for one in said] == [VolatilityLevel.VERY_LOW, VolatilityLevel.EXTREME]
    assert said[0].words.startswith("take 0.77 of the size at this level: price moved 30% more per ATR")
    assert said[1].words.startswith("take 1.25 of the size at this level: price moved 20% less per ATR")


@pytest.mark.parametrize(
    ("name", "cross"),
    [
        ("GBP_USD_H4", MaCrossover(40, 50, stop_atr=2.0, target_atr=3.0, min_atr=0.0002)),
        ("USD_JPY_H4", MaCrossover(30, 90, stop_atr=2.0, target_atr=3.0, min_atr=0.02)),
    ],
)
def test_real_four_hour_bars(shared: Path, name: str, cross: MaCrossover) -> None:
    bars = read_bars(shared / "data" / "fx" / f"{name}.parquet")
    found = study_volatility(bars, cross)
    assert found.bars == len(bars) - len(bars) // 3
    assert found.clustering.arch is not None
    assert found.clustering.arch.p_value < 1e-6
    assert 0.9 < found.transitions.persistence < 0.99
    assert found.transitions.stationary == pytest.approx([one.share for one in found.transitions.occupancy], abs=0.01)
    for level, duration in enumerate(found.transitions.durations):
        if duration is not None and duration.bars is not None and found.transitions.spells[level] > 20:
            assert 4 < duration.low < duration.bars
    assert found.adaptation is not None
    assert found.adaptation.score is not None
    assert 70 < found.adaptation.score < 95
    assert not any(one.supported for one in found.advice if one.about in {"entries", "stop"})
    for stops in found.stops:
        if stops.random_stopped is not None and stops.pool > 500:
            assert 0.56 < stops.random_stopped.share < 0.66


def test_random_entries_of_a_long_history_are_drawn_from_some_of_its_bars() -> None:
    bars = bars_of(np.full(21_000, 0.001), 3)
    ranges = atr(bars.high, bars.low, bars.close, 14)
    plan = StopPlan(bars, np.full(21_000, 2), ranges, 2.0, 3.0, 0.0, 100)
    signal, side = np.arange(200, 20_000, 100), np.tile([1, -1], 99)
    found = level_stops(plan, signal, side, 0)[2]
    assert (found.entries, found.pool) == (198, 20_000)
    assert level_stops(plan, signal, side, 0)[2] == found


def test_a_size_varies_as_a_sample_does() -> None:
    assert variation(np.array([1.0, 3.0])) == pytest.approx(np.sqrt(2.0) / 2.0)
    assert variation(np.array([1.0])) is None
    assert variation(np.array([1.0, np.nan])) is None


def test_a_trade_that_made_nothing_is_no_win_and_one_at_the_first_bar_counts() -> None:
    at, pnl = np.array([4, 5, 5, 6, 7]), np.array([9.0, 0.0, 1.0, -1.0, 0.0])
    trades = DecidedTrades(at, pnl, pnl, np.arange(5), np.ones(5))
    found = level_trades(trades, np.full(10, 2), 5, 0.1)[2]
    assert (found.trades, found.win_rate, found.mean_r) == (4, 0.25, 0.0)
    assert found.win_interval == wilson_interval(1, 4)


def test_a_history_is_decided_at_the_bar_that_had_closed_and_may_end_with_the_last() -> None:
    bars = MARKET.slice(0, 50)
    end = bars.close_time
    opened = np.array([end[3], end[3] + 1, end[4] - 1, bars.open_time[0], end[9]])
    closed = np.array([end[8], end[8], end[49], end[8], end[49] + 1])
    ones = np.ones(5)
    table = TradeTable(
        "mine", "", opened, closed, ones, ones, ones, ones, 0.9 * ones, ones, 0 * ones, ones, np.full(5, np.nan),
        np.full(5, "a"), np.full(5, ""),
    )  # fmt: skip
    found = DecidedTrades.of_history(table, np.arange(5.0), bars)
    assert (found.at.tolist(), found.r.tolist()) == ([3, 3, 3], [0.0, 1.0, 2.0])
    assert found.size == pytest.approx([10.0, 10.0, 10.0])
