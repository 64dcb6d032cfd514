"""What holds for all bars: resampling, spellings, zones, sessions."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import HOUR_NS, WEEK_NS, from_datetime, to_datetime
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.bars import Bars
from tradeworthy.market.resampling import resample
from tradeworthy.market.sessions import open_ns_between
from tradeworthy.market.zones import to_local, to_utc
from tradeworthy.wiring.sources import read_bars

MOMENTS = st.integers(from_datetime(datetime(1990, 1, 1, tzinfo=UTC)), from_datetime(datetime(2035, 1, 1, tzinfo=UTC)))
ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
)


@st.composite
def hourly_bars(draw: st.DrawFn) -> Bars:
    walk = random_walk(draw(st.integers(60, 200)), draw(st.integers(0, 99)), symbol="BTC_USDT")
    keep = np.random.default_rng(draw(st.integers(0, 99))).random(len(walk)) > draw(st.sampled_from([0.0, 0.3]))
    keep[[0, -1]] = True
    opened = walk.open_time[keep] + draw(MOMENTS) // HOUR_NS * HOUR_NS
    return replace(
        walk, open_time=opened, close_time=opened + HOUR_NS, open=walk.open[keep], high=walk.high[keep], low=walk.low[keep],
        close=walk.close[keep], volume=np.arange(float(keep.sum())),
    )  # fmt: skip


@given(hourly_bars(), st.sampled_from(["H2", "H4", "H12", "D"]), ZONES, st.integers(0, 23))
@settings(max_examples=80)
def test_resampling_keeps_first_last_extremes_and_volume(source: Bars, target: str, zone: str, hour: int) -> None:
    bars = resample(source, target, day_cut=DayCut(zone, hour))
    used = int(np.searchsorted(source.open_time, bars.close_time[-1]))
    assert bars.open[0] == source.open[0]
    assert bars.close[-1] == source.close[used - 1]
    assert bars.high.max() == source.high[:used].max()
    assert bars.low.min() == source.low[:used].min()
    assert bars.volume is not None
    assert source.volume is not None
    assert bars.volume.sum() == source.volume[:used].sum()
    assert (bars.open_time[1:] >= bars.close_time[:-1]).all()
    assert (bars.close_time > bars.open_time).all()
    assert (np.isin(bars.open, source.open) & np.isin(bars.close, source.close)).all()


SPELLED = st.fixed_dictionaries({
    "separator": st.sampled_from([",", ";", "\t"]),
    "comma": st.booleans(),
    "clock": st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d %H%M%S"]),
    "case": st.sampled_from([str.lower, str.upper, str.title]),
    "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    "end": st.sampled_from(["\n", "\r\n"]),
    "tail": st.sampled_from(["", "\n\n"]),
    "scale": st.sampled_from([1.0, 100.0, 20_000.0]),
})  # fmt: skip


@given(hourly_bars(), SPELLED)
@settings(max_examples=60)
def test_a_csv_in_any_spelling_gives_the_same_bars(bars: Bars, spelled: dict[str, object]) -> None:
    separator, case, scale = str(spelled["separator"]), spelled["case"], spelled["scale"]
    assert callable(case)
    assert isinstance(scale, float)
    columns = [np.round(getattr(bars, name) * scale, 3) for name in ("open", "high", "low", "close")]
    lines = [separator.join(case(name) for name in ("time", "open", "high", "low", "close"))]
    for moment, *prices in zip(bars.open_time, *columns, strict=True):
        texts = [f"{price:.3f}" for price in prices]
        if spelled["comma"] and separator != ",":
            texts = [text.replace(".", ",") for text in texts]
        lines.append(separator.join([to_datetime(moment).strftime(str(spelled["clock"])), *texts]))
    text = str(spelled["end"]).join(lines) + str(spelled["tail"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "BTC_USDT_H1.csv")
        path.write_bytes(text.encode(str(spelled["encoding"])))
        read = read_bars(path, timezone="UTC")
    assert read.open_time.tolist() == bars.open_time.tolist()
    for name, column in zip(("open", "high", "low", "close"), columns, strict=True):
        np.testing.assert_array_equal(getattr(read, name), column)


@given(st.lists(MOMENTS, min_size=1, max_size=20), ZONES)
def test_local_time_is_zoneinfos_and_comes_back(times: list[int], zone: str) -> None:
    whole = np.array(times, np.int64) // 10**9 * 10**9
    local = to_local(whole, zone)
    walls = [to_datetime(moment).astimezone(ZoneInfo(zone)) for moment in whole.tolist()]
    assert local.tolist() == [from_datetime(wall.replace(tzinfo=UTC, fold=0)) for wall in walls]
    first = [from_datetime(wall.replace(fold=0)) for wall in walls]
    assert to_utc(local, zone).tolist() == first


@given(
    MOMENTS,
    st.lists(st.integers(0, 9 * WEEK_NS), min_size=3, max_size=3).map(sorted),
    st.sampled_from(["fx-24/5", "24/7"]),
)
def test_session_time_adds_up_and_never_exceeds_the_clock(start: int, steps: list[int], calendar: str) -> None:
    one, two, three = (np.array([start + step], np.int64) for step in steps)
    name = CalendarName(calendar)
    spent = [open_ns_between(name, before, after) for before, after in ((one, two), (two, three), (one, three))]
    first, second, whole = (int(part[0]) for part in spent if part is not None)
    assert first + second == whole
    assert 0 <= first <= two[0] - one[0]
    assert name is CalendarName.ALWAYS or whole <= 5 / 7 * (three[0] - one[0]) + 5 * 24 * HOUR_NS
