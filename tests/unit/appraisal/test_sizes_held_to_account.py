"""What sizing rules miss: stops that cost more than was meant, and what is open at once, by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from support.backtests import Told, daily
from tradeworthy.appraisal.open_exposure import book_exposure
from tradeworthy.appraisal.stop_costs import stop_losses, stops_of_book
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.controls.sizing import FixedFraction, Units
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars

ACCOUNT = Account(10_000.0, sizing=FixedFraction(0.02))


def run(bars: Bars, *entries: tuple[int, int, float, float], account: Account = ACCOUNT) -> Result:
    return run_backtest(bars, Told(*entries), account=account)


def test_a_gap_through_a_stop_costs_what_it_costs() -> None:
    """Bought at 1.10, stop at 1.09: once opened at 1.07 (3 R), once reached from above (1 R)."""
    gapped = daily(1.10, 1.10, 1.07, 1.10, 1.10, gapping=True)
    found = stop_losses(run(gapped, (0, 1, 0.01, np.nan)))
    assert (found.stops, found.through_gap, found.beyond) == (1, 1, 1.0)
    assert found.mean_r == pytest.approx(3.0)
    assert found.extra_r == pytest.approx(2.0)
    assert found.worst_at == "2019-04-16T00:00:00Z"
    smooth = daily(1.10, 1.10, 1.085, 1.10)
    found = stop_losses(run(smooth, (0, 1, 0.01, np.nan)))
    assert (found.stops, found.through_gap, found.beyond) == (1, 0, 0.0)
    assert found.worst_r == pytest.approx(1.0)
    assert found.extra_r == pytest.approx(0.0, abs=1e-9)


def test_a_short_that_opens_above_its_stop_is_a_gap_too() -> None:
    found = stops_of_book({"short": run(daily(1.10, 1.10, 1.125, 1.10, gapping=True), (0, -1, 0.01, np.nan))})["short"]
    assert (found.through_gap, found.stops) == (1, 1)
    assert found.mean_r == pytest.approx(2.5)


def test_no_stop_hit_is_none_and_trades_without_a_stop_are_counted() -> None:
    units = replace(ACCOUNT, sizing=Units(1_000.0))
    told = Told((0, 1, np.nan, np.nan), (2, -1, np.nan, np.nan))
    result = run_backtest(daily(1.10, 1.10, 1.0, 1.0, 1.0, gapping=True), told, account=units)
    found = stop_losses(result)
    assert (found.stops, found.mean_r, found.worst_at, found.beyond) == (0, None, None, None)
    closed = int(result.trades.closed.sum())
    assert found.without_stop == closed
    json.dumps(found.to_dict(), allow_nan=False)


def named(bars: Bars, symbol: str) -> Bars:
    return replace(bars, instrument=instrument_named(symbol))


def test_two_pairs_of_one_currency_add_up_and_a_hedge_takes_away() -> None:
    """Each position: 2% over 1% of the price, so notional twice the equity."""
    bars = daily(1.0, 1.0, 1.0, 1.0, 1.0, gapping=True)
    long_eur, long_gbp = (run(named(bars, symbol), (1, 1, 0.01, np.nan)) for symbol in ("EUR_USD", "GBP_USD"))
    both = book_exposure({"eur": long_eur, "gbp": long_gbp})
    usd = next(one for one in both.currencies if one.currency == "USD")
    eur = next(one for one in both.currencies if one.currency == "EUR")
    assert usd.largest == pytest.approx(-4.0)
    assert usd.stop_risk == pytest.approx(0.04)
    assert usd.positions == 2
    assert usd.mean == pytest.approx(4.0 * 3 / 5), "open at three closes of five"
    assert eur.largest == pytest.approx(2.0)
    assert both.gross_largest == pytest.approx(4.0)
    assert both.margin_largest == pytest.approx(4.0 / 30)
    assert both.stop_risk == pytest.approx(0.04)
    short_gbp = run(named(bars, "GBP_USD"), (1, -1, 0.01, np.nan))
    hedged = book_exposure({"eur": long_eur, "gbp": short_gbp})
    dollar = next(one for one in hedged.currencies if one.currency == "USD")
    assert dollar.largest == pytest.approx(0.0, abs=1e-12)
    assert dollar.stop_risk == pytest.approx(0.0, abs=1e-12)
    assert hedged.gross_largest == pytest.approx(4.0)
    json.dumps(hedged.to_dict(), allow_nan=False)


def test_a_book_above_its_leverage_is_seen_where_no_strategy_is() -> None:
    bars = daily(1.0, 1.0, 1.0, 1.0, gapping=True)
    tight = replace(ACCOUNT, leverage=3.0)
    runs = {f"s{i}": run(bars, (0, 1, 0.01, np.nan), account=tight) for i in range(2)}
    found = book_exposure(runs)
    assert found.over_limit == pytest.approx(0.75)
    assert found.margin_largest == pytest.approx(4.0 / 3)
    assert found.positions_largest == 2


def test_nothing_is_open_after_the_end_or_before_the_start_of_its_bars() -> None:
    bars = daily(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, gapping=True)
    short = run(bars.until(int(bars.close_time[2])), (0, 1, 0.01, np.nan))
    found = book_exposure({"ends": short, "long": run(bars)})
    assert found.gross_mean == pytest.approx(2.0 * 2 / 6)


def test_exposure_needs_accounts() -> None:
    with pytest.raises(InputError, match="share of equity"):
        book_exposure({"one": run_backtest(daily(1.1, 1.1), Told())})
    with pytest.raises(InputError, match="share of equity"):
        book_exposure({})


def test_a_notional_in_another_currency_is_turned_into_that_of_the_account() -> None:
    """2% over 1% of the price is twice the equity, whatever the account counts in."""
    bars = named(daily(100.0, 100.0, 100.0, 100.0, gapping=True), "USD_JPY")
    result = run(bars, (0, 1, 1.0, np.nan), account=replace(ACCOUNT, currency="USD", rates=0.01))
    assert result.trades.units[0] == pytest.approx(20_000.0)
    found = book_exposure({"yen": result})
    assert found.gross_largest == pytest.approx(2.0)
    assert {one.currency: round(one.largest, 9) for one in found.currencies} == {"JPY": -2.0, "USD": 2.0}


def test_all_stops_together_lose_what_each_would_whichever_side_it_is_on() -> None:
    bars = daily(1.0, 1.0, 1.0, 1.0, gapping=True)
    sides = {str(side): run(bars, (0, side, 0.01, np.nan)) for side in (1, -1)}
    found = book_exposure(sides)
    assert found.stop_risk == pytest.approx(0.04)
    assert [one.stop_risk for one in found.currencies] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_of_accounts_with_several_leverages_the_least_is_the_limit() -> None:
    bars = daily(1.0, 1.0, 1.0, 1.0, gapping=True)
    runs = {str(most): run(bars, (0, 1, 0.01, np.nan), account=replace(ACCOUNT, leverage=most)) for most in (30.0, 3.0)}
    found = book_exposure(runs)
    assert found.limit == 3.0
    assert found.over_limit == pytest.approx(0.75)
    assert found.margin_largest == pytest.approx(4.0 / 3)


def test_a_stop_inside_the_spread_is_no_gap() -> None:
    """Bought at the ask of its bar with a stop that the bid is below from the first moment on."""
    result = run_backtest(
        daily(1.10, 1.10, 1.10, gapping=True), Told((0, 1, 0.0001, np.nan)), account=ACCOUNT, costs=Costs(3.0)
    )
    found = stop_losses(result)
    assert (found.stops, found.through_gap) == (1, 0)
    assert found.mean_r == pytest.approx(3.0)
