"""The most that strategies and a book can lose: scenarios, crises, in a row, together, and what to do about it."""

import json
import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from support.backtests import Told, daily
from support.markets import random_walk
from tradeworthy.appraisal.book_losses import MemberRun, together, weekly_r
from tradeworthy.appraisal.crisis_reruns import put_on_today, replay_crisis
from tradeworthy.appraisal.loss_advice import level_of
from tradeworthy.appraisal.loss_measuring import losses_of
from tradeworthy.appraisal.loss_record import LossLevel, Ran, Urgency
from tradeworthy.appraisal.maximum_losing import LossStudy, maximum_loss
from tradeworthy.appraisal.portfolio_losses import portfolio_impact
from tradeworthy.appraisal.strained_costs import widened
from tradeworthy.appraisal.stress_reruns import stress
from tradeworthy.appraisal.trade_losses import maximum_loss_of_trades
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.spreads import Spread
from tradeworthy.controls import Units
from tradeworthy.core.clock import DAY_NS, WEEK_NS, to_datetime
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.crises import Crisis
from tradeworthy.risk.historical_shocks import shock_path
from tradeworthy.risk.scenarios import SCENARIOS, Scenario, Shock
from tradeworthy.risk.stress_scenarios import stressed_bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.signal_arrays import from_signals
from tradeworthy.validation.samples import TradeSample

CROSS = MaCrossover(5, 20, stop_atr=2, target_atr=3)
HOURS = random_walk_bars(6_000, 2)
MEMBER = Member("one", CROSS, HOURS, costs=Costs(1.0))
OTHER = Member("other", MaCrossover(10, 30, stop_atr=2), random_walk_bars(6_000, 3, "GBP_USD"), costs=Costs(1.0))
STARTS = to_datetime(int(HOURS.open_time[3_000]))
CRISIS = Crisis("storm", STARTS, STARTS + timedelta(days=10), 5.0)


def test_a_scenario_runs_the_strategy_again_on_new_prices_with_a_wider_spread() -> None:
    found = stress([MEMBER], SCENARIOS[2])
    [one] = found.strategies
    bars = stressed_bars(HOURS, SCENARIOS[2])
    again = run_backtest(bars, CROSS, costs=Costs(2.0))
    assert one.after is not None
    assert one.before is not None
    assert one.after.total_r == pytest.approx(again.equity_r[-1])
    assert one.after.trades == int(again.trades.closed.sum()) != one.before.trades
    assert (one.spread_pips, one.data_sha256) == (2.0, bars.data_hash)
    assert (one.volatility, one.trend) == pytest.approx((2.0, 0.1))
    assert found.after is not None
    assert found.after.total_r == pytest.approx(one.after.total_r)
    assert found.draws == {}


def test_factors_of_one_change_nothing() -> None:
    [one] = stress([MEMBER], Scenario("calm")).strategies
    assert one.before == one.after


def test_of_several_draws_the_worst_is_reported_and_all_are_listed() -> None:
    found = stress([MEMBER, OTHER], SCENARIOS[3], seed=5, draws=6)
    assert list(found.draws) == [5, 6, 7, 8, 9, 10]
    assert found.after is not None
    worst = min(found.draws, key=lambda seed: found.draws[seed] or 0.0)
    assert found.after.total_r == pytest.approx(found.draws[worst])
    assert {one.seed for one in found.strategies} == {worst}
    assert len(set(found.draws.values())) > 1
    assert stress([MEMBER, OTHER], SCENARIOS[3], seed=5, draws=6) == found


def test_a_crash_goes_through_the_stop_of_a_long_that_it_meets() -> None:
    bars = daily(*np.linspace(1.10, 1.12, 60))
    member = Member("long", Told((20, 1, 0.02, math.nan)), bars)
    [one] = stress([member], Scenario("crash", shock=Shock(-9.0, 0.5, 40))).strategies
    assert one.after is not None
    assert one.after.worst_trade is not None
    assert one.after.gapped_stops == 1
    assert one.after.worst_trade.exit_price == pytest.approx(bars.open[40] * 0.91)
    assert one.after.worst_trade.beyond_stop_r == pytest.approx(
        (one.after.worst_trade.stop - bars.open[40] * 0.91) / 0.02
    )


def test_spreads_by_hour_widen_too() -> None:
    wide = widened(Costs(Spread(1.0, {3: 4.0})), HOURS, HOURS, 2.5).spread_of(HOURS.instrument)
    assert (wide.pips, dict(wide.by_hour)) == (2.5, {3: 10.0})


def test_signals_made_beforehand_cannot_be_strained_but_replayed() -> None:
    enter = np.zeros(len(HOURS), bool)
    enter[::50] = True
    member = Member("made", from_signals(enter, np.roll(enter, 25), stop=0.01), HOURS)
    found = stress([member], SCENARIOS[0])
    assert (found.status, found.after) == (Ran.NOT_RUN, None)
    assert "made beforehand and cannot answer other prices" in found.why
    assert replay_crisis([member], CRISIS).status is Ran.RUN
    assert put_on_today([member], {"*": shock_path(HOURS, CRISIS)}, CRISIS).status is Ran.NOT_RUN


def test_a_crisis_in_the_bars_is_replayed_and_one_that_is_not_says_what_there_is() -> None:
    found = replay_crisis([MEMBER, OTHER], CRISIS)
    assert found.status is Ran.RUN
    assert found.book is not None
    parts = [one.losses.total_r or 0.0 for one in found.strategies if one.losses is not None]
    assert found.book.total_r == pytest.approx(sum(parts))
    assert found.strategies[0].bars == 240
    moves = HOURS.close[3_000:3_240] / HOURS.close[2_999:3_239] - 1
    assert found.strategies[0].biggest_move == pytest.approx(moves[np.argmax(np.abs(moves))])
    assert "Feeds differ by 1.5 to 4 points" in found.feed_note
    short = replace(MEMBER, bars=HOURS.slice(0, 3_100))
    part = replay_crisis([short], CRISIS)
    assert (part.status, part.book) == (Ran.NOT_IN_THE_DATA, None)
    assert "the bars hold only 2000-05-07T00:00:00Z to 2000-05-11T04:00:00Z of it" in part.why
    both = replay_crisis([short, OTHER], CRISIS)
    assert both.status is Ran.RUN
    assert both.why.startswith("without one: the window is")


def test_a_crisis_without_its_warm_up_is_not_in_the_data() -> None:
    late = replace(MEMBER, bars=HOURS.slice(2_990, 6_000))
    found = replay_crisis([late], CRISIS)
    assert found.status is Ran.NOT_IN_THE_DATA
    assert found.why.startswith(
        "the strategy needs 21 bars to warm up and the EUR_USD H1 bars have 10 before the window"
    )


def test_a_crisis_put_on_todays_prices_is_traded_from_the_position_held_today() -> None:
    today = replace(MEMBER, bars=HOURS.slice(0, 2_000))
    found = put_on_today([today], {"EUR_USD": shock_path(HOURS, CRISIS)}, CRISIS)
    [one] = found.strategies
    assert (one.status, one.bars) == (Ran.RUN, 240)
    last = run_backtest(HOURS.slice(0, 2_000), CROSS, costs=Costs(1.0)).trades[-1]
    assert one.held == (str(last.side) if last.reason == "open" else None)
    without = put_on_today([OTHER], {"EUR_USD": shock_path(HOURS, CRISIS)}, CRISIS)
    assert without.why == "there is no path of storm for it"


def test_the_whole_has_every_part_and_can_be_written_as_json() -> None:
    found = maximum_loss([MEMBER, OTHER], LossStudy(crises=(CRISIS,), draws=3))
    told = found.to_dict()
    assert list(told) == [
        "worst_case_scenarios", "stress_test_results", "crisis_period_analysis", "maximum_consecutive_losses",
        "portfolio_impact", "risk_recommendations",
    ]  # fmt: skip
    json.dumps(told, allow_nan=False)
    assert list(told["stress_test_results"]) == [one.name for one in SCENARIOS]
    assert list(told["crisis_period_analysis"]) == ["storm", "storm, on today's prices"]
    worst = found.worst_case_scenarios
    falls = [one.losses.max_drawdown_fraction or 0.0 for one in worst.cases]
    assert falls == sorted(falls, reverse=True)
    assert len(worst.cases) == 7
    assert found.level is level_of(falls[0])
    trades = [
        one.after.worst_trade for result in found.stress_test_results.values() for one in result.strategies if one.after
    ]
    deepest = min(one.realised_r for one in trades if one is not None and one.realised_r is not None)
    assert worst.single_trade_anywhere is not None
    assert worst.single_trade_anywhere.realised_r == pytest.approx(min(deepest, worst.single_trade.realised_r))  # type: ignore[union-attr,type-var]
    runs = found.maximum_consecutive_losses
    assert runs.longest is not None
    assert runs.longest.trades == max(one.trades for one in runs.by_strategy.values())
    assert set(runs.by_scenario) == {one.name for one in SCENARIOS} | set(told["crisis_period_analysis"])
    assert all(one.number is not None for one in found.risk_recommendations)


def test_with_an_account_money_is_the_sum_of_accounts() -> None:
    account = Account(10_000)
    members = [replace(one, account=account) for one in (MEMBER, OTHER)]
    found = maximum_loss(members, LossStudy(scenarios=SCENARIOS[:1], crises=()))
    results = [run_backtest(one.bars, one.strategy, costs=one.costs, account=account) for one in members]
    path = np.sum([result.equity for result in results], axis=0)
    [mine] = [one.losses for one in found.worst_case_scenarios.cases if one.kind == "history"]
    assert mine.money == pytest.approx(path[-1] - 20_000)
    whole = np.append(20_000.0, path)
    assert mine.max_drawdown_fraction == pytest.approx(np.max(1 - whole / np.maximum.accumulate(whole)))
    yen = replace(OTHER, bars=random_walk_bars(6_000, 4, "USD_JPY"), account=account)
    mixed = maximum_loss([members[0], yen], LossStudy(scenarios=(), crises=()))
    assert mixed.worst_case_scenarios.cases[0].losses.money is None


def test_what_cannot_be_run_is_not_run_with_its_reason() -> None:
    short = Member("short", MaCrossover(5, 500, stop_atr=2), HOURS.slice(0, 100))
    found = maximum_loss([short, MEMBER], LossStudy(crises=(CRISIS,)))
    assert found.worst_case_scenarios.not_run["strategy short"].startswith("EUR_USD H1: ma_crossover needs 501 bars")
    assert {one.strategies[0].status for one in found.stress_test_results.values()} == {Ran.NOT_RUN}
    assert {one.status for one in found.stress_test_results.values()} == {Ran.RUN}
    assert found.portfolio_impact.status is Ran.NOT_RUN
    with pytest.raises(NotEnoughData, match="ma_crossover needs 501 bars"):
        maximum_loss([short])
    with pytest.raises(
        InputError, match=r"none of the strategies can be run on its bars:\n  EUR_USD H1: ma_crossover needs"
    ):
        maximum_loss([short, replace(short, name="too")])


def test_a_strategy_without_a_stop_is_critical() -> None:
    found = maximum_loss([Member("bare", MaCrossover(5, 20), HOURS)], LossStudy(scenarios=SCENARIOS[:1], crises=()))
    first = found.risk_recommendations[0]
    assert (first.level, first.action) == (Urgency.CRITICAL, "give bare a stop")
    assert found.level is None


@pytest.mark.parametrize(
    ("fall", "level"), [(0.0, "LOW"), (0.099, "LOW"), (0.1, "MODERATE"), (0.2, "HIGH"), (0.4, "VERY_HIGH"), (1.0, "VERY_HIGH")]
)  # fmt: skip
def test_levels_go_by_the_deepest_fall(fall: float, level: str) -> None:
    assert level_of(fall) is LossLevel(level)


def test_the_risk_that_is_advised_brings_the_fall_to_the_limit() -> None:
    """A hundred losses in a row at 2% take 87%; at the advised risk they take 20%."""
    closes = np.repeat(1.10 - 0.01 * np.arange(51), 2)
    entries = [(2 * k + 1, 1, 0.005, math.nan) for k in range(1, 50)]
    found = maximum_loss([Member("falls", Told(*entries), daily(*closes))], LossStudy(scenarios=(), crises=()))
    first = next(one for one in found.risk_recommendations if one.name == "max_drawdown_fraction")
    assert first.level is Urgency.CRITICAL
    advised = float(first.action.split(": risk ")[1].split("%")[0]) / 100
    again = maximum_loss(
        [Member("falls", Told(*entries), daily(*closes))], LossStudy(scenarios=(), crises=(), risk=advised)
    )
    fall = again.worst_case_scenarios.cases[0].losses.max_drawdown_fraction
    assert fall is not None
    assert 0.15 < fall <= 0.21


def test_a_stop_inside_a_wild_bar_of_a_crisis_is_warned_of() -> None:
    bars = daily(*[1.10] * 60)
    low = bars.low.copy()
    low[45] = 1.05
    start = to_datetime(int(bars.open_time[40]))
    member = Member("spike", Told((20, 1, 0.01, 0.2)), replace(bars, low=low))
    found = maximum_loss(
        [member], LossStudy(scenarios=(), crises=(Crisis("spike", start, start + timedelta(days=15)),))
    )
    [warned] = [one for one in found.risk_recommendations if one.name == "worst_at_the_extreme_r"]
    assert warned.level is Urgency.HIGH
    assert warned.number == pytest.approx(-5.0)
    assert warned.reason == "spike: filled at the worst price of its bar, a stop of spike costs 5.0 R"


def test_a_run_of_one_loss_and_sizes_that_go_by_no_risk_are_told_as_they_are() -> None:
    member = Member("one", Told((2, 1, 0.01, math.nan)), daily(*[1.10] * 6, *[1.0] * 6, gapping=True))
    account = Account(10_000, sizing=Units(40_000))
    found = maximum_loss([replace(member, account=account)], LossStudy(scenarios=(), crises=(), sized_by_risk=False))
    actions = {one.name: one.action for one in found.risk_recommendations}
    assert actions["compound_loss"].startswith("be ready for 1 losing trade in a row")
    assert (
        actions["max_drawdown_fraction"]
        == "cut sizes to 43.7% of what they are, for the same record to stay within 20%"
    )
    reason = next(one.reason for one in found.risk_recommendations if one.name == "compound_loss")
    assert reason == "one lost 1 trade in a row, 40% of the account"


def runs_of_two_lengths() -> list[MemberRun]:
    """Hours and days, which begin and end at different times."""
    days = random_walk_bars(200, 7, "USD_JPY", "D")
    return [
        MemberRun("hours", run_backtest(HOURS.slice(500, 4_000), CROSS, costs=Costs(1.0))),
        MemberRun("days", run_backtest(days, CROSS, costs=Costs(1.0))),
    ]


def test_strategies_on_different_clocks_are_added_up_at_every_moment() -> None:
    runs = runs_of_two_lengths()
    paths = [dict(zip(one.times.tolist(), one.result.equity_r.tolist(), strict=True)) for one in runs]
    now, total, deepest, peak = [0.0, 0.0], 0.0, 0.0, 0.0
    for moment in sorted({*paths[0], *paths[1]}):
        now = [path.get(moment, before) for path, before in zip(paths, now, strict=True)]
        total = sum(now)
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    found = together(runs, 0.02)
    assert found is not None
    assert found.total_r == pytest.approx(total)
    assert found.max_drawdown_r == pytest.approx(deepest)


def test_weeks_are_those_that_all_strategies_share() -> None:
    runs = runs_of_two_lengths()
    weeks, r = weekly_r(runs)
    assert all(to_datetime(int(week)).weekday() == 0 for week in weeks)
    assert weeks[0] >= max(int(one.times[0]) for one in runs)
    assert weeks[-1] + WEEK_NS <= min(int(one.times[-1]) for one in runs)
    for column, one in enumerate(runs):
        place = 3
        known = [int(np.searchsorted(one.times, weeks[place] + shift, "right")) - 1 for shift in (0, WEEK_NS)]
        assert r[place, column] == pytest.approx(one.result.equity_r[known[1]] - one.result.equity_r[known[0]])


def weekly(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weeks and their R."""
    r = np.column_stack(columns)
    return np.arange(len(r), dtype=np.int64) * WEEK_NS + 4 * DAY_NS, r


def test_strategies_that_lose_together_are_named_and_their_risk_halved() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(0, 1, 100), rng.normal(0, 3, 100)
    weeks, r = weekly(one, one + rng.normal(0, 0.1, 100), other)
    found = portfolio_impact(["a", "b", "c"], weeks, r)
    assert found.highest_pair == ("a", "b")
    assert found.correlations["a"]["c"] == pytest.approx(np.corrcoef(one, other)[0, 1])
    assert found.correlations["c"]["c"] == 1.0
    assert sum(found.risk_shares.values()) == pytest.approx(1.0)
    assert sum(found.allocation.values()) == pytest.approx(1.0)
    assert found.allocation["a"] / found.allocation["c"] == pytest.approx(r[:, 2].std() / r[:, 0].std())
    assert found.worst_week_r == pytest.approx(r.sum(axis=1).min())
    assert found.drawdowns_r["c"] > found.drawdowns_r["a"]
    assert "a and b lose together" in found.advice[0]
    assert "c makes" in found.advice[1]
    assert found.advice[-1].startswith("together they fell by")
    assert 1.0 < (found.effective_strategies or 0.0) < 2.5


def test_one_strategy_or_half_a_year_too_little_is_not_run() -> None:
    weeks, r = weekly(np.ones(100))
    assert (
        portfolio_impact(["a"], weeks, r).why
        == "there is one strategy; what strategies lose together needs two or more"
    )
    weeks, r = weekly(np.ones(20), np.ones(20))
    assert portfolio_impact(["a", "b"], weeks, r).why == "the strategies share 20 whole weeks; correlations need 26"
    weeks, r = weekly(np.ones(30), np.zeros(30))
    still = portfolio_impact(["a", "b"], weeks, r)
    assert (still.status, still.correlations["a"]["b"], still.highest_pair) == (Ran.RUN, None, None)


def sample(name: str, r: list[float]) -> TradeSample:
    """A trade a week."""
    times = (np.arange(len(r), dtype=np.int64) + 1) * WEEK_NS
    return TradeSample(name, times, np.array(r), 0, int(times[-1]) if len(r) else 0)


def test_a_list_of_trades_says_what_it_lost_and_what_it_cannot_say() -> None:
    found = maximum_loss_of_trades([sample("a", [1, -1, -1, -2.5, 3, -1] * 10), sample("b", [0.5, -1] * 30)])
    assert {one.status for one in found.stress_test_results.values()} == {Ran.NOT_RUN}
    assert {one.status for one in found.crisis_period_analysis.values()} == {Ran.NOT_RUN}
    assert "holds no prices to strain" in found.stress_test_results["Choppy"].why
    worst = found.worst_case_scenarios.single_trade
    assert worst is not None
    assert (worst.strategy, worst.realised_r, worst.beyond_stop_r) == ("a", -2.5, 1.5)
    longest = found.maximum_consecutive_losses.longest
    assert longest is not None
    assert (longest.trades, longest.r) == (3, -4.5)
    assert longest.compound_loss == pytest.approx(1 - 0.98 * 0.98 * 0.95)
    assert found.portfolio_impact.status is Ran.RUN
    assert found.portfolio_impact.weeks == 59
    assert found.portfolio_impact.risk_shares["a"] > 0.5
    json.dumps(found.to_dict(), allow_nan=False)
    with pytest.raises(InputError, match="there are no closed trades to look at"):
        maximum_loss_of_trades([sample("a", [])])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: LossStudy(risk=2.0), "risk is the share of the balance a trade loses at its stop"),
        (lambda: LossStudy(draws=0), "draws must be a whole number from 1 to 10,000"),
        (lambda: LossStudy(seed=-1), "seed must be a whole number from 0"),
        (lambda: LossStudy(scenarios=(SCENARIOS[0],) * 2), "there are two scenarios called 'Extreme Volatility'"),
        (lambda: maximum_loss([]), "there is no strategy to look at"),
        (lambda: maximum_loss([MEMBER, MEMBER]), "there are two strategies called 'one'"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(made: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        made()  # type: ignore[operator]


def test_a_walk_without_any_trade_loses_nothing() -> None:
    found = maximum_loss([Member("silent", Told(), random_walk(200))], LossStudy(scenarios=(), crises=()))
    assert found.level is LossLevel.LOW
    assert [one.level for one in found.risk_recommendations] == [Urgency.LOW]
    assert found.worst_case_scenarios.single_trade is None


def test_money_of_a_window_counts_from_the_equity_at_the_close_before_it() -> None:
    results = [
        run_backtest(one.bars, one.strategy, costs=one.costs, account=Account(10_000)) for one in (MEMBER, OTHER)
    ]
    found = together([MemberRun(str(i), one, 3_000) for i, one in enumerate(results)], 0.02)
    assert found is not None
    path = np.sum([one.equity[2_999:] for one in results], axis=0)
    assert found.money == pytest.approx(path[-1] - path[0], rel=1e-12)
    assert found.return_fraction == pytest.approx(path[-1] / path[0] - 1.0, rel=1e-9)
    assert found.max_drawdown_fraction == pytest.approx(np.max(1 - path / np.maximum.accumulate(path)), rel=1e-9)


def test_a_stop_at_the_worst_price_of_its_bar_pays_the_spread_of_its_side() -> None:
    """Mid prices down to 1.05 and up to 1.15 with 200 pips between: sold at 1.04, bought back at 1.16."""
    bars = daily(*[1.10] * 8)
    high, low = bars.high.copy(), bars.low.copy()
    high[5], low[5] = 1.15, 1.05
    wild = replace(bars, high=high, low=low)
    for side in (1, -1):
        result = run_backtest(wild, Told((2, side, 0.03, math.nan)), costs=Costs(200.0))
        found = losses_of("one", result, 0.02)
        assert result.trades.entry_price[0] == pytest.approx(1.10 + 0.01 * side)
        assert found.worst_at_the_extreme_r == pytest.approx((-0.06 - 0.01) / 0.03)
        assert found.worst_trade is not None
        assert found.worst_trade.at_the_extreme_r == found.worst_at_the_extreme_r


def test_a_crisis_that_one_lacks_and_the_other_cannot_trade_is_not_in_the_data() -> None:
    short = replace(MEMBER, bars=HOURS.slice(0, 100))
    made = Member("made", from_signals(np.zeros(6_000, bool), np.zeros(6_000, bool), stop=0.01), HOURS)
    found = put_on_today([short, made], {"GBP_USD": shock_path(OTHER.bars, CRISIS)}, CRISIS)
    assert [one.status for one in found.strategies] == [Ran.NOT_IN_THE_DATA, Ran.NOT_RUN]
    assert (found.status, found.book) == (Ran.NOT_IN_THE_DATA, None)


def test_no_crisis_in_the_bars_is_more_urgent_than_some() -> None:
    late = Crisis("late", STARTS + timedelta(days=9_000), STARTS + timedelta(days=9_010))
    for crises, missing, level in (((CRISIS, late), 1, Urgency.LOW), ((late,), 1, Urgency.MEDIUM)):
        found = maximum_loss([MEMBER], LossStudy(scenarios=(), crises=crises))
        [said] = [one for one in found.risk_recommendations if one.name == "crises_not_replayed"]
        assert (said.level, said.number) == (level, missing)
