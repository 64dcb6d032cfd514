"""A desk on hourly bars under its own settings once more: where its journal ends within a day, and where a day began in the middle
of an exit."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.past_desks import Ear
from tradeworthy.api.counterfactual import Counterfactual, compared
from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.desk_recovery import settings_in
from tradeworthy.api.desk_running import RunWanted, run_desk
from tradeworthy.api.past_index import PastDay
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.market.synthetic import random_walk_bars

HOURLY = """schema = 1
[data]
source = "folder"
folder = "bars"
[costs.spread_pips]
EUR_USD = 0.8
[paper]
partial_share = {partial}
[strategies.hourly]
instrument = "EUR_USD"
timeframe = "H1"
slow = 12
fast = 4
stop_atr = 1.5
target_atr = 2.25
min_atr = 0.0
"""
BARS = random_walk_bars(500)


def hourly(desk: Path, *, end_ns: int | None = None, partial: float = 0.0) -> Past:
    """Traded in the folder, until that moment."""
    (desk / "bars").mkdir(parents=True, exist_ok=True)
    columns = zip(BARS.open_time, BARS.open, BARS.high, BARS.low, BARS.close, strict=True)
    rows = [f"{int(time) // 10**9},{','.join(map(repr, map(float, prices)))}" for time, *prices in columns]
    (desk / "bars" / "EUR_USD_H1.csv").write_text("\n".join(["time,open,high,low,close", *rows]))
    (desk / "tradeworthy.toml").write_text(HOURLY.format(partial=partial))
    start = int(BARS.close_time[100])
    run_desk(RunWanted(desk, start_ns=start, end_ns=end_ns or int(BARS.close_time[-1])), Ear())
    return open_past(desk)


def again(past: Past, day: PastDay) -> Counterfactual:
    """Under the settings that it had."""
    return compared(past, day, settings_in(past.begun()[-1].settings))


def test_what_the_market_did_after_the_last_event_of_a_journal_is_not_part_of_its_last_day(tmp_path: Path) -> None:
    whole = hourly(tmp_path / "whole")
    legs = [one for one in again(whole, span_of(whole)).own.trades if one.reason in {"stop", "target"}]
    left = next(
        one for one in legs[3:] for day in whole.days()
        if day.begins_ns < one.entry_ns and one.exit_ns < day.ends_ns and one.exit_ns - one.entry_ns > 2 * HOUR_NS
    )  # fmt: skip
    past = hourly(tmp_path / "part", end_ns=left.entry_ns + HOUR_NS)
    assert past.at(sequence=past.last).members[0].holding is not None
    found = again(past, past.days()[-1])
    assert found.reproduces
    assert found.is_same
    assert found.own.account.end_equity == pytest.approx(past.at(sequence=past.last).equity)


def test_a_day_that_began_in_the_middle_of_an_exit_goes_on_with_the_rest_of_it(tmp_path: Path) -> None:
    past = hourly(tmp_path / "parts", partial=1.0)
    days = past.days()
    torn = 0
    for day in days[1:]:
        before = past.at(sequence=day.first - 1)
        leaving = before.orders.get(before.members[0].exit_id)
        if leaving is not None and leaving.life.fills:
            found = again(past, day)
            assert found.reproduces, (day.day, found.apart)
            assert found.own.account.end_equity == pytest.approx(past.at(sequence=day.last).equity)
            torn += 1
    assert torn, "an exit of which a part was dealt on the day before"


def span_of(past: Past) -> PastDay:
    """All days as one."""
    first, last = past.days()[0], past.days()[-1]
    return replace(first, ends_ns=last.ends_ns, last=last.last)
