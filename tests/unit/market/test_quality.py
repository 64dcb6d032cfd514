"""What is noticed about well-formed bars, over made ones and over real ones counted another way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, from_datetime
from tradeworthy.market.bars import Bars
from tradeworthy.market.quality import behind, close_only, gaps, inspect, spikes, stale_tail
from tradeworthy.market.rules import Severity
from tradeworthy.wiring.sources import read_bars


def without(bars: Bars, *places: int) -> Bars:
    keep = np.setdiff1d(np.arange(len(bars)), places)
    return replace(
        bars, open_time=bars.open_time[keep], close_time=bars.close_time[keep], open=bars.open[keep], high=bars.high[keep],
        low=bars.low[keep], close=bars.close[keep],
    )  # fmt: skip


def one_price(bars: Bars) -> Bars:
    return replace(
        bars, open_time=bars.close_time, open=bars.close, high=bars.close, low=bars.close, close_only=True
    )  # fmt: skip


@pytest.mark.parametrize("close_only_bars", [False, True])
@pytest.mark.parametrize("lost", [(), (5,), (5, 6, 7, 20)])
def test_each_missing_hour_is_a_gap(lost: tuple[int, ...], close_only_bars: bool) -> None:
    bars = without(random_walk(40, symbol="BTC_USDT"), *lost)
    found = gaps(one_price(bars) if close_only_bars else bars)
    assert (found.count if found else 0) == len(lost)
    if found:
        assert found.first_time_ns == 5 * HOUR_NS


def test_a_weekend_is_no_gap_in_fx_and_a_lost_monday_is() -> None:
    monday = from_datetime(datetime(2024, 6, 3, tzinfo=UTC))
    times = monday + DAY_NS * np.array([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 15], np.int64)
    walk = replace(random_walk(11), timeframe=Timeframe.D, open_time=times, close_time=times + DAY_NS)
    assert gaps(walk.slice(0, 10)) is None
    assert gaps(one_price(walk).slice(0, 10)) is None
    for bars in (walk, one_price(walk)):
        found = gaps(bars)
        assert found is not None
        assert found.count == 1


def test_a_lost_friday_is_a_gap_though_a_day_that_ends_at_midnight_utc_has_only_22_hours_of_it() -> None:
    monday = from_datetime(datetime(2024, 1, 8, tzinfo=UTC))
    times = monday + DAY_NS * np.array([0, 1, 2, 3, 6, 7], np.int64)  # this feed has a short bar for Sunday
    found = gaps(replace(random_walk(6), timeframe=Timeframe.D, open_time=times, close_time=times + DAY_NS))
    assert found is not None
    assert found.count == 1


def test_bitcoins_28_outages_are_found_hour_for_hour(shared: Path) -> None:
    bars = read_bars(shared / "data" / "crypto" / "BTC_USDT_H1_2017_2024.parquet")
    jumps = np.diff(bars.open_time) // HOUR_NS - 1
    assert (jumps > 0).sum() == 28
    found = gaps(bars)
    assert found is not None
    assert found.count == jumps.sum()
    assert found.first_time_ns == bars.close_time[np.argmax(jumps > 0)]


@pytest.mark.parametrize("name", ["fx/EUR_GBP_H1", "fx/USD_JPY_H1", "fx_other_feed/EUR_USD_H1"])
def test_gaps_of_real_fx_are_the_hours_that_a_clock_misses(shared: Path, name: str) -> None:
    bars = read_bars(shared / "data" / f"{name}.parquet")
    have = set(bars.open_time.tolist())
    missing = 0
    for place in np.flatnonzero(np.diff(bars.open_time) > HOUR_NS):
        for moment in range(int(bars.open_time[place]) + HOUR_NS, int(bars.open_time[place + 1]), HOUR_NS):
            local = datetime.fromtimestamp(moment / 1e9, ZoneInfo("America/New_York"))
            shut = (
                local.weekday() == 5
                or (local.weekday() == 4 and local.hour >= 17)
                or (local.weekday() == 6 and local.hour < 17)
            )
            missing += moment not in have and not shut
    found = gaps(bars)
    assert found is not None
    assert found.count == missing
    assert 0 < found.count < 0.02 * len(bars)


@pytest.mark.parametrize("pair", ["EUR_USD", "AUD_JPY", "GBP_CHF"])
def test_the_ecb_missed_no_fixing_of_its_calendar(pair: str) -> None:
    assert gaps(read_bars(f"ecb:{pair}")) is None


def test_a_fixing_that_is_not_there_is_missed_by_its_day() -> None:
    rates = read_bars("ecb:EUR_USD")
    place = next(i for i, moment in enumerate(rates.close_time) if rates.close_time[i + 1] - moment == DAY_NS)
    found = gaps(without(rates, place + 1))
    assert found is not None
    assert found.count == 1
    day = datetime.fromtimestamp(rates.close_time[place] / 1e9, UTC) + timedelta(days=1)
    assert str(day.date()) in found.message


def test_an_unknown_market_is_said_to_be_unchecked() -> None:
    found = gaps(random_walk(10, symbol="SPX"))
    assert found is not None
    assert "not checked" in found.message
    assert gaps(random_walk(1, symbol="SPX")) is None


@pytest.mark.parametrize(("factor", "stays", "seen"), [(1.08, False, True), (0.9, False, True), (1.08, True, False)])
def test_a_jump_that_comes_back_is_a_spike_and_one_that_stays_is_news(factor: float, stays: bool, seen: bool) -> None:
    bars = random_walk(200)
    scale = np.ones(200)
    scale[100 : 200 if stays else 101] = factor
    moved = replace(
        bars, open=bars.open * scale, high=bars.high * scale, low=bars.low * scale, close=bars.close * scale
    )  # fmt: skip
    found = spikes(moved)
    assert (found is not None) is seen
    if found:
        assert (found.count, found.first_time_ns) == (1, 100 * HOUR_NS)
    assert spikes(bars) is None


@pytest.mark.parametrize(("run", "seen"), [(4, False), (5, True), (60, True)])
def test_a_price_that_stopped_moving_is_stale(run: int, seen: bool) -> None:
    bars = random_walk(60)
    columns = {name: getattr(bars, name).copy() for name in ("open", "high", "low", "close")}
    for column in columns.values():
        column[60 - run :] = 1.1
    found = stale_tail(replace(bars, **columns))
    assert (found is not None) is seen
    if found:
        assert (found.count, found.first_time_ns) == (run, (60 - run) * HOUR_NS)


@pytest.mark.parametrize(("days_late", "seen"), [(3, False), (4, True)])
def test_bars_that_end_days_before_the_rest_of_the_book_are_behind(days_late: int, seen: bool) -> None:
    bars = random_walk(10)
    assert (behind(bars, int(bars.close_time[-1]) + days_late * DAY_NS) is not None) is seen


def test_inspecting_lists_what_reading_mended_and_then_what_was_noticed() -> None:
    bars = one_price(without(random_walk(40, symbol="BTC_USDT"), 5))
    assert [one.rule for one in inspect(bars)] == ["gaps", "close_only"]
    assert close_only(random_walk(3)) is None
    note = close_only(bars)
    assert note is not None
    assert note.severity is Severity.NOTE
