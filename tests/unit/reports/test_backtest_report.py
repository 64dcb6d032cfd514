"""The report of a backtest as people and programs find it."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import numpy as np
import pytest
from rich.console import Console

from support.backtests import kinds, usual
from support.markets import random_walk
from tradeworthy.adapters.files.trade_files import read_trades
from tradeworthy.api.backtesting import backtest_report, write_backtest
from tradeworthy.appraisal.backtest_recording import record_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.statistics import Statistics
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import OutputError
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.reports import amounts
from tradeworthy.reports.backtest_console import show_backtest
from tradeworthy.reports.backtest_page import MOST_DOTS, _dots, _shade, render_backtest
from tradeworthy.reports.models import SCHEMAS, BacktestReport, backtest_from_json, from_json, json_schema, to_json
from tradeworthy.reports.statistics_words import WORDS
from tradeworthy.strategies.ma_cross import MaCrossover

KINDS = tuple(kinds())
ROOT = Path(__file__).parents[3]
EMPTY = {"meta", "img", "br", "link", "input", "line", "rect", "circle", "path"}


class Tags(HTMLParser):
    """Complains where a tag is closed that was not the last one opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It has to be the innermost."""
        if tag not in EMPTY:
            assert self.open.pop() == tag, self.getpos()


def report(kind: str, *, bounds: bool = False) -> BacktestReport:
    """Of one of the finished backtests."""
    return BacktestReport(generated_at="2024-07-01T00:00:00Z", backtest=record_of(kinds()[kind], bounds=bounds))


def page(kind: str) -> str:
    """The page of one of them."""
    return render_backtest(report(kind, bounds=True)).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_report_json_reads_back_as_the_same_record(kind: str) -> None:
    assert backtest_from_json(to_json(report(kind))) == report(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_well_formed_and_has_no_missing_number(kind: str) -> None:
    tags = Tags()
    tags.feed(page(kind))
    tags.close()
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert not re.search(r"\bnan\b|NaN|Infinity|Undefined|\bNone\b(?! needed| was|:)", page(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_comes_first_on_every_page(kind: str) -> None:
    text, record = page(kind), report(kind).backtest
    first = record.answer[0].replace("'", "&#39;")
    assert text.index("<h1>") < text.index(first) < text.index("<h2")
    assert record.ran.data_sha256 in text
    assert record.ran.run_sha256 in text


def test_a_page_needs_no_network() -> None:
    assert not re.search(r'(src|href)="(?!plotly\.min\.js|#)', page("account"))


def test_a_page_shows_everything_that_was_promised() -> None:
    text = page("account")
    for heading in (
        "Entries that were refused", "Equity and drawdown", "Months", "Exit reason", "Side", "Bars held", "Hour of entry, UTC",
        "Weekday of entry, UTC", "Costs", "Account", "With and without calibration and filters", "How orders were filled",
        "All statistics", "The last 50 of 364 trades", "Data", "Assumptions", "How each number was computed",
    ):  # fmt: skip
        assert f">{heading}<" in text, heading
    for plot in ("equity-plot", "spread-plot", "dots-plot", "sharpe-plot"):
        assert f'id="{plot}"' in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("silent", "<strong>No trade</strong>"),
        ("refused", "The sizing needs a stop, and the decision has none"),
        ("open", "No trade has closed: the only one is still open"),
        ("one", "Too few closed trades to draw"),
        ("ruined", "No returns: the account fell to zero or below"),
        ("unit", "one unit is traded at a time"),
        ("free", "everything above is before costs"),
    ],
)
def test_states_with_little_to_show_are_told(kind: str, words: str) -> None:
    assert words in page(kind)


def test_every_statistic_has_its_name_unit_and_definition_on_the_page() -> None:
    assert set(WORDS) == set(Statistics.__slots__)
    text = page("account")
    for name, words in WORDS.items():
        assert words.label.replace("'", "&#39;") in text
        assert f'title="{name}: ' in text


def test_names_cannot_put_markup_into_the_page() -> None:
    hostile = record_of(usual("</script><img src=x onerror=alert(1)>"))
    text = render_backtest(BacktestReport(generated_at="", backtest=hostile)).decode()
    assert "<img" not in text
    assert text.count("</script>") == 3


def test_data_of_the_charts_cannot_end_their_element() -> None:
    record = msgspec.structs.replace(record_of(kinds()["account"]), currency="</script>")
    text = render_backtest(BacktestReport(generated_at="", backtest=record)).decode()
    assert text.count("</script>") == 3


def test_the_scatter_is_thinned() -> None:
    columns = record_of(kinds()["account"]).trades
    many = msgspec.structs.replace(columns, **{name: getattr(columns, name) * 20 for name in columns.__struct_fields__})
    dots = _dots(many)
    assert len(dots["mae"]) <= MOST_DOTS
    assert dots["every"] == 5
    assert dots["unit"] == "R"


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("kind", KINDS)
def test_the_terminal_is_never_wider_than_it_is(width: int, kind: str) -> None:
    out = io.StringIO()
    show_backtest(record_of(kinds()[kind], bounds=True), Console(width=width, file=out, highlight=False))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "\x1b" not in out.getvalue()


def test_the_terminal_shows_one_screen() -> None:
    out = io.StringIO()
    show_backtest(record_of(kinds()["account"]), Console(width=80, file=out, highlight=False))
    lines = out.getvalue().splitlines()
    assert len(lines) <= 36
    assert lines[1].startswith("+9.17%")
    assert "87: the cooldown after a loss is not over" in out.getvalue()


def test_names_out_of_a_file_do_not_steer_the_terminal() -> None:
    out = io.StringIO()
    show_backtest(record_of(usual("[bold]\x1b[31mred")), Console(width=80, file=out, highlight=False))
    assert "\x1b" not in out.getvalue()
    assert "[bold]" in out.getvalue()


def test_a_report_is_written_whole_with_latest_beside_it(tmp_path: Path) -> None:
    folder = write_backtest(kinds()["one"], tmp_path / "reports", bounds=True)
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html",
        "plotly.min.js",
        "report.json",
        "trades.csv",
    ]
    assert folder.name.endswith("-backtest")
    assert (tmp_path / "reports" / "latest").resolve() == folder.resolve()
    told = json.loads((folder / "report.json").read_text())
    assert (told["schema"], told["kind"]) == (1, "backtest")
    assert [one["name"] for one in told["backtest"]["bounds"]] == ["stop first", "target first"]


@pytest.mark.parametrize("kind", ["account", "plain", "open", "one", "free"])
def test_closed_trades_stand_in_a_csv_file_beside_the_report(kind: str, tmp_path: Path) -> None:
    result = kinds()[kind]
    with (write_backtest(result, out=tmp_path / "x") / "trades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    closed = [one for one in result.trades if one.reason != "open"]
    assert [float(row["pnl"]) for row in rows] == [one.pnl for one in closed]
    assert [row["exit_time"] for row in rows] == [rfc3339(one.exit_time) for one in closed]
    assert {row["stop"] == "" for row in rows} <= {kind == "free"}
    assert {(row["strategy"], row["symbol"]) for row in rows} <= {(result.strategy, "EUR_USD")}


def test_the_csv_of_trades_is_a_history_that_can_be_judged(tmp_path: Path) -> None:
    result = kinds()["unit"]
    history = read_trades(write_backtest(result, out=tmp_path / "x") / "trades.csv")
    assert [one.strategy for one in history.samples] == ["ma_crossover"]
    assert np.sort(history.samples[0].r) == pytest.approx(np.sort(result.trades.r[result.trades.closed]), rel=1e-9)


@pytest.mark.parametrize("name", ["unsorted_bars.csv", "bars", "eurusd"])
def test_a_name_at_the_beginning_of_a_line_keeps_its_letters(name: str) -> None:
    bars = replace(
        random_walk(400),
        source=name,
        findings=(Finding("sorted", Severity.WARNING, f"{name}: put 2 bars into order", 2),),
    )
    result = run_backtest(bars, MaCrossover(3, 8, stop_atr=2), account=Account())
    record = record_of(result, notes=["commission is not known"])
    out = io.StringIO()
    show_backtest(record, Console(width=100, file=out, highlight=False))
    page = render_backtest(BacktestReport(generated_at="2024-01-01T00:00:00Z", backtest=record)).decode()
    for text in (out.getvalue(), page):
        assert f"{name}: put 2 bars into order" in text
        assert "Commission is not known" in text


def test_a_record_can_be_written_as_well_as_a_result(tmp_path: Path) -> None:
    record = backtest_report(kinds()["one"], notes=["mine"])
    told = json.loads((write_backtest(record, out=tmp_path / "x") / "report.json").read_text())
    assert told["backtest"] == json.loads(json.dumps(record.to_dict()))


def test_a_folder_with_something_in_it_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        write_backtest(kinds()["one"], out=tmp_path)


def test_damage_and_another_kind_are_refused() -> None:
    with pytest.raises(OutputError, match="not a backtest report"):
        backtest_from_json(b"{}")
    with pytest.raises(OutputError, match="not a validation report"):
        from_json(to_json(report("one")))
    newer = to_json(report("one")).replace(b'"schema": 1', b'"schema": 99', 1)
    with pytest.raises(OutputError, match="schema 99"):
        backtest_from_json(newer)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_published_schema_is_that_of_the_code(name: str) -> None:
    assert (ROOT / "docs" / name).read_bytes() == json_schema(SCHEMAS[name])


def test_every_field_of_the_record_is_described() -> None:
    text = (ROOT / "docs" / "report.md").read_text()
    for name in type(report("one").backtest).__struct_fields__:
        assert f"`backtest.{name}" in text, name


def test_amounts_carry_units_and_signs() -> None:
    assert amounts.money(-1234.5, "EUR") == "\N{MINUS SIGN}1,234.50 EUR"
    assert amounts.money(None, "EUR") == "\N{EN DASH}"
    assert amounts.money(250_000.4, "EUR", signed=True) == "+250,000 EUR"
    assert amounts.change(0.1234) == "+12.3%"
    assert amounts.change(-0.001) == "\N{MINUS SIGN}0.10%"
    assert amounts.change(-0.000001) == "0.00%"
    assert amounts.part(0.0) == "0%"
    assert amounts.length(86_400_000_000_000 * 730) == "24.0 months"
    assert amounts.statistic("ruined", value=True, currency="EUR") == "yes"
    assert amounts.statistic("average_bars_held", 3.25, "EUR") == "3.2 bars"


def test_months_are_shaded_by_how_much_they_made() -> None:
    assert [_shade(value, 0.06) for value in (-0.2, -0.012, 0.0, 0.001, 0.03, 0.1)] == [
        "n5",
        "n1",
        "z",
        "z",
        "p2",
        "p5",
    ]


def test_the_page_of_a_history_of_another_account_differs_only_where_it_should() -> None:
    result = kinds()["account"]
    other = replace(result, version="9.9.9")
    one, two = (
        render_backtest(BacktestReport(generated_at="", backtest=record_of(it))).decode() for it in (result, other)
    )
    assert one.replace(result.version, "9.9.9") == two


def test_what_is_wider_than_a_phone_scrolls_by_itself_and_shows_that_there_is_more() -> None:
    page = render_backtest(BacktestReport(generated_at="2024-01-01T00:00:00Z", backtest=record_of(usual()))).decode()
    rule = re.search(r"\.scroll,\.groups section\{([^}]*)\}", page)
    assert rule is not None
    assert "overflow-x:auto" in rule[1]
    assert rule[1].count("var(--edge)") == 2  # a shadow at either end, covered where the table ends
    assert rule[1].count(" local") == 2
    assert page.count("--edge:") == 2  # in light and in dark
    for table in ('<table class="months">', '<table class="cards"><thead><tr><th>Entry'):
        assert f'<div class="scroll">{table}' in page


def test_the_legend_of_excursions_stands_above_the_points() -> None:
    page = render_backtest(BacktestReport(generated_at="2024-01-01T00:00:00Z", backtest=record_of(usual()))).decode()
    legends = re.findall(r"layout\.legend = \{([^}]*)\}", page)
    assert len(legends) == 1
    assert 'orientation: "h"' in legends[0]
    assert 'yref: "container"' in legends[0]


def test_headings_that_begin_a_column_have_no_margin_that_one_column_would_swallow() -> None:
    page = render_backtest(BacktestReport(generated_at="2024-01-01T00:00:00Z", backtest=record_of(usual()))).decode()
    rule = re.search(r"\.groups h3,\.statistics h3\{([^}]*)\}", page)
    assert rule is not None
    assert "margin:0 0 " in rule[1]
    assert ".groups section,.statistics section{padding-top:1rem}" in page
