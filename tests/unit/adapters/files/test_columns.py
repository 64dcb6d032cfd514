"""Numbers out of text, with points and commas on either side."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from tradeworthy.adapters.files.columns import find, numbers
from tradeworthy.core.errors import InputError


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.5", "2"], [1.5, 2]),
        (["1,5", "2"], [1.5, 2]),
        (["1,2345", "1,2"], [1.2345, 1.2]),
        (["1,234.5", "999.5", "1,235"], [1234.5, 999.5, 1235]),
        (["1.234,5", "999,5", "1.235"], [1234.5, 999.5, 1235]),
        (["1,234,567", "12"], [1234567, 12]),
        (["1,23,234.5", "1,00,000"], [123234.5, 100000]),
        (["1,234", "2,345"], [1234, 2345]),
        (["0,234", "1,5"], [0.234, 1.5]),
        (["1 234,5", "1'234,5"], [1234.5, 1234.5]),
        (["-1.5", "+2,000.5"], [-1.5, 2000.5]),
        (["1e-5", "2E3"], [1e-5, 2000]),
        (["1,5E-05", "2,5"], [1.5e-5, 2.5]),
        (["1.5", "", None, "NaN", "n/a", " - ", "null"], [1.5, *[np.nan] * 6]),
        (["", None], [np.nan, np.nan]),
    ],
)
def test_a_column_is_read_the_way_all_of_its_rows_are_written(texts: list[str | None], values: list[float]) -> None:
    frame = pl.DataFrame({"close": texts}, schema={"close": pl.String})
    np.testing.assert_array_equal(numbers(frame, "close", "a.csv"), values)


@pytest.mark.parametrize(
    ("texts", "culprit", "row"),
    [
        (["1.5", "abc"], "abc", 2), (["1,5", "1,6", "1.7"], "1.7", 3), (["1.5", "1.6", "1,7"], "1,7", 3),
        (["$1.5"], r"\$1.5", 1), (["1,2,3"], "1,2,3", 1), (["1.5%"], "1.5%", 1), (["1.2.3"], "1.2.3", 1),
    ],
)  # fmt: skip
def test_text_among_numbers_is_refused_where_it_stands(texts: list[str], culprit: str, row: int) -> None:
    with pytest.raises(
        InputError, match=f"a.csv: column 'close' holds '{culprit}' in data row {row}, which is not a number"
    ):
        numbers(pl.DataFrame({"close": texts}), "close", "a.csv")


@pytest.mark.parametrize(
    "column",
    [pl.Series([1, 2]), pl.Series([1.0, 2.0], dtype=pl.Float32), pl.Series(["1", "2"], dtype=pl.Categorical),
     pl.Series(["1.0", "2.0"]).cast(pl.Decimal(10, 2))],
)  # fmt: skip
def test_numbers_of_every_kind_are_taken(column: pl.Series) -> None:
    assert numbers(pl.DataFrame({"close": column}), "close", "x").tolist() == [1, 2]


@pytest.mark.parametrize("values", [[True, False], [timedelta(1)], [[1.0]], [{"a": 1}], [b"1"]])
def test_a_column_of_another_kind_is_refused(values: list[object]) -> None:
    with pytest.raises(InputError, match="which are not numbers"):
        numbers(pl.DataFrame({"close": values}), "close", "x")


SPELLINGS = {"close": ("close", "last"), "time": ("time",)}


def test_a_column_is_found_by_the_first_spelling_that_is_there_unless_the_user_chose() -> None:
    frame = pl.DataFrame({"TIME": [1], "Last": [1], "<CLOSE>": [1], "Px": [1]})
    assert find(frame, SPELLINGS, {}, "x") == {"close": "<CLOSE>", "time": "TIME"}
    assert find(frame, SPELLINGS, {"close": "px"}, "x")["close"] == "Px"


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"close": "Price"}, "there is no column 'Price' for close; the file has time"),
        ({"clse": "time"}, "use close, time"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(chosen: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        find(pl.DataFrame({"time": [1]}), SPELLINGS, chosen, "x")
