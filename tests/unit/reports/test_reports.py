"""Reports as people and programs find them."""

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from support.validations import example
from tradeworthy.api.reporting import write_report
from tradeworthy.core.errors import OutputError
from tradeworthy.core.verdict import StrategyVerdict
from tradeworthy.reports.console import show
from tradeworthy.reports.curves import MOST_POINTS, all_curves, curve
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import ValidationReport, from_json, json_schema, to_json
from tradeworthy.reports.page import _drawn, render
from tradeworthy.reports.wording import measure, signed_r
from tradeworthy.validation.intervals import Interval

REPORT = ValidationReport(generated_at="2024-07-01T00:00:00Z", validation=example())


def test_report_json_reads_back_as_the_same_record() -> None:
    assert from_json(to_json(REPORT)) == REPORT


def test_report_json_has_its_schema_and_no_missing_number() -> None:
    text = to_json(REPORT).decode()
    assert json.loads(text)["schema"] == 1
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_number_that_is_none_is_never_written() -> None:
    broken = replace(example(), level=float("nan"))
    with pytest.raises(OutputError, match="level"):
        to_json(ValidationReport(generated_at="", validation=broken))


def test_damage_and_a_newer_schema_are_refused() -> None:
    with pytest.raises(OutputError, match="not a validation report"):
        from_json(b"{}")
    newer = to_json(REPORT).replace(b'"schema": 1', b'"schema": 99')
    with pytest.raises(OutputError, match="schema 99"):
        from_json(newer)


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(__file__).parents[3] / "docs" / "report.schema.json"
    assert published.read_bytes() == json_schema()


def test_the_same_record_gives_the_same_page() -> None:
    assert render(REPORT) == render(REPORT)


def test_the_page_needs_no_network() -> None:
    page = render(REPORT).decode()
    assert re.findall(r"""(?:src|href)=["']([^"']+)""", page) == ["plotly.min.js"]
    assert "http://" not in page
    assert "https://" not in page


def test_the_page_says_the_verdict_first_and_every_strategy() -> None:
    page = render(REPORT).decode()
    assert page.index(REPORT.validation.judgement.verdict) < page.index("Strategies</h2>")
    for one in REPORT.validation.strategies:
        assert one.name in page
        assert one.data.sha256 in page


def test_names_cannot_put_markup_into_the_page() -> None:
    strategies = (replace(example().strategies[0], name="</script><b>x"), *example().strategies[1:])
    record = replace(example(), book="<script>alert(1)</script>", strategies=strategies)
    page = render(ValidationReport(generated_at="", validation=record)).decode()
    assert "<script>alert(1)" not in page
    assert "</script><b>" not in page


def test_a_report_is_written_whole_with_latest_beside_it(tmp_path: Path) -> None:
    folder = write_report(example(), tmp_path / "reports")
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "plotly.min.js", "report.json"]
    assert (tmp_path / "reports" / "latest").resolve() == folder.resolve()
    assert not [path for path in (tmp_path / "reports").iterdir() if path.name.startswith(".")]


def test_two_reports_of_one_second_stand_beside_each_other(tmp_path: Path) -> None:
    one, two = (write_folder(tmp_path, "validate", 0, {"a": b"x"}) for _ in range(2))
    assert (one.name, two.name) == ("19700101T000000Z-validate", "19700101T000000Z-validate-2")
    assert (tmp_path / "latest").resolve() == two.resolve()


def test_a_folder_with_something_in_it_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        write_folder(tmp_path, "validate", 0, {"a": b"x"}, tmp_path / "out")
    assert (tmp_path / "out" / "mine").read_text() == "x"


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written there"):
        write_folder(tmp_path / "file" / "reports", "validate", 0, {"a": b"x"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_report_that_fails_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_folder(tmp_path, "validate", 0, {"a": b"x", "b": tmp_path / "not there"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("width", [40, 80, 110, 200])
def test_the_terminal_is_never_wider_than_it_is(width: int) -> None:
    console = Console(width=width, record=True, file=open("/dev/null", "w"), highlight=False)  # noqa: PTH123, SIM115 - a sink
    show(example(), console)
    lines = console.export_text().splitlines()
    console.file.close()
    assert max(map(len, lines)) <= width
    assert example().judgement.verdict in lines[1]


def test_curves_keep_their_end_and_their_deepest_fall_when_thinned() -> None:
    r = [0.5, -1.0, 0.7] * 3_000
    times = [f"2020-01-01T00:00:{i:06d}Z" for i in range(len(r))]
    thin = curve("x", times, r, "2020-01-01")
    assert len(thin["time"]) <= MOST_POINTS
    assert thin["level"][-1] == pytest.approx(sum(r), abs=1e-3)
    assert min(thin["fall"]) == pytest.approx(-1.0)


def test_the_curve_of_all_is_that_of_the_strategies_in_the_pool() -> None:
    everything = all_curves(example())
    assert len(everything) == 9
    assert everything[0]["level"][-1] == pytest.approx(sum(sum(one.trades.r) for one in example().strategies), abs=0.01)
    late = replace(example().strategies[0].judgement, verdict=StrategyVerdict.OUT_OF_DATE)
    strategies = (replace(example().strategies[0], judgement=late), *example().strategies[1:])
    without = all_curves(replace(example(), strategies=strategies))
    assert without[0]["level"][-1] == pytest.approx(sum(sum(one.trades.r) for one in strategies[1:]), abs=0.01)
    assert len(without) == 9


def test_an_interval_is_drawn_in_its_place_and_marked_where_it_is_cut_off() -> None:
    inside = _drawn(Interval(-1.0, 0.5), Interval(-1.5, 1.0), 0.0)
    assert inside is not None
    assert (inside["low"], inside["dot"], inside["high"]) == (52.0, 100.0, 124.0)
    assert (inside["cut_low"], inside["cut_high"]) == (False, False)
    beyond = _drawn(Interval(-1.0, 2.5), None, 2.2)
    assert beyond is not None
    assert (beyond["cut_low"], beyond["cut_high"], beyond["high"]) == (False, True, 196.0)
    assert _drawn(None, None, 1.0) is None


def test_numbers_carry_units_and_signs() -> None:
    assert signed_r(-0.061) == "\N{MINUS SIGN}0.06 R"
    assert signed_r(None) == "\N{EN DASH}"
    assert measure("win_rate", 0.412) == "41%"
    assert measure("win_rate", -0.05, signed=True) == "\N{MINUS SIGN}5 pp"
    assert measure("max_drawdown_r", 3.2) == "3.20 R"


def test_a_strategy_keeps_its_letters_where_a_line_begins_with_it() -> None:
    whole = example()
    named = replace(whole, strategies=(replace(whole.strategies[0], name="eurusd"), *whole.strategies[1:]))
    out = StringIO()
    show(named, Console(width=100, file=out, highlight=False))
    assert f"  - eurusd: {named.strategies[0].judgement.reason[:20]}" in out.getvalue()
    assert "Eurusd" not in out.getvalue()
