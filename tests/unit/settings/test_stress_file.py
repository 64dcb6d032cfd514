"""Scenarios and crises of one's own: read, or every problem told at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradeworthy.core.errors import SettingsError
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.scenarios import SCENARIOS, Scenario, Shock
from tradeworthy.settings.stress_file import load_stress, stress_from_text

TEXT = """
[scenarios."Broker outage"]
volatility = 2
spread = 4.0
gap = 3.0
shock_percent = -5.0
shock_bar = -20
shock_recovery = 0.5

[scenarios.shuffled]
block = 20

[crises.franc]
start = 2015-01-15T09:00:00Z
end = 2015-01-17
spread = 10
"""


NO_MOMENT = "is not a date or a moment; write 2020-02-01 or 2020-02-01T00:00:00Z, without quotes"


def problems(text: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        stress_from_text(text, "stress.toml")
    return [str(problem) for problem in raised.value.problems]


def test_a_file_adds_to_the_ones_that_ship(tmp_path: Path) -> None:
    file = tmp_path / "stress.toml"
    file.write_text(TEXT)
    plan = load_stress(file)
    assert plan.scenarios[:4] == SCENARIOS
    assert plan.scenarios[4:] == (
        Scenario("Broker outage", 2.0, 1.0, 4.0, 3.0, Shock(-5.0, 0.5, -20)),
        Scenario("shuffled", block=20.0),
    )
    assert plan.crises[:5] == CRISES
    start, end = datetime(2015, 1, 15, 9, tzinfo=UTC), datetime(2015, 1, 17, tzinfo=UTC)
    assert plan.crises[5:] == (Crisis("franc", start, end, 10.0),)


def test_the_ones_that_ship_can_be_left_out_and_their_names_taken_over() -> None:
    plan = stress_from_text("usual_scenarios = false\nusual_crises = false\n[scenarios.Choppy]\ntrend = 0\n", "x")
    assert plan.scenarios == (Scenario("Choppy", trend=0.0),)
    assert plan.crises == ()


def test_all_problems_are_said_at_once_each_with_its_line_range_and_nearest_key() -> None:
    text = """
[scenarios.a]
volatility = 0
trend = "much"
spred = 2
gap = -1
trend_bars = 1
shock_percent = -100
[scenarios.b]
shock_bar = 3
shock_percent = 0
[scenarios.c]
shock_recovery = 2
[scenarios.d]
shock_bar = 5
[crises.e]
start = 2020-02-01
end = 2020-01-01
[crises.f]
start = 2020-02-01T00:00:00
end = "2020-03-01"
spread = 200
[crises.g]
start = 2020-02-01
usual = 3
"""
    assert problems(text) == [
        "stress.toml, line 3: scenarios.a.volatility: 0 is out of range; allowed is above 0 and 100 or less",
        "stress.toml, line 4: scenarios.a.trend: 'much' is not a number; allowed is 0 or more and 100 or less",
        "stress.toml, line 5: scenarios.a.spred: unknown key; did you mean spread?",
        "stress.toml, line 6: scenarios.a.gap: -1 is out of range; allowed is 0 or more and 100 or less",
        "stress.toml, line 7: scenarios.a.trend_bars: 1 is out of range; allowed is 2 or more and 100000 or less",
        "stress.toml, line 8: scenarios.a.shock_percent: -100 is out of range; allowed is above -100 and 1000 or less",
        "stress.toml, line 11: scenarios.b.shock_percent: a shock of 0% is none: leave it out, or give its size",
        "stress.toml, line 13: scenarios.c.shock_recovery: 2 is out of range; allowed is 0 or more and 1 or less",
        "stress.toml, line 15: scenarios.d.shock_bar: there is no shock for it: give shock_percent too",
        "stress.toml, line 18: crises.e.end: the window is reversed: it starts at 2020-02-01T00:00:00+00:00; swap the two",
        "stress.toml, line 20: crises.f.start: 2020-02-01T00:00:00 names no time zone; write 2020-02-01T00:00:00Z for UTC",
        f"stress.toml, line 21: crises.f.end: '2020-03-01' {NO_MOMENT}",
        "stress.toml, line 22: crises.f.spread: 200 is out of range; allowed is 0 or more and 100 or less",
        "stress.toml, line 23: crises.g.end: is missing and has no default",
        "stress.toml, line 25: crises.g.usual: unknown key; remove it or mend its spelling",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scenario.x]\nvolatility = 2", "scenario: unknown key; did you mean scenarios?"),
        ("[scenarios.Choppy]\ntrend = 0", "scenarios.Choppy: one that ships has this name; call yours otherwise"),
        ("[crises.Brexit]\nstart = 2016-06-01\nend = 2016-07-01", "crises.Brexit: one that ships has this name"),
        ("scenarios = 3", "scenarios: 3 is not a table"),
        ("[scenarios.x]\nvolatility = nan", "nan is out of range"),
        ("[scenarios.x\n", "not valid TOML"),
    ],
)
def test_a_problem_is_one_sentence_at_its_place(text: str, said: str) -> None:
    [problem] = problems(text)
    assert said in problem


def test_a_file_that_is_not_there_says_where_its_keys_are_told(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"no\.toml: there is no such file; docs/stress\.md shows what stands in one"
    ):
        load_stress(tmp_path / "no.toml")
