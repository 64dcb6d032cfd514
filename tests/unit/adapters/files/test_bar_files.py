"""Bars out of the files that terminals and vendors write, and out of dataframes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from tradeworthy.adapters.files.bar_files import BarOptions, bars_from, split_stem
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import BadBars, InputError
from tradeworthy.market.bars import Bars

METATRADER = (
    "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n"
    "2020.01.06\t02:00:00\t1.1\t1.3\t1.0\t1.2\t5\t0\t2\r\n2020.01.06\t03:00:00\t1.2\t1.4\t1.1\t1.3\t5\t0\t2\r\n"
)
STOOQ = (
    "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
    "X,60,20200106,000000,1.1,1.3,1.0,1.2,5\nX,60,20200106,010000,1.2,1.4,1.1,1.3,5\n"
)
DUKASCOPY = (
    "Gmt time,Open,High,Low,Close,Volume\n06.01.2020 00:00:00.000,1.1,1.3,1.0,1.2,5\n"
    "06.01.2020 01:00:00.000,1.2,1.4,1.1,1.3,5\n"
)
TRADINGVIEW = "time,open,high,low,close,Volume\n1578268800,1.1,1.3,1.0,1.2,5\n1578272400,1.2,1.4,1.1,1.3,5\n"
EXCEL = "Datum;Uhrzeit;Open;High;Low;Close\n06.01.2020;01:00;1,1;1,3;1,0;1,2\n06.01.2020;02:00;1,2;1,4;1,1;1,3\n;;;;;\n"
BINANCE = "open_time,o,h,l,c,v\n1578268800000,1.1,1.3,1.0,1.2,5\n1578272400000,1.2,1.4,1.1,1.3,5\n"
PLAIN = "DATETIME,OPEN,HIGH,LOW,CLOSE\n2020-01-06 00:00:00,1.1,1.3,1.0,1.2\n2020-01-06 01:00:00,1.2,1.4,1.1,1.3\n"


def written(folder: Path, text: str, name: str = "EUR_USD_H1.csv") -> Path:
    (folder / name).write_text(text, newline="")
    return folder / name


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (METATRADER, BarOptions(timezone="Europe/Athens")), (STOOQ, BarOptions(timezone="UTC")), (DUKASCOPY, BarOptions()),
        (TRADINGVIEW, BarOptions()), (BINANCE, BarOptions()), (PLAIN, BarOptions(timezone="UTC")),
        (EXCEL, BarOptions(timezone="Europe/Berlin", columns={"time": "Datum", "clock": "Uhrzeit"})),
    ],
)  # fmt: skip
def test_the_same_bars_come_out_of_every_export(tmp_path: Path, text: str, options: BarOptions) -> None:
    bars = bars_from(written(tmp_path, text), options)
    assert bars.label == "EUR_USD H1"
    assert [rfc3339(moment) for moment in bars.open_time] == ["2020-01-06T00:00:00Z", "2020-01-06T01:00:00Z"]
    assert (bars.open.tolist(), bars.high.tolist()) == ([1.1, 1.2], [1.3, 1.4])
    assert (bars.low.tolist(), bars.close.tolist()) == ([1.0, 1.1], [1.2, 1.3])
    assert not bars.close_only


def frame(**changed: Any) -> dict[str, Any]:
    return {"Open": [1.1, 1.2, 1.1], "High": [1.3] * 3, "Low": [1.0] * 3, "Close": [1.2, 1.1, 1.2]} | changed


HOURS = [datetime(2020, 1, 6, hour, tzinfo=UTC) for hour in range(3)]
INDEX = pd.DatetimeIndex(HOURS)


def several_levels() -> pd.DataFrame:
    table = pd.DataFrame(frame(), index=INDEX)
    table.columns = pd.MultiIndex.from_product([table.columns, ["EURUSD=X"]])
    return table


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.DataFrame(frame(), index=INDEX),
        lambda: pd.DataFrame(frame(), index=INDEX.tz_convert("America/New_York")),
        lambda: pd.DataFrame(frame(), index=INDEX.rename("Date")),
        lambda: pd.DataFrame(frame(Date=INDEX), index=INDEX.rename("Date")),
        lambda: pd.DataFrame(frame(Close=[1.2, "1.1", 1.2], Note=[1, "a", None]), index=INDEX.rename("Close")),
        lambda: pd.DataFrame(frame(Timestamp=INDEX.strftime("%Y-%m-%dT%H:%M:%SZ"))),
        several_levels,
        lambda: pl.DataFrame(frame(time=HOURS)),
        lambda: pl.DataFrame(frame(date=[date(2020, 1, 6)] * 3, time=[time(hour) for hour in range(3)])),
        lambda: pl.DataFrame(frame(time=[moment.replace(tzinfo=None) for moment in HOURS])),
        lambda: pl.DataFrame(frame(ts=[int(moment.timestamp() * 1000) for moment in HOURS])),
        lambda: pa.table(frame(time=HOURS)),
    ],
)
def test_the_same_bars_come_out_of_every_dataframe(make: Callable[[], Any]) -> None:
    bars = bars_from(make(), BarOptions("eurusd", timezone="UTC"))
    assert bars.label == "EUR_USD H1"
    assert bars.open_time.tolist() == [int(moment.timestamp()) * 10**9 for moment in HOURS]
    assert bars.close.tolist() == [1.2, 1.1, 1.2]


GOOD = "time,open,high,low,close\n2020-01-06,1,2,0.5,1.5\n2020-01-07,1,2,0.5,1.5\n"


@pytest.mark.parametrize(
    ("text", "sentence", "rules"),
    [
        (GOOD + "2020-01-05,1,2,0.5,1.5\n", "1 bar out of order, first at 2020-01-05", ("disorder",)),
        (GOOD + "2020-01-07,1,2,0.5,1.5\n", "1 bar with a time that is there already", ("duplicates",)),
        (GOOD + "2020-01-08,1,2,,1.5\n", "price missing or not finite", ("nan",)),
        (GOOD + "2020-01-08,1,2,0,1.5\n", "price of zero or below", ("not_positive",)),
        (GOOD + "2020-01-08,1,2,3,1.5\n", "high is below the low", ("inconsistent",)),
    ],
)
def test_bars_that_break_a_rule_are_refused_and_mended_only_when_asked(
    tmp_path: Path, text: str, sentence: str, rules: tuple[str, ...]
) -> None:
    path = written(tmp_path, text, "X_D.csv")
    with pytest.raises(BadBars, match=sentence) as raised:
        bars_from(path, BarOptions())
    assert raised.value.rules == rules
    mended = bars_from(path, BarOptions(repair=True))
    assert len(mended) == (3 if rules == ("disorder",) else 2)
    assert len(mended.findings) == 1


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("time,open,high,low,close\n", BarOptions(), "there is a header and no row under it"),
        (PLAIN, BarOptions(), "name no time zone"),
        (PLAIN, BarOptions(timezone="Mars/X"), "'Mars/X' is not a time zone"),
        (PLAIN, BarOptions(timeframe="H3"), "is not a timeframe"),
        (PLAIN, BarOptions(timezone="UTC", timeframe="H4"), "3,600 s apart and cannot be H4 bars"),
        (PLAIN, BarOptions(timezone="UTC", columns={"close": "Px"}), "there is no column 'Px' for close"),
        (PLAIN.split("\n", 1)[1], BarOptions(), "the first line has to name the columns"),
        (PLAIN.replace("HIGH", "x"), BarOptions(timezone="UTC"), "columns open, low without high"),
        (PLAIN.replace("CLOSE", "x"), BarOptions(timezone="UTC"), "no column of closing prices; the file has DATETIME"),
        (PLAIN.replace("DATETIME", "x"), BarOptions(columns={"clock": "LOW"}), "no column of times"),
        (PLAIN.replace("1.4", "high"), BarOptions(timezone="UTC"), "column 'HIGH' holds 'high' in data row 2"),
        (PLAIN, BarOptions("EUR_USD (1)", timezone="UTC"), "not the name of an instrument"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, text: str, options: BarOptions, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        bars_from(written(tmp_path, text), options)


def test_one_bar_does_not_tell_its_length_and_a_dataframe_not_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.rsplit("\n", 2)[0] + "\n", "EURUSD.csv")
    with pytest.raises(InputError, match="one bar does not tell its length"):
        bars_from(path, BarOptions())
    assert len(bars_from(path, BarOptions(timeframe="D"))) == 1
    with pytest.raises(InputError, match="say which instrument this is"):
        bars_from(pl.read_csv(path), BarOptions())
    with pytest.raises(InputError, match="two columns have the same name"):
        bars_from(pd.DataFrame([[1, 2]], columns=["close", "close"]), BarOptions("X"))


@pytest.mark.parametrize(
    "text", ["date,close\n2020-01-06,1.5\n2020-01-07,1.6\n", GOOD.replace("1,2,0.5,1.5", "1,1,1,1")]
)
def test_one_price_a_bar_is_known_at_its_close_and_marked(tmp_path: Path, text: str) -> None:
    bars = bars_from(written(tmp_path, text, "X_D.csv"), BarOptions())
    assert bars.close_only
    assert rfc3339(bars.open_time[0]) == "2020-01-07T00:00:00Z"
    assert (bars.open_time == bars.close_time).all()


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("EUR_USD_H4", ("EUR_USD", Timeframe.H4)), ("EURUSD_1d", ("EURUSD", Timeframe.D)), ("EUR_USD", None), ("H4", None),
        ("EURUSD_M15_202001020000_202012312300", ("EURUSD", Timeframe.M15)), ("EUR_USD_D_old", None), ("", None),
        ("BTC_USDT-1h", ("BTC_USDT", Timeframe.H1)), ("BTCUSDT-1h-2024-01", ("BTCUSDT", Timeframe.H1)),
        ("BTC-USDT_1h", ("BTC-USDT", Timeframe.H1)), ("ETHUSDT-15m-2024-01-31", ("ETHUSDT", Timeframe.M15)),
    ],
)  # fmt: skip
def test_a_files_name_tells_instrument_and_timeframe(stem: str, parts: tuple[str, Timeframe] | None) -> None:
    assert split_stem(stem) == parts


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTC_USDT-1h.csv", "BTC_USDT"), ("BTCUSDT-1h-2024-01.csv", "BTC_USDT"), ("BTC-USDT_1h.csv", "BTC_USDT"),
        ("BTCUSDT-2024-01.csv", "BTC_USDT"), ("EURUSD_2024.csv", "EUR_USD"), ("SP_500.csv", "SP_500"),
    ],
)  # fmt: skip
def test_a_file_named_as_exchanges_and_bots_name_theirs_is_of_its_instrument(
    tmp_path: Path, name: str, symbol: str
) -> None:
    text = "timestamp,open,high,low,close\n2024-01-01T00:00:00Z,1,2,0.5,1.5\n2024-01-01T01:00:00Z,1.5,2,1,1.2\n"
    bars = bars_from(written(tmp_path, text, name), BarOptions())
    assert (bars.instrument.symbol, bars.timeframe) == (symbol, Timeframe.H1)


def test_a_days_close_never_reaches_into_the_next_day() -> None:
    opened = [
        datetime(2024, 3, 8, 22, tzinfo=UTC),
        datetime(2024, 3, 9, 22, tzinfo=UTC),
        datetime(2024, 3, 10, 21, tzinfo=UTC),
    ]
    bars = bars_from(pl.DataFrame(frame(time=opened)), BarOptions("BTC_USDT", "D"))
    assert np.diff(bars.open_time).tolist() == (bars.close_time - bars.open_time)[:-1].tolist()


FOLDERS = ("fx", "fx_2022", "fx_other_feed", "crypto", "us")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_can_be_read(shared: Path, folder: str) -> None:
    for path in sorted((shared / "data" / folder).glob("*.parquet")):
        bars: Bars = bars_from(path, BarOptions())
        table = pl.read_parquet(path)
        assert len(bars) == table.height
        assert (bars.close == table["close"].to_numpy()).all()
        assert rfc3339(bars.open_time[0])[:19] == table["time"].dt.strftime("%Y-%m-%dT%H:%M:%S")[0]
        assert bars.close_time[-1] - bars.open_time[-1] <= timedelta(days=1) // timedelta(microseconds=1) * 1000
        assert not bars.close_only


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_messages_about_a_dataframe_name_arguments_and_no_options(library: Any) -> None:
    day = {"time": ["2020-01-06", "2020-01-07"], "close": [1.5, 1.6]}
    hours = {"time": ["2020-01-06 10:00", "2020-01-06 11:00"], "close": [1.5, 1.6]}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"when": [1, 2], "close": [1.5, 1.6]}, "it has when, close; name it with columns={'time': 'NAME'}"),
        ({"time": day["time"], "Px": [1.5, 1.6]}, "it has time, Px; name it with columns={'close': 'NAME'}"),
        ({**day, "open": [1.0, 1.0]}, "without high, low; it has time, close, open"),
        (hours, "for instance timezone='UTC' or timezone='America/New_York'"),
        ({"time": ["2020-01-06"], "close": [1.5]}, "name the timeframe with timeframe="),
    ]
    for table, words in cases:
        with pytest.raises(InputError, match=words) as refused:
            bars_from(library(table), BarOptions("X"))
        assert "--" not in str(refused.value)
        assert "file" not in str(refused.value)


def test_messages_about_a_file_name_the_option_and_the_argument(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"name it with --column close=NAME \(columns= in Python\)"):
        bars_from(written(tmp_path, "time,Px\n2020-01-06,1\n", "X_D.csv"), BarOptions())


def test_two_columns_of_one_name_are_told_apart_as_people_would(tmp_path: Path) -> None:
    rows = "2020-01-06,1,2,0.5,1.5,1.4\n2020-01-07,1,2,0.5,1.5,1.4\n"
    path = written(tmp_path, f"time,open,high,low,close,close\n{rows}", "X_D.csv")
    with pytest.raises(InputError, match=r"two columns are called 'close' and differ; .* --column close='close \(2\)'"):
        bars_from(path, BarOptions())
    assert bars_from(path, BarOptions(columns={"close": "close (2)"})).close[0] == 1.4
    assert bars_from(path, BarOptions(columns={"close": "close"})).close[0] == 1.5
    same = written(tmp_path, f"time,open,high,low,close,close\n{rows.replace('1.4', '1.5')}", "Y_D.csv")
    assert bars_from(same, BarOptions()).close[0] == 1.5
    strange = written(tmp_path, f"when,open,high,low,x,x\n{rows}", "Z_D.csv")
    with pytest.raises(InputError, match=r"the file has when, open, high, low, x, x \(2\);"):
        bars_from(strange, BarOptions())


def test_what_is_no_table_is_named_with_its_article() -> None:
    with pytest.raises(InputError, match="cannot read a table from an int; give a path"):
        bars_from(5, BarOptions("X"))
