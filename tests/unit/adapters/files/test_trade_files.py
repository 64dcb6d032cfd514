"""R out of trade histories, and what is said of rows that have none."""

from pathlib import Path

import pytest

from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.core.errors import InputError

LONG_TWO_R = "2024-01-02T00:00Z,long,100,120,90"
SHORT_HALF_LOST = "2024-01-03T00:00Z,short,100,105,110"


def history(folder: Path, text: str, **options: str) -> TradeHistory:
    (folder / "trades.csv").write_text(text)
    return read_trades(folder / "trades.csv", **options)  # type: ignore[arg-type] # only timezone is passed


@pytest.mark.parametrize(
    "header",
    ["time,side,entry,exit,stop", "Exit Time,Direction,Entry Price,Exit Price,Stop Loss", "close_date,TYPE,open_rate,close_rate,SL",
     "closed_at,action,avg_entry_price,avg_exit_price,initial_stop_loss_abs"],
)  # fmt: skip
@pytest.mark.parametrize(("long", "short"), [("long", "short"), ("BUY", "Sell"), ("1", "-1"), ("L", "s")])
def test_r_by_the_stop_under_every_spelling(tmp_path: Path, header: str, long: str, short: str) -> None:
    rows = "\n".join((header, LONG_TWO_R.replace("long", long), SHORT_HALF_LOST.replace("short", short)))
    [sample] = history(tmp_path, rows).samples
    assert sample.strategy == "all trades"
    assert sample.r.tolist() == [2.0, -0.5]
    assert sample.ends_ns == sample.exit_time[-1]


@pytest.mark.parametrize(
    ("header", "row", "r", "costs"),
    [
        ("risk,quantity,commission", "50,5,10", 2.0, "no commission or swap"),  # 20 x 5 over 50; not taken unasked
        ("risk,quantity,fee", "50,5,10", 1.8, "column 'fee' is taken off"),
        ("risk,quantity,fee", "50,-5,-10", 1.8, "column 'fee' is taken off"),  # signs differ from broker to broker
        ("stop,quantity,fee", "90,5,10", 1.8, "column 'fee' is taken off"),
        ("stop,quantity,fee", "90,5,", 2.0, "column 'fee' is taken off"),
        ("stop", "90", 2.0, "no commission or swap"),
    ],
)
def test_costs_come_off_where_they_are_named_and_it_is_said(
    tmp_path: Path, header: str, row: str, r: float, costs: str
) -> None:
    path = tmp_path / "trades.csv"
    path.write_text(f"time,side,entry,exit,{header}\n2024-01-02,long,100,120,{row}\n")
    read = read_trades(path, columns={"costs": "fee"} if "fee" in header else None)
    assert read.samples[0].r.tolist() == [r]
    assert costs in read.assumptions["costs"]
    assert "entry is 'entry'" in read.assumptions["columns"]


@pytest.mark.parametrize(
    ("header", "row", "sentence"),
    [
        ("stop,quantity,fee", "90,0.1,7", "costs come to 7.0 R for the usual trade; is the quantity in lots"),
        ("stop,fee", "90,7", "costs need a quantity"),
        ("stop,quantity,fee", "90,0,1", "has 0 as quantity"),
        ("stop,quantity,fee", "90,1,inf", "has inf as costs"),
    ],
)
def test_costs_that_cannot_be_weighed_are_refused(tmp_path: Path, header: str, row: str, sentence: str) -> None:
    path = tmp_path / "trades.csv"
    path.write_text(f"time,side,entry,exit,{header}\n2024-01-02,long,100,120,{row}\n")
    with pytest.raises(InputError, match=sentence):
        read_trades(path, columns={"costs": "fee"})


def test_strategies_are_told_apart_and_put_in_order_of_time(tmp_path: Path) -> None:
    rows = [
        "time,side,entry,exit,stop,strategy",
        LONG_TWO_R + ",b",
        SHORT_HALF_LOST + ", a ",
        LONG_TWO_R + ",a",
        LONG_TWO_R + ",",
    ]
    read = history(tmp_path, "\n".join([*rows, rows[1], ";".join([])]))
    assert [(one.strategy, one.r.tolist()) for one in read.samples] == [
        ("a", [2.0, -0.5]), ("b", [2.0, 2.0]), ("unnamed", [2.0])
    ]  # fmt: skip
    assert [(one.rule, one.count) for one in read.findings] == [("duplicates", 1)]
    by_symbol = history(tmp_path, "date,side,entry,exit,sl,symbol\n2024-01-02,buy,100,120,90,EURUSD\n")
    assert by_symbol.samples[0].strategy == "EURUSD"


GOOD = {"time": "2024-01-02T00:00Z", "side": "long", "entry": "100", "exit": "120", "stop": "90"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"side": "flat"}, "data row 1 has side 'flat'; write long or short"),
        ({"side": ""}, "write long or short"),
        ({"entry": "0"}, "has 0 as entry price"),
        ({"exit": ""}, "has no exit price"),
        ({"exit": "inf"}, "has inf as exit price"),
        ({"exit": "soon"}, "'soon' in data row 1, which is not a number"),
        ({"stop": "110"}, "below the entry of a long and above that of a short"),
        ({"stop": "100"}, "below the entry of a long"),
        ({"stop": ""}, "has no stop"),
        ({"time": "2024-01-02 00:00"}, "name no time zone"),
        ({"time": ""}, "time column is empty in data row 1"),
        ({"stop": "0"}, "has 0 as stop, and R needs a real one for each trade"),
        ({"stop": ""}, "has no stop, and R needs a real one for each trade"),
        ({"stop": "99.9999999"}, "distance to the stop"),
    ],
)
def test_a_row_without_r_is_refused_where_it_stands(tmp_path: Path, changed: dict[str, str], sentence: str) -> None:
    row = GOOD | changed
    with pytest.raises(InputError, match=sentence):
        history(tmp_path, f"{','.join(row)}\n{','.join(row.values())}\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("time,side,entry,exit,stop\n", "a header and no trade under it"),
        ("time,side,entry\n1,2,3\n", "no column for exit"),
        ("a,b\n1,2\n", "no column for time and side and entry and exit; the file has a, b; map one"),
        ("time,side,entry,exit\n1,2,3,4\n", "R needs a stop for each trade, or the money at risk and a quantity"),
        ("time,side,entry,exit,risk\n1,2,3,4,5\n", "R needs a stop"),
    ],
)
def test_a_history_that_lacks_something_says_what(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        history(tmp_path, text)


def test_times_without_a_zone_are_read_in_the_one_that_is_given(tmp_path: Path) -> None:
    text = "time,side,entry,exit,stop\n2024-07-02 12:00,long,100,120,90\n"
    utc, new_york = (
        history(tmp_path, text, timezone=zone).samples[0].exit_time for zone in ("UTC", "America/New_York")
    )
    assert (new_york - utc).tolist() == [4 * 3600 * 10**9]
    with pytest.raises(InputError, match="'Mars/X' is not a time zone"):
        history(tmp_path, text, timezone="Mars/X")
