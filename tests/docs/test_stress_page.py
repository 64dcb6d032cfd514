"""docs/stress.md tells the scenarios, crises and keys as they are, and what the sample book lost as it is found."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradeworthy.api.maximum_loss import MaxLossAnalyzer
from tradeworthy.appraisal.loss_record import Losses, MaximumLoss
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.risk import CRISES, SCENARIOS, Scenario, Shock, stressed_bars
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template
from tradeworthy.settings.stress_file import CrisisSettings, ScenarioSettings, StressSettings, stress_from_text
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.wiring.sources import read_bars

PAGE = (Path(__file__).parents[2] / "docs" / "stress.md").read_text()
[FILE] = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
JUMP = "a jump of 9% alone"


def rows(first: str) -> list[list[str]]:
    """The cells of the table whose head begins so."""
    table = PAGE.split(f"| {first} |", 1)[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_scenarios_are_those_that_run() -> None:
    told = [(name, float(a), float(b), float(c), bool(more)) for name, a, b, c, more in rows("scenario")]
    assert told == [(one.name, one.volatility, one.trend, one.spread, one.shock is not None) for one in SCENARIOS]
    [shock] = [one.shock for one in SCENARIOS if one.shock is not None]
    assert (shock.percent, shock.recovery) == (-9.0, 2 / 3)


def test_the_crises_are_those_that_run() -> None:
    def day(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    told = [(name, day(start), day(end), float(spread)) for name, start, end, spread in rows("crisis")]
    assert told == [(one.name, one.start, one.end, one.spread) for one in CRISES]


def test_the_file_shows_every_key_and_is_read() -> None:
    plan = stress_from_text(FILE, "docs/stress.md")
    assert plan.scenarios[4] == Scenario("A jump out of the quiet", shock=Shock(-9.0, 0.5, -20))
    assert plan.crises[5].name == "Swiss franc"
    shown = set(re.findall(r"^(?:# )?(\w+) = ", FILE, re.MULTILINE))
    keys = {name for one in (ScenarioSettings, CrisisSettings, StressSettings) for name in one.model_fields}
    assert shown == keys - {"scenarios", "crises"}


def test_every_argument_stands_in_the_table() -> None:
    told = {name for row in rows("argument of `MaxLossAnalyzer`") for name in re.findall(r"`(\w+)`", row[0])}
    arguments = set(MaxLossAnalyzer.__init__.__kwdefaults__ or {})
    assert told == arguments


def test_the_length_of_the_stretches_matters_as_much_as_the_page_says(shared: Path) -> None:
    words = r"makes (-\d+) R as it was.*?(-\d+) R with stretches.*?(-\d+) R.*?(-\d+) R.*?(-\d+) R with the whole"
    [told] = re.findall(words, PAGE, re.DOTALL)
    bars, rules = (
        read_bars(shared / "data" / "fx" / "EUR_USD_H4.parquet"),
        MaCrossover(40, 140, stop_atr=2, target_atr=3),
    )
    found = [run_backtest(bars, rules, costs=Costs(0.8)).equity_r[-1]]
    for stretch in (30, 100, 300, 100_000):
        strained = stressed_bars(bars, replace(SCENARIOS[0], trend_bars=stretch))
        found.append(run_backtest(strained, rules, costs=Costs(2.4)).equity_r[-1])
    assert found == pytest.approx([float(one) for one in told], abs=0.51)


def cases(found: MaximumLoss) -> dict[str, list[Losses]]:
    """What each strategy lost in each case."""
    stresses = found.stress_test_results
    return (
        {"as it was": [one.before for one in stresses["Choppy"].strategies if one.before is not None]}
        | {name: [one.after for one in result.strategies if one.after] for name, result in stresses.items()}
        | {
            name: [one.losses for one in result.strategies if one.losses]
            for name, result in found.crisis_period_analysis.items()
        }
    )


@pytest.fixture(scope="module")
def sample(shared: Path) -> MaximumLoss:
    """The seven H4 strategies on the shared bars."""
    book = book_from(from_text(template("fx-16"), "the book fx-16", {}))
    known = {
        one.name: shared / "data" / "fx" / f"{one.name}.parquet" for one in book.strategies if one.timeframe == "H4"
    }
    files = {name: path for name, path in known.items() if path.exists()}
    book = replace(book, strategies=tuple(one for one in book.strategies if one.name in files))
    jump = Scenario(JUMP, shock=Shock(-9.0, 2 / 3))
    return MaxLossAnalyzer(scenarios=(*SCENARIOS, jump), on_today=False).analyze(book, files)


def test_the_sample_book_lost_what_the_table_says(sample: MaximumLoss) -> None:
    book = {one.case: one.losses for one in sample.worst_case_scenarios.cases}
    members = cases(sample)
    checked = 0
    for name, total, deepest, worst, extreme, run, *_ in rows("case"):
        if total == "NOT IN THE DATA":
            assert sample.crisis_period_analysis[name].status == total
            continue
        checked += 1
        assert book[name].total_r == pytest.approx(float(total), abs=0.051)
        assert book[name].max_drawdown_r == pytest.approx(float(deepest), abs=0.051)
        trades = [one.worst_trade.realised_r for one in members[name] if one.worst_trade and one.worst_trade.realised_r]
        assert min(trades) == pytest.approx(float(worst), abs=0.051)
        extremes = [one.worst_at_the_extreme_r for one in members[name] if one.worst_at_the_extreme_r is not None]
        assert min(extremes) == pytest.approx(float(extreme), abs=0.051)
        longest = max((one.losing_run for one in members[name]), key=lambda one: (one.trades, one.compound_loss or 0.0))
        assert run == f"{longest.trades} ({100 * (longest.compound_loss or 0.0):.0f}%)"
    assert checked == 10
