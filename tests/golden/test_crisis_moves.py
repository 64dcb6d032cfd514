"""Published moves of crises, found in bars; feeds differ by 1.5 to 4 points in such hours."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from support.backtests import Told
from tradeworthy.appraisal.loss_measuring import losses_of
from tradeworthy.appraisal.window_replays import Member, replay
from tradeworthy.core.clock import from_datetime
from tradeworthy.market.bars import Bars
from tradeworthy.risk.crises import CRISES, coverage_of
from tradeworthy.wiring.sources import read_bars


def day(bars: Bars, year: int, month: int, on: int) -> int:
    """The bar in which noon of that day lies."""
    return int(np.searchsorted(bars.open_time, from_datetime(datetime(year, month, on, 12, tzinfo=UTC)), "right")) - 1


@pytest.mark.parametrize(("symbol", "published"), [("GBP_USD", -0.081), ("GBP_JPY", -0.114)])
def test_the_pound_on_24_june_2016(shared: Path, symbol: str, published: float) -> None:
    """Close against the close before, as reported of that day: 8.1% against the dollar, 11.4% against the yen."""
    bars = read_bars(shared / "data" / "fx" / f"{symbol}_D.parquet", price_side="bid")
    place = day(bars, 2016, 6, 24)
    assert bars.close[place] / bars.close[place - 1] - 1 == pytest.approx(published, abs=0.004)
    if symbol == "GBP_USD":
        assert (bars.high[place] - bars.low[place]) / bars.close[place - 1] == pytest.approx(0.12, abs=0.005)


def test_sterling_falls_by_about_nine_percent_within_the_hour_and_feeds_differ(shared: Path) -> None:
    """BIS Markets Committee 2017: about 9% in the early hours of 7 October 2016 in Asia."""
    falls, lows = [], []
    for folder in ("fx", "fx_other_feed"):
        bars = read_bars(shared / "data" / folder / "GBP_USD_H1.parquet", price_side="bid")
        found = coverage_of(bars, CRISES[1])
        assert not found.missing
        place = found.first + int(np.argmin(bars.low[found.first : found.stop]))
        falls.append(1.0 - bars.low[place] / bars.close[place - 1])
        lows.append(bars.low[place])
    assert falls[0] == pytest.approx(0.09, abs=0.002)
    assert lows == pytest.approx([1.14754, 1.19198])
    assert 0.015 < lows[1] / lows[0] - 1.0 < 0.04
    assert falls[1] == pytest.approx(0.055, abs=0.002)


def test_what_a_stop_costs_in_that_hour_depends_on_the_feed(shared: Path) -> None:
    """A long of the evening before with a stop of 1%: 1 R at its level, and 9 R or 5.5 R at the worst price of the hour."""
    costs = []
    for folder in ("fx", "fx_other_feed"):
        bars = read_bars(shared / "data" / folder / "GBP_USD_H1.parquet", price_side="bid")
        found = coverage_of(bars, CRISES[1])
        evening = found.first + 20
        member = Member("long", Told((evening, 1, 0.0126, 0.5)), bars)
        losses = losses_of("long", replay(member, evening + 2, found.stop).result, 0.02, evening + 2)
        assert losses.worst_trade is not None
        assert losses.worst_trade.realised_r == pytest.approx(-1.0)
        costs.append(losses.worst_at_the_extreme_r)
    assert costs == pytest.approx([-9.0, -5.5], abs=0.1)


def test_the_yen_rises_from_108_8_to_about_105_within_the_hour(shared: Path) -> None:
    bars = read_bars(shared / "data" / "fx" / "USD_JPY_H1.parquet", price_side="bid")
    found = coverage_of(bars, CRISES[2])
    place = found.first + int(np.argmin(bars.low[found.first : found.stop]))
    assert bars.open[place] == pytest.approx(108.8, abs=0.1)
    assert bars.low[place] == pytest.approx(105.0, abs=0.5)


def test_the_pound_in_march_2020(shared: Path) -> None:
    """18 March 2020: low of 1.1453, here by a thousandth; and volatility more than double that of the year before."""
    bars = read_bars(shared / "data" / "fx" / "GBP_USD_D.parquet", price_side="bid")
    assert bars.low[day(bars, 2020, 3, 18)] == pytest.approx(1.1453, abs=0.001)
    found = coverage_of(bars, CRISES[3])
    assert not found.missing
    moves = np.diff(np.log(bars.close))
    crisis, year = moves[found.first - 1 : found.stop - 1], moves[found.first - 261 : found.first - 1]
    assert crisis.std() > 2.0 * year.std()


def test_ukraine_is_mild_for_majors_and_only_one_feed_holds_it(shared: Path) -> None:
    """24 February 2022: EUR/USD at its lowest about 1.8% under the close before."""
    bars = read_bars(shared / "data" / "fx" / "EUR_USD_D.parquet", price_side="bid")
    place = day(bars, 2022, 2, 24)
    assert bars.low[place] / bars.close[place - 1] - 1.0 == pytest.approx(-0.018, abs=0.001)
    assert "the bars hold only 2022-02-01T00:00:00Z to 2022-03-04" in coverage_of(bars, CRISES[4]).missing
    later = read_bars(shared / "data" / "fx_2022" / "EUR_USD_H4.parquet", price_side="mid")
    assert not coverage_of(later, CRISES[4]).missing
