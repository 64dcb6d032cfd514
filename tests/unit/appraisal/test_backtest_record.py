"""The record of a backtest: everything in it against what the result itself says."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from support.backtests import Told, daily, kinds, usual
from support.markets import random_walk
from tradeworthy.appraisal.account_words import costs_used, paid_by
from tradeworthy.appraisal.backtest_record import BacktestRecord
from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.appraisal.backtest_variants import Decided
from tradeworthy.appraisal.equity_curves import MOST_POINTS, curve_of, days_of, months_of, rolling_sharpe_of
from tradeworthy.appraisal.mean_trade import mean_trade_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.trades import Trades
from tradeworthy.controls import FixedFraction, Kelly, Units, VolatilityTarget
from tradeworthy.core.finite import not_finite
from tradeworthy.core.instrument import AssetClass
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decisions
from tradeworthy.strategies.signal_arrays import from_signals
from tradeworthy.validation.measures import sharpe_ratio

KINDS = tuple(kinds())


def record(kind: str) -> BacktestRecord:
    """Of one of the finished backtests."""
    return record_of(kinds()[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_in_a_record_is_missing_without_being_none(kind: str) -> None:
    assert not_finite(record(kind).to_dict(), "record") is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_result_gives_the_same_record(kind: str) -> None:
    assert record(kind) == record(kind)


def test_a_record_names_what_was_run() -> None:
    ran, result = record("account").ran, kinds()["account"]
    assert (ran.strategy, ran.instrument, ran.timeframe) == ("ma_crossover", "EUR_USD", "H1")
    assert (ran.bars, ran.first, ran.last) == (12_500, "1970-01-01T00:00:00Z", "1971-06-05T20:00:00Z")
    assert (ran.data_sha256, ran.run_sha256) == (result.bars.data_hash, result.parameter_hash)
    assert ran.parameters["fast"] == 10


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("account", ["ma_crossover earned", "after costs: spread 0.8 pips", "364 closed trades", "luck alone can"]),
        ("plain", ["ma_crossover lost"]),
        ("unit", ["USD with one unit"]),
        ("free", ["before any cost: none was named"]),
        ("silent", ["never wanted to enter over 60 bars"]),
        ("refused", ["all its 481 entries were refused"]),
        ("last bar", ["wanted to enter once, and no entry could be carried out"]),
        ("one", ["1 closed trade.", "under 20 closed trades"]),
        ("open", ["No trade has closed yet"]),
        ("ruined", ["The account was ruined"]),
    ],
)
def test_the_answer_says_what_happened(kind: str, words: list[str]) -> None:
    answer = " ".join(record(kind).answer)
    for word in words:
        assert word in answer


def test_trades_stand_in_columns_as_they_were() -> None:
    columns, trades = record("account").trades, kinds()["account"].trades
    assert len({len(getattr(columns, name)) for name in columns.__struct_fields__}) == 1
    assert columns.pnl == tuple(trades.pnl.tolist())
    assert columns.side[0] == str(trades[0].side)
    assert columns.reason[-1] == str(trades[-1].reason)


def test_levels_that_were_not_set_are_none() -> None:
    columns = record("free").trades
    assert set(columns.stop) == set(columns.target) == set(columns.r) == {None}


@pytest.mark.parametrize("name", ["reason", "side", "bars_held", "hour", "weekday"])
def test_groups_hold_every_closed_trade_once(name: str) -> None:
    groups, trades = getattr(record("account").groups, name), kinds()["account"].trades
    done = trades.closed
    assert sum(group.trades for group in groups) == done.sum()
    assert sum(group.wins for group in groups) == (trades.pnl[done] > 0).sum()
    assert sum(group.net for group in groups) == pytest.approx(trades.pnl[done].sum())


def test_holding_times_double_from_row_to_row() -> None:
    held = kinds()["account"].trades.bars_held
    by_name = {group.name: group.trades for group in record("account").groups.bars_held}
    assert by_name["8 to 15"] == ((held >= 8) & (held <= 15)).sum()
    assert by_name["1"] == (held == 1).sum()


def test_the_distribution_counts_every_closed_trade() -> None:
    spread, r = record("account").distribution, kinds()["account"].trades.r
    assert spread is not None
    assert sum(spread.counts) == len(r)
    inside = [
        (low, high, count)
        for low, high, count in zip(spread.edges[1:], spread.edges[2:], spread.counts[1:-1], strict=False)
    ]
    for low, high, count in inside[:-1]:
        assert count == ((r >= low) & (r < high)).sum()
    money = record("free").distribution
    assert money is not None
    assert money.unit == "USD"
    assert sum(money.counts) == kinds()["free"].trades.closed.sum()


def test_the_curve_ends_where_the_account_does_and_keeps_its_deepest_fall() -> None:
    result = kinds()["account"]
    curve = curve_of(result)
    assert len(curve.time) <= MOST_POINTS
    assert curve.equity[-1] == pytest.approx(result.equity[-1])
    assert -min(curve.fall) == pytest.approx(result.statistics.max_drawdown_fraction, abs=1e-6)


def test_months_compound_to_the_total_return() -> None:
    result = kinds()["account"]
    months = months_of(days_of(result))
    assert list(months)[:2] == ["1970-01", "1970-02"]
    assert np.prod([1 + value for value in months.values()]) - 1 == pytest.approx(result.statistics.total_return)


def test_the_rolling_sharpe_is_that_of_its_last_year() -> None:
    daily_ = days_of(kinds()["account"])
    assert daily_ is not None
    assert daily_.periods is not None
    rolling = rolling_sharpe_of(daily_)
    n = round(daily_.periods)
    assert rolling.value[-1] == pytest.approx(sharpe_ratio(daily_.returns[-n:], 0.0, daily_.periods), abs=1e-4)
    assert rolling.time[-1] == "1971-06-05"
    assert rolling_sharpe_of(days_of(kinds()["one"])).value == ()


def test_the_interval_of_the_mean_is_that_of_the_normal_where_trades_are_independent() -> None:
    trades = kinds()["plain"].trades
    mean = mean_trade_of(trades, "USD")
    assert mean.interval is not None
    assert mean.mean == pytest.approx(trades.r.mean())
    error = float(trades.r.std(ddof=1)) / np.sqrt(len(trades))
    assert mean.interval.high - mean.interval.low == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert mean.chance == pytest.approx(norm.cdf(trades.r.mean() / error), abs=0.05)


@pytest.mark.parametrize("seed", range(12))
def test_the_chance_is_above_one_half_just_where_the_mean_is_above_zero(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pnl = np.where(rng.random(80) < 0.25, rng.exponential(3.0, 80), -1.0)  # many small losses and a few large gains
    near = pnl - pnl.mean() + (0.02 if seed % 2 else -0.02)
    mean = mean_trade_of(with_results(near), "USD")
    assert mean.interval is not None
    assert mean.chance is not None
    assert mean.mean is not None
    assert (mean.chance > 0.5) == (mean.mean > 0)
    assert mean.chance == pytest.approx(0.5, abs=0.1)
    assert mean.mean - mean.interval.low == pytest.approx(mean.interval.high - mean.mean)


@pytest.mark.parametrize("mean", [-0.9, -0.6, -0.45, -0.3, 0.3, 0.45, 0.6, 0.9])
def test_the_interval_and_the_chance_say_the_same_of_zero(mean: float) -> None:
    pnl = np.random.default_rng(5).exponential(2.0, 80)
    told = mean_trade_of(with_results(pnl - pnl.mean() + mean), "USD")
    assert told.interval is not None
    assert told.chance is not None
    assert (told.interval.low <= 0 <= told.interval.high) == (0.025 <= told.chance <= 0.975)


def with_results(pnl: npt.NDArray[np.float64]) -> Trades:
    """The first trades of a backtest without stops, as if they had earned `pnl`."""
    trades = kinds()["free"].trades
    marks, prices = trades.marks[:, : len(pnl)].copy(), trades.prices[:, : len(pnl)].copy()
    prices[1] = prices[0] + marks[3] * pnl
    return replace(trades, marks=marks, prices=prices)


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (
            (1.09, 1.2),
            "All of that profit comes from the last trade, which is still open (+0.11000 USD at the last close)",
        ),
        ((1.11, 1.13), "More than half of that profit comes from the last trade"),
        ((1.11, 1.09), "All of that loss comes from the last trade"),
        ((1.13, 1.14), None),
        ((1.09, 1.095), None),
    ],
)
def test_the_answer_says_where_an_open_trade_made_most_of_it(closes: tuple[float, float], words: str | None) -> None:
    first, last = closes
    bars, place = daily(*[1.1] * 20, *[first] * 20, *[last] * 20), np.arange(60)
    result = run_backtest(bars, from_signals(np.isin(place, (5, 30)), place == 25))
    said = " ".join(record_of(result).answer)
    if words is None:
        assert "last trade" not in said
    else:
        assert words in said


def test_long_histories_are_drawn_in_pieces_with_the_same_answer() -> None:
    from tradeworthy.appraisal.mean_trade import _pieces

    values = np.random.default_rng(0).normal(size=10_001)
    sums, sizes = _pieces(values)
    assert len(sums) <= 2_500
    assert sizes.sum() == 10_001
    assert sums.sum() == pytest.approx(values.sum())


def test_few_trades_have_no_interval() -> None:
    mean = record("one").mean_trade
    assert mean.mean == pytest.approx(2.0)
    assert mean.interval is None
    assert mean.chance is None
    assert mean.win_rate is not None
    assert record("silent").mean_trade.win_rate is None


def test_what_costs_came_to_explains_the_difference_to_no_costs() -> None:
    bars, told = daily(*[1.1] * 20, *[1.2] * 20), Told((5, 1, 0.05, 0.5))
    account = Account(sizing=Units(1_000))
    free = run_backtest(bars, told, account=account)
    paid = run_backtest(bars, told, costs=Costs(2.0), account=account)
    assert free.trades.closed.sum() == paid.trades.closed.sum() == 0
    assert paid_by(paid).spread == pytest.approx(1_000 * 0.0001)  # half of it: the other half is paid when it is left
    assert free.equity[-1] - paid.equity[-1] == pytest.approx(1_000 * 0.0002)


def test_costs_are_said_in_words_and_add_up() -> None:
    costs, trades = costs_used(kinds()["account"]), kinds()["account"].trades
    assert costs.words[0] == "spread 0.8 pips (0.00008 USD)"
    assert len(costs.words) == 4
    assert costs.paid.commission == pytest.approx(trades.commission.sum())
    assert costs.paid.swap == pytest.approx(-trades.swap.sum())
    whole = (trades.units * 0.8e-4).sum()
    assert costs.paid.spread == pytest.approx(whole)
    assert whole / 8 < costs.paid.slippage < whole / 2


@pytest.mark.parametrize(
    ("pips", "said"), [(1.0, "1 pip (0.0001 USD)"), (0.5, "0.5 pips (0.00005 USD)"), (3, "3 pips (0.0003 USD)")]
)
def test_a_pip_is_said_in_the_price_of_the_instrument(pips: float, said: str) -> None:
    result = run_backtest(daily(*[1.1] * 20), Told(), costs=Costs(pips))
    assert costs_used(result).words == (f"spread {said}",)


def test_what_is_off_is_shown_as_off_and_what_cannot_apply_as_not_applicable() -> None:
    used = record("account").account
    assert used is not None
    assert used.calibration["streak"] == "on"
    assert used.calibration["no_new_trades"] == "off"
    assert used.filters["bias"] == "not applicable: no such input"
    plain = record("plain").account
    assert plain is not None
    assert set(plain.calibration.values()) == set(plain.filters.values()) == {"off"}


@pytest.mark.parametrize(
    ("sizing", "words"),
    [
        (Units(500), "500 units"),
        (FixedFraction(0.01), "1% of the balance"),
        (VolatilityTarget(0.1), "10% a year"),
        (Kelly(), "0.5 times the Kelly share"),
    ],
)
def test_every_sizing_is_said_in_words(sizing: Units | FixedFraction | VolatilityTarget | Kelly, words: str) -> None:
    result = run_backtest(daily(*[1.1] * 30), Told(), account=Account(sizing=sizing))
    used = record_of(result).account
    assert used is not None
    assert words in used.sizing


def test_variants_show_the_account_with_and_without_what_holds_it_back() -> None:
    it = record("account")
    assert [variant.name for variant in it.variants] == ["neither", "filters", "calibration", "both"]
    assert it.variants[-1].statistics == it.statistics
    assert it.variants[0].statistics == record("plain").statistics
    assert it.variants[-1].refused == sum(it.refused.values())
    assert record("plain").variants == ()


def test_bounds_are_run_when_they_are_asked_for() -> None:
    result = run_backtest(kinds()["plain"].bars, Decided("x", {}, kinds()["plain"].decisions), FillRules(both="target"))
    stop, target = record_of(result, bounds=True).bounds
    assert (stop.name, target.name) == ("stop first", "target first")
    assert target.statistics == result.statistics
    assert record_of(result).bounds == ()


def test_decisions_that_were_made_can_be_fed_bar_by_bar() -> None:
    made = kinds()["account"].decisions
    stream = Decided("x", {}, made).stream()
    fed = [stream.update(1.0, 1.0, 1.0).enter for _ in range(200)]
    assert fed == made.columns(12_500)[0][:200].tolist()


@pytest.mark.parametrize("asset_class", [AssetClass.INDEX, AssetClass.EQUITY])
def test_gaps_that_could_not_be_looked_for_are_told(asset_class: AssetClass) -> None:
    bars = random_walk(300, symbol="SPX")
    bars = replace(bars, instrument=replace(bars.instrument, asset_class=asset_class))
    said = [one for one in record_of(run_backtest(bars, MaCrossover(5, 15))).assumptions if "gaps in its bars" in one]
    assert len(said) == 1
    assert "SPX" in said[0]
    assert "gaps" not in " ".join(record("unit").assumptions)


def test_assumptions_name_what_no_number_says() -> None:
    unit, plain = " ".join(record("unit").assumptions), " ".join(record("plain").assumptions)
    assert "one unit is traded without an account" in unit
    assert "commission, slippage and swap were not named" in unit
    assert "not named" not in plain
    assert "no spread was named" in " ".join(record("free").assumptions)
    assert "still open" in " ".join(record("open").assumptions)
    assert record_of(kinds()["unit"], notes=["mine"]).assumptions[0] == "mine"


def test_parameters_that_json_cannot_hold_are_written_as_words() -> None:
    odd = Told()
    odd.parameters = {"a": float("nan"), "b": (1, 2)}  # type: ignore[dict-item]
    result = replace(kinds()["silent"], parameters=odd.parameters)
    assert record_of(result).ran.parameters == {"a": "nan", "b": "(1, 2)"}


def test_a_name_out_of_a_file_stays_a_name() -> None:
    assert record_of(usual("<b>x")).ran.strategy == "<b>x"


def bars_of(decided: Decided, bars: Bars) -> Decisions:
    """What it decides over bars."""
    return decided.decisions(bars)


def test_a_strategy_that_has_decided_decides_the_same_again() -> None:
    result = kinds()["account"]
    assert bars_of(Decided("x", {}, result.decisions), result.bars) is result.decisions
