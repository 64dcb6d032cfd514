"""Settings, or every problem they have at once: where, which key, and what would be right."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import SettingsError
from tradeworthy.settings.books import book_from
from tradeworthy.settings.lines import key_lines, line_of
from tradeworthy.settings.loading import from_text, load
from tradeworthy.settings.shipped import TEMPLATES, template
from tradeworthy.settings.tree import FillSettings

BASE = """schema = 1
[strategies.A]
instrument = "eurusd"
timeframe = "1d"
fast = 10
slow = 20
stop_atr = 1.5
target_atr = 2
"""


def problems(text: str, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        from_text(text, "my.toml", environment)
    return [str(problem) for problem in raised.value.problems]


def test_all_problems_are_said_at_once_each_with_its_line_and_range() -> None:
    text = (
        BASE.replace("= 20", "= 10").replace("1.5", "-1.5") + 'typo = 3\natr_period = 0\n[validation]\nmonths = "3"\n'
    )
    assert sorted(problems(text)) == [
        "my.toml, line 10: strategies.A.atr_period: 0 is out of range; allowed is 1 or more and 100000 or less",
        "my.toml, line 12: validation.months: '3' is not a whole number; allowed is 1 or more and 120 or less",
        "my.toml, line 6: strategies.A.slow: fast and slow are both 10, and such averages never cross: make them differ",
        "my.toml, line 7: strategies.A.stop_atr: -1.5 is out of range; allowed is above 0 and 1000 or less",
        "my.toml, line 9: strategies.A.typo: unknown key; remove it or mend its spelling",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fast = 10", "fast = 2.5", "line 5: strategies.A.fast: 2.5 is not a whole number; allowed is 1 or more"),
        ("fast = 10", "", "line 2: strategies.A.fast: is missing and has no default"),
        ("1.5", "true", "line 7: strategies.A.stop_atr: True is not a number"),
        ("1.5", "nan", "line 7: strategies.A.stop_atr: nan is out of range"),
        ("1.5", "1\nmin_atr = inf", "line 8: strategies.A.min_atr: inf is out of range; allowed is 0 or more"),
        ('"1d"', '"H3"', "line 4: strategies.A.timeframe: 'H3' is not a timeframe; use one of M1, M5"),
        ('"1d"', "5", "line 4: strategies.A.timeframe: 5 is not one of 'M1', 'M5'"),
        ('"eurusd"', '"€"', "line 3: strategies.A.instrument: '€' is not the name of an instrument"),
        ("schema = 1", "schema = 2", "line 1: schema: 2 is out of range"),
        ("schema = 1", "", "schema: is missing"),
        ("schema = 1", "schema = 1\ndata.timezone = 'Mars/X'", "line 2: data.timezone: 'Mars/X' is not a time zone"),
        (
            "schema = 1",
            "schema = 1\ndata.source = 'http'",
            "line 2: data.source: 'http' is not one of 'ecb' or 'folder'",
        ),
        ("schema = 1", "schema = 1\ndesk = 3", "line 2: desk: 3 is not a table"),
        ("schema = 1", "schema = 1\n[[desk]]\nname = 'x'", "line 2: desk: [{'name': 'x'}] is not a table"),
        (
            "schema = 1",
            "schema = 1\n[costs.spread_pips]\nEURUSD = -1",
            "line 3: costs.spread_pips.EURUSD: -1 is out of range",
        ),
        ("fast = 10", "fast = ", "not valid TOML"),
        ("fast = 10", "fast = " + "9" * 5000, "thousands of digits"),
        ("fast = 10", "fast = " + "[" * 9999, "nested too deeply"),
        ("slow = 20", "slow = 20\nslow = 30", "not valid TOML"),
    ],
)
def test_a_problem_is_one_sentence_at_its_place(old: str, new: str, said: str) -> None:
    [problem] = problems(BASE.replace(old, new, 1))
    assert problem.startswith("my.toml")
    assert said in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "TRADEWORTHY_VALIDATION__MONTHS",
            "0",
            "environment variable TRADEWORTHY_VALIDATION__MONTHS: validation.months: 0",
        ),
        (
            "tradeworthy_validation__months",
            "x",
            "environment variable tradeworthy_validation__months: validation.months: 'x'",
        ),
        ("TRADEWORTHY_HOME", "/x", "environment variable TRADEWORTHY_HOME: home: unknown key"),
        ("TRADEWORTHY_DESK", "1", "environment variable TRADEWORTHY_DESK: desk: 1 is not a table"),
        (
            "TRADEWORTHY_STRATEGIES__A__FAST",
            "20",
            "with environment variable TRADEWORTHY_STRATEGIES__A__FAST: strategies.A.slow",
        ),
        ("TRADEWORTHY_SCHEMA__X", "1", "with environment variable TRADEWORTHY_SCHEMA__X: schema: {'x': 1} is not"),
        ("TRADEWORTHY_VALIDATION__MONTHS", "9" * 5000, "is not a whole number"),
        ("TRADEWORTHY_VALIDATION__MONTHS", "[" * 9999, "is not a whole number"),
    ],
)
def test_a_problem_that_the_environment_brought_names_the_variable(variable: str, value: str, said: str) -> None:
    [problem] = problems(BASE, **{variable: value})
    assert said in problem
    assert len(problem) < 300


def test_the_environment_wins_and_keeps_the_case_of_names() -> None:
    environment = {
        "TRADEWORTHY_STRATEGIES__a__FAST": "5",
        "TRADEWORTHY_DESK__NAME": "night desk",
        "OTHER": "x",
        "TRADEWORTHY_": "x",
    }
    settings = from_text(BASE, "my.toml", environment)
    assert settings.strategies["A"].model_dump()["fast"] == 5
    assert settings.desk.name == "night desk"
    assert (settings.strategies["A"].instrument, settings.strategies["A"].timeframe) == ("EUR_USD", Timeframe.D)


@pytest.mark.parametrize("data", [BASE.encode(), BASE.encode("utf-8-sig"), BASE.replace("\n", "\r\n").encode()])
def test_a_file_of_any_editor_is_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "tradeworthy.toml").write_bytes(data)
    assert load(tmp_path / "tradeworthy.toml", {}).strategies["A"].model_dump()["slow"] == 20


@pytest.mark.parametrize(
    ("name", "said"),
    [("none.toml", "no such file; `tradeworthy init` writes one"), ("", "this is a folder"), ("wide.toml", "not UTF-8"),
     ("a\0b", "no file can have this name"), ("x" * 300, "cannot be read")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_problem_of_the_settings(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "wide.toml").write_bytes(BASE.encode("utf-16"))
    with pytest.raises(SettingsError, match=said):
        load(tmp_path / name, {})


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_a_book_and_each_of_its_keys_has_its_line(name: str) -> None:
    text = template(name)
    settings = from_text(text, name, {})
    book = book_from(settings)
    assert len(book.strategies) == len(settings.strategies) == {"fx-16": 16, "fx-daily": 8}[name]
    for one in book.strategies:
        assert one.name == f"{one.instrument}_{one.timeframe}"
        assert settings.costs.spread_pips[one.instrument] > 0
    lines = key_lines(text)
    for strategy in settings.strategies:
        line = line_of(("strategies", strategy, "slow"), lines)
        assert line is not None
        assert text.splitlines()[line - 1].startswith("slow = ")
        assert line_of(("strategies", strategy, "nothing"), lines) == lines["strategies", strategy]


def test_fill_rules_of_the_settings_are_those_of_the_backtest() -> None:
    assert FillSettings().model_dump() == asdict(FillRules())
