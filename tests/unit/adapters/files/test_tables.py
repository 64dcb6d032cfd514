"""CSV, Parquet and dataframes as people have them, and what is said of the ones that cannot be read."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tradeworthy.adapters.files.tables import plain_name, read_table
from tradeworthy.core.errors import InputError

ROWS = "time,close\n2020-01-06,1.5\n2020-01-07,2.5\n"


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(), ROWS.encode("utf-8-sig"), ROWS.encode("utf-16"), ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\r").encode(), (ROWS + "\n\n").encode(), (ROWS + "\r\n \r\n").encode(), ("\n\n" + ROWS).encode(),
        (ROWS + ",\n,\n").encode(), ROWS.replace(",", ";").encode(), ROWS.replace(",", "\t").encode(),
        ROWS.replace(",", "|").encode(), ("sep=;\n" + ROWS.replace(",", ";")).encode(),
        ROWS.replace("time,close", '"time","close"').encode(), ROWS.replace(",", ";").replace(".", ",").encode(),
        ROWS.removesuffix("\n").encode(),
    ],
)  # fmt: skip
def test_the_same_table_comes_out_of_every_spelling(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    table = read_table(path)
    assert table.columns == ["time", "close"]
    assert table.rows() == [("2020-01-06", "1.5"), ("2020-01-07", "2.5")]
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(data, mtime=0))
    assert read_table(str(tmp_path / "a.csv.gz")).equals(table)


@pytest.mark.parametrize(
    ("rows", "close"),
    [
        ("108,101;5\n108,2;6", ["108.101", "108.2"]),  # decimals after a comma
        ("108,101;5\n108,201;6", ["108.101", "108.201"]),  # three of them everywhere: still decimals in such a file
        ("1,234;0.25\n1,235;0.5", ["1,234", "1,235"]),  # points elsewhere: the commas group thousands
        ("1.234,5;5\n999,5;6", ["1.234,5", "999,5"]),  # points group thousands: the column is left as it is
    ],
)
def test_commas_are_decimals_where_fields_are_not_separated_by_them(
    tmp_path: Path, rows: str, close: list[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"close;volume\n{rows}\n")
    assert read_table(path)["close"].to_list() == close


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b" \r\n\n", "the file is empty"),
        ("a.csv", b"\xef\xbb\xbf", "the file is empty"),
        ("a.csv", b"sep=;\n", "the file is empty"),
        ("a.parquet", b"", "the file is empty"),
        ("a.parquet", ROWS.encode(), "not a readable Parquet file"),
        ("a.pq", b"PAR1" + bytes(40) + b"PAR1", "not a readable Parquet file"),
        ("a.csv", bytes(range(256)) * 9, "this is not a text file"),
        ("a.csv", b"PK\x03\x04" + bytes(99), "this is not a text file"),
        ("a.csv", ROWS.encode("utf-16")[:-1], "this is not a text file"),
        ("a.csv.gz", ROWS.encode(), "not a readable gzip file"),
        ("a.csv.gz", gzip.compress(ROWS.encode() * 99, mtime=0)[:-9], "not a readable gzip file"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00" + b"junk" * 20, "not a readable gzip file"),
        ("a.csv", (ROWS + "2020-01-08,1,2,3\n").encode(), "check that every row has as many fields"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=sentence) as raised:
        read_table(tmp_path / name)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere.csv", "there is no such file"), ("nowhere.parquet", "there is no such file"), ("/", "this is a folder"),
        ("", "this is a folder"), ("a\0b.csv", "no file can have this name"), ("x" * 300, "cannot be read"),
        ("~nobody-of-that-name/a.csv", "no such home folder"), ("/dev/null/a.csv", "cannot be read"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(path: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_table(path)


def test_a_damaged_parquet_file_is_never_more_than_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"time": list(range(50)), "close": [1.5] * 50}).write_parquet(path)
    whole, rng, refused = path.read_bytes(), np.random.default_rng(0), 0
    for trial in range(300):
        damaged = bytearray(whole)
        for place in rng.integers(0, len(whole), 4):
            damaged[place] = rng.integers(0, 256)
        path.write_bytes(bytes(damaged[: rng.integers(1, len(whole))] if trial % 3 == 0 else damaged))
        try:
            read_table(path)
        except InputError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    "thing", [None, 5, b"x", [1], {}, object(), np.zeros(3), pl.Series([1]), pl.LazyFrame({"a": [1]})]
)
def test_what_is_no_table_is_refused(thing: Any) -> None:
    with pytest.raises(InputError, match="give a path, or a dataframe"):
        read_table(thing)


@pytest.mark.parametrize(
    ("spelled", "plain"),
    [
        ("<CLOSE>", "close"),
        (" Adj Close ", "adj_close"),
        ("Gmt time", "gmt_time"),
        ('"Open"', "open"),
        ("S / L", "s_l"),
    ],
)
def test_names_lose_what_exports_put_round_them(spelled: str, plain: str) -> None:
    assert plain_name(spelled) == plain
