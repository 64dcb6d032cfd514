"""A folder of bars by name, and longer bars made where there is no file of them."""

from pathlib import Path

import pytest

from tradeworthy.adapters.files.folder import BarFolder
from tradeworthy.core.bar import NEW_YORK_CLOSE, Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.market.resampling import resample
from tradeworthy.wiring.sources import read_bars

ROWS = "time,open,high,low,close\n2020-01-06T00:00Z,1,2,0.5,1.5\n2020-01-07T00:00Z,1,2,0.5,1.5\n"


def test_bars_come_from_their_own_file_whatever_its_spelling(tmp_path: Path) -> None:
    (tmp_path / "eurusd_1d.csv").write_text(ROWS)
    (tmp_path / "EUR_USD (copy)_D.csv").write_text("not bars")
    (tmp_path / "notes.txt").write_text("not bars")
    folder = BarFolder(tmp_path)
    bars = folder.read("EUR_USD", Timeframe.D)
    assert (bars.label, len(bars)) == ("EUR_USD D", 2)
    assert folder.read("EUR_USD", Timeframe.D) is bars


def test_two_files_of_the_same_bars_are_refused(tmp_path: Path) -> None:
    for name in ("EUR_USD_D.csv", "EURUSD_D.csv"):
        (tmp_path / name).write_text(ROWS)
    with pytest.raises(InputError, match=r"EURUSD_D.csv and EUR_USD_D.csv both hold EUR_USD D by their names"):
        BarFolder(tmp_path).read("EUR_USD", Timeframe.D)


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no files"):
        BarFolder(tmp_path).read("EUR_USD", Timeframe.H4)
    (tmp_path / "EUR_USD_D.csv").write_text(ROWS)
    with pytest.raises(
        InputError, match=r"no bars for EUR_USD H4; put a file EUR_USD_H4.csv .* \(the folder has EUR_USD_D.csv\)"
    ):
        BarFolder(tmp_path).read("EUR_USD", Timeframe.H4)
    with pytest.raises(InputError, match="there is no such folder"):
        BarFolder(tmp_path / "nowhere").read("EUR_USD", Timeframe.D)


def test_days_are_made_from_hours_where_asked_or_where_there_are_none(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "fx"
    made = resample(read_bars(source / "EUR_GBP_H1.parquet"), "D")
    as_filed = BarFolder(source).read("EUR_GBP", Timeframe.D)
    rebuilt = BarFolder(source, rebuild=True).read("EUR_GBP", Timeframe.D)
    assert as_filed.data_hash == read_bars(source / "EUR_GBP_D.parquet").data_hash != rebuilt.data_hash
    assert rebuilt.data_hash == made.data_hash
    assert rebuilt.day_cut == NEW_YORK_CLOSE
    (tmp_path / "EUR_GBP_H1.parquet").symlink_to(source / "EUR_GBP_H1.parquet")
    assert BarFolder(tmp_path).read("EUR_GBP", Timeframe.D).data_hash == made.data_hash
    eur_usd = BarFolder(source, rebuild=True).read("EUR_USD", Timeframe.D)  # has no H1: its own file stands
    assert eur_usd.data_hash == read_bars(source / "EUR_USD_D.parquet").data_hash
