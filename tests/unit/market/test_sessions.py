"""When markets are open, against a clock that counts hour by hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from dateutil.easter import easter  # type: ignore[import-untyped] # only here

from tradeworthy.core.clock import HOUR_NS, from_datetime
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.sessions import easter_sunday, is_fixing_day, open_ns_between, target_holidays


def test_easter_is_where_the_church_puts_it() -> None:
    assert [easter_sunday(year) for year in range(1990, 2100)] == [easter(year) for year in range(1990, 2100)]


def open_by_the_clock(moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo("America/New_York"))
    after_the_cut = local.hour >= 17
    return {6: after_the_cut, 4: not after_the_cut, 5: False}.get(local.weekday(), True)


@pytest.mark.parametrize("start", ["2024-03-01", "2024-10-25", "2016-12-20", "1969-12-20"])
def test_fx_session_time_is_what_counting_hours_gives(start: str) -> None:
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    hours = [first + timedelta(hours=place) for place in range(24 * 21)]
    times = np.array([from_datetime(hour) for hour in hours], np.int64)
    spent = open_ns_between(CalendarName.FX_24_5, times, times + HOUR_NS)
    assert spent is not None
    counted = [HOUR_NS * open_by_the_clock(hour) for hour in hours]
    assert spent.tolist() == counted


def test_a_market_that_never_closes_loses_every_hour() -> None:
    start, end = np.array([0], np.int64), np.array([50 * HOUR_NS], np.int64)
    always = open_ns_between(CalendarName.ALWAYS, start, end)
    assert always is not None
    assert always.tolist() == [50 * HOUR_NS]
    assert open_ns_between(CalendarName.UNKNOWN, start, end) is None


@pytest.mark.parametrize(
    ("day", "published"),
    [
        (date(2024, 3, 28), True), (date(2024, 3, 29), False), (date(2024, 4, 1), False), (date(2024, 4, 2), True),
        (date(2024, 5, 1), False), (date(2024, 12, 24), True), (date(2024, 12, 25), False), (date(2024, 12, 26), False),
        (date(2024, 12, 31), True), (date(2001, 12, 31), False), (date(2002, 12, 31), True), (date(1999, 12, 31), False),
        (date(1999, 4, 5), True), (date(2024, 6, 1), False), (date(2024, 6, 2), False),
    ],
)  # fmt: skip
def test_the_ecb_publishes_on_target_days(day: date, published: bool) -> None:
    assert is_fixing_day(day) is published


def test_target_closes_six_days_a_year_since_2002() -> None:
    assert {len(target_holidays(year)) for year in range(2002, 2100)} == {6}
