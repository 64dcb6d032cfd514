"""freqtrade's backtests, its live trades in JSON, CSV, dataframes and the bot's own database."""

import json
import sqlite3
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from support.foreign_trades import Made, freqtrade_backtest, freqtrade_trade, moment
from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.core.errors import InputError

LONG = Made(1, 100.0, 104.0, 98.0, commission=-0.2)
SHORT = Made(-1, 100.0, 103.0, 104.0, volume=2.0)
LIVE = [freqtrade_trade(0, LONG, strategy="Alpha"), freqtrade_trade(1, SHORT, strategy="Alpha")]


def read(folder: Path, content: object, **options: str) -> TradeHistory:
    path = folder / "trades.dat"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_trades(path, **options)  # type: ignore[arg-type] # only timezone is passed


def by_name(history: TradeHistory) -> dict[str, list[float]]:
    return {sample.strategy: sample.r.tolist() for sample in history.samples}


def test_several_strategies_of_a_backtest_are_told_apart_and_fees_are_not_taken_off_again(tmp_path: Path) -> None:
    both = {"Alpha": [freqtrade_trade(0, LONG), freqtrade_trade(1, SHORT)], "Beta": [freqtrade_trade(2, LONG)]}
    history = read(tmp_path, freqtrade_backtest(both))
    assert by_name(history) == {"Alpha": [pytest.approx(1.9), pytest.approx(-0.75)], "Beta": [pytest.approx(1.9)]}
    assert history.samples[0].exit_time[0] == int(moment(0, 4).timestamp() * 1e9)
    assert history.table.opened is not None
    assert history.table.opened[0] == int(moment(0).timestamp() * 1e9)
    assert history.table.platform == "freqtrade backtest"
    assert history.assumptions["costs"].endswith("so nothing more is taken off")
    assert history.assumptions["stops"] == "each trade's initial stop loss, before any trailing"


@pytest.mark.parametrize("shape", [LIVE, {"trades": LIVE, "trades_count": 2, "offset": 0}])
def test_live_trades_are_read_as_the_command_and_the_api_give_them(tmp_path: Path, shape: object) -> None:
    assert by_name(read(tmp_path, shape)) == {"Alpha": [pytest.approx(1.9), pytest.approx(-0.75)]}


def test_dates_alone_do_where_there_are_no_time_stamps_and_are_utc(tmp_path: Path) -> None:
    trade = {key: value for key, value in LIVE[0].items() if not key.endswith("_timestamp")}
    zoned, plain = dict(trade), trade | {"close_date": "2024-01-02 13:30:00", "open_date": "2024-01-02 09:30:00"}
    for one in (zoned, plain):
        assert read(tmp_path, [one]).samples[0].exit_time[0] == int(moment(0, 4).timestamp() * 1e9)


def test_open_trades_are_left_out_and_counted(tmp_path: Path) -> None:
    waiting = freqtrade_trade(
        2, LONG, strategy="Alpha", is_open=True, close_rate=None, close_timestamp=None, profit_abs=None
    )
    history = read(tmp_path, [*LIVE, waiting])
    assert [(one.rule, one.count) for one in history.findings] == [("open_trades", 1)]
    assert len(history.table) == 2
    with pytest.raises(InputError, match="no closed trade; the file holds 1 trade still open"):
        read(tmp_path, [waiting])


@pytest.mark.parametrize(("stop", "leverage"), [(1.0, 1.0), (0.0, 1.0), (None, 1.0), (90.0, 5.0), (50.0, 1.0)])
def test_stops_of_emergencies_are_no_measure(tmp_path: Path, stop: float | None, leverage: float) -> None:
    losers = [Made(1, 100.0, 98.0) for _ in range(6)]
    rows = [
        freqtrade_trade(place, one, initial_stop_loss_abs=stop, stop_loss_abs=stop, leverage=leverage)
        for place, one in enumerate(losers)
    ]
    history = read(tmp_path, freqtrade_backtest({"Alpha": rows}))
    assert history.samples[0].r.tolist() == pytest.approx([-1.0] * 6)
    assert history.assumptions["R"].startswith("stands for a usual loss, because these trades have no stops: 1 R is")
    assert "stops" not in history.assumptions
    rules = [one.rule for one in history.findings]
    assert ("far_stops" in rules) == bool(stop)


def test_leverage_makes_the_trade_larger_and_not_the_profit(tmp_path: Path) -> None:
    """100 of stake at 5 times is 5 coins at 100: a stop 4 away risks 20, and the profit of 10 is freqtrade's own."""
    one = freqtrade_trade(
        0,
        LONG,
        stake_amount=100.0,
        max_stake_amount=100.0,
        amount=5.0,
        leverage=5.0,
        profit_abs=10.0,
        initial_stop_loss_abs=96.0,
    )
    history = read(tmp_path, [one])
    assert history.samples[0].r.tolist() == [0.5]
    assert history.table.quantity.tolist() == [5.0]


def test_a_position_that_was_added_to_is_weighed_by_the_most_that_was_in_it(tmp_path: Path) -> None:
    one = freqtrade_trade(0, LONG, max_stake_amount=300.0, profit_abs=6.0)
    history = read(tmp_path, [one])
    assert history.samples[0].r.tolist() == [1.0]  # 6 over 3 coins x 2
    assert [(finding.rule, finding.count) for finding in history.findings] == [("money", 1)]


def test_the_columns_are_known_in_csv_and_dataframes_too(tmp_path: Path) -> None:
    rows = [{key: value for key, value in row.items() if key != "orders"} for row in LIVE]
    (tmp_path / "trades.csv").write_text(pl.DataFrame(rows).write_csv())
    frame = pd.DataFrame(rows)
    frame["close_date"], frame["open_date"] = pd.to_datetime(frame["close_date"]), pd.to_datetime(frame["open_date"])
    for source in (tmp_path / "trades.csv", pl.DataFrame(rows), frame):
        assert by_name(read_trades(source)) == {"Alpha": [pytest.approx(1.9), pytest.approx(-0.75)]}


def database(path: Path, rows: list[dict[str, object]]) -> Path:
    """The table of a live bot, with the columns that matter and one that does not."""
    names = {
        "strategy": "strategy", "pair": "pair", "is_open": "is_open", "is_short": "is_short", "open_rate": "open_rate",
        "close_rate": "close_rate", "stake_amount": "stake_amount", "amount": "amount", "close_profit_abs": "profit_abs",
        "initial_stop_loss": "initial_stop_loss_abs", "open_date": "open_date", "close_date": "close_date", "leverage": "leverage",
        "fee_open": "fee_open", "fee_close": "fee_close", "timeframe": "timeframe",
    }  # fmt: skip
    with sqlite3.connect(path) as base:
        base.execute(f"create table trades (id integer primary key, {', '.join(names)})")
        for row in rows:
            values = [str(row[name])[:19] if "date" in name and row[name] else row.get(name) for name in names.values()]
            base.execute(f"insert into trades ({', '.join(names)}) values ({', '.join('?' * len(names))})", values)  # noqa: S608
    base.close()
    return path


def test_the_database_of_a_bot_is_read_where_it_lies(tmp_path: Path) -> None:
    waiting = LIVE[0] | {"is_open": True, "close_date": None, "close_rate": None, "profit_abs": None}
    history = read_trades(database(tmp_path / "tradesv3.sqlite", [*LIVE, waiting]))
    assert by_name(history) == {"Alpha": [pytest.approx(1.9), pytest.approx(-0.75)]}
    assert [(one.rule, one.count) for one in history.findings] == [("open_trades", 1)]
    assert history.samples[0].exit_time[0] == int(moment(0, 4).timestamp() * 1e9)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as base:
        base.execute("create table orders (a)")
    base.close()
    with pytest.raises(InputError, match="an SQLite database without the trades of freqtrade"):
        read_trades(tmp_path / "x.db")
    (tmp_path / "y.db").write_bytes((tmp_path / "x.db").read_bytes()[:700])
    with pytest.raises(InputError, match="SQLite database"):
        read_trades(tmp_path / "y.db")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"strategy": {"A": {"trades": [', "not readable JSON"),
        (b"{}", "neither the result of a freqtrade backtest"),
        (b'{"exchange": {"name": "binance"}, "stake_amount": 100}', "the file has exchange, stake_amount"),
        (b'{"strategy": {"A": {"trades": []}}}', "holds no trades at all"),
        (b"[]", "holds no trades at all"),
        (b"[1, 2]", "not the trades of freqtrade"),
        (b'[["BTC/USDT", 0.1, 1500000000]]', "not the trades of freqtrade"),
        (b'{"strategy": {"A": 1}}', "not the trades of freqtrade"),
        (b"[" * 100_000, "not readable JSON"),
        (b'{"strategy": "A"}', "neither the result"),
    ],
)  # fmt: skip
def test_other_json_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"open_rate": 0.0}, "trade 1 of BTC/USDT has 0 as open rate"),
        ({"close_rate": -1.0}, "-1 as close rate"),
        ({"profit_abs": None}, "nan as profit"),
        ({"close_timestamp": 1}, "closes before it opens"),
        ({"stake_amount": 0.0, "max_stake_amount": None, "amount": None}, "neither stake nor amount"),
        ({"open_rate": "soon"}, "not the trades of freqtrade"),
        ({"pair": None}, "not the trades of freqtrade"),
    ],
)
def test_impossible_trades_are_refused_where_they_stand(
    tmp_path: Path, changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        read(tmp_path, [LIVE[0] | changed])


def test_not_a_number_is_read_although_json_has_none(tmp_path: Path) -> None:
    text = json.dumps([LIVE[0] | {"fee_open": float("nan")}])
    assert "NaN" in text
    assert by_name(read(tmp_path, text.encode())) == {"Alpha": [pytest.approx(1.9)]}


def test_columns_cannot_be_mapped_where_names_are_fixed(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(LIVE))
    with pytest.raises(InputError, match="there are no columns to map; leave --column out"):
        read_trades(tmp_path / "t.json", columns={"stop": "initial_stop_loss_abs"})
