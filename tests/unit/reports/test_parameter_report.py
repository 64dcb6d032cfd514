"""The parameters of a book, on the page, in the spreadsheet, in the terminal."""

import csv
import io
import json
from html.parser import HTMLParser
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tradeworthy.appraisal.parameter_appraising import appraise_parameters, risk_changes
from tradeworthy.appraisal.parameter_record import ParameterStudy
from tradeworthy.reports.models import parameter_report, to_json
from tradeworthy.reports.parameter_console import show_parameters
from tradeworthy.reports.parameter_matrix import differing_first, heat, matrix_csv, matrix_frame
from tradeworthy.reports.parameter_page import render_parameters
from tradeworthy.strategies.given_parameters import Parameters

SOUND: Parameters = {"fast": 10, "slow": 60, "stop_atr": 1.5, "target_atr": 2.25}
BOOK: dict[str, Parameters] = {
    "EUR_USD_H4": SOUND,
    "GBP_USD_H4": {**SOUND, "fast": 90, "note": "<script>alert(1)</script>"},
    "odd": {"lots": 3, "flag": True, "words": ["a", 1], "gone": None},
}


def study(**changed: object) -> ParameterStudy:
    """Of the book."""
    changes = risk_changes(BOOK, {"EUR_USD_H4": {**SOUND, "fast": 12}, "old": SOUND})
    whole = {
        "changes": changes,
        "baseline": "b.json",
        "unread": ("a.py, line 3: x <b>",),
        "sources": ("bot",),
        **changed,
    }
    return ParameterStudy(appraise_parameters(BOOK), **whole)  # type: ignore[arg-type]


def test_the_matrix_has_a_row_a_strategy_and_a_column_a_parameter() -> None:
    frame = matrix_frame(BOOK)
    assert list(frame.index) == list(BOOK)
    assert list(frame.columns) == ["fast", "slow", "stop_atr", "target_atr", "note", "lots", "flag", "words", "gone"]
    assert frame.loc["GBP_USD_H4", "fast"] == 90
    assert frame["fast"].isna().tolist() == [False, False, True]
    assert frame.loc["odd", "words"] == '["a", 1]'
    assert matrix_frame({}).empty


def test_the_csv_keeps_whole_numbers_whole() -> None:
    rows = list(csv.reader(io.StringIO(matrix_csv(BOOK).decode())))
    assert rows[0][:3] == ["strategy", "fast", "slow"]
    assert rows[1][:5] == ["EUR_USD_H4", "10", "60", "1.5", "2.25"]
    assert rows[3] == ["odd", "", "", "", "", "", "3", "True", '["a", 1]', ""]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1", "-2+3+cmd|' /C calc'!A0"])
def test_text_that_a_spreadsheet_would_run_stands_behind_an_apostrophe(text: str) -> None:
    rows = list(csv.reader(io.StringIO(matrix_csv({text: {text: text, "n": -1.5}}).decode(), newline="")))
    assert rows == [["strategy", f"'{text}", "n"], [f"'{text}", f"'{text}", "-1.5"]]


@given(
    st.dictionaries(
        st.text(min_size=1), st.dictionaries(st.text(), st.text() | st.integers() | st.floats(-9, 9)), max_size=4
    )
)
def test_no_text_in_any_cell_begins_as_a_formula(book: dict[str, dict[str, str | int | float]]) -> None:
    text = matrix_csv(book).decode()
    numbers = {str(value) for one in book.values() for value in one.values() if not isinstance(value, str)}
    for row in csv.reader(io.StringIO(text, newline="")):
        assert all(cell in numbers or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n")) for cell in row)


def test_columns_are_shaded_on_their_own_scale_and_those_that_differ_come_first() -> None:
    book: dict[str, Parameters] = {"a": {"same": 1, "x": 10}, "b": {"same": 1, "x": 20}, "c": {"same": 1, "x": 11.0}}
    assert differing_first(book) == ["x", "same"]
    cells = heat(book, ["x", "same"], {"b": ["x"]})
    assert [cells[name][0].shade for name in book] == [1, 5, 1]
    assert [cells[name][1].shade for name in book] == [0, 0, 0]
    assert [cells[name][0].far for name in book] == [False, True, False]


def test_the_json_is_the_promised_dict_and_more() -> None:
    found = json.loads(to_json(parameter_report(study(), "2026-11-21T00:00:00Z")))
    assert (found["schema"], found["kind"], found["overall_risk_level"]) == (1, "parameters", "HIGH")
    assert found["parameter_risks"]["GBP_USD_H4"]["risk_level"] == "HIGH"
    assert found["parameter_risks"]["odd"]["risk_level"] == "NOT RUN"
    assert found["changes"]["old"]["status"] == "REMOVED"
    assert found["strategies"][1]["findings"][0]["rule"] == "inverted_cross"


def test_the_page_is_whole_and_nothing_of_the_sources_gets_into_its_code() -> None:
    text = render_parameters(study(), "2026-11-21T00:00:00Z", ("m.csv",)).decode()
    HTMLParser().feed(text)
    assert "<script" not in text
    assert "x &lt;b&gt;" in text
    assert "1 of 2 strategies have HIGH risk: 50%, which is over 30%." in text
    assert "swap fast = 90 and slow = 60" in text
    assert "EUR_USD_H4: fast was lowered from 12 to 10" in text
    assert "old is gone; it was LOW" in text
    assert '<a href="m.csv">' in text


def test_a_page_without_baseline_or_findings_says_so() -> None:
    quiet = ParameterStudy(appraise_parameters({"EUR_USD_H4": SOUND}))
    text = render_parameters(quiet, "2026-11-21T00:00:00Z", ()).decode()
    assert "No rule that could run found anything." in text
    assert "There is no baseline to compare with." in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_is_never_wider_than_it_is(width: int) -> None:
    out = StringIO()
    show_parameters(study(), Console(file=out, width=width))
    lines = out.getvalue().splitlines()
    assert max(len(line) for line in lines) <= width
    assert lines[1].startswith("HIGH parameter risk")
    words = " ".join(out.getvalue().split())
    assert "swap fast = 90 and slow = 60" in words
    assert "odd: averages: no fast and slow period were recognised" in words
    assert "a.py, line 3: x <b>" in words
