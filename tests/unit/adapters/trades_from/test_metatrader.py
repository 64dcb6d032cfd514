"""MetaTrader's statements, histories and tests in their layouts, languages and encodings."""

import re
from pathlib import Path

import numpy as np
import pytest

from support.foreign_trades import (
    MT5_HEADING,
    Made,
    moment,
    mt4_statement,
    mt5_cells,
    mt5_history,
    mt5_order,
    report_of_test,
)
from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.core.errors import InputError

TRADES = [
    Made(1, 1.1, 1.104, 1.098, commission=-7.0, swap=-1.5),
    Made(-1, 1.1, 1.101, 1.103, volume=0.5, commission=-3.5),
    Made(1, 1.2, 1.19, 1.19, volume=2.0, symbol="GBPUSD", swap=2.0),
]
R = {"EURUSD": [TRADES[0].r, TRADES[1].r], "GBPUSD": [TRADES[2].r]}


def read(folder: Path, text: str, *, encoding: str = "utf-8", timezone: str | None = "UTC") -> TradeHistory:
    path = folder / "report.anything"
    path.write_bytes(text.encode(encoding))
    return read_trades(path, timezone=timezone)


def by_name(history: TradeHistory) -> dict[str, list[float]]:
    return {sample.strategy.upper(): sample.r.tolist() for sample in history.samples}


def near(want: dict[str, list[float]]) -> dict[str, object]:
    return {name: pytest.approx(values, rel=1e-6) for name, values in want.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp1252", "utf-16"])
def test_a_statement_of_metatrader_4_takes_all_costs_off(tmp_path: Path, encoding: str) -> None:
    title = "Закрытые сделки" if encoding == "cp1251" else "Geschlossene Positionen"
    history = read(tmp_path, mt4_statement(TRADES, title=title), encoding=encoding)
    assert by_name(history) == near(R)
    assert history.table.net.tolist() == pytest.approx([one.net for one in TRADES])
    assert history.table.per_price.tolist() == pytest.approx([100_000, 50_000, 200_000])
    assert history.table.platform == "MetaTrader 4 statement"
    assert "together 10.00 in the account's currency" in history.assumptions["costs"]
    assert "trailing stop moves after entry" in history.assumptions["stops"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8"])
@pytest.mark.parametrize(
    "heading",
    [
        MT5_HEADING,
        "Zeit,Position,Symbol,Typ,Volumen,Preis,S / L,T / P,Zeit,Preis,Kommission,Swap,Gewinn",
        "Fecha/Hora,Posición,Símbolo,Tipo,Volumen,Precio,S / L,T / P,Fecha/Hora,Precio,Comisión,Swap,Beneficio",
        "Время,Позиция,Символ,Тип,Объем,Цена,S / L,T / P,Время,Цена,Комиссия,Своп,Прибыль",
        "时间,持仓,交易品种,类型,交易量,价位,止损,止盈,时间,价位,手续费,库存费,盈利",
        "時間,ポジション,銘柄,タイプ,数量,価格,決済逆指値(S/L),決済指値(T/P),時間,価格,手数料,スワップ,損益",
    ],
)
def test_a_history_of_metatrader_5_reads_the_same_in_every_language(
    tmp_path: Path, heading: str, encoding: str
) -> None:
    history = read(tmp_path, mt5_history(TRADES, heading=heading), encoding=encoding)
    assert by_name(history) == near(R)
    assert history.table.net.tolist() == pytest.approx([one.net for one in TRADES])
    assert history.table.closed[0] == int(moment(0, 4).timestamp() * 1e9)


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_the_rows_of_a_history_are_known_in_separated_text_too(tmp_path: Path, separator: str) -> None:
    rows = [MT5_HEADING.split(","), *mt5_cells(TRADES)]
    text = "Positions\n" + "\n".join(separator.join(row) for row in rows)
    assert by_name(read(tmp_path, text)) == near(R)


def test_decimal_commas_and_points_between_thousands_are_understood(tmp_path: Path) -> None:
    index = [Made(1, 18_000.0, 18_010.0, 17_990.0, volume=0.01, symbol="GER40"), Made(1, 1.2, 1.19, 1.19)]
    rows = [[cell.replace(" ", "#").replace(".", ",").replace("#", ".") for cell in row] for row in mt5_cells(index)]
    for row, original in zip(rows, mt5_cells(index), strict=True):
        row[0], row[8] = original[0], original[8]
    text = MT5_HEADING.replace(",", ";") + "\n" + "\n".join(";".join(row) for row in rows)
    assert "10.000,00" in text
    assert by_name(read(tmp_path, text)) == near({"EURUSD": [-1.0], "GER40": [1.0]})


def test_times_need_a_zone_and_are_read_in_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the times name no time zone; say which it is, for instance --timezone UTC"):
        read(tmp_path, mt4_statement(TRADES), timezone=None)
    athens = read(tmp_path, mt4_statement(TRADES), timezone="Europe/Athens").samples[0].exit_time
    utc = read(tmp_path, mt4_statement(TRADES)).samples[0].exit_time
    assert (utc - athens).tolist() == [2 * 3600 * 10**9] * 2


def test_what_is_no_closed_trade_is_left_out_and_counted(tmp_path: Path) -> None:
    """Deposit, credit, a cancelled order, an open trade without a close time, and a working order."""
    extra = (
        "<tr><td>1</td><td>2024.01.01 08:00:00</td><td>balance</td><td colspan=10>Deposit</td><td>10 000.00</td></tr>"
        "<tr><td>2</td><td>2024.01.01 08:00:00</td><td>credit</td><td colspan=10>Credit</td><td>500.00</td></tr>"
        "<tr><td>3</td><td>2024.01.01 08:00:00</td><td>buy limit</td><td>0.10</td><td>eurusd</td><td>1.26</td><td>0</td><td>0</td>"
        "<td>2024.01.02 08:00:00</td><td>1.26</td><td colspan=4>cancelled</td></tr>"
        "<tr><td>4</td><td>2024.01.05 08:00:00</td><td>sell</td><td>0.10</td><td>eurusd</td><td>1.10</td><td>0</td><td>0</td>"
        "<td>&nbsp;</td><td>1.12</td><td>-0.70</td><td>0.00</td><td>0.00</td><td>-20.00</td></tr>"
    )
    history = read(tmp_path, mt4_statement(TRADES, extra=extra))
    assert {one.rule: one.count for one in history.findings} == {"balance": 2, "pending_orders": 1, "open_trades": 1}
    assert by_name(history) == near(R)
    with pytest.raises(
        InputError, match="no closed trade; the report holds 1 open position, 1 pending order, 2 balance operations"
    ):
        read(tmp_path, mt4_statement([], extra=extra))
    with pytest.raises(InputError, match=r"no trade in this report \(read as UTF-8\); choose a period"):
        read(tmp_path, mt4_statement([]))


def test_each_part_of_a_partial_close_is_a_trade_of_its_own_volume(tmp_path: Path) -> None:
    parts = [
        Made(-1, 1.1, 1.102, 1.104, volume=0.3, comment="to #1001"),
        Made(-1, 1.1, 1.096, 1.104, volume=0.7, comment="from #1000[tp]"),
    ]
    history = read(tmp_path, mt4_statement(parts))
    assert history.table.quantity.tolist() == [0.3, 0.7]
    assert by_name(history) == near({"EURUSD": [-0.5, 1.0]})


def test_stops_beyond_the_entry_were_moved_and_none_of_the_strategy_is_used(tmp_path: Path) -> None:
    winners = [Made(1, 1.1, 1.11, 1.105)]
    losers = [Made(1, 1.1, 1.0945, 1.095) for _ in range(5)]
    history = read(tmp_path, mt4_statement([*winners, *losers]))
    assert by_name(history) == near({"EURUSD": [100 / 55, -1, -1, -1, -1, -1]})
    moved = next(one for one in history.findings if one.rule == "moved_stops")
    assert (moved.count, moved.message) == (
        1,
        "1 trade had a stop at or beyond the entry: stops were moved, and none of them was used",
    )
    assert "have no stops that could be used: 1 R is the median loss" in history.assumptions["R"]
    assert "stops" not in history.assumptions


def test_the_opening_order_knows_the_stop_before_it_was_moved(tmp_path: Path) -> None:
    """The position's own stop stands above its entry in the end; the order was sent with one 50 pips below."""
    trades = [Made(1, 1.1, 1.11, 1.105), Made(1, 1.1, 1.095, 1.095)]
    history = read(tmp_path, mt5_history(trades, orders=[mt5_order(0, trades[0], 1.095)]))
    assert by_name(history) == near({"EURUSD": [2.0, -1.0]})
    assert (
        history.assumptions["stops"]
        == "as the opening orders had them for 1 trade, otherwise as the report last shows them"
    )


@pytest.mark.parametrize(
    ("comments", "names"),
    [
        (["Trend", "Trend[sl]", "Grid", "Grid[tp]"], ["Grid", "Trend"]),
        (["[sl]", "", "to #12", "[tp]"], ["eurusd"]),
        ([], ["eurusd"]),
    ],
)
def test_comments_tell_strategies_apart_where_they_are_names(
    tmp_path: Path, comments: list[str], names: list[str]
) -> None:
    trades = [
        Made(1, 1.1, 1.101, 1.09, comment=comments[place % 4] if comments else f"signal {place}") for place in range(40)
    ]
    assert [sample.strategy for sample in read(tmp_path, mt4_statement(trades)).samples] == names


def test_orders_of_metatrader_5_bring_their_comments(tmp_path: Path) -> None:
    trades = [Made(1, 1.1, 1.101, 1.09) for _ in range(20)]
    orders = [mt5_order(place, one, 1.09, "Trend" if place % 2 else "Grid") for place, one in enumerate(trades)]
    assert [sample.strategy for sample in read(tmp_path, mt5_history(trades, orders=orders)).samples] == [
        "Grid",
        "Trend",
    ]


def test_a_column_of_magic_numbers_tells_strategies_apart(tmp_path: Path) -> None:
    rows = [[*row, "", str(7 + place)] for place, row in enumerate(mt5_cells(TRADES))]
    text = MT5_HEADING + ",Comment,Magic\n" + "\n".join(",".join(row) for row in rows)
    history = read(tmp_path, text)
    assert [sample.strategy for sample in history.samples] == ["magic 7", "magic 8", "magic 9"]
    assert history.table.net.tolist() == pytest.approx([one.net for one in TRADES])


def test_a_test_of_metatrader_4_knows_each_orders_first_stop(tmp_path: Path) -> None:
    """A stop moved to the entry, a filled limit order, one deleted, and an order closed in two parts."""
    rows = [
        ["1", "2024.01.02 09:00", "buy", "1", "0.10", "1.10000", "1.09500", "1.11000", ""],
        ["2", "2024.01.02 12:00", "modify", "1", "0.10", "1.10000", "1.10000", "1.11000", ""],
        ["3", "2024.01.02 15:00", "s/l", "1", "0.10", "1.10000", "1.10000", "1.11000", "-0.40", "9999.60"],
        ["4", "2024.01.03 08:00", "sell limit", "2", "0.10", "1.10300", "1.10800", "1.09300", ""],
        ["5", "2024.01.03 10:00", "sell", "2", "0.10", "1.10300", "1.10800", "1.09300", ""],
        ["6", "2024.01.04 11:00", "t/p", "2", "0.10", "1.09300", "1.10800", "1.09300", "100.00", "10099.60"],
        ["7", "2024.01.05 10:00", "buy stop", "3", "0.10", "1.10500", "0.00000", "0.00000", ""],
        ["8", "2024.01.05 12:00", "delete", "3", "0.10", "1.10500", "0.00000", "0.00000", ""],
        ["9", "2024.01.08 09:00", "buy", "4", "0.30", "1.10000", "1.09000", "0.00000", ""],
        ["10", "2024.01.08 10:00", "close", "4", "0.10", "1.11000", "1.09000", "0.00000", "100.00", "10199.60"],
        ["11", "2024.01.09 10:00", "close at stop", "5", "0.20", "1.09500", "1.09000", "0.00000", "-100.00", "10099.60"],
        ["12", "2024.01.09 10:00", "close", "9", "0.20", "1.09500", "1.09000", "0.00000", "-100.00", "9999.60"],
    ]  # fmt: skip
    history = read(tmp_path, report_of_test(rows, version=4))
    [sample] = history.samples
    assert sample.strategy == "Crosser"
    assert sample.r.tolist() == pytest.approx([-0.4 / 50, 2.0, 1.0, -0.5])
    assert set(history.table.instrument) == {"EURUSD"}
    assert history.table.costs.sum() == 0
    assert {one.rule: one.count for one in history.findings} == {"lost": 1}
    assert history.assumptions["stops"] == "as each order had them when it was opened"


def deal(day: int, number: int, word: str, direction: str, volume: str, price: str, *money: str) -> list[str]:
    when = f"2024.01.{day:02d} 09:00:00"
    return [when, str(number), "EURUSD", word, direction, volume, price, str(number), *money, "10 000.00", ""]


DEALS = [
    ["2024.01.01 00:00:00", "1", "", "balance", "", "", "", "", "0.00", "0.00", "10 000.00", "10 000.00", ""],
    deal(2, 2, "buy", "in", "0.2", "1.10000", "-1.40", "0.00", "0.00"),
    deal(3, 3, "sell", "out", "0.1", "1.10250", "-0.70", "0.00", "25.00"),
    deal(4, 4, "sell", "out", "0.1", "1.09900", "-0.70", "-0.45", "-10.00"),
    deal(5, 5, "sell", "in", "0.1", "1.12000", "-0.70", "0.00", "0.00"),
    deal(6, 6, "buy", "in/out", "0.3", "1.11800", "-2.10", "0.00", "20.00"),
    deal(7, 7, "sell", "out", "0.2", "1.11900", "-1.40", "-0.60", "20.00"),
]


def test_deals_are_paired_with_parts_and_reversals_and_each_cost_once(tmp_path: Path) -> None:
    history = read(tmp_path, report_of_test(DEALS))
    table = history.table
    assert [sample.strategy for sample in history.samples] == ["Crosser"]
    assert table.side.tolist() == [1.0, 1.0, -1.0, 1.0]
    assert table.quantity.tolist() == pytest.approx([0.1, 0.1, 0.1, 0.2])
    assert table.net.tolist() == pytest.approx(
        [25 - 0.7 - 0.7, -10 - 0.7 - 0.7 - 0.45, 20 - 0.7 - 0.7, 20 - 1.4 - 1.4 - 0.6]
    )
    assert float(table.costs.sum()) == pytest.approx(8.05)  # all of the commission and swap above
    assert {one.rule: one.count for one in history.findings} == {"balance": 1}


def test_deals_find_their_stops_in_the_orders_and_say_what_they_could_not_tell(tmp_path: Path) -> None:
    orders = [
        [
            "2024.01.02 09:00:00",
            str(number),
            "EURUSD",
            "buy",
            "0.1 / 0.1",
            "0.00",
            stop,
            "",
            "2024.01.02 09:00:00",
            "filled",
            "",
        ]
        for number, stop in ((2, "1.09000"), (3, "1.08000"))
    ]
    deals = [
        deal(2, 2, "buy", "in", "0.1", "1.10000", "0", "0", "0"),
        deal(3, 3, "buy", "in", "0.1", "1.10000", "0", "0", "0"),
        deal(4, 4, "sell", "out", "0.1", "1.11000", "0", "0", "100.00"),
        deal(5, 5, "sell", "out", "0.1", "1.11000", "0", "0", "100.00"),
        deal(6, 6, "sell", "out", "0.1", "1.11000", "0", "0", "100.00"),
        deal(7, 7, "buy", "in", "0.1", "1.10000", "0", "0", "0"),
    ]
    history = read(tmp_path, report_of_test([*orders, *deals]))
    assert history.samples[0].r.tolist() == pytest.approx([1.0, 0.5])
    assert {one.rule: one.count for one in history.findings} == {"unsure": 1, "lost": 1, "open_trades": 1}


def test_a_report_that_is_cut_off_keeps_the_trades_that_are_whole(tmp_path: Path) -> None:
    text = mt4_statement([*TRADES, TRADES[0]])
    third, last = (found.start() for found in list(re.finditer("<tr align=right>", text))[2:4])
    assert by_name(read(tmp_path, text[:last])) == near(R)
    torn = read(tmp_path, text[: text.index("1.19000</td><td class=mspt>", third) + 12])
    assert by_name(torn) == near({"EURUSD": R["EURUSD"]})
    assert {one.rule: one.count for one in torn.findings} == {"torn": 1}


def test_profits_against_their_prices_are_counted_and_refused_when_most_are(tmp_path: Path) -> None:
    good = mt4_statement([Made(1, 1.1, 1.101, 1.09) for _ in range(5)])
    one = good.replace(">100.00</td></tr>", ">-100.00</td></tr>", 1)
    history = read(tmp_path, one)
    assert {found.rule: found.count for found in history.findings} == {"money": 1}
    assert history.samples[0].r.tolist() == pytest.approx([-0.1, 0.1, 0.1, 0.1, 0.1])
    with pytest.raises(InputError, match="5 of 5 trades gained where prices say they lost"):
        read(tmp_path, good.replace(">100.00</td></tr>", ">-100.00</td></tr>"))
    with pytest.raises(InputError, match="nothing says what a move is worth"):
        read(tmp_path, mt4_statement([Made(1, 1.1, 1.1, 1.09)]))


def test_a_scratch_trade_is_measured_by_what_the_others_of_its_symbol_say(tmp_path: Path) -> None:
    trades = [
        Made(1, 1.1, 1.1, 1.09, commission=-7.0),
        Made(1, 1.1, 1.12, 1.09),
        Made(1, 1.3, 1.3, 1.29, symbol="X", commission=-13.0),
    ]
    history = read(tmp_path, mt4_statement(trades))
    assert by_name(history)["EURUSD"] == pytest.approx([-0.007, 2.0])
    assert by_name(history)["X"] == pytest.approx([-13.0 / (100_000 * 1.1 / 1.3 * 0.01)])


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (">1.10000</td>", ">0.00000</td>", "'0.00000' as entry"),
        (">1.00</td>", ">0.00</td>", "'0.00' as volume"),
        ("eurusd</td><td>1.10000", "eurusd</td><td>soon", "'soon' in data row 1, which is not a number"),
    ],
)
def test_impossible_rows_are_refused_by_their_ticket(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(tmp_path, mt4_statement([TRADES[0]]).replace(old, new))


def test_comments_of_old_builds_stand_in_a_row_of_their_own(tmp_path: Path) -> None:
    trades = [Made(1, 1.1, 1.101, 1.09) for _ in range(20)]
    text = mt4_statement(trades).replace(
        "100.00</td></tr>\n", "100.00</td></tr>\n<tr><td></td><td></td><td>Trend</td></tr>\n"
    )
    assert [sample.strategy for sample in read(tmp_path, text).samples] == ["Trend"]


def test_money_a_point_is_worth_may_change_with_the_rate_of_conversion(tmp_path: Path) -> None:
    """USDJPY in dollars: a lot earns 100,000 / price a yen, so each trade's own profit says what its stop risked."""
    rows = []
    for place, (entry, exit_, stop) in enumerate(((110.0, 111.0, 109.0), (150.0, 149.0, 149.0))):
        made = Made(1, entry, exit_, stop, symbol="USDJPY")
        cells = mt5_cells([made])[0]
        cells[0], cells[8] = (f"{moment(place, hours):%Y.%m.%d %H:%M:%S}" for hours in (0, 4))
        cells[12] = f"{(exit_ - entry) * 100_000 / exit_:.2f}"
        rows.append(",".join(cells))
    history = read(tmp_path, MT5_HEADING + "\n" + "\n".join(rows))
    assert history.samples[0].r.tolist() == pytest.approx([1.0, -1.0])
    assert np.all(np.diff(history.table.per_price) < 0)
