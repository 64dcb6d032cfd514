"""Boolean arrays as strategies."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.level_nearness import near_levels
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.signal_arrays import from_signals
from tradeworthy.wiring.sources import read_bars

NAN = float("nan")


def rows(strategy: Any, n: int) -> list[tuple[int, int]]:
    """Enter and leave at each bar."""
    enter, leave, _, _ = strategy.decisions(random_walk(n)).columns(n)
    return list(zip(enter.tolist(), leave.tolist(), strict=True))


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pl.Series, lambda flags: np.array(flags, float)])
def test_any_kind_of_array_will_do(kind: Any) -> None:
    flags = [False, True, False, True]
    assert rows(from_signals(kind(flags)), 4) == [(0, 0), (1, 2), (0, 0), (1, 2)]


def test_an_opposite_entry_leaves_unless_told_not_to() -> None:
    entries, short = [True, False, False], [False, False, True]
    assert rows(from_signals(entries, short_entries=short), 3) == [(1, 2), (0, 0), (-1, 1)]
    assert rows(from_signals(entries, short_entries=short, reverse=False), 3) == [(1, 0), (0, 0), (-1, 0)]
    assert rows(from_signals(entries, short, short, reverse=False), 3) == [(1, 0), (0, 0), (-1, 1)]


def test_exits_and_entries_trade_at_the_next_open() -> None:
    bars = random_walk(8)
    trades = run_backtest(bars, from_signals([0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0], stop=1.0)).trades
    assert [(one.entry_index, one.exit_index, one.reason, one.risk) for one in trades] == [(2, 5, "signal", 1.0)]
    assert trades[0].entry_price == bars.open[2]
    assert trades[0].exit_price == bars.open[5]


def test_an_entry_with_its_own_exit_leaves_when_held_and_enters_when_not() -> None:
    entries, exits = [0, 1, 0, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0, 0]
    trades = run_backtest(random_walk(7), from_signals(entries, exits)).trades
    assert [(one.entry_index, one.exit_index) for one in trades] == [(2, 4)]


def test_distances_are_read_at_the_bar_of_the_entry() -> None:
    strategy = from_signals([1, 0, 1], stop=[0.1, 0.2, NAN], target=0.5)
    _, _, stop, target = strategy.decisions(random_walk(3)).columns(3)
    np.testing.assert_array_equal(stop, [0.1, NAN, NAN])
    np.testing.assert_array_equal(target, [0.5, NAN, 0.5])


@given(st.integers(0, 10**6))
def test_decisions_written_out_as_arrays_trade_the_same(seed: int) -> None:
    bars, cross = random_walk(400, seed), MaCrossover(3, 11, stop_atr=1.5, target_atr=2)
    enter, leave, stop, target = cross.decisions(bars).columns(len(bars))
    arrays = from_signals(
        enter > 0, (leave & 1) > 0, enter < 0, (leave & 2) > 0, stop=stop, target=target, reverse=False
    )
    assert run_backtest(bars, arrays).trades.pnl.tolist() == run_backtest(bars, cross).trades.pnl.tolist()


def test_fed_live_they_are_replayed_to_their_end() -> None:
    stream = from_signals([1, 0], [0, 1], stop=0.5).stream()
    first, second = stream.update(1, 1, 1), stream.update(1, 1, 1)
    assert (first.enter, first.leave, first.stop_distance) == (1, 2, 0.5)
    assert (second.enter, second.leave) == (0, 1)
    with pytest.raises(InputError, match="signals for 2 bars and this is one more"):
        stream.update(1, 1, 1)


def test_other_signals_have_another_name_in_the_hash() -> None:
    bars = random_walk(3)
    hashes = {run_backtest(bars, from_signals(entries)).parameter_hash for entries in ([1, 0, 0], [0, 1, 0], [1, 1, 0])}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"entries": [True, None]}, "entries is None at bar 1"),
        ({"entries": ["yes"]}, "entries is 'yes' at bar 0"),
        ({"entries": [0.5]}, "must be true or false"),
        ({"entries": [[True]]}, r"array of shape \(1, 1\)"),
        ({"entries": [1, 1], "short_entries": [0, 1]}, "both true at bar 1"),
        ({"entries": [1, 1], "exits": [0]}, "exits has 1 values and entries has 2"),
        ({"entries": [1, 1], "stop": [0.1]}, "stop has 1 values and entries has 2"),
        ({"entries": [1, 1], "stop": [0.1, -0.1]}, "stop is -0.1 at bar 1; a distance in price units must be above"),
        ({"entries": [1, 1], "target": 0}, "target is 0.0; a distance"),
        ({"entries": [1, 1], "target": "far"}, "target must be distances"),
        ({"entries": [1, 1], "target": [[1.0]]}, "a number or one for each bar"),
        ({"entries": None}, "nothing to enter by"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_bar(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        from_signals(**arguments)


def test_another_number_of_bars_is_refused_with_both_numbers() -> None:
    with pytest.raises(InputError, match="have 3 values and EUR_USD H1 has 4 bars"):
        run_backtest(random_walk(4), from_signals([1, 0, 0]))


def hours(n: int, zone: str | None = "UTC", start: str = "2024-01-01") -> pd.DatetimeIndex:
    """Times of n hourly bars."""
    return pd.date_range(start, periods=n, freq="h", tz=zone)


def timed(n: int, range_of_bars: float = 1.0) -> Bars:
    """Bars that were read from a table with those times."""
    close = np.linspace(100, 110, n)
    table = pd.DataFrame({"open": close, "high": close + range_of_bars, "low": close, "close": close}, index=hours(n))
    return read_bars(table.rename_axis("time").reset_index(), instrument="BTCUSDT", timeframe="H1")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_series_with_the_times_of_the_bars_are_traded(zone: str) -> None:
    entries = pd.Series(np.arange(30) == 5, hours(30).tz_convert(zone))
    stop = pd.Series(2.0, hours(30, None))
    assert len(run_backtest(timed(30), from_signals(entries, stop=stop)).trades) == 1
    closes = pd.Series(entries.to_numpy(), hours(30) + pd.Timedelta("1h"))
    assert len(run_backtest(timed(30), from_signals(closes)).trades) == 1
    assert len(run_backtest(timed(30, 0.0), from_signals(entries)).trades) == 1


@pytest.mark.parametrize("column", ["entries", "exits", "stop"])
@pytest.mark.parametrize(
    "index",
    [hours(30)[::-1], hours(30, start="2024-01-01T05:00"), hours(30, None, "2024-01-03"), hours(30, None)[::-1]],
)
def test_series_with_other_times_than_the_bars_are_refused(column: str, index: pd.DatetimeIndex) -> None:
    given: dict[str, Any] = {"entries": [False] * 29 + [True]}
    given[column] = pd.Series(np.arange(30) + 1.0 if column == "stop" else np.arange(30) == 5, index)
    with pytest.raises(
        InputError, match=rf"signals: {column} stands at 202.* where bar \d+ of BTC_USDT H1 opens at 202"
    ):
        run_backtest(timed(30), from_signals(**given))


@settings(max_examples=30)
@given(st.integers(2, 200))
def test_a_shift_by_more_than_one_bar_is_seen(by: int) -> None:
    moved = pd.Series(np.zeros(260, bool), hours(260)).iloc[by : by + 30]
    with pytest.raises(InputError, match="put it in the order of these very bars"):
        from_signals(moved).decisions(timed(30))


@pytest.mark.parametrize("word", ["stop", "target"])
def test_a_price_in_place_of_a_distance_is_refused(word: str) -> None:
    prices = pd.Series(timed(30).close * 1.01)
    with pytest.raises(
        InputError, match=f"{word} is .* at bar 3 .*, where the close is .*; give the distance from the"
    ):
        from_signals(np.arange(30) == 3, **{word: prices}).decisions(timed(30))
    assert len(from_signals(np.arange(30) == 3, **{word: prices - 3}).decisions(timed(30))) == 1


def test_a_fraction_in_place_of_a_distance_is_told() -> None:
    bars = timed(30)
    (said,) = near_levels(from_signals(np.arange(30) == 3, stop=0.002, target=4.0).decisions(bars), bars)
    assert said.startswith("Of 1 stop, 1 lie within 0.01% of the price, the first 0.002 from 101.03")
    assert near_levels(from_signals(np.arange(30) == 3, stop=2.0).decisions(bars), bars) == []
