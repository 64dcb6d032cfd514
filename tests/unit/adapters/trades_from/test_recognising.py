"""Files are known by what they hold; what is no history of trades is refused in a sentence."""

import gzip
import io
import pickle
import zipfile
from pathlib import Path

import polars as pl
import pytest

from support.foreign_trades import Made, freqtrade_backtest, freqtrade_trade, mt4_statement, tradingview
from tradeworthy.adapters.files.trade_files import read_trades
from tradeworthy.adapters.trades_from import unpacking
from tradeworthy.core.errors import InputError

ONE = [Made(1, 1.1, 1.11, 1.09)]
BACKTEST = freqtrade_backtest({"A": [freqtrade_trade(0, ONE[0])]})
PLAIN = b"time,side,entry,exit,stop\n2024-01-02T00:00Z,long,100,120,90\n"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


KNOWN = [
    (BACKTEST, "freqtrade backtest"),
    (gzip.compress(BACKTEST), "freqtrade backtest"),
    (zipped(**{"result.json": BACKTEST}), "freqtrade backtest"),
    (b"\xef\xbb\xbf  \r\n" + BACKTEST, "freqtrade backtest"),
    (mt4_statement(ONE).encode(), "MetaTrader 4 statement"),
    (gzip.compress(mt4_statement(ONE).encode("utf-16")), "MetaTrader 4 statement"),
    (b"<!-- saved -->\n" + mt4_statement(ONE).encode(), "MetaTrader 4 statement"),
    (tradingview(ONE).encode(), "TradingView list of trades"),
    (tradingview(ONE).replace(",", "\t").encode("utf-16"), "TradingView list of trades"),
    (PLAIN, "table"),
    (gzip.compress(PLAIN), "table"),
]


@pytest.mark.parametrize("name", ["trades.json", "trades.csv", "trades", "trades.html", "trades.pdf"])
@pytest.mark.parametrize("case", range(len(KNOWN)))
def test_a_file_is_what_it_holds_whatever_its_name(tmp_path: Path, case: int, name: str) -> None:
    content, platform = KNOWN[case]
    (tmp_path / name).write_bytes(content)
    assert read_trades(tmp_path / name, timezone="UTC").table.platform == platform


def test_parquet_is_known_without_its_ending(tmp_path: Path) -> None:
    pl.read_csv(PLAIN).write_parquet(tmp_path / "trades.bin")
    assert read_trades(tmp_path / "trades.bin").samples[0].r.tolist() == [2.0]


def test_a_table_of_ones_own_in_the_order_of_a_terminal_is_not_taken_for_its_report(tmp_path: Path) -> None:
    """The last number of a row is a fee here, which a terminal's report has as the profit."""
    header = "id,exit_time,side,quantity,symbol,entry,stop,target,opened,exit,fee"
    rows = [f"{number},2024-01-0{number} 10:00,buy,1,EURUSD,1.10,1.09,1.2,2024-01-01 10:00,1.12,7" for number in (2, 3)]
    (tmp_path / "t.csv").write_text("\n".join([header, *rows]))
    history = read_trades(tmp_path / "t.csv", timezone="UTC")
    assert history.table.platform == "table"
    assert history.samples[0].r.tolist() == pytest.approx([2.0, 2.0])


STRATEGY = b"""# pragma pylint: disable=missing-docstring, invalid-name
from freqtrade.strategy import IStrategy


class Mine(IStrategy):
    minimal_roi = {"0": 0.1, "30": 0.05}
    stoploss = -0.1
"""
LOG = b"".join(
    b"2024-01-01 00:00:0%d,%03d - freqtrade.worker - INFO - Bot heartbeat. PID=1, version='2024.1', state='RUNNING'\n"
    % (n, n)
    for n in range(9)
)
EXCEL = "Excel workbooks are not read; save the sheet as CSV"


UNKNOWN = [
    (STRATEGY, "does not begin a table of trades; give a freqtrade backtest, a MetaTrader report"),
    (b"just words\nand more\n", "does not begin a table of trades"),
    (LOG, "no column for time and side and entry and exit"),
    (zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), EXCEL),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, EXCEL),
    (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>', EXCEL),
    (
        zipped(**{"a.csv": PLAIN, "b.txt": b"x"}),
        "this zip holds a.csv, b.txt, and not the one result of a freqtrade backtest",
    ),
    (zipped(**{"a.json": BACKTEST, "b.json": BACKTEST}), "this zip holds a.json, b.json"),
    (zipped(), "this zip holds nothing|not a readable zip|archive"),
    (zipped(**{"a.json": zipped(**{"b.json": BACKTEST})}), "an archive within an archive is not unpacked"),
    (gzip.compress(gzip.compress(PLAIN)), "an archive within an archive is not unpacked"),
    (zipped(**{"a.json": BACKTEST})[:60], "not a readable zip file"),
    (gzip.compress(PLAIN)[:30], "the gzip file is cut off"),
    (b"\x1f\x8b\x08rubbish that is no gzip", "not a readable gzip file"),
    (pickle.dumps({"trades": []}), "a Python pickle, which is not opened because it could run code"),
    (b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 50, "this is not a text file"),
    (b"<html><body><h1>Sign in</h1></body></html>", "a web page without tables"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "no trade in this report"),
    (b"PAR1 but no more", "not a readable Parquet file"),
    (b"", "the file is empty"),
    (b"\n \n", "the file is empty"),
]


@pytest.mark.parametrize("case", range(len(UNKNOWN)))
def test_what_is_no_history_is_refused_in_a_sentence(tmp_path: Path, case: int) -> None:
    content, sentence = UNKNOWN[case]
    (tmp_path / "what").write_bytes(content)
    with pytest.raises(InputError, match=sentence) as refused:
        read_trades(tmp_path / "what", timezone="UTC")
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "what"))


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(**{"a.json": data})])
def test_archives_are_unpacked_only_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: object) -> None:
    assert callable(pack)
    monkeypatch.setattr(unpacking, "LARGEST_BYTES", 100_000)
    (tmp_path / "bomb").write_bytes(pack(b"0" * 5_000_000))
    with pytest.raises(InputError, match="unpacks to more than 0 MB, as no history of trades does"):
        read_trades(tmp_path / "bomb")


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Touches:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "opened",)

    for place, data in enumerate(
        (pickle.dumps(Touches()), zipped(**{"a.json": BACKTEST, "a_signals.pkl": pickle.dumps(Touches())}))
    ):
        (tmp_path / "x").write_bytes(data)
        if place:
            assert len(read_trades(tmp_path / "x").table) == 1
        else:
            with pytest.raises(InputError, match="pickle"):
                read_trades(tmp_path / "x")
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("charset", ["windows-1251", "shift_jis", "gb2312", "no-such-charset", "zip", "hex"])
def test_pages_may_name_any_encoding_and_trades_are_read_all_the_same(tmp_path: Path, charset: str) -> None:
    page = mt4_statement(ONE).replace("<head>", f"<head><meta charset={charset}>").encode() + b"\xce\xd0\xff"
    (tmp_path / "report.htm").write_bytes(page)
    assert read_trades(tmp_path / "report.htm", timezone="UTC").samples[0].r.tolist() == pytest.approx([1.0])
