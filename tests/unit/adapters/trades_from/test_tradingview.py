"""TradingView's list of trades in its generations, orders and languages."""

from pathlib import Path

import pytest

from support.foreign_trades import TV_HEADING, Made, moment, tradingview
from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.core.errors import InputError

TRADES = [
    Made(1, 100.0, 104.0, volume=2.0, commission=-0.5),
    Made(-1, 100.0, 102.0, volume=3.0, commission=-0.5),
    Made(1, 100.0, 98.0),
    Made(1, 100.0, 97.0),
    Made(1, 100.0, 96.0),
    Made(-1, 100.0, 101.0),
]
MOVED = [0.04 - 0.0025, -0.02 - 0.5 / 300, -0.02, -0.03, -0.04, -0.01]
"""Profit after commission over the money traded; one R is the median of the five losses."""
R = [one / (0.02 + 0.5 / 300) for one in MOVED]


def read(
    folder: Path,
    text: str,
    *,
    timezone: str | None = "UTC",
    columns: dict[str, str] | None = None,
    name: str = "Turtle.csv",
) -> TradeHistory:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return read_trades(path, timezone=timezone, columns=columns)


OLD_HEADING = (
    "Trade #,Type,Date/Time,Signal,Price,Contracts,Contracts value,Profit,Profit %,Run-up,Drawdown,Cum. Profit"
)
WORDS = {
    "es": (
        (
            "N.º de operación,Tipo,Fecha y hora,Señal,Precio USD,Tamaño (cant.),Tamaño (valor),"
            "P&G netas USD,P&G netas %,Comisión USD,Alza,P&G acumuladas USD"
        ),
        "Entrada en largo,Salida en largo,Entrada en corto,Salida en corto",
    ),
    "de": (
        (
            "Trade-Nr.,Typ,Datum und Uhrzeit,Signal,Preis USD,Größe (Menge),Größe (Wert),"
            "Netto-G&V USD,Rendite %,Kommission USD,Hoch,Kumulierte G&V USD"
        ),
        "Einstieg Long,Ausstieg Long,Einstieg Short,Ausstieg Short",
    ),
    "fr": (
        (
            "N° de trade,Type,Date et heure,Signal,Prix USD,Taille (qté),Taille (valeur),Gains USD,"
            "Rendement %,Commission USD,Hausse,P&P cumul USD"
        ),
        "Entrée long,Sortie long,Entrée court,Sortie court",
    ),
    "pt": (
        (
            "Nº da operação,Tipo,Data e hora,Sinal,Preço USD,Tamanho (qtd),Tamanho (valor),"
            "L&P líquido USD,Retorno %,Comissão USD,Alta,L&P acumulado USD"
        ),
        "Entrada comprada,Saída comprada,Entrada vendida,Saída vendida",
    ),
    "ru": (
        (
            "Номер сделки,Тип,Дата и время,Сигнал,Цена USD,"
            "Размер (кол-во),Размер (стоимость),"
            "Чистая прибыль USD,Доходность %,Комиссия USD,Рост,"
            "Совокупная прибыль USD"
        ),
        "Вход в длинную,Выход из длинной,Вход в короткую,Выход из короткой",
    ),
    "zh": (
        (
            "交易编号,类型,日期和时间,信号,价格 USD,仓位大小(数量),仓位(金额),"
            "净损益 USD,回报 %,手续费 USD,最大,累计损益 USD"
        ),
        "多头进场,多头出场,空头进场,空头出场",
    ),
    "tw": (
        ("交易 #,類型,日期/時間,訊號,價格 USD,合約,部位(金額),淨損益 USD,淨損益 %,手續費 USD,最大,累積損益 USD"),
        "多頭進場,多頭出場,空頭進場,空頭出場",
    ),
    "ja": (
        (
            "トレード番号,タイプ,日時,シグナル,価格 USD,サイズ (数量),"
            "サイズ (金額),純損益 USD,純損益 %,手数料 USD,最大順行幅,"
            "累積損益 USD"
        ),
        "ロングエントリー,ロング決済,ショートエントリー,ショート決済",
    ),
}


def words(language: str) -> dict[str, str]:
    english = ("Entry long", "Exit long", "Entry short", "Exit short")
    return dict(zip(english, WORDS[language][1].split(","), strict=True))


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("heading", [TV_HEADING, OLD_HEADING])
def test_two_rows_make_a_trade_in_either_order(tmp_path: Path, heading: str, newest_first: bool) -> None:
    history = read(tmp_path, tradingview(TRADES, heading=heading, newest_first=newest_first))
    [sample] = history.samples
    assert sample.strategy == "Turtle"
    assert sample.r.tolist() == pytest.approx(R, rel=1e-4)
    assert history.table.side.tolist() == [float(one.side) for one in TRADES]
    assert sample.exit_time[0] == int(moment(0, 4).timestamp() * 1e9)
    assert history.table.net.sum() == pytest.approx(
        sum(one.side * (one.exit - one.entry) * one.volume + one.commission for one in TRADES)
    )
    assert history.findings == ()
    assert history.assumptions["costs"].startswith("TradingView's profits are after the commissions")
    assert history.assumptions["R"].startswith("stands for a usual loss, because these trades have no stops")
    assert "Turtle 2.17% from 5 losses" in history.assumptions["R"]


@pytest.mark.parametrize("language", sorted(WORDS))
def test_lists_in_other_languages_read_the_same(tmp_path: Path, language: str) -> None:
    heading = WORDS[language][0]
    assert len(heading.split(",")) == len(TV_HEADING.split(","))
    history = read(tmp_path, tradingview(TRADES, heading=heading, words=words(language)))
    assert history.samples[0].r.tolist() == pytest.approx(R, rel=1e-4)
    assert history.table.side.tolist() == [float(one.side) for one in TRADES]


def test_a_language_that_is_not_known_is_read_by_times_and_profits_once_columns_are_named(tmp_path: Path) -> None:
    heading = "Viđo,Laji,Aika,Merkki,Hinta,Koko,Arvo,Tulos,T %,Kulu,Nousu,Summa"
    strange = {"Entry long": "Sisa a", "Exit long": "Ulos a", "Entry short": "Sisa b", "Exit short": "Ulos b"}
    text = tradingview(TRADES, heading=heading, words=strange, newest_first=True)
    with pytest.raises(
        InputError,
        match=r"looks like TradingView's list of trades, but no column is known for side and time and price.*--column side=NAME",
    ):
        read(tmp_path, text)
    named = {"number": "Viđo", "side": "Laji", "time": "Aika", "price": "Hinta", "quantity": "Koko", "profit": "Tulos"}
    history = read(tmp_path, text, columns=named)
    assert history.table.side.tolist() == [float(one.side) for one in TRADES]
    assert history.samples[0].r.tolist() == pytest.approx(R, rel=1e-4)


def test_futures_are_weighed_by_what_a_point_of_theirs_is_worth(tmp_path: Path) -> None:
    """A point of 50: from the stated value where there is one, else out of the profits."""
    lines = ["Trade #,Type,Signal,Date/Time,Price,Contracts,Profit,Profit %"]
    for number, (entry, exit_) in enumerate(
        ((5000.0, 5010.0), (5000.0, 4995.0), (5000.0, 4990.0), (5000.0, 5020.0)), 1
    ):
        money = f"{(exit_ - entry) * 50 - 4:.2f},1"
        lines += [
            f"{number},Entry Long,L,2024-01-0{number} 10:00,{entry},1,{money}",
            f"{number},Exit Long,X,2024-01-0{number} 11:00,{exit_},1,{money}",
        ]
    history = read(tmp_path, "\n".join(lines))
    assert history.table.per_price.tolist() == pytest.approx([50.0] * 4, rel=0.02)
    assert history.findings == ()


def test_open_trades_are_left_out_however_they_are_written(tmp_path: Path) -> None:
    text = tradingview(TRADES)
    money = "1,100,0,0,0,0,0"
    alone = f"7,Entry long,2024-02-01 10:00,Go,100,{money}\n"
    dated = f"8,Exit long,2024-02-02 10:00,Open,101,{money}\n8,Entry long,2024-02-01 10:00,Go,100,{money}\n"
    blank = f"9,Exit long,Open,,,{money}\n9,Entry long,2024-02-01 10:00,Go,100,{money}\n"
    history = read(tmp_path, text + alone + dated + blank)
    assert len(history.table) == 6
    assert [(one.rule, one.count) for one in history.findings] == [("open_trades", 3)]
    with pytest.raises(InputError, match="no closed trade; the list holds 2 open trades"):
        read(tmp_path, TV_HEADING + "\n" + alone + dated)


def test_the_zone_of_the_chart_is_asked_for_but_not_for_bare_days(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the times name no time zone"):
        read(tmp_path, tradingview(TRADES), timezone=None)
    days = tradingview(TRADES).replace(" 09:30", "").replace(" 13:30", "")
    assert len(read(tmp_path, days, timezone=None).table) == 6
    kolkata = read(tmp_path, tradingview(TRADES), timezone="Asia/Kolkata").table.closed
    assert (read(tmp_path, tradingview(TRADES)).table.closed - kolkata).tolist() == [int(5.5 * 3600) * 10**9] * 6


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("\n1,Entry long", "\n2,Entry long", "trade 2 has several entries"),
        ("\n1,Entry long", "\n99,Entry long", "1 exit without an entry; is the list cut off"),
        ("\n1,Entry long", "\nx,Entry long", "'x' in data row 2 is no trade's number"),
        ("Close,104.00000", "Close,0.00000", "0 as exit"),
        ("Close,104.00000,2,", "Close,104.00000,0,", "0 as size"),
        ("Close,104.00000", "Close,1o4", "'1o4' in data row 1, which is not a number"),
    ],
)
def test_lists_that_do_not_add_up_are_refused_where(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = tradingview(TRADES)
    assert old in text
    with pytest.raises(InputError, match=sentence):
        read(tmp_path, text.replace(old, new, 1))


def test_profits_that_do_not_follow_from_prices_are_counted(tmp_path: Path) -> None:
    odd = tradingview(TRADES).replace(",-4.000000,", ",-14.000000,")
    history = read(tmp_path, odd)
    assert [(one.rule, one.count) for one in history.findings] == [("money", 1)]


def test_thousands_and_true_minus_signs_are_read(tmp_path: Path) -> None:
    text = tradingview([Made(1, 1000.0, 2500.0, volume=2.0), *TRADES[2:]], heading=TV_HEADING)
    dressed = text.replace("3000.000000", '"3,000.00"').replace(",-", ",\u2212")
    assert dressed != text
    assert read(tmp_path, dressed).samples[0].r.tolist() == pytest.approx(read(tmp_path, text).samples[0].r.tolist())


def test_a_table_with_the_plain_columns_stays_one_although_its_numbers_come_in_pairs(tmp_path: Path) -> None:
    text = "id,time,side,entry,exit,stop\n" + "".join(
        f"{number // 2},2024-01-02,long,100,10{number},90\n" for number in range(6)
    )
    assert read(tmp_path, text).samples[0].r.tolist() == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
