"""What is told of a search: in the terminal, on the page and as data."""

import json
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from support.markets import random_walk
from tradeworthy.api.searching import write_search
from tradeworthy.api.sweeping import sweep
from tradeworthy.appraisal.search_recording import SearchRecord, search_record
from tradeworthy.core.errors import InputError
from tradeworthy.reports.models import SearchReport
from tradeworthy.reports.search_console import show_search
from tradeworthy.reports.search_page import render_search
from tradeworthy.strategies.ma_cross import MaCrossover

GRID = {"fast": [3, 5, 8, 12], "slow": [12, 20, 40], "stop_atr": 2.0, "target_atr": 3.0}


@pytest.fixture
def record(tmp_path: Path) -> SearchRecord:
    """Of eleven sets over two instruments."""
    bars = [random_walk(900, 1), random_walk(900, 2, symbol="GBP_USD")]
    return search_record(sweep(bars, MaCrossover, GRID, desk=tmp_path), "sharpe", ("no cost was named",))


def test_the_record_ranks_every_set_that_has_the_measure_and_counts_the_rest(record: SearchRecord) -> None:
    values = [one.measures["sharpe"] for one in record.ranked]
    assert len(values) == record.sets == 11
    assert values == sorted(values, key=lambda value: -(value or 0))
    assert sum(record.counts) == 11
    assert (record.grid, record.refused) == (12, 1)
    assert record.table is not None
    assert len(record.table["sharpe"]) == 22
    assert record.surface is not None
    missing = record.surface.values[record.surface.y_values.index(12)][record.surface.x_values.index(12)]
    assert missing is None


def test_the_page_is_whole_and_says_how_many_tries_stand_behind_the_best(record: SearchRecord) -> None:
    report = SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)
    text = render_search(report).decode()
    HTMLParser().feed(text)
    assert "Best of 11 by Sharpe" in text
    assert "22 trials" in text
    assert "NaN" not in text
    assert text.count("<tr>") == 1 + 11
    data = text.split('<script id="charts-data" type="application/json">')[1].split("</script>")[0]
    assert json.loads(data)["best"] == record.ranked[0].parameters


def test_a_search_of_one_parameter_is_drawn_as_a_line(tmp_path: Path) -> None:
    result = sweep(random_walk(900), MaCrossover, {"fast": [3, 5, 8], "slow": 20, "stop_atr": 2}, desk=tmp_path)
    record = search_record(result, "pnl")
    assert record.surface is None
    assert record.line == tuple(result.of("pnl").tolist())
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    assert '"line":{"x":"fast","xs":[3,5,8]' in text


def test_a_search_in_which_nothing_traded_says_so(tmp_path: Path) -> None:
    result = sweep(random_walk(30), MaCrossover, {"fast": [2, 3], "slow": 28}, desk=tmp_path)
    record = search_record(result, "sharpe")
    console = Console(width=80, record=True, file=StringIO())
    show_search(record, console)
    assert "No set has a Sharpe" in console.export_text()
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    assert "no set traded enough" in text


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_is_never_wider_than_it_is(record: SearchRecord, width: int) -> None:
    console = Console(width=width, record=True, file=StringIO())
    show_search(record, console)
    lines = console.export_text().splitlines()
    assert max(len(line) for line in lines) <= width
    assert any("Best of 11" in line for line in lines)


def test_a_report_is_written_once_and_an_unknown_measure_refused(tmp_path: Path) -> None:
    result = sweep(random_walk(500), MaCrossover, GRID, desk=tmp_path)
    folder = write_search(result, tmp_path / "reports")
    assert json.loads((folder / "report.json").read_text())["search"]["by"] == "sharpe"
    with pytest.raises(InputError, match="'luck' is not measured"):
        write_search(result, tmp_path / "reports", by="luck")
