"""What dealing costs in each bar, against plain versions that work it out slowly from how a person states it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from support.markets import random_walk
from support.plain_conditions import nights, offsets, rates_from_bars, rates_of_base, slippages, spreads
from support.plain_setup import Candles
from tradeworthy.backtest.account import Account, OptionInputs
from tradeworthy.backtest.books import Books
from tradeworthy.backtest.chances import asked, day_starts
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.conversion import rate_column
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.dealing import Dealing
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.spreads import Blowout, Spread
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.sizing import Units, VolatilityTarget
from tradeworthy.core.bar import NEW_YORK_CLOSE, PriceSide, Timeframe
from tradeworthy.core.clock import HOUR_NS, from_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.signal_arrays import from_signals

NEW_YORK = ZoneInfo("America/New_York")


def hourly(first: datetime, n: int, symbol: str = "EUR_USD") -> Bars:
    """A random walk that begins at that hour."""
    bars = random_walk(n, symbol=symbol)
    moved = from_datetime(first) - int(bars.open_time[0])
    return replace(bars, open_time=bars.open_time + moved, close_time=bars.close_time + moved)


def candles(bars: Bars) -> Candles:
    """The same as plain lists."""
    return Candles(
        bars.open.tolist(), bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), bars.open_time.tolist(),
        bars.close_time.tolist(),
    )  # fmt: skip


@pytest.mark.parametrize("side", list(PriceSide))
def test_spread_by_hour_and_blow_outs_through_a_change_of_clocks(side: PriceSide) -> None:
    bars = replace(hourly(datetime(2024, 3, 8, tzinfo=UTC), 24 * 5), price_side=side)
    start = datetime(2024, 3, 10, 20, 30, tzinfo=UTC)
    spread = Spread(
        0.8, by_hour={17: 4.0, 18: 2.5},
        blowouts=[Blowout(start, start + timedelta(hours=3), 5.0), Blowout(start, start + timedelta(hours=1), 2.0)],
    )  # fmt: skip
    windows = [
        (from_datetime(start), from_datetime(start + timedelta(hours=length)), factor)
        for length, factor in ((3, 5.0), (1, 2.0))
    ]
    plain = spreads(bars.open_time.tolist(), 0.00008, {17: 0.0004, 18: 0.00025}, NEW_YORK, windows)
    assert max(plain) == pytest.approx(0.004)
    np.testing.assert_allclose(spread.column(bars), plain, rtol=1e-12)
    ask, bid = offsets(side.value, plain)
    dealing = Dealing.of(bars, spread)
    np.testing.assert_allclose(dealing.ask[4], ask, rtol=1e-12, atol=1e-18)
    np.testing.assert_allclose(dealing.bid[4], bid, rtol=1e-12, atol=1e-18)


def test_a_blow_out_holds_bars_that_open_in_it_its_start_included_and_its_end_not() -> None:
    bars = hourly(datetime(2024, 3, 8, tzinfo=UTC), 4)
    window = Blowout(datetime(2024, 3, 8, 1, tzinfo=UTC), datetime(2024, 3, 8, 3, tzinfo=UTC), 3.0)
    np.testing.assert_allclose(Spread(1.0, blowouts=[window]).column(bars) / 0.0001, [1, 3, 3, 1])


def test_with_quotes_buys_are_at_the_ask_bars_and_sells_at_the_bid_bars() -> None:
    mid = random_walk(1_500)
    wide = np.linspace(0.0001, 0.0004, len(mid))
    bid, ask = (
        replace(
            mid, open=mid.open + half, high=mid.high + half, low=mid.low + half, close=mid.close + half, price_side=side
        )
        for half, side in ((-wide / 2, PriceSide.BID), (wide / 2, PriceSide.ASK))
    )
    strategy = MaCrossover(5, 20, stop_atr=2, target_atr=3)
    quoted = run_backtest(mid, strategy, costs=Costs(Spread(quotes=(bid, ask))))
    assert len(quoted.trades) > 30
    for trade in quoted.trades:
        bought, sold = (ask, bid) if trade.side.sign > 0 else (bid, ask)
        assert trade.entry_price == bought.open[trade.entry_index]
        if trade.reason == "signal":
            assert trade.exit_price == sold.open[trade.exit_index]
        if trade.reason == "stop" and trade.exit_price == trade.stop:
            assert sold.low[trade.exit_index] <= trade.stop <= sold.high[trade.exit_index]


def test_slippage_is_pips_and_a_share_of_the_range_known_before_the_bar() -> None:
    bars = random_walk(60)
    ranges: list[float | None] = [None] * len(bars)
    true = [bars.high[0] - bars.low[0]] + [
        max(bars.high[i], bars.close[i - 1]) - min(bars.low[i], bars.close[i - 1]) for i in range(1, len(bars))
    ]
    for i in range(13, len(bars)):
        last = ranges[i - 1]
        ranges[i] = float(np.mean(true[:14])) if last is None else (last * 13 + true[i]) / 14
    plain = slippages(0.00002, 0.1, ranges)
    np.testing.assert_allclose(Slippage(0.2, 0.1).column(bars), plain, rtol=1e-9)
    np.testing.assert_allclose(Slippage(0.2).column(bars), np.full(60, 0.00002), rtol=1e-12)


@pytest.mark.parametrize("triple", ["Wednesday", "Thursday", None])
def test_nights_are_those_of_new_york_through_a_change_of_clocks(triple: str | None) -> None:
    bars = hourly(datetime(2024, 3, 1, 5, tzinfo=UTC), 24 * 20)
    books = Books.of(bars, Costs(swap=Swap(1.0, triple_weekday=triple)), None)
    weekday = None if triple is None else {"Wednesday": 2, "Thursday": 3}[triple]
    plain = nights(date(2024, 2, 28), date(2024, 3, 24), weekday)
    for at in range(0, len(bars), 7):
        moment = int(bars.open_time[at])
        ours = books.nights[np.searchsorted(books.night, moment, side="right")]
        first = books.nights[np.searchsorted(books.night, int(bars.open_time[0]), side="right")]
        assert ours - first == sum(weight for when, weight in plain if bars.open_time[0] < when <= moment)


def test_rates_are_the_last_close_known_at_the_open_either_way_round() -> None:
    bars = hourly(datetime(2024, 3, 1, 5, tzinfo=UTC), 200, "USD_JPY")
    rates = hourly(datetime(2024, 3, 2, 5, tzinfo=UTC), 90, "EUR_JPY")
    plain = rates_from_bars(bars.open_time.tolist(), candles(rates), inverted=True)
    assert np.isnan(plain[0])
    np.testing.assert_array_equal(rate_column(bars, "EUR", rates), plain)
    other = replace(rates, instrument=instrument_named("JPY_EUR"))
    np.testing.assert_array_equal(
        rate_column(bars, "EUR", other), rates_from_bars(bars.open_time.tolist(), candles(rates), inverted=False)
    )
    np.testing.assert_allclose(rate_column(bars, "USD", None), rates_of_base(candles(bars)), rtol=1e-15)
    assert set(rate_column(bars, "JPY", None).tolist()) == {1.0}
    assert set(rate_column(bars, "EUR", 0.0061).tolist()) == {0.0061}


def test_a_currency_without_a_rate_is_an_error_that_says_what_to_bring() -> None:
    with pytest.raises(
        InputError, match=r'EUR_USD H1 is paid in USD and the account is in CHF: .*read_bars\("ecb:CHF_USD"\)'
    ):
        run_backtest(random_walk(300), MaCrossover(5, 20, stop_atr=2), account=Account(currency="CHF"))
    rates = random_walk(300, symbol="GBP_JPY")
    with pytest.raises(InputError, match="rates are bars of GBP_JPY, which does not tell USD in CHF"):
        run_backtest(random_walk(300), MaCrossover(5, 20, stop_atr=2), account=Account(currency="CHF", rates=rates))


def test_entries_before_the_first_known_rate_are_refused_and_counted() -> None:
    bars, rates = random_walk(600), random_walk(600, symbol="USD_CHF").slice(300, 600)
    result = run_backtest(bars, MaCrossover(5, 20, stop_atr=2), account=Account(currency="CHF", rates=rates))
    assert result.trades[0].entry_index > 300
    assert {reason.name: count for reason, count in result.refused.items()}["NO_RATE"] > 5


def test_a_trading_day_begins_where_the_market_cuts_it() -> None:
    bars = hourly(datetime(2024, 3, 8, tzinfo=UTC), 24 * 4)
    starts = day_starts(bars, NEW_YORK_CLOSE)
    assert [datetime.fromtimestamp(at / 1e9, UTC).strftime("%d %H") for at in starts.tolist()] == [
        "07 22", "08 22", "09 22", "10 21", "11 21",
    ]  # fmt: skip


def test_a_volatility_target_sizes_by_the_deviation_of_the_last_changes() -> None:
    bars = random_walk(3_000)
    result = run_backtest(
        bars, MaCrossover(20, 60, stop_atr=3), account=Account(1e6, sizing=VolatilityTarget(0.1, 100))
    )
    trade = result.trades[3]
    last = np.log(bars.close[trade.signal_index - 100 : trade.signal_index + 1])
    years = (bars.close_time[trade.signal_index] - bars.close_time[0]) / (365.25 * 86_400e9)
    volatility = np.diff(last).std(ddof=1) * (trade.signal_index / years) ** 0.5
    balance = 1e6 + result.trades.pnl[:3].sum()
    assert trade.units == np.floor(balance * 0.1 / (volatility * bars.close[trade.signal_index]))


def test_calibration_without_sessions_or_known_volatility_is_not_applicable_and_changes_nothing() -> None:
    bars, account = random_walk(400), Account(calibration=Calibration())
    decisions = MaCrossover(5, 20).decisions(bars)
    (filtered, minute, level, _), _ = asked(bars, decisions, FillRules(), Books.of(bars, Costs(), account), account)
    assert set(minute.tolist()) == {-1}
    assert level[0] == 0
    assert not filtered.any()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Spread(-1.0), "spread: pips must be zero or more"),
        (lambda: Spread(by_hour={24: 1.0}), "by_hour names hour 24"),
        (lambda: Spread(zone="Mars/Olympus"), "is not a time zone"),
        (lambda: Blowout(datetime(2024, 1, 1), datetime(2024, 1, 2, tzinfo=UTC), 2.0), "names no time zone"),  # noqa: DTZ001
        (lambda: Blowout(datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), 2.0), "ends before"),
        (lambda: Spread(1.0, quotes=(random_walk(3), random_walk(3))), "nothing to assume"),
        (lambda: Spread(quotes=(random_walk(3), random_walk(3))), r"\(bid bars, ask bars\), not \(mid bars, mid bars\)"),
        (lambda: Slippage(float("nan")), "slippage: pips must be a finite number"),
        (lambda: Slippage(atr_period=0), "atr_period must be a whole number of bars"),
        (lambda: Commission(per_lot=-1), "commission: per_lot must be zero or more"),
        (lambda: Commission(lot_units=0), "lot_units must be above zero"),
        (lambda: Swap(triple_weekday="Saturday"), "triple_weekday must be one of Monday"),
        (lambda: Swap(long_pips=float("inf")), "swap: long_pips must be a finite number"),
        (lambda: Costs(commission=3.5),  # type: ignore[arg-type]
            "commission must be a Commission or None"),
        (lambda: Account(0), "account: balance must be above zero"),
        (lambda: Account(leverage=-1), "account: leverage must be above zero"),
        (lambda: Account(sizing=0.01),  # type: ignore[arg-type]
            "sizing must be Units, FixedFraction"),
        (lambda: Account(calibration=True),  # type: ignore[arg-type]
            r"calibration must be Calibration\(\) or None"),
        (lambda: Account(session_zone="India"), "is not a time zone"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_a_sentence(make: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()  # type: ignore[operator]


def test_quotes_of_other_times_than_the_bars_are_refused() -> None:
    bars = random_walk(300)
    bid, ask = (replace(bars.slice(0, 200), price_side=side) for side in (PriceSide.BID, PriceSide.ASK))
    with pytest.raises(InputError, match="other times than the bars that are traded"):
        run_backtest(bars, MaCrossover(5, 20), costs=Costs(Spread(quotes=(bid, ask))))


def test_option_inputs_have_one_value_for_each_bar() -> None:
    account = Account(sizing=Units(1), inputs=OptionInputs(iv=np.zeros(3)))
    with pytest.raises(InputError, match=r"iv has shape \(3,\) and there are 300 bars"):
        run_backtest(random_walk(300), MaCrossover(5, 20), account=account)


def test_finer_bars_decide_what_came_first_within_a_bar() -> None:
    hours = random_walk(24 * 400, 3)
    days = Bars(
        hours.instrument, Timeframe.D, hours.open_time[::24], hours.open_time[::24] + 24 * HOUR_NS, hours.open[::24],
        hours.high.reshape(-1, 24).max(axis=1), hours.low.reshape(-1, 24).min(axis=1), hours.close[23::24],
    )  # fmt: skip
    strategy = MaCrossover(2, 4, 5, stop_atr=0.3, target_atr=0.3)
    first, last = (run_backtest(days, strategy, FillRules(both=both)) for both in ("stop", "target"))
    known = run_backtest(days, strategy, finer=hours)
    assert first.ambiguous_share is not None
    assert first.ambiguous_share > 0.2
    assert known.ambiguous_share is not None
    assert known.ambiguous_share < first.ambiguous_share / 3
    assert first.equity[-1] < known.equity[-1] < last.equity[-1]
    with pytest.raises(InputError, match="H1 bars are no finer than H1 bars"):
        run_backtest(hours, strategy, finer=hours)
    with pytest.raises(InputError, match="mid prices of GBP_USD"):
        run_backtest(days, strategy, finer=replace(hours, instrument=instrument_named("GBP_USD")))


def test_finer_bars_are_refused_beside_quotes_which_have_two_sides() -> None:
    bars = random_walk(300)
    bid, ask = (replace(bars, price_side=side) for side in (PriceSide.BID, PriceSide.ASK))
    finer = replace(bars, timeframe=Timeframe.M5)
    with pytest.raises(InputError, match="leave finer= or the quotes out"):
        run_backtest(bars, MaCrossover(5, 20), costs=Costs(Spread(quotes=(bid, ask))), finer=finer)


def test_hashes_tell_apart_what_counts_differently() -> None:
    bars = random_walk(300)
    coarse = replace(bars, instrument=replace(bars.instrument, pip=bars.instrument.pip * 100))
    voiced = replace(bars, volume=np.ones(300))
    assert len({one.data_hash for one in (bars, coarse, voiced)}) == 3
    late, later = (np.where(np.arange(300) < first, np.nan, 0.9) for first in (100, 200))
    results = [
        run_backtest(bars, MaCrossover(5, 20), account=Account(inputs=OptionInputs(bias_strength=column)))
        for column in (late, later)
    ]
    assert results[0].parameter_hash != results[1].parameter_hash


def test_the_last_finer_bar_of_a_bar_is_looked_into_as_well() -> None:
    one = random_walk(1).instrument
    opened = np.arange(4, dtype=np.int64) * 2 * HOUR_NS
    coarse = Bars(
        one, Timeframe.H2, opened, opened + 2 * HOUR_NS, np.array([100.0] * 4), np.array([101.0, 101, 104, 101]),
        np.array([99.0, 99, 96, 99]), np.array([100.0] * 4),
    )  # fmt: skip
    hours = np.arange(8, dtype=np.int64) * HOUR_NS
    high, low = np.full(8, 101.0), np.full(8, 99.0)
    high[5] = 104.0
    finer = Bars(one, Timeframe.H1, hours, hours + HOUR_NS, np.full(8, 100.0), high, low, np.full(8, 100.0))
    entries = np.array([True, False, False, False])
    strategy = from_signals(entries, stop=3.0, target=3.0)
    assert run_backtest(coarse, strategy).trades[0].reason == "stop"
    looked = run_backtest(coarse, strategy, finer=finer).trades[0]
    assert (looked.reason, looked.ambiguous, looked.exit_price) == ("target", False, 103.0)


def test_a_percentage_of_swap_is_of_a_year_of_365_nights() -> None:
    charges = Books.of(random_walk(10), Costs(swap=Swap(long_percent=-3.65, short_percent=7.3)), None).charges
    assert charges[5:7] == pytest.approx((-0.0001, 0.0002), rel=1e-12)
