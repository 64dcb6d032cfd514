"""`tradeworthy sweep` as a user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.warm import tradeworthy

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))
SETS = ("--strategy", "ma_crossover", "--grid", "fast=5:20:5", "--grid", "slow=20,50,100", "--set", "stop_atr=2")


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return tradeworthy("sweep", *arguments, folder=folder)


def test_a_search_answers_writes_a_report_and_enters_every_trial(tmp_path: Path) -> None:
    result = run("ecb:EUR_USD", "ecb:GBP_USD", *SETS, "--spread", "0.8", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert "Best of 11 by Sharpe (per bar)" in result.stdout
    assert "22 trials" in result.stdout
    assert "\x1b[" not in result.stdout
    record = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())
    assert record["kind"] == "search"
    assert record["search"]["terms"][1] == "spread 0.8 pips (0.00008 USD)"
    assert len(record["search"]["ranked"][0]["each"]) == 2
    entered = [json.loads(line) for line in (tmp_path / "ledger" / "trials.jsonl").read_text().splitlines()]
    assert sum(len(one["sets"]) for one in entered) == 22


def test_a_class_in_a_file_of_ones_own_is_searched(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from tradeworthy import MaCrossover\n\nclass Mine(MaCrossover):\n    pass\n")
    arguments = ("--strategy", "mine.py:Mine", "--grid", "fast=3,5", "--set", "slow=40", "--by", "win_rate")
    result = run("ecb:EUR_USD", *arguments, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "Best of 2 by Winners" in result.stdout
    ledger = tmp_path / "ledger" / "trials.jsonl"
    assert run("ecb:EUR_USD", *arguments, folder=tmp_path).returncode == 0
    assert len(ledger.read_text().splitlines()) == 1
    with (tmp_path / "mine.py").open("a") as file:
        file.write("# changed since\n")
    assert run("ecb:EUR_USD", *arguments, folder=tmp_path).returncode == 0
    assert len(ledger.read_text().splitlines()) == 2


def test_a_plain_function_is_searched_over_its_further_parameters(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "def dips(history, symbol, n=3, share=0.99):\n"
        "    if len(history) > n and history[-1]['close'] < min(bar['close'] for bar in history[-n - 1 : -1]):\n"
        "        return {'symbol': symbol, 'action': 'BUY', 'stop_loss': history[-1]['close'] * share}\n"
    )
    arguments = ("-s", "mine.py:dips", "--set", "share=0.98", "--to", "2002-12-31")
    result = run("ecb:EUR_USD", "ecb:USD_JPY", *arguments, "--grid", "n=3:9:3", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    record = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())["search"]
    assert sorted(one["parameters"]["n"] for one in record["ranked"]) == [3, 6, 9]
    assert len({tuple(one["each"]) for one in record["ranked"]}) == 3
    assert any("stops_from signal_close" in term for term in record["terms"])
    wrong = run("ecb:EUR_USD", *arguments, "--grid", "m=3:9:3", folder=tmp_path)
    assert wrong.stderr == "Error: dips has no parameter 'm'; it has n, share\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv", *SETS], "there is no such file"),
        (["ecb:EUR_USD", "-s", "ma_cross", "--grid", "fast=1,2"], "did you mean ma_crossover?"),
        (
            ["ecb:EUR_USD", "-s", "ma_crossover", "--grid", "fast=1,2"],
            "MaCrossover needs slow, which the grid does not name",
        ),
        (["ecb:EUR_USD", "-s", "ma_crossover", "--grid", "slow=9", "--set", "fast=9"], "no valid set"),
        (["ecb:EUR_USD", *SETS, "--grid", "atr_period=1:1000000"], "12,000,000 sets"),
        (["ecb:EUR_USD", *SETS, "--by", "luck"], "--by luck: sets are ranked by one of sharpe"),
        (["ecb:EUR_USD", *SETS, "--by", "max_drawdown"], "sets are ranked by one of sharpe"),
        (["ecb:EUR_USD", *SETS, "--grid", "slip=1,2"], "MaCrossover has no parameter 'slip'"),
        (["ecb:EUR_USD", "-s", "ma_crossover", "--grid", "fats=1,2"], "has no parameter 'fats'; did you mean fast?"),
        (["ecb:EUR_USD", *SETS, "--grid", "fast="], "write a name and a value"),
        (["ecb:EUR_USD", *SETS, "--risk", "0.01", "--units", "5"], "--risk and --units both decide"),
        (["ecb:EUR_USD", "ecb:EUR_GBP", *SETS, "--currency", "USD"], "EUR_GBP D is paid in GBP and needs rates"),
        (["ecb:EUR_USD", "ecb:EUR_GBP", *SETS, "--currency", "USD", "--rates", "1"], "GBP, USD; search those of one"),
        (["ecb:EUR_USD", "ecb:EUR_GBP", *SETS, "--finer", "x.csv"], "belongs to one instrument, and 2 are searched"),
        (["ecb:EUR_USD", *SETS, "--set", "fast=3"], "--grid and --set both name fast"),
        (["ecb:EUR_USD", *SETS, "--grid", "fast=7"], "--grid names fast twice, as 5:20:5 and as 7; leave one of"),
        (["ecb:EUR_USD", *SETS, "--set", "stop_atr=3"], "--set names stop_atr twice, as 2 and as 3; leave one of"),
        (["ecb:EUR_USD", "ecb:EUR_USD", *SETS], "the bars of EUR_USD D are given twice, and would count twice"),
        (["ecb:EUR_USD", *SETS, "--reentry", "often"], "--reentry must be always, after_signal, never, not often"),
        (["ecb:EUR_USD", *SETS, "--desk", "mine.txt"], "trials cannot be entered there"),
    ],
)
def test_bad_usage_leaves_with_2_in_one_sentence(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "mine.txt").write_text("a file")
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert words in " ".join(result.stderr.split())
    assert not (tmp_path / "reports").exists()


def test_an_interrupted_search_goes_on_where_it_was(tmp_path: Path) -> None:
    grid = ("--strategy", "ma_crossover", "--grid", "fast=2:60", "--grid", "slow=61:260", "--grid", "stop_atr=1:2:0.25")
    names = [f"ecb:{pair}" for pair in ("EUR_USD", "GBP_USD", "AUD_USD", "USD_JPY")]
    process = subprocess.Popen(
        [COMMAND, "sweep", *names, *grid], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    ledger = tmp_path / "ledger" / "trials.jsonl"
    for _ in range(600):
        if (ledger.exists() and ledger.stat().st_size) or process.poll() is not None:
            break
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert out == ""
    assert "the same command goes on there" in err
    assert not (tmp_path / "reports").exists()
    before = ledger.read_bytes()
    entered = sum(len(json.loads(line)["sets"]) for line in before.splitlines())
    assert 0 < entered < 4 * 59 * 200 * 5
    assert f"Interrupted: {entered:,} of {4 * 59 * 200 * 5:,} trials stand in the ledger (ledger/trials.jsonl)" in err
    again = run(*names, *grid, folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert ledger.read_bytes().startswith(before)
    assert f"{4 * 59 * 200 * 5:,} trials" in " ".join(again.stdout.split())


def test_the_options_of_an_account_trade_one_for_each_set(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    arguments = ("ecb:EUR_USD", "ecb:USD_JPY", *SETS, "--to", "2005-12-30")
    plain = run(*arguments, folder=tmp_path / "plain")
    funded = run(*arguments, "--balance", "5000", "--commission-per-lot", "3", folder=tmp_path)
    assert (plain.returncode, funded.returncode) == (0, 0), funded.stderr
    told = [
        json.loads((folder / "reports" / "latest" / "report.json").read_text())["search"]
        for folder in (tmp_path / "plain", tmp_path)
    ]
    assert told[1]["terms"][0].startswith(
        "an account of 5,000 in its quote currency for each instrument and set; 1% of"
    )
    assert any(
        term.startswith("P&L and drawdown of different instruments are in JPY, USD") for term in told[1]["terms"]
    )
    assert told[0]["table"]["trades"] == told[1]["table"]["trades"]
    assert told[0]["table"]["pnl"] != told[1]["table"]["pnl"]


def test_one_parameter_is_drawn_as_a_line_and_three_as_a_map_for_each_value_of_the_third(tmp_path: Path) -> None:
    line = run("ecb:EUR_USD", "-s", "ma_crossover", "--grid", "fast=5:20:5", "--set", "slow=50", folder=tmp_path)
    assert line.returncode == 0, line.stderr
    surface = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())["search"]["surface"]
    assert (surface["y"], surface["panels"], len(surface["values"][0])) == (None, [], 4)
    maps = run("ecb:EUR_USD", *SETS[:-2], "--grid", "stop_atr=none,2", folder=tmp_path)
    assert maps.returncode == 0, maps.stderr
    surface = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())["search"]["surface"]
    assert [one["parameters"] for one in surface["panels"]] == [{"stop_atr": None}, {"stop_atr": 2}]
    assert "stop_atr=none" in (tmp_path / "reports" / "latest" / "index.html").read_text()


def test_a_grid_beyond_a_million_sets_begins_only_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "from tradeworthy.core.errors import InputError\n\n\n"
        "class Never:\n    decisions = None\n\n    def __init__(self, **given):\n        raise InputError('none of them')\n"
    )
    grid = ("-s", "one.py:Never", "--grid", "a=1:1001", "--grid", "b=1:1000")
    unasked, asked = run("ecb:EUR_USD", *grid, folder=tmp_path), run("ecb:EUR_USD", *grid, "--yes", folder=tmp_path)
    assert "the grid has 1,001,000 sets (1001 a x 1000 b)" in unasked.stderr
    assert "all 1,001,000 are refused, the first for a=1, b=1: none of them" in asked.stderr
    assert (unasked.returncode, asked.returncode) == (2, 2)
