"""What is written is true: snippets run, commands and settings exist, findings and rules are all described."""

import json
import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from support.warm import python, tradeworthy
from tradeworthy import validation
from tradeworthy.backtest.account import Account, OptionInputs
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.spreads import Blowout, Spread
from tradeworthy.backtest.sweep_result import RANKED
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.bars import Bars
from tradeworthy.settings.desk_terms import sizing_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import TEMPLATES, template
from tradeworthy.settings.tree import Settings, StrategySettings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


def blocks(kind: str) -> list[tuple[str, str]]:
    """Every fenced block of a kind, with the page it stands on."""
    return [
        (page.name, block)
        for page in PAGES
        for block in re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    ]


@pytest.mark.parametrize(("page", "code"), blocks("python"))
def test_python_in_the_documents_runs(page: str, code: str, tmp_path: Path) -> None:
    result = python(code, tmp_path)
    assert result.returncode == 0, f"{page}: {result.stderr}"
    assert not re.search(r"\bnan\b", result.stdout), f"{page}: an example shows a number that is none: {result.stdout}"


def commands() -> list[tuple[str, list[list[str]]]]:
    """The command lines of ours in each block, comments cut off, with the page it stands on."""
    found = []
    for page, block in blocks("sh"):
        lines = [line.split("#")[0].strip() for line in block.splitlines()]
        ours = [shlex.split(line)[1:] for line in lines if line.startswith("tradeworthy ")]
        if ours:
            found.append((page, ours))
    return found


@pytest.mark.parametrize(("page", "lines"), commands())
def test_commands_in_the_documents_are_understood_in_their_order(
    page: str, lines: list[list[str]], tmp_path: Path
) -> None:
    if lines[0][0] != "init":
        assert tradeworthy("init", folder=tmp_path).returncode == 0
    for arguments in lines:
        result = tradeworthy(*arguments, folder=tmp_path)
        assert "Usage:" not in result.stderr
        missing = "there is no such" in result.stderr  # the reader's own bars and trades
        assert result.returncode in {0, 1, 3} or missing, f"{page}: {' '.join(arguments)}: {result.stderr}"
        if arguments[0] == "init" and len(arguments) > 1:
            tmp_path /= arguments[1]  # every page goes on inside the desk that was begun


def test_targets_of_make_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for page in PAGES for word in re.findall(r"`make ([a-z]+)`", page.read_text())}
    assert {"demo", "test"} <= named | {block.strip().removeprefix("make ") for _, block in blocks("sh")}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def leaves(model: type[BaseModel], path: str) -> list[str]:
    """Every key of the settings, strategies and groups as NAME and spreads as SYMBOL."""
    found = []
    for name, field in model.model_fields.items():
        key = f"{path}{field.alias or name}"
        inner = [one for one in (field.annotation, *get_args(field.annotation)) if isinstance(one, type)]
        nested = next((one for one in inner if issubclass(one, BaseModel)), None)
        nested = StrategySettings if name == "strategies" else nested  # of both kinds the one with all the keys
        if name in {"spread_pips", "groups"}:
            found.append(f"{key}.{'SYMBOL' if name == 'spread_pips' else 'NAME'}")
        elif nested:
            found += leaves(nested, f"{key}.NAME." if name == "strategies" else f"{key}.")
        else:
            found.append(key)
    return found


def test_every_setting_is_described_and_nothing_else_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([^`]+)`", rows)) == set(leaves(Settings, ""))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_setting_stands_in_the_settings_that_init_writes(name: str) -> None:
    text = template(name)
    for key in leaves(Settings, ""):
        last = key.split(".")[-1]
        assert last in {"SYMBOL", "NAME"} or re.search(rf"\b{last} = ", text), key


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_commented_out_of_the_tables_of_a_desk_stands_at_its_default(name: str) -> None:
    text = template(name)
    start, end = text.index("[account]"), text.index("# Strategies.")
    shown = from_text(
        text[:start] + re.sub(r"^# (\w+ = )", r"\1", text[start:end], flags=re.MULTILINE) + text[end:], name, {}
    )
    usual = from_text(text, name, {})
    for section in ("account", "limits", "groups", "calibration", "filters", "live", "paper", "journal"):
        assert getattr(shown, section) == getattr(usual, section), section
    assert sizing_from(shown) == sizing_from(usual)
    assert shown.limits.model_fields_set == set(type(shown.limits).model_fields)  # type: ignore[attr-defined]  # made
    for part in (shown.calibration, shown.filters):
        assert part.model_fields_set == set(type(part).model_fields)  # type: ignore[attr-defined]  # as above


def test_defaults_of_limits_calibration_and_filters_are_those_of_their_records() -> None:
    usual = from_text(template("fx-daily"), "fx-daily", {}).model_dump(mode="json", by_alias=True)
    told = 0
    for line in (ROOT / "docs" / "settings.md").read_text().splitlines():
        keys = re.findall(r"`((?:limits|calibration|filters)\.[\w.]+)`", line.split("|")[1] if "|" in line else "")
        if not keys or re.match(r"limits\.blackouts\.(dates|weekly)", keys[0]):
            continue
        defaults = json.loads(f"[{line.split('|')[2]}]")
        for key, default in zip(keys, defaults, strict=True):
            node = usual
            for part in key.split("."):
                node = node[part]
            shown = json.loads(re.sub(r'"(\d\d:\d\d):00"', r'"\1"', json.dumps(node)))
            assert shown == default, key
            told += 1
    assert told > 60


def test_every_fill_rule_parameter_finding_and_bar_finding_is_described() -> None:
    fills, verdicts, bars = ((ROOT / "docs" / f"{name}.md").read_text() for name in ("fills", "verdicts", "bars"))
    for rule in FillRules.__slots__:
        assert f"| `{rule}` |" in fills
    source = ROOT / "src" / "tradeworthy"
    rules = [
        name
        for path in sorted((source / "validation").glob("parameter*.py"))
        for name in re.findall(r'ParameterFinding\("(\w+)"', path.read_text())
    ]
    assert set(rules) == set(re.findall(r"^\| `(\w+)` \| (?:LOW|MEDIUM|HIGH)", verdicts, re.MULTILINE))
    found = [
        *re.findall(r'Finding\(\s*"(\w+)"', (source / "market" / "quality.py").read_text()),
        *re.findall(r'^        \("(\w+)", "', (source / "market" / "rules.py").read_text(), re.MULTILINE),
    ]
    assert len(found) >= 8
    for name in found:
        assert f"`{name}`" in bars, name


@pytest.mark.parametrize("record", [Account, OptionInputs, Spread, Blowout, Commission, Slippage, Swap])
def test_every_field_of_accounts_and_costs_is_described(record: type[Account]) -> None:
    page = re.sub(r"^```.*?^```", "", (ROOT / "docs" / "money.md").read_text(), flags=re.DOTALL | re.MULTILINE)
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", page))))
    assert {field.name for field in fields(record)} <= words


def test_everything_that_bars_and_instruments_hold_is_described() -> None:
    page = (ROOT / "docs" / "bars.md").read_text()
    section = re.search(r"^## What bars hold\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    assert section is not None
    described = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", section[1]))))
    offered = {name for name in dir(Bars) if not name.startswith("_")} - {"unchecked"}  # for feeds of ours
    assert offered | {field.name for kind in (Bars, Instrument) for field in fields(kind)} <= described


def test_every_measure_of_a_search_is_described() -> None:
    page = (ROOT / "docs" / "search.md").read_text()
    for name in RANKED:
        assert f"| `{name}` |" in page


def test_every_statistic_is_described_with_its_definition() -> None:
    page = (ROOT / "docs" / "statistics.md").read_text()
    for name in validation.__all__:
        assert f"| `{name}` |" in page
