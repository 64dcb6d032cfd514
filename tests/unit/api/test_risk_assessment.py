"""The risk of a book in one call, as people were promised it."""

import importlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from support.markets import random_walk
from tradeworthy.api.risk_assessment import Assessed, RiskAssessment
from tradeworthy.api.risk_calculator import RiskCalculator
from tradeworthy.appraisal.loss_record import Urgency
from tradeworthy.backtest.costs import Costs
from tradeworthy.core.errors import InputError, OutputError, TradeworthyError
from tradeworthy.reports.models import RiskReport
from tradeworthy.reports.reliability_words import lines
from tradeworthy.reports.risk_console import show_risk
from tradeworthy.reports.risk_page import render_risk
from tradeworthy.reports.risk_words import cases
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.scenarios import SCENARIOS
from tradeworthy.strategies.ma_cross import MaCrossover

BOOK = {
    "EUR_USD_D": {"fast": 10, "slow": 20, "stop_atr": 1.5, "target_atr": 2.25},
    "USD_JPY_D": {"fast": 10, "slow": 50, "stop_atr": 2.0, "target_atr": 3.0},
}
BARS = {"EUR_USD": "ecb:EUR_USD", "USD_JPY": "ecb:USD_JPY"}
H1 = {"fast": 8, "slow": 30, "stop_atr": 2.0, "target_atr": 3.0}
ALONE = {"fast": 10, "slow": 20, "stop_atr": 1.5, "target_atr": 2.25}


def assessment(**more: Any) -> RiskAssessment:
    """Without scenarios and crises, so that it is quick."""
    return RiskAssessment(**{"paths": 2_000, "scenarios": (), "crises": (), **more})


@pytest.fixture(scope="module")
def found() -> Assessed:
    """Of two strategies on the ECB's rates."""
    return assessment(scenarios=SCENARIOS[:1], crises=CRISES[:1]).run(BOOK, BARS)


def test_everything_promised_is_there_and_is_plain_json(found: Assessed) -> None:
    for package in ("tradeworthy", "tradeworthy.appraisal"):
        assert getattr(importlib.import_module(package), "RiskAssessment") is RiskAssessment  # noqa: B009 - lazy
    assert found.score is not None
    assert found.confidence is not None
    assert 0 <= found.confidence[0] <= found.score <= found.confidence[1] <= 100
    assert found.level in {"LOW", "MODERATE", "HIGH", "VERY_HIGH"}
    assert f"{found.score:.0f} of 100 futures" in found.executive_summary[0]
    told = found.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False))["score"] == found.score
    assert list(told) == ["score", "confidence", "level", "executive_summary", "recommendations", "record"]


def test_recommendations_come_the_most_urgent_first_and_each_names_its_number(found: Assessed) -> None:
    order = [list(Urgency).index(one.level) for one in found.recommendations]
    assert order == sorted(order)
    assert all(one.action and one.reason and one.name for one in found.recommendations)
    assert all(one.number is not None for one in found.recommendations)


def advised(found: Assessed) -> tuple[float, float]:
    """The risk, and the score that is promised for it."""
    said = next(one for one in found.recommendations if one.name == "score").action
    read = re.match(r"risk ([\d.]+)% of equity a trade instead of [\d.]+%: the score would be (\d+)", said)
    assert read is not None, said
    return float(read[1]) / 100, float(read[2])


@pytest.mark.parametrize(("seed", "parameters"), [(0, H1), (26, H1), (2, {**H1, "stop_atr": 0.4, "target_atr": 6.0})])
def test_a_smaller_risk_that_is_advised_has_the_score_it_is_said_to_have(
    seed: int, parameters: dict[str, float]
) -> None:
    bars, costs = random_walk(6_000, seed), Costs(0.0)
    first = assessment(max_risk_per_trade=0.05, costs=costs, horizon=60).run(parameters, bars)
    risk, points = advised(first)
    again = assessment(max_risk_per_trade=risk, costs=costs, horizon=60).run(parameters, bars)
    assert again.score is not None
    assert 2 < again.score < 22
    assert again.score == pytest.approx(points, abs=4)


def test_a_book_that_loses_money_is_not_told_to_lose_it_more_slowly(found: Assessed) -> None:
    said = next(one for one in found.recommendations if one.name == "score")
    assert said.action.startswith("do not trade it as it is: its record loses money")


def test_sizes_that_the_leverage_limit_cut_are_said_to_be() -> None:
    near = {**H1, "stop_atr": 0.05, "target_atr": 0.1}
    cut = assessment(costs=Costs(0.0), max_risk_per_trade=0.05).run(near, random_walk(3_000, 5))
    (said,) = [one for one in cut.record.assumptions if "cut by the leverage limit" in one]
    assert "told without that limit" in said


def test_each_strategy_is_sized_by_the_risk_that_its_parameters_name() -> None:
    book = {"EUR_USD_H1": {**H1, "risk_percent": 0.5}, "GBP_USD_H1": {**H1, "max_risk_per_trade": 0.02}}
    bars = {"EUR_USD": random_walk(6_000, 1), "GBP_USD": random_walk(6_000, 2, symbol="GBP_USD")}
    costs = Costs(0.5)
    told = assessment(limit=0.05, horizon=60, costs=costs).run(book, bars)
    asked = RiskCalculator(n_simulations=2_000, horizon=60, costs=costs).drawdown_score(book, bars, limit=0.05)
    assert told.score == pytest.approx(asked.score, abs=3)
    assert told.record.risk_per_trade is None
    assert "0.5% (EUR_USD_H1), 2% (GBP_USD_H1)" in told.record.assumptions[0]
    assert told.record.sizing is not None
    assert told.record.sizing.leverage_risk == "ACCEPTABLE"
    same = assessment(limit=0.05, horizon=60, costs=costs, max_risk_per_trade=0.02).run(book, bars)
    assert same.score is not None
    assert told.score is not None
    assert same.score > told.score


def test_entries_without_a_stop_are_said_to_be_why_nothing_was_traded() -> None:
    with pytest.raises(
        InputError, match="entries has a stop, so none can be sized by what it loses there; give it one"
    ):
        assessment().run(MaCrossover(10, 50), random_walk(2_000, 1))


def test_the_parts_of_the_score_and_of_the_portfolio_add_up(found: Assessed) -> None:
    parts, portfolio = found.record.parts, found.record.portfolio
    assert parts is not None
    assert portfolio is not None
    whole = parts.volatility + parts.together + parts.in_a_row + parts.drift
    assert whole == pytest.approx(parts.score, abs=1e-9)
    components = [one.component for one in portfolio.shares.values()]
    assert sum(components) == pytest.approx(portfolio.value_at_risk, rel=1e-9)
    assert portfolio.value_at_risk <= portfolio.stressed <= portfolio.undiversified
    assert sum(one.share for one in portfolio.shares.values()) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(found: Assessed) -> None:
    again = assessment(scenarios=SCENARIOS[:1], crises=CRISES[:1]).run(BOOK, BARS)
    assert json.dumps(again.to_dict()) == json.dumps(found.to_dict())
    one, other = (score_of_hours(seed=seed) for seed in (0, 1))
    assert other != one
    assert other == pytest.approx(one, abs=6)


def score_of_hours(**terms: Any) -> float:
    """Of a year of hours, which are sooner assessed than the ECB's quarter of a century."""
    score = assessment(costs=Costs(0.0), **{"horizon": 60, "limit": 0.1, **terms}).run(H1, random_walk(6_000, 26)).score
    assert score is not None
    return score


def test_a_lower_limit_and_a_longer_horizon_are_broken_more_often() -> None:
    assert 5 < score_of_hours() < min(score_of_hours(limit=0.05), score_of_hours(horizon=120))


def test_a_record_that_is_too_short_is_an_answer_and_no_number() -> None:
    short = assessment().run(trades=[{"exit_time": f"2024-01-{day:02d}T10:00:00Z", "r": 1.0} for day in range(1, 20)])
    assert (short.score, short.confidence, short.level) == (None, None, "INSUFFICIENT DATA")
    assert "a score takes 120" in short.executive_summary[0]
    assert short.record.parts is None
    assert "parts of the score" in short.record.not_run


def test_trades_alone_are_assessed_and_what_they_cannot_say_is_not_run(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    lines = ["exit_time,strategy,side,entry,stop,exit"]
    for i, x in enumerate(rng.normal(0, 1.2, 440)):
        when = f"2023-{1 + i // 40:02d}-{1 + i // 2 % 28:02d}T1{i % 2}:00:00Z"
        lines.append(f"{when},s{i % 2},long,100,99,{100 + x:.3f}")
    file = tmp_path / "mine.csv"
    file.write_text("\n".join(lines) + "\n")
    found = assessment().run(trades=file)
    assert found.record.kind == "trades"
    assert found.score is not None
    assert found.record.portfolio is not None
    assert set(found.record.not_run) >= {"volatility", "sizes", "falls while trades are open"}
    assert found.record.exposure is None


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"limit": 0.0}, "limit is the fall that must not happen"),
        ({"limit": 1.2}, "limit is the fall that must not happen"),
        ({"paths": 0}, "paths must be a whole number from 100 to 1,000,000, not 0"),
        ({"paths": 10**9}, "paths must be a whole number from 100"),
        ({"horizon": -5}, "horizon must be a whole number"),
        ({"max_risk_per_trade": 0.0}, "risk is the share of the balance"),
        ({"leverage": -1.0}, "leverage"),
    ],
)
def test_terms_that_make_no_sense_are_refused(how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        RiskAssessment(**how)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "name what can lose"),
        ({"bars": "ecb:EUR_USD", "trades": "x.csv"}, "trades are looked at without bars"),
        ({"parameters": ALONE}, "bring bars to run it on"),
        ({"parameters": "nowhere.toml"}, "nowhere.toml"),
        ({"trades": "nowhere.csv"}, "nowhere.csv"),
    ],
)
def test_what_cannot_be_assessed_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(TradeworthyError, match=re.escape(said)):
        assessment().run(**given)


def test_it_is_saved_under_its_moment_and_never_over_another(found: Assessed, tmp_path: Path) -> None:
    first, second = found.save(tmp_path), found.save(tmp_path)
    assert first != second
    assert re.fullmatch(r"risk_assessment_\d{8}T\d{6}Z(-\d+)?\.json", first.name)
    told = json.loads(first.read_text())
    assert told["kind"] == "risk"
    assert told["risk"]["score"]["score"] == found.score
    named = found.save(tmp_path / "mine.json")
    assert named.name == "mine.json"
    with pytest.raises(OutputError, match=r"mine\.json: the assessment cannot be written"):
        found.save(tmp_path / "mine.json")


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_is_never_wider_than_it_is(found: Assessed, width: int) -> None:
    console = Console(width=width, record=True, file=StringIO())
    show_risk(found.record, console)
    lines = console.export_text().splitlines()
    assert max(len(line) for line in lines) <= width
    assert lines[1].startswith(found.level.replace("_", " "))
    assert any("What to do" in line for line in lines)


def test_the_page_is_whole_and_leads_with_the_answer(found: Assessed) -> None:
    page = render_risk(RiskReport(generated_at="2024-01-01T00:00:00Z", risk=found.record)).decode()
    HTMLParser().feed(page)
    assert page.index(found.executive_summary[0]) < page.index("What to do") < page.index("Drawn futures")
    charts = json.loads(page.split('<script id="charts-data" type="application/json">')[1].split("</script>")[0])
    assert len(charts["falls"]) == 400
    assert charts["falls"] == sorted(charts["falls"])
    assert len(charts["fan"]["rows"]) == 5
    assert charts["correlations"]["names"] == list(BOOK)
    assert "NaN" not in page


def charts_of(found: Assessed) -> dict[str, Any]:
    """What the page's script draws."""
    page = render_risk(RiskReport(generated_at="2024-01-01T00:00:00Z", risk=found.record)).decode()
    data: dict[str, Any] = json.loads(
        page.split('<script id="charts-data" type="application/json">')[1].split("</script>")[0]
    )
    return data


def test_the_timeline_has_a_row_for_each_market_and_a_digit_for_each_week(found: Assessed) -> None:
    drawn = charts_of(found)["regimes"]
    assert drawn["names"] == ["EUR_USD D", "USD_JPY D"]
    assert drawn["levels"] == ["very low", "low", "medium", "high", "extreme"]
    assert len({len(row) for row in drawn["rows"]}) == 1
    assert {digit for row in drawn["rows"] for digit in row} == set("01234")
    for name, row in zip(BOOK, drawn["rows"], strict=True):
        regimes = found.record.volatility[name]["volatility_regimes"]
        assert row.strip()[0] == str(drawn["levels"].index(regimes["timeline"]["level"][0].replace("_", " ")))
        assert sum(a != b for a, b in pairwise(row.strip())) == len(regimes["timeline"]["since"]) - 1
        weeks = {level: row.count(str(i)) / len(row.strip()) for i, level in enumerate(regimes["occupancy"])}
        for level, share in regimes["occupancy"].items():
            assert weeks[level] == pytest.approx(share["share"], abs=0.08)


def test_two_strategies_of_one_market_share_a_row() -> None:
    both = {"a": BOOK["EUR_USD_D"], "b": BOOK["EUR_USD_D"] | {"slow": 60}}
    found = assessment(scenarios=(), crises=()).run(both, {"a": "ecb:EUR_USD", "b": "ecb:EUR_USD"})
    assert len(found.record.volatility) == 2
    assert charts_of(found)["regimes"]["names"] == ["EUR_USD D"]


def test_no_diagram_is_drawn_of_too_few_outcomes_and_the_page_says_how_many_it_would_take(found: Assessed) -> None:
    held = found.record.reliability
    assert held.asked.quality is None
    assert 0 < len(held.asked.held) < held.asked.needed == 60
    assert held.shorter is not None
    assert held.shorter.quality is not None
    drawn = charts_of(found)["reliability"]
    assert sum(drawn["n"]) == len(held.shorter.held) >= 60
    assert drawn["title"] == f"A fall of {100 * held.shorter.limit:.1f}% within {held.shorter.horizon} days"
    for low, came, high in zip(drawn["low"], drawn["came"], drawn["high"], strict=True):
        assert 0 <= low <= came <= high <= 100
    said = lines(held)
    assert f"this record holds {len(held.asked.held)} (" in said[0]
    assert "years more" in said[0]
    assert f"{held.shorter.came} came true" in said[1]
    out = StringIO()
    show_risk(found.record, Console(width=400, file=out))
    assert said[0] in out.getvalue()


def test_the_question_itself_is_drawn_where_the_record_has_enough_outcomes() -> None:
    found = assessment(horizon=20, limit=0.05).run(BOOK, BARS)
    held = found.record.reliability
    assert held.asked.quality is not None
    assert held.shorter is None
    assert charts_of(found)["reliability"]["title"] == "A fall of 5.0% within 20 days"
    assert len(lines(held)) == 1
    assert "Brier score" in lines(held)[0]


def test_crises_are_told_from_stress_and_those_not_in_the_data_are_named(found: Assessed) -> None:
    late = Crisis("Next war", datetime(2090, 1, 1, tzinfo=UTC), datetime(2090, 2, 1, tzinfo=UTC))
    other = assessment(scenarios=SCENARIOS[:1], crises=(*CRISES[:1], late)).run(BOOK, BARS)
    drawn = {one["name"]: one for one in charts_of(other)["cases"]}
    assert {name: one["kind"] for name, one in drawn.items()} == {
        "as it was": "history", SCENARIOS[0].name: "stress", CRISES[0].name: "crisis",
        f"{CRISES[0].name}, on today's prices": "crisis", "Next war": "crisis",
    }  # fmt: skip
    assert drawn["Next war"]["why"] == "not in the data"
    assert drawn[CRISES[0].name]["fall"] > 0
    told = cases(other.record)
    assert told[-1] == ("crisis: Next war", "\N{EN DASH}", "NOT IN THE DATA")
    assert f"stress: {SCENARIOS[0].name}" in {name for name, _, _ in told}
    assert all(one["name"] != "Next war" for one in charts_of(found)["cases"])


def test_a_page_without_a_score_says_why() -> None:
    short = assessment().run(trades=[{"exit_time": f"2024-01-{day:02d}T10:00:00Z", "r": -1.0} for day in range(1, 20)])
    page = render_risk(RiskReport(generated_at="2024-01-01T00:00:00Z", risk=short.record)).decode()
    assert "INSUFFICIENT DATA" in page
    assert "not enough data" in page
    assert "Whether the score was right before cannot be said" in page
    assert 'id="reliability-plot"' not in page
