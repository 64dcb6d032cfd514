"""Times in the spellings of brokers, vendors and databases."""

from datetime import UTC, date, datetime, time

import polars as pl
import pytest

from tradeworthy.adapters.files.times import moments
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError

FIVE = "2020-12-31T17:00:00Z"


def read(*columns: pl.Series, zone: str | None = None) -> list[str]:
    frame = pl.DataFrame([column.rename(str(place)) for place, column in enumerate(columns)])
    return [rfc3339(moment) for moment in moments(frame, frame.columns, zone, "a.csv")]


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31T17:00:00Z", "2020-12-31 17:00:00+00:00", "2020-12-31T17:00Z", "2020-12-31 17:00:00+00",
        "2020-12-31 17:00:00 UTC", "2020-12-31T12:00:00-05:00", "2020-12-31T12:00:00.000-0500", "2020-12-31T22:30+05:30",
        "31.12.2020 19:00:00.000 GMT+0200", "2020.12.31 17:00 GMT", "1609434000", "1609434000.0", "1609434000000",
        "1609434000000000", "1609434000000000000", "31/12/2020 17:00:00Z", "12/31/2020 17:00Z",
    ],
)  # fmt: skip
def test_a_time_that_names_its_zone_needs_no_other(text: str) -> None:
    assert read(pl.Series([text])) == [FIVE]
    assert read(pl.Series([text]), zone="Asia/Tokyo") == [FIVE]


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31 12:00:00", "2020-12-31T12:00", "2020.12.31 12:00:00", "2020.12.31 12:00", "2020/12/31 12:00",
        "20201231 120000", "20201231 12:00:00", "20201231 1200", "31.12.2020 12:00:00.000", "31.12.2020 12:00",
        "31-Dec-2020 12:00:00", "31 Dec 2020 12:00", "31/12/2020 12:00", "12/31/2020 12:00:00 PM", "12/31/2020 12:00 pm",
        " 2020-12-31 12:00:00.000 ",
    ],
)  # fmt: skip
def test_a_time_without_a_zone_is_read_in_the_one_that_is_given_and_refused_without(text: str) -> None:
    assert read(pl.Series([text]), zone="America/New_York") == [FIVE]
    with pytest.raises(InputError, match=r"a.csv: the times name no time zone; say which it is"):
        read(pl.Series([text]))


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31",
        "2020.12.31",
        "2020/12/31",
        "20201231",
        "31.12.2020",
        "31-Dec-2020",
        "31-Dec-20",
        "31/12/2020",
        "12/31/2020",
    ],
)
def test_a_bare_date_is_midnight(text: str) -> None:
    assert read(pl.Series([text])) == ["2020-12-31T00:00:00Z"]
    assert read(pl.Series([text]), zone="America/New_York") == ["2020-12-31T05:00:00Z"]


def test_columns_of_every_type_that_can_hold_moments_are_taken() -> None:
    naive = pl.Series([datetime(2020, 12, 31, 17)])  # noqa: DTZ001 - naive on purpose
    assert read(naive, zone="UTC") == [FIVE]
    assert read(pl.Series([datetime(2020, 12, 31, 17, tzinfo=UTC)])) == [FIVE]
    assert read(pl.Series([date(2020, 12, 31)])) == ["2020-12-31T00:00:00Z"]
    assert read(pl.Series([1609434000])) == [FIVE]
    assert read(pl.Series([1609434000000], dtype=pl.Float64)) == [FIVE]
    assert read(pl.Series([20201231])) == ["2020-12-31T00:00:00Z"]
    assert read(pl.Series([FIVE], dtype=pl.Categorical)) == [FIVE]
    assert read(pl.Series(["2020.12.31"]), pl.Series(["17:00:00"]), zone="UTC") == [FIVE]
    assert read(pl.Series([date(2020, 12, 31)]), pl.Series([time(17)]), zone="UTC") == [FIVE]


def test_a_slashed_date_is_read_the_one_way_that_fits_every_row() -> None:
    assert read(pl.Series(["01/02/2020", "31/01/2020"]))[0] == "2020-02-01T00:00:00Z"
    assert read(pl.Series(["1/2/2020", "1/31/2020"]))[0] == "2020-01-02T00:00:00Z"
    assert read(pl.Series(["05/05/2020"])) == ["2020-05-05T00:00:00Z"]
    with pytest.raises(InputError, match="could be read with the day or the month first"):
        read(pl.Series(["01/02/2020", "02/02/2020"]))


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["2020-12-31 17:00", "2020-13-31 17:00"], "cannot read '2020-13-31 17:00' in data row 2 as a time"),
        (["2020-12-31", "yesterday", "2021-01-01"], "cannot read 'yesterday' in data row 2"),
        (["soon"], "cannot read 'soon' in data row 1"),
        (["2020-12-31", ""], r"empty in data row 2 \(1 such rows\)"),
        ([None, "2020-12-31", None], r"empty in data row 1 \(2 such rows\)"),
        (["2020-12-31 17:00", "2020-12-31 18:00Z"], "names no time zone and the one in data row 2"),
        (["43831", "43832"], "cannot read '43831'"),
        (["17:00:00"], "cannot read '17:00:00'"),
        (["9999-12-31"], "not in the years 1680 to 2260"),
        (["0001-01-01"], "cannot read '0001-01-01'"),
    ],
)
def test_a_time_that_cannot_be_read_is_refused_where_it_stands(texts: list[str | None], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(pl.Series(texts, dtype=pl.String), zone="UTC")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([43831.0], "holds 43831, which is no time since 1970"), ([1, 2], "which is no time"), ([1e300], "which is no time"),
        ([float("nan")], "empty in data row 1"), ([True], "holds Boolean"), ([time(17)], "holds Time"), ([[1]], "holds List"),
    ],
)  # fmt: skip
def test_a_column_that_holds_no_moments_is_refused(values: list[object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(pl.Series(values), zone="UTC")
