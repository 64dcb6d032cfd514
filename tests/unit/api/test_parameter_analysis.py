"""`ParameterAnalyzer` as people were promised it."""

import json
import os
from pathlib import Path

import pytest

import tradeworthy
from tradeworthy import ParameterAnalyzer
from tradeworthy.appraisal import ParameterAnalyzer as FromAppraisal
from tradeworthy.core.errors import InputError, OutputError, SettingsError
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template

BOT = """
import os
class MA_EUR_USD_H4:
    def __init__(self, slow=140, fast=40, atr_period=14, sl=2.0, tp=3.0, key=os.environ["K"]): ...
raise SystemExit("nobody runs this")
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_can_be_had_from_every_package_that_was_named() -> None:
    assert FromAppraisal is ParameterAnalyzer
    assert getattr(tradeworthy.validation, "ParameterAnalyzer") is ParameterAnalyzer  # noqa: B009 - a door of another floor


def test_every_kind_of_source_gives_the_same_shape(here: Path) -> None:
    (here / "MA_EUR_USD_strat.py").write_text(BOT)
    bot = {"MA_EUR_USD_H4": {"slow": 140, "fast": 40, "atr_period": 14, "sl": 2.0, "tp": 3.0}}
    assert ParameterAnalyzer("MA_EUR_USD_strat.py").extract_current_parameters() == bot
    assert ParameterAnalyzer(here).extract_current_parameters() == bot
    assert ParameterAnalyzer(bot).extract_current_parameters() == bot
    (here / "b.json").write_text(json.dumps(bot))
    assert ParameterAnalyzer("b.json").extract_current_parameters() == bot
    settings = ParameterAnalyzer("fx-16").extract_current_parameters()
    assert len(settings) == 16
    assert settings["AUD_USD_H4"]["stop_atr"] == 1.5
    (here / "tradeworthy.toml").write_text(template("fx-16"))
    for source in (None, here, "tradeworthy.toml"):
        assert ParameterAnalyzer(source).extract_current_parameters() == settings
    book = ParameterAnalyzer(book_from(from_text(template("fx-16"), "", {}))).extract_current_parameters()
    assert book["AUD_USD_H4"] == {name: value for name, value in settings["AUD_USD_H4"].items() if name != "rules"}


def test_several_sources_are_read_together_under_names_that_differ() -> None:
    found = ParameterAnalyzer([{"A": {"fast": 1}}, "fx-daily"]).extract_current_parameters()
    assert len(found) == 9
    twice = ParameterAnalyzer(["fx-daily", "fx-16"]).extract_current_parameters()
    assert len(twice) == 24
    assert {"fx-daily.GBP_JPY_D", "fx-16.GBP_JPY_D"} <= set(twice)


def test_what_could_not_be_read_is_said(here: Path) -> None:
    (here / "a.py").write_text(BOT)
    (here / "b.py").write_text("def (")
    assert [line.split(":")[0] for line in ParameterAnalyzer(".").unread] == ["b.py, line 1", "a.py, line 4"]


@pytest.mark.parametrize("source", [{}, [], 5, "nowhere", "empty", {"a": 1}, {"a": {"x": float("nan")}}, {"a": {"x": object()}},
                                    {3: {}}, "a\0b"])  # fmt: skip
def test_a_source_without_strategies_is_one_clear_sentence(source: object, here: Path) -> None:
    (here / "empty").mkdir()
    with pytest.raises(InputError):
        ParameterAnalyzer(source).extract_current_parameters()


def test_settings_with_problems_name_all_of_them(here: Path) -> None:
    (here / "tradeworthy.toml").write_text(template("fx-daily").replace("fast = 40", "fast = 0"))
    with pytest.raises(SettingsError, match="out of range"):
        ParameterAnalyzer().extract_current_parameters()


def test_the_whole_way_from_source_to_changes(here: Path) -> None:
    analyzer = ParameterAnalyzer({"EUR_USD_H4": {"fast": 40, "slow": 140, "sl_atr": 2.0, "tp_atr": 3.0}})
    current = analyzer.extract_current_parameters()
    assert analyzer.document_parameter_changes(current)["EUR_USD_H4"]["status"] == "NEW_STRATEGY"
    matrix = analyzer.create_parameter_comparison_matrix(current)
    assert matrix.loc["EUR_USD_H4", "slow"] == 140
    report = analyzer.generate_risk_assessment_report(current)
    assert report["overall_risk_level"] == "LOW"
    assert report["parameter_risks"]["EUR_USD_H4"]["risk_level"] == "LOW"
    assert report["recommendations"] == ["No strategy has HIGH risk by these rules."]
    folder = analyzer.folder
    assert folder is not None
    assert folder.parent == Path("reports")
    assert (here / "reports" / "latest").resolve() == folder.resolve()
    names = sorted(one.name.split("_2")[0] for one in folder.iterdir())
    assert names == ["parameter_baseline.json", "parameter_matrix", "risk_assessment"]

    path, kept = analyzer.save_baseline()
    assert (path, kept) == (Path("parameter_baseline.json"), None)
    assert analyzer.document_parameter_changes(current)["EUR_USD_H4"]["status"] == "UNCHANGED"
    changed = analyzer.document_parameter_changes({"EUR_USD_H4": {**current["EUR_USD_H4"], "sl_atr": 2.5}})[
        "EUR_USD_H4"
    ]
    assert changed["status"] == "CHANGED"
    assert changed["changes"] == {"sl_atr": {"old": 2.0, "new": 2.5, "change_type": "INCREASED"}}
    assert (changed["old_risk_level"], changed["new_risk_level"]) == ("LOW", "HIGH")


def test_nothing_is_overwritten(here: Path) -> None:
    analyzer = ParameterAnalyzer({"A": {"fast": 1, "slow": 2}}, out="there")
    for _ in range(3):
        analyzer.generate_risk_assessment_report()
    assert len(list((here / "there").iterdir())) == 6
    with pytest.raises(OutputError, match="something there already"):
        ParameterAnalyzer({"A": {"fast": 1}}, out="there").create_parameter_comparison_matrix()


def test_a_desk_keeps_its_baseline_and_reports_with_its_settings_and_its_ledger_as_it_is(here: Path) -> None:
    desk = here / "desk"
    desk.mkdir()
    (desk / "tradeworthy.toml").write_text(template("fx-daily"))
    analyzer = ParameterAnalyzer(desk)
    found = analyzer.study()
    assert all(one.history is not None for one in found.appraisal.strategies)
    assert sum(one.neighbours is not None for one in found.appraisal.strategies) == 8
    assert analyzer.write_report(found).parent == desk / "reports"
    assert analyzer.save_baseline()[0] == desk / "parameter_baseline.json"
    assert sorted(os.listdir(desk)) == ["parameter_baseline.json", "reports", "tradeworthy.toml"]  # noqa: PTH208 - names only


def test_a_baseline_or_bars_that_were_named_have_to_be_there(here: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        ParameterAnalyzer({"A": {"fast": 1}}, baseline=here / "none.json").document_parameter_changes()
    with pytest.raises(InputError, match="no such folder of bars"):
        ParameterAnalyzer({"A": {"fast": 1}}, data=here / "none").generate_risk_assessment_report()


def test_real_bars_give_the_book_of_sixteen_its_trades(shared: Path) -> None:
    found = ParameterAnalyzer("fx-16", data=shared / "data" / "fx").appraise()
    facts = {one.name: one for one in found.strategies}
    assert str(found.overall) == "MEDIUM"
    assert [one.name for one in found.strategies if str(one.level) == "HIGH"] == [
        "AUD_USD_H4",
        "GBP_JPY_D",
        "USD_CAD_H4",
    ]
    assert facts["GBP_JPY_D"].history is not None
    assert facts["GBP_JPY_D"].history.entries == 22
    assert "few_trades" in [finding.rule for finding in facts["GBP_JPY_D"].findings]
