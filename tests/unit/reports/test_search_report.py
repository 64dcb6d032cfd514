"""What is told of a search: in the terminal, on the page and as data."""

import json
import math
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from rich.console import Console

from support.markets import random_walk
from tradeworthy.api.searching import write_search
from tradeworthy.api.sweeping import sweep
from tradeworthy.appraisal.search_recording import SearchRecord, search_record
from tradeworthy.appraisal.search_surface import Surface, SurfaceAxis
from tradeworthy.appraisal.search_terms import terms_of_search
from tradeworthy.backtest.charges import Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError
from tradeworthy.reports import search_words
from tradeworthy.reports.models import SearchReport
from tradeworthy.reports.search_console import show_search
from tradeworthy.reports.search_page import render_search
from tradeworthy.reports.statistics_words import WORDS
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.validation import deflated_sharpe_ratio, expected_maximum_sharpe

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
    assert record.surface.y is not None
    missing = record.surface.values[record.surface.y.first.index(12)][record.surface.x.first.index(12)]
    assert missing is None


def test_the_page_is_whole_and_says_how_many_tries_stand_behind_the_best(record: SearchRecord) -> None:
    report = SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)
    text = render_search(report).decode()
    HTMLParser().feed(text)
    assert "Best of 11 by Sharpe (per bar)" in text
    assert "22 trials" in text
    assert "NaN" not in text
    assert text.count("<tr>") == 2 + 11 + 1 + 2
    data = text.split('<script id="charts-data" type="application/json">')[1].split("</script>")[0]
    told = json.loads(data)
    assert told["best"] == record.ranked[0].measures["sharpe"]
    across, down = told["surface"]["best"]
    place = {"fast": int(told["surface"]["xs"][across]), "slow": int(told["surface"]["ys"][down])}
    assert place == record.ranked[0].parameters
    assert told["surface"]["z"][down][across] == pytest.approx(told["best"], rel=1e-3)


def test_a_search_of_one_parameter_is_drawn_as_a_line(tmp_path: Path) -> None:
    result = sweep(random_walk(900), MaCrossover, {"fast": [3, 5, 8], "slow": 20, "stop_atr": 2}, desk=tmp_path)
    record = search_record(result, "pnl")
    assert record.surface.y is None
    assert record.surface.values == (tuple(result.of("pnl").tolist()),)
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    assert '"x":"fast","xs":["3","5","8"],"y":null' in text


def test_the_best_set_of_one_instrument_is_held_against_what_luck_gives_so_many(tmp_path: Path) -> None:
    result = sweep(random_walk(900), MaCrossover, {**GRID, "stop_atr": [1.0, 2.0]}, desk=tmp_path)
    for by in ("sharpe", "pnl"):
        record = search_record(result, by)
        ratios = result.of("sharpe") / math.sqrt(result.searched[0].bars_a_year)
        own = ratios[result.sets.points.index(record.ranked[0].parameters)]
        assert record.luck is not None
        assert record.luck.trials == result.trials == 22
        spread = float(np.var(ratios, ddof=1))
        assert record.luck.deflated == pytest.approx(deflated_sharpe_ratio(own, 900, 22, spread), rel=1e-12)
        assert record.luck.by_luck == pytest.approx(
            expected_maximum_sharpe(22, spread) * math.sqrt(result.searched[0].bars_a_year), rel=1e-12
        )
        told = search_words.answer(record)[-1]
        assert f"a Sharpe of about {record.luck.by_luck:.2f}" in told.replace("\N{MINUS SIGN}", "-")
        assert ("this set's is" in told) == (by == "pnl")
        sure = msgspec.structs.replace(record, luck=msgspec.structs.replace(record.luck, deflated=0.95))
        assert search_words.answer(sure)[-1].endswith("is 95.0% (deflated Sharpe ratio): more than luck at 95%.")
        doubtful = msgspec.structs.replace(record, luck=msgspec.structs.replace(record.luck, deflated=0.9499))
        assert search_words.answer(doubtful)[-1].endswith("not told apart from luck.")


def test_few_sets_are_held_against_the_error_of_one_and_several_instruments_against_nothing(tmp_path: Path) -> None:
    bars = [random_walk(900, 1), random_walk(900, 2, symbol="GBP_USD")]
    few = search_record(sweep(bars[0], MaCrossover, {"fast": [3, 5], "slow": 20}, desk=tmp_path / "a"), "sharpe")
    assert few.luck is not None
    year = math.sqrt(
        sweep(bars[0], MaCrossover, {"fast": [3, 5], "slow": 20}, desk=tmp_path / "a").searched[0].bars_a_year
    )
    assert few.luck.by_luck == pytest.approx(expected_maximum_sharpe(2, 1 / 900) * year, rel=1e-12)
    both = search_record(sweep(bars, MaCrossover, GRID, desk=tmp_path / "b"), "sharpe")
    assert both.luck is None
    assert search_words.answer(both)[-1].endswith("partly luck, and nothing here is corrected for that.")


def test_a_search_in_which_nothing_traded_says_so(tmp_path: Path) -> None:
    result = sweep(random_walk(30), MaCrossover, {"fast": [2, 3], "slow": 28}, desk=tmp_path)
    record = search_record(result, "sharpe")
    console = Console(width=80, record=True, file=StringIO())
    show_search(record, console)
    assert "No set has a Sharpe (per bar)" in console.export_text()
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    assert "no set traded enough" in text


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_is_never_wider_than_it_is(record: SearchRecord, width: int) -> None:
    console = Console(width=width, record=True, file=StringIO())
    show_search(record, console)
    lines = console.export_text().splitlines()
    assert max(len(line) for line in lines) <= width
    assert any("Best of 11" in line for line in lines)
    header = next(line for line in lines if line.startswith("fast"))
    assert "Sharpe" in header
    assert ("Stability" in header, "Winners" in header) == (width > 40, width > 80)


def test_a_report_is_written_once_and_an_unknown_measure_refused(tmp_path: Path) -> None:
    result = sweep(random_walk(500), MaCrossover, GRID, desk=tmp_path)
    folder = write_search(result, tmp_path / "reports")
    assert json.loads((folder / "report.json").read_text())["search"]["by"] == "sharpe"
    with pytest.raises(InputError, match="'luck' is not measured"):
        write_search(result, tmp_path / "reports", by="luck")
    with pytest.raises(InputError, match="gross_loss is measured but ranks nothing"):
        write_search(result, tmp_path / "reports", by="gross_loss")


def test_one_set_that_is_no_strategy_is_told_in_the_singular(tmp_path: Path) -> None:
    said = []
    for fast in ([5, 10], [5, 10, 15]):
        grid = {"fast": fast, "slow": [10, 15] if len(fast) == 3 else [10, 20]}
        said.append(
            search_words.tried(search_record(sweep(random_walk(500), MaCrossover, grid, desk=tmp_path), "sharpe"))
        )
    assert "3 sets of 4; 1 is no strategy: fast=10" in said[0]
    assert "4 sets of 6; 2 are no strategy, such as fast=10" in said[1]


def test_a_report_stands_in_the_desk_that_was_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = sweep(random_walk(500), MaCrossover, GRID, desk=tmp_path / "desk")
    assert write_search(result).parent == tmp_path / "desk" / "reports"
    assert write_search(result, "own").parent == Path("own")
    assert write_search(search_record(result, "sharpe", ())).parent == Path("reports")


def test_every_ranked_set_says_what_its_neighbours_and_each_instrument_had(tmp_path: Path) -> None:
    bars = [random_walk(900, 1), random_walk(900, 2, symbol="GBP_USD")]
    grid = {"fast": [3, 5, 8, 12], "slow": [12, 20, 40], "stop_atr": [1, 2, None], "target_atr": 3.0}
    result = sweep(bars, MaCrossover, grid, desk=tmp_path)
    record = search_record(result, "pnl")
    around, stable = result.neighbourhood("pnl"), result.stability("pnl")
    each = [result.of("pnl", 0), result.of("pnl", 1)]
    for one in record.ranked:
        i = result.sets.points.index(one.parameters)
        assert one.neighbours == pytest.approx(around[i], rel=1e-12)
        assert one.stability == (None if np.isnan(stable[i]) else pytest.approx(stable[i], rel=1e-12))
        assert one.each == (each[0][i], each[1][i])
    for place, instrument in enumerate(record.instruments):
        assert instrument.best is not None
        assert instrument.best.parameters == result.best("pnl", place)
        assert instrument.best.measures["pnl"] == each[place].max()


def test_the_page_says_on_how_many_instruments_the_best_set_earned_and_when_it_hardly_traded(
    record: SearchRecord,
) -> None:
    best = msgspec.structs.replace(record.ranked[0], trades=3.0, each=(0.4, -0.1))
    lines = search_words.answer(msgspec.structs.replace(record, ranked=(best,)))
    assert "It is above zero on 1 of 2 instruments." in lines
    assert "It closed 3 trades an instrument, too few to judge it by." in lines


@pytest.mark.parametrize(
    ("pnl", "text"),
    [(0.21, "0.210"), (-0.0853, "\N{MINUS SIGN}0.0853"), (62.0, "62.0"), (99.96, "100"), (999.9, "1,000"), (28455, "28,455"),
     (0.0, "0.00"), (None, "\N{EN DASH}")],
)  # fmt: skip
def test_money_has_three_digits_or_no_decimals(pnl: float | None, text: str) -> None:
    assert search_words.shown("pnl", pnl) == text


def test_only_a_map_with_empty_cells_explains_them(tmp_path: Path) -> None:
    walk, seen = random_walk(900), []
    for fast in ([3, 5, 12], [3, 5, 8]):
        result = sweep(walk, MaCrossover, {"fast": fast, "slow": [12, 20], "stop_atr": 2}, desk=tmp_path)
        text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=search_record(result, "pnl")))
        seen.append(b"Grey cells hold no set" in text)
    assert seen == [True, False]


def test_a_page_says_when_further_parameters_have_too_many_values_for_maps_of_their_own(tmp_path: Path) -> None:
    result = sweep(
        random_walk(300), MaCrossover,
        {"fast": range(2, 17), "slow": range(20, 35), "stop_atr": [1 + i / 10 for i in range(13)]}, desk=tmp_path,
    )  # fmt: skip
    record = search_record(result, "pnl")
    assert record.surface.panels == ()
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    assert "median over all values of stop_atr" in text
    assert "give fewer to see each" in text


@pytest.mark.parametrize(("by", "centre"), [("sharpe", 0.0), ("profit_factor", 1.0), ("win_rate", None)])
def test_colours_part_where_winning_begins(tmp_path: Path, by: str, centre: float | None) -> None:
    result = sweep(random_walk(900), MaCrossover, GRID, desk=tmp_path)
    report = SearchReport(generated_at="2024-01-01T00:00:00Z", search=search_record(result, by))
    text = render_search(report).decode()
    data = text.split('<script id="charts-data" type="application/json">')[1].split("</script>")[0]
    assert json.loads(data)["centre"] == centre
    assert ("of them above zero" in text) == (by == "sharpe")


def test_a_parameter_with_letters_of_html_is_written_as_text(record: SearchRecord) -> None:
    best = msgspec.structs.replace(record.ranked[0], parameters={"<b>": "</script><i>", "slow": 1})
    hostile = msgspec.structs.replace(
        record, ranked=(best,), axes={"<b>": ("</script><i>",), "slow": (1,)}, strategy="<u>",
        surface=Surface(
            x=SurfaceAxis(name="<b>", first=("</script><i>",), last=("</script><i>",)),
            y=SurfaceAxis(name="slow", first=(1,), last=(1,)), values=((1.0,),), panels=(),
        ),
    )  # fmt: skip
    text = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=hostile)).decode()
    assert not {"<b>", "<i>", "<u>"} & set(re.findall(r"<[biu]>", text))
    assert text.count("</script>") == 3


def test_a_search_and_a_backtest_say_which_sharpe_each_of_them_means(record: SearchRecord) -> None:
    console = Console(width=100, record=True, file=StringIO())
    show_search(record, console)
    page = render_search(SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)).decode()
    for text in (" ".join(console.export_text().split()), page):
        assert "Sharpe (per bar) is that of money from bar to bar" in text
    assert WORDS["sharpe"].label == "Sharpe (daily)"


def test_a_search_of_different_pips_says_what_a_pip_is_of_each() -> None:
    pair, yen, crypto = (random_walk(60, 1, symbol=name) for name in ("EUR_USD", "USD_JPY", "BTC_USDT"))
    costs = Costs(1.0, slippage=Slippage(5.0), swap=Swap(-0.5, 1.0))
    alone, several = (terms_of_search(some, costs, FillRules()) for some in ([crypto], [pair, yen, crypto]))
    assert alone[1:4] == (
        "spread 1 pip (0.01 USDT)", "slippage 5 pips (0.05 USDT) at each market fill",
        "swap a night: long \N{MINUS SIGN}0.5 pips (\N{MINUS SIGN}0.005 USDT), short +1 pip (+0.01 USDT) (above zero is earned)",
    )  # fmt: skip
    assert several[2] == "spread 1 pip"
    assert "a pip is 0.0001 USD of EUR_USD, 0.01 JPY of USD_JPY, 0.01 USDT of BTC_USDT" in several
