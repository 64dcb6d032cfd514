"""Where a crisis lies in bars, and its path on another price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, WEEK_NS, from_datetime
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.crises import CRISES, Crisis, coverage_of, warm_up_missing
from tradeworthy.risk.historical_shocks import shock_path, shocked_bars

START = datetime(2000, 3, 6, tzinfo=UTC)
CRISIS = Crisis("the crisis", START, START + timedelta(days=10), 3.0)
BARS = random_walk_bars(24 * 120, 1)
"""Hours from 3 January 2000 on."""


def between(first: datetime, last: datetime) -> Bars:
    """The bars that open in that time."""
    low, high = np.searchsorted(BARS.open_time, [from_datetime(first), from_datetime(last)])
    return BARS.slice(int(low), int(high))


def test_the_five_are_those_that_were_promised() -> None:
    assert [(one.name, f"{one.start:%Y-%m}") for one in CRISES] == [
        ("Brexit", "2016-06"), ("Sterling flash crash", "2016-10"), ("Yen flash crash", "2019-01"),
        ("COVID-19", "2020-02"), ("Ukraine", "2022-02"),
    ]  # fmt: skip
    assert all(one.spread > 1.0 for one in CRISES)


def test_a_window_is_found_to_the_bar() -> None:
    found = coverage_of(BARS, CRISIS)
    assert not found.missing
    assert BARS.open_time[found.first] == CRISIS.start_ns
    assert BARS.close_time[found.stop - 1] == CRISIS.end_ns


def test_a_bar_that_reaches_into_the_window_belongs_to_it() -> None:
    early = replace(CRISIS, start=START + timedelta(minutes=30))
    assert coverage_of(BARS, early).first == coverage_of(BARS, CRISIS).first


def test_bars_elsewhere_do_not_hold_it_and_say_where_they_are() -> None:
    elsewhere = between(datetime(2000, 2, 1, tzinfo=UTC), datetime(2000, 2, 20, tzinfo=UTC))
    window, there = "2000-03-06T00:00:00Z to 2000-03-16T00:00:00Z", "2000-02-01T00:00:00Z to 2000-02-20T00:00:00Z"
    assert coverage_of(elsewhere, CRISIS).missing == f"the window is {window} and the bars go from {there}"


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (datetime(2000, 2, 1, tzinfo=UTC), START + timedelta(days=6), "2000-03-06T00:00:00Z to 2000-03-12T00:00:00Z"),
        (START + timedelta(days=3), datetime(2000, 4, 1, tzinfo=UTC), "2000-03-09T00:00:00Z to 2000-03-16T00:00:00Z"),
    ],
)
def test_bars_that_hold_a_part_say_from_when_to_when(first: datetime, last: datetime, held: str) -> None:
    assert coverage_of(between(first, last), CRISIS).missing.endswith(f"and the bars hold only {held} of it")


def test_a_weekend_at_the_edge_is_no_lack() -> None:
    found = coverage_of(between(datetime(2000, 2, 1, tzinfo=UTC), CRISIS.end - timedelta(hours=23)), CRISIS)
    assert not found.missing


def test_a_hole_in_the_middle_is_named() -> None:
    bars = between(datetime(2000, 2, 1, tzinfo=UTC), datetime(2000, 4, 1, tzinfo=UTC))
    low, high = np.searchsorted(bars.open_time, [CRISIS.start_ns + 2 * DAY_NS, CRISIS.start_ns + 7 * DAY_NS])
    keep = np.r_[0:low, high : len(bars)]
    holed = replace(
        bars, open_time=bars.open_time[keep], close_time=bars.close_time[keep], open=bars.open[keep],
        high=bars.high[keep], low=bars.low[keep], close=bars.close[keep],
    )  # fmt: skip
    assert coverage_of(holed, CRISIS).missing.endswith(
        "the bars have a hole in it from 2000-03-08T00:00:00Z to 2000-03-13T00:00:00Z"
    )


def test_no_bars_hold_nothing() -> None:
    assert coverage_of(BARS.slice(0, 0), CRISIS).missing == "there are no bars"


def test_warm_up_has_to_stand_before_the_window() -> None:
    bars = between(START - timedelta(hours=30), CRISIS.end)
    found = coverage_of(bars, CRISIS)
    assert warm_up_missing(bars, found, 30) == ""
    said = "the strategy needs 31 bars to warm up and the EUR_USD H1 bars have 30 before the window; bring more history"
    assert warm_up_missing(bars, found, 31) == said


def test_a_path_counts_from_the_close_before_and_ends_up_there_on_another_price() -> None:
    path = shock_path(BARS, CRISIS)
    found = coverage_of(BARS, CRISIS)
    base = BARS.close[found.first - 1]
    assert np.exp(path.low) * base == pytest.approx(BARS.low[found.first : found.stop])
    today = between(datetime(2000, 1, 10, tzinfo=UTC), datetime(2000, 2, 12, tzinfo=UTC))
    made = shocked_bars(today, path)
    assert len(made) == len(today) + len(path)
    assert np.array_equal(made.close[: len(today)], today.close)
    grown = made.close[-1] / today.close[-1]
    assert grown == pytest.approx(BARS.close[found.stop - 1] / base)
    assert made.low[len(today) :].min() / today.close[-1] == pytest.approx(
        BARS.low[found.first : found.stop].min() / base
    )


def test_a_path_keeps_its_weekdays_and_hours_and_begins_within_a_week() -> None:
    path = shock_path(BARS, CRISIS)
    made = shocked_bars(BARS, path)
    later = made.open_time[len(BARS) :] - path.open_time
    assert len(set(later.tolist())) == 1
    assert later[0] % WEEK_NS == 0
    assert 0 <= made.open_time[len(BARS)] - BARS.close_time[-1] < WEEK_NS


def test_a_mirrored_path_rises_by_what_the_other_falls() -> None:
    path = shock_path(BARS, CRISIS)
    made, other = shocked_bars(BARS, path), shocked_bars(BARS, path.mirrored())
    base = BARS.close[-1]
    assert other.high[len(BARS) :] / base == pytest.approx(base / made.low[len(BARS) :])
    assert path.mirrored().mirrored().open == pytest.approx(path.open)


def test_what_is_not_in_the_data_gives_no_path() -> None:
    with pytest.raises(NotEnoughData, match="EUR_USD H1: Ukraine is not in the data: the window is 2022-02-01"):
        shock_path(BARS, CRISES[-1])
    with pytest.raises(NotEnoughData, match="no bar stands before the window to count from"):
        shock_path(between(START, CRISIS.end), CRISIS)


def test_paths_and_bars_have_to_be_alike() -> None:
    path = shock_path(BARS, CRISIS)
    days = np.arange(40) * DAY_NS
    price = np.linspace(1.0, 1.1, 40)
    daily = Bars(instrument_named("EUR_USD"), Timeframe.D, days, days + HOUR_NS, price, price, price, price)
    with pytest.raises(
        InputError, match="EUR_USD D: the crisis of EUR_USD is made of H1 bars; resample one of the two"
    ):
        shocked_bars(daily, path)
    with pytest.raises(InputError, match="bars of one price each and bars with a range cannot be joined"):
        shocked_bars(replace(BARS, close_only=True), path)
    with pytest.raises(NotEnoughData, match="there is no newest price to put the crisis on"):
        shocked_bars(BARS.slice(0, 0), path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "a crisis needs a name"),
        ({"end": START}, "the crisis: the window is reversed"),
        ({"end": START - timedelta(days=1)}, "the crisis: the window is reversed, it ends .2000-03-05T00:00:00"),
        ({"start": START.replace(tzinfo=None)}, "the crisis: start must be a datetime with a time zone"),
        ({"spread": -1.0}, "the crisis: spread must be zero or more"),
    ],
)  # fmt: skip
def test_what_is_no_window_is_told_in_a_sentence(changed: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        replace(CRISIS, **changed)  # type: ignore[arg-type]
