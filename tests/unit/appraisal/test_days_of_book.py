"""Days of a book: shares of equity that add up, side by side only where all could trade."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support.backtests import Told, daily
from tradeworthy.appraisal.days_of_book import BookDays, _labels, book_days, least_days, trade_days, undated_trades
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.controls.sizing import FixedFraction, Units
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.validation.samples import TradeSample
from tradeworthy.wiring.sources import read_bars

ACCOUNT = Account(10_000.0, sizing=FixedFraction(0.02))
CLOSES = (1.10, 1.10, 1.105, 1.12, 1.12, 1.12)


def run(bars: Bars, *entries: tuple[int, int, float, float], account: Account = ACCOUNT) -> Result:
    return run_backtest(bars, Told(*entries), account=account)


def test_days_are_changes_of_equity_over_the_equity_before() -> None:
    """Bought at 1.10 with a stop of 100 pips and 2% at stake: 20,000 units. 50 pips are 1%; then 150 more."""
    result = run(daily(*CLOSES, gapping=True), (0, 1, 0.01, np.nan))
    days = book_days({"one": result})
    np.testing.assert_allclose(days.book, [0, 0, 0.01, 300 / 10_100, 0, 0], atol=1e-12)
    assert np.prod(1 + days.book) * 10_000 == pytest.approx(result.equity[-1])
    assert (days.names, days.trades) == (("one",), 0), "the trade is still open"


def test_strategies_stand_side_by_side_only_where_all_could_trade() -> None:
    bars = daily(*np.linspace(1.1, 1.2, 30), gapping=True)
    early, late = bars.until(int(bars.close_time[19])), bars
    results = {"early": run(early, (3, 1, 0.01, np.nan)), "late": run(late, (3, -1, 0.5, np.nan))}
    days = book_days(results, {"early": 2, "late": 7})
    assert days.shares.shape == (13, 2), "from the eighth day to the twentieth"
    assert (days.shares[:, 0] > 0).all()
    np.testing.assert_allclose(days.book, days.shares.sum(axis=1))
    alone = book_days({"late": results["late"]})
    np.testing.assert_array_equal(days.shares[:, 1], alone.shares[7:20, 0])


def test_books_that_share_no_day_are_refused() -> None:
    bars = daily(*np.linspace(1.1, 1.2, 30))
    first = run(bars.until(int(bars.close_time[9])))
    with pytest.raises(InputError, match="no day on which both first and second could trade"):
        book_days({"second": run(bars), "first": first}, {"second": 20})
    with pytest.raises(InputError, match="the account of gone was ruined on 2019-04-16, before second could trade"):
        book_days({"second": run(bars), "gone": ruined(1.1, 1.1, 0.9, 0.8)}, {"second": 20})


@pytest.mark.parametrize(
    ("opened", "hours"),
    [
        ("2024-07-09T22:00", 24), ("2024-07-09T21:00", 24), ("2024-07-09T20:00", 24), ("2024-07-10T00:00", 24),
        ("2024-07-09T22:00", 4), ("2024-07-10T16:00", 4), ("2024-07-10T21:00", 0),
    ],
)  # fmt: skip
def test_a_bar_counts_on_the_day_that_holds_its_middle(opened: str, hours: int) -> None:
    """The day of 10 July begins at 17:00 New York, 21:00 UTC in summer: bars cut an hour off it, or at midnight, are its own."""
    start = np.array([np.datetime64(opened).astype("datetime64[ns]").astype(np.int64)])
    frame, one = Timeframe.D if hours in {0, 24} else Timeframe.H4, np.array([1.1])
    bars = Bars(instrument_named("EUR_USD"), frame, start, start + hours * HOUR_NS, one, one, one, one)
    assert np.datetime64(int(book_days({"one": run(bars)}).date[0]), "D") == np.datetime64("2024-07-10")


@pytest.mark.parametrize("symbol", ["EUR_USD", "USD_JPY"])
def test_days_and_four_hours_of_one_market_fall_on_the_same_days(shared: Path, symbol: str) -> None:
    """The vendor's days close at 17:00 New York, and a quarter of them an hour or two later."""
    returns = {}
    for frame in ("D", "H4"):
        bars = read_bars(shared / "data" / "fx" / f"{symbol}_{frame}.parquet")
        days = run(bars)
        label = _labels(days)
        ends = np.append(np.flatnonzero(np.diff(label)), len(label) - 1)
        returns[frame] = (label[ends][1:], np.diff(np.log(bars.close[ends])))
    shared_days, here, there = np.intersect1d(returns["D"][0], returns["H4"][0], return_indices=True)
    assert len(shared_days) > 0.99 * len(returns["D"][0])
    assert np.corrcoef(returns["D"][1][here], returns["H4"][1][there])[0, 1] > 0.999


def test_the_rates_of_a_central_bank_keep_their_dates() -> None:
    """A fixing is a price of the moment at which its day ends."""
    bars = read_bars("ecb:EUR_USD")
    dates = book_days({"one": run(bars)}).date
    np.testing.assert_array_equal(dates, bars.close_time // DAY_NS)


HUGE = replace(ACCOUNT, sizing=Units(100_000.0), leverage=1_000.0)


def ruined(*closes: float, until: int | None = None) -> Result:
    """Bought ten times the balance at the second close, and held whatever comes."""
    bars = daily(*closes, gapping=True)
    return run(bars if until is None else bars.until(int(bars.close_time[until])), (0, 1, np.nan, np.nan), account=HUGE)


def test_ruin_loses_all_and_is_the_last_day() -> None:
    """Though the open position would have been worth something again later."""
    days = book_days({"one": ruined(1.1, 1.1, 0.9, 0.8, 1.2, 1.3)})
    np.testing.assert_array_equal(days.book, [0, 0, -1])
    assert days.ends_in_ruin
    assert days.notes == ("the account of one was ruined on 2019-04-16, and the record ends with that day",)
    assert days.ruined == {"one": days.notes[0]}
    assert least_days(days, 2) is days, "a ruin is something to draw from, though no trade was closed"
    with pytest.raises(
        NotEnoughData, match=r"there are 3 days to draw from, and at least 4 are needed; the account of one"
    ):
        least_days(days, 4)


def test_a_ruin_inside_a_day_is_one_whatever_the_day_ends_at() -> None:
    close = np.array([1.1, 1.1, 0.9, 1.1, 1.1])
    opened = 18_000 * DAY_NS + np.arange(5) * 4 * HOUR_NS
    hours = Bars(
        instrument_named("EUR_USD"), Timeframe.H4, opened, opened + 4 * HOUR_NS, close, close, close, close
    )  # fmt: skip
    days = book_days({"one": run(hours, (0, 1, np.nan, np.nan), account=HUGE)})
    np.testing.assert_array_equal(days.book, [-1])


def test_the_first_ruin_of_a_book_ends_it_and_later_ones_are_told() -> None:
    others = run(daily(*np.linspace(1.1, 1.2, 6), gapping=True), (0, 1, 0.01, np.nan))
    late, soon = ruined(1.1, 1.1, 1.1, 1.1, 0.9, 0.9), ruined(1.1, 1.1, 1.1, 0.9, 1.1, 1.1)
    days = book_days({"late": late, "others": others, "soon": soon})
    assert days.shares.shape == (4, 3)
    np.testing.assert_array_equal(days.shares[-1, [0, 2]], [0, -1])
    assert list(days.ruined) == ["soon", "late"]
    assert days.notes[1] == "the account of late was ruined on 2019-04-18, after the last day of the record"
    ended = run(daily(1.1, 1.1, gapping=True))
    after = book_days({"soon": soon, "ended": ended})
    assert (len(after.date), after.ends_in_ruin, len(after.ruined)) == (2, False, 1)


def test_trades_are_those_of_the_record() -> None:
    """Closed on the days that are drawn from, and on no others."""
    bars = daily(*np.linspace(1.1, 1.2, 30), gapping=True)
    result = run(bars, (3, 1, 0.01, 0.001), (8, 1, 0.01, 0.001), (20, 1, 0.01, 0.001))
    assert book_days({"one": result}).trades == 3
    assert book_days({"one": result}, {"one": 7}).trades == 2
    assert book_days({"one": result, "short": run(bars.until(int(bars.close_time[14])))}, {"one": 7}).trades == 1


def test_a_trade_closed_on_the_first_or_the_last_day_of_the_record_is_one_of_it() -> None:
    result = run(daily(*[1.1] * 3, *[1.0] * 5, gapping=True), (0, 1, 0.01, np.nan))
    closed = int(result.trades.exit_index[0])
    first = book_days({"one": result}, {"one": closed})
    assert (first.trades, int(first.date[0])) == (1, int(book_days({"one": result}).date[closed]))
    assert book_days({"one": result}, {"one": closed + 1}).trades == 0
    ends = run(daily(*[1.1] * 3, *[1.0] * 5, gapping=True).until(int(result.bars.close_time[closed])))
    assert book_days({"one": result, "ends": ends}).trades == 1


def test_a_result_without_an_account_or_none_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="one: a share of equity needs an account"):
        book_days({"one": run_backtest(daily(*CLOSES), Told())})
    with pytest.raises(InputError, match="there is no result"):
        book_days({})


def sample(name: str, days: list[int], r: list[float]) -> TradeSample:
    times = np.array(days, np.int64) * DAY_NS + DAY_NS // 2
    return TradeSample(name, times, np.array(r), int(times[0]) - 1, int(times[-1]))


def test_trades_count_on_the_day_they_closed_and_weekends_are_no_days() -> None:
    """Day 4 of 1970 was a Monday; day 9 the Saturday after."""
    days = trade_days([sample("a", [4, 6, 6, 13], [1, 2, -1, 1]), sample("b", [9], [-2])], 0.01)
    assert days.date.tolist() == [4, 5, 6, 7, 8, 9, 11, 12, 13]
    np.testing.assert_allclose(days.shares[:, 0], [0.01, 0, 0.01, 0, 0, 0, 0, 0, 0.01])
    np.testing.assert_allclose(days.book, [0.01, 0, 0.01, 0, 0, -0.02, 0, 0, 0.01])
    assert days.trades == 5


def test_a_history_begins_when_its_last_strategy_did() -> None:
    """One rule twice, one of them for nine years and the other for the last year: each carries half of what is drawn."""
    rng = np.random.default_rng(0)
    long, late = np.arange(4, 3_004, 3), np.arange(2_500, 3_004, 3)
    outcomes = rng.choice([-1.0, 1.4], len(long))
    days = trade_days(
        [sample("a", long.tolist(), outcomes.tolist()), sample("b", late.tolist(), rng.choice([-1.0, 1.4], len(late)).tolist())],
        0.01,
    )  # fmt: skip
    assert days.date[0] == 2_500
    inside = long >= 2_500
    assert days.trades == int(inside.sum()) + len(late)
    assert days.shares[:, 0].sum() == pytest.approx(0.01 * outcomes[inside].sum())
    spread = days.shares.var(axis=0)
    assert spread[0] / spread.sum() == pytest.approx(0.5, abs=0.03)
    assert days.notes == (
        "the record begins on 1976-11-05, with the first trade of b: 832 trades from 1970-01-05 on, before it, are left out",
    )


def test_a_history_too_short_without_its_first_years_keeps_them_and_says_so() -> None:
    usual = sample("a", list(range(4, 404, 4)), [1.0, -1.0] * 50)
    late, last = sample("b", [300, 360], [1.0, -1.0]), sample("c", [350, 399], [1.0, -1.0])
    days = trade_days([last, usual, late], 0.01)
    assert (days.date[0], days.trades) == (4, 104)
    (said,) = days.notes
    assert said == (
        "the record is without b before 1970-10-28 and without c before 1970-12-17, and so shows too little of the risk: "
        "from 1970-12-17 on it has 16 trades on 41 days, and a score takes 30 on 120"
    )
    assert trade_days([usual], 0.01).notes == ()


@pytest.mark.parametrize(("trades", "days", "kept"), [(30, 120, True), (29, 120, False), (30, 119, False)])
def test_what_remains_has_to_be_enough_for_a_score(trades: int, days: int, kept: bool) -> None:
    """Trades of the late one on so many weekdays in a row, the last on the last; the early one closed once, before."""
    weekdays = [day for day in range(400, 700) if (day - 2) % 7 >= 2][:days]
    late = sample("b", [*weekdays[: trades - 1], weekdays[-1]], [-1.0] * trades)
    found = trade_days([sample("a", [300], [1.0]), late], 0.01)
    assert bool(found.date[0] == weekdays[0]) is kept
    assert (found.trades == trades) is kept


def test_trades_without_a_date_are_a_day_each() -> None:
    days = undated_trades([1.0, -1.0, 0.5], 0.02)
    np.testing.assert_allclose(days.book, [0.02, -0.02, 0.01])
    assert days.periods is not None


@pytest.mark.parametrize("trades", [[], [1.0, float("nan")]])
def test_no_trade_and_a_trade_without_r_are_refused(trades: list[float]) -> None:
    with pytest.raises(InputError, match=r"no closed trade|trade 1 has no R"):
        undated_trades(trades, 0.01)
    with pytest.raises(NotEnoughData, match="no closed trade"):
        trade_days([], 0.01)


def test_a_book_that_never_traded_has_nothing_to_draw_from() -> None:
    nothing = BookDays(("one",), np.arange(9), np.zeros((9, 1)), 0)
    with pytest.raises(NotEnoughData, match="no trade was closed"):
        least_days(nothing, 2)
    with pytest.raises(NotEnoughData, match="there is 1 day to draw from"):
        least_days(BookDays(("one",), np.arange(1), np.zeros((1, 1)), 1), 2)
    assert BookDays(("one",), np.arange(1), np.zeros((1, 1)), 1).periods is None


def test_a_late_beginning_and_an_early_end_are_said_with_whose_they_are_and_what_they_cost_the_others() -> None:
    bars = daily(*np.linspace(1.1, 1.2, 100), gapping=True)
    results = {"early": run(bars.until(int(bars.close_time[79]))), "twin": run(bars.until(int(bars.close_time[79])))}
    days = book_days(results | {"late": run(bars)}, {"early": 5, "twin": 5, "late": 30})
    end, begin = days.notes
    first, last = (np.datetime64(int(days.date[place]), "D") for place in (0, -1))
    assert end.startswith(f"the record ends on {last} with the bars of early and twin, and 20 later")
    assert begin.startswith(f"the record begins on {first}, when late could first trade")
    assert "25 earlier days of others" in begin


def test_a_few_days_more_or_less_are_no_cut() -> None:
    bars = daily(*np.linspace(1.1, 1.2, 100), gapping=True)
    results = {"early": run(bars.until(int(bars.close_time[96]))), "late": run(bars)}
    assert book_days(results, {"early": 3, "late": 6}).notes == ()
