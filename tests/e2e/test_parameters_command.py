"""`tradeworthy parameters` as a user meets it."""

import json
import subprocess
from pathlib import Path

import pytest

from support.warm import tradeworthy

GOOD = "class MA_EUR_USD_H4:\n    def __init__(self, slow=140, fast=40, sl_atr=2.0, tp_atr=3.0): ...\n"
BAD = "class MA_GBP_USD_H4:\n    def __init__(self, slow=40, fast=140, sl_atr=2.0, tp_atr=3.0): ...\n"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return tradeworthy("parameters", *arguments, folder=folder)


def test_a_bot_is_judged_without_being_run(tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    bot.mkdir()
    (bot / "MA_EUR.py").write_text(GOOD + "import os; os.mkdir('ran')\n")
    (bot / "broken.py").write_text("def (")
    good = run("bot", folder=tmp_path)
    assert good.returncode == 0, good.stderr
    assert "LOW parameter risk" in good.stdout
    assert "broken.py, line 1: this is not valid Python 3" in " ".join(good.stdout.split())
    assert not (tmp_path / "ran").exists()
    (bot / "MA_GBP.py").write_text(BAD)
    high = run("bot", folder=tmp_path)
    assert high.returncode == 1
    assert "swap fast = 140 and slow = 40" in " ".join(high.stdout.split())
    latest = tmp_path / "reports" / "latest"
    assert json.loads(next(latest.glob("risk_assessment_*.json")).read_text())["overall_risk_level"] == "HIGH"
    assert len(next(latest.glob("parameter_matrix_*.csv")).read_text().splitlines()) == 3
    assert (latest / "index.html").is_file()


def test_changes_are_counted_from_the_baseline_and_the_one_before_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "ma.py"
    file.write_text(GOOD)
    first = run("ma.py", "--save-baseline", folder=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1] == "Baseline: parameter_baseline.json"
    file.write_text(GOOD.replace("fast=40", "fast=50"))
    second = run("ma.py", "--save-baseline", folder=tmp_path)
    assert "MA_EUR_USD_H4: fast was raised from 40 to 50" in second.stdout
    assert "the one before is parameter_baseline.2" in second.stdout
    third = run("ma.py", folder=tmp_path)
    assert "Since parameter_baseline.json: 1 unchanged" in third.stdout
    assert len(list(tmp_path.glob("parameter_baseline.*.json"))) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no such file or folder"),
        ([], "there is no such file; `tradeworthy init` writes one"),
        (["empty"], "no parameters of a strategy were found"),
        (["ma.py", "--baseline", "none.json"], "there is no such baseline"),
        (["ma.py", "--data", "none"], "there is no such folder of bars"),
        (["ma.py", "--out", "empty/../ma.py"], "something there already"),
        (["text.txt"], "not from this one"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "ma.py").write_text(GOOD)
    (tmp_path / "text.txt").write_text("")
    found = run(*arguments, folder=tmp_path)
    assert found.returncode == 2
    assert found.stderr.startswith("Error: ")
    assert said in found.stderr
    assert found.stdout == ""
    assert not (tmp_path / "reports").exists()


def test_what_cannot_be_judged_leaves_with_3(tmp_path: Path) -> None:
    (tmp_path / "rsi.py").write_text("class RsiStrategy:\n    period = 14\n")
    found = run("rsi.py", folder=tmp_path)
    assert found.returncode == 3
    assert "NOT RUN parameter risk" in found.stdout


def test_the_shipped_book_names_its_three_faults(tmp_path: Path) -> None:
    found = run("fx-16", "--no-neighbours", folder=tmp_path)
    words = " ".join(found.stdout.split())
    assert found.returncode == 0
    assert "3 of 16 strategies have HIGH risk: 19%" in words
    assert "AUD_USD_H4: raise target_atr to 2.25 or more" in words
    assert "GBP_JPY_D: swap fast = 160 and slow = 20" in words
    assert "USD_CAD_H4: swap fast = 80 and slow = 50" in words
    assert (
        "all 16 strategies: history, trades a window, stop against spread, neighbours: bars: there is no such folder"
        in words
    )


def test_neighbours_can_be_switched_off_and_that_is_said(tmp_path: Path) -> None:
    found = run("fx-daily", "--no-neighbours", folder=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "all 8 strategies: neighbours: switched off" in " ".join(found.stdout.split())
    assert "7,126" in found.stdout
