"""`tradeworthy lookahead` as a user meets it."""

import subprocess
from pathlib import Path

import pytest

from support.warm import tradeworthy
from tradeworthy.core.clock import rfc3339
from tradeworthy.market.synthetic import random_walk_bars

STRATEGY = '''
"""Strategies of a user."""
import numpy as np
from tradeworthy.strategies.protocol import Decision, Decisions

DICE = np.random.default_rng()

class Cross:
    name = "cross"

    def __init__(self, n: int = 10, ahead: int = 0, dice: bool = False, fewest: int = 0):
        self.n, self.ahead, self.dice, self.fewest = n, ahead, dice, fewest
        self.warm_up = n + 1
        self.parameters = {"n": n, "ahead": ahead}

    def decisions(self, bars):
        if len(bars) < self.fewest:
            raise RuntimeError("too short for me")
        close = np.concatenate((bars.close[self.ahead:], np.full(min(self.ahead, len(bars)), bars.close[-1])))
        sums = np.cumsum(np.concatenate(([0.0], bars.close)))
        average = np.full(len(bars), np.inf)
        average[self.n - 1:] = (sums[self.n:] - sums[:-self.n]) / self.n
        above = close > average
        place = np.flatnonzero(above[self.n:] & ~above[self.n - 1:-1]) + self.n
        if self.dice:
            place = place[DICE.random(len(place)) < 0.5]
        k = len(place)
        nothing = np.zeros(k, np.int8)
        return Decisions(place, np.ones(k, np.int8), nothing, np.full(k, 0.01), np.full(k, np.nan))

class Fed(Cross):
    def stream(self):
        return self
    def update(self, high, low, close):
        return Decision(0, 0, float("nan"), float("nan"))

honest = Cross()
leaking = Cross(ahead=2)
fed = Fed()
'''


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command beside a file of strategies."""
    (folder / "mine.py").write_text(STRATEGY)
    return tradeworthy("lookahead", *arguments, folder=folder, COLUMNS="100")


def said(result: subprocess.CompletedProcess[str]) -> str:
    """What was printed, without line breaks."""
    assert result.stderr == ""
    assert "\x1b[" not in result.stdout
    assert len(result.stdout.splitlines()) <= 24
    return " ".join(result.stdout.split())


def test_a_clean_strategy_leaves_with_0_and_says_what_was_tested(tmp_path: Path) -> None:
    result = run("ma_crossover", "--set", "fast=10", "--set", "slow=30", "--cuts", "40", folder=tmp_path)
    assert result.returncode == 0
    text = said(result)
    assert text.startswith("CLEAN ma_crossover(fast=10, slow=30")
    assert "No decision changed in 40 cuts of the history, which held" in text
    assert "fed one bar at a time, the same decisions at each of 20,000 bars" in text
    assert "SYNTHETIC random walk, seed 0" in text


@pytest.mark.parametrize("spec", ["mine.py:leaking", "mine:leaking", "./mine.py:leaking"])
def test_a_leak_leaves_with_1_and_names_the_bar_and_the_distance(tmp_path: Path, spec: str) -> None:
    result = run(spec, folder=tmp_path)
    assert result.returncode == 1
    text = said(result)
    assert text.startswith("LOOKS AHEAD cross(n=10, ahead=2) over EUR_USD H1 What it decides at bar")
    assert "It looks 2 bars ahead" in text
    assert "It is the first" in text


def test_parameters_reach_a_class(tmp_path: Path) -> None:
    assert run("mine.py:Cross", "--set", "n=15", folder=tmp_path).returncode == 0
    assert run("mine.py:Cross", "--set", "ahead=1", folder=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("setting", "words"),
    [("dice=true", "not deterministic"), ("fewest=9000", "RuntimeError: too short for me"), ("n=15000", "decisions")],
)
def test_what_could_not_be_told_leaves_with_3_and_says_why(tmp_path: Path, setting: str, words: str) -> None:
    result = run("mine.py:Cross", "--set", setting, folder=tmp_path)
    assert result.returncode == 3, result.stdout
    assert said(result).startswith("COULD NOT TELL")
    assert words in said(result)


def test_a_stream_that_differs_leaves_with_1(tmp_path: Path) -> None:
    result = run("mine.py:fed", folder=tmp_path)
    assert result.returncode == 1
    assert said(result).startswith("CLEAN, AND ITS STREAM DIFFERS cross")
    assert "DIFFERS at bar" in said(result)


def test_bars_come_from_a_file_or_the_ecb(tmp_path: Path) -> None:
    bars = random_walk_bars(600, 5)
    rows = [
        f"{rfc3339(int(time))},{o},{h},{low},{c}"
        for time, o, h, low, c in zip(bars.open_time, bars.open, bars.high, bars.low, bars.close, strict=True)
    ]
    (tmp_path / "EUR_USD_H1.csv").write_text("\n".join(["time,open,high,low,Px", *rows]))
    result = run("mine.py:honest", "--bars", "EUR_USD_H1.csv", "--column", "close=Px", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "Bars: 600 from EUR_USD_H1.csv" in said(result)
    assert "SYNTHETIC" not in result.stdout
    fixings = run("mine.py:leaking", "--bars", "ecb:EUR_USD", folder=tmp_path)
    assert fixings.returncode == 1
    assert "ECB reference rates" in said(fixings)


def test_one_seed_gives_one_answer(tmp_path: Path) -> None:
    one, again, other = (run("mine.py:leaking", "--seed", seed, folder=tmp_path).stdout for seed in ("3", "3", "4"))
    assert one == again
    assert one != other


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "there is no strategy 'nonsense'; there are ma_crossover, rsi_bollinger"),
        (["nowhere.py:strategy"], "there is no such file"),
        (["mine.py:nothing"], "mine.py has no 'nothing'"),
        (["mine.py:honest", "--set", "n=5"], "takes no parameters"),
        (["mine.py:Cross", "--set", "n"], "--set n: write"),
        (["mine.py:Cross", "--set", "wrong=1"], "wrong"),
        (["mine.py:honest", "--cuts", "0"], "cuts must be a whole number, 1 or more, not 0"),
        (["mine.py:honest", "--seed", "-1"], "--seed must be zero or more"),
        (["mine.py:honest", "--timezone", "UTC"], "name it with --bars"),
        (["mine.py:honest", "--bars", "nowhere.csv"], "there is no such file"),
        (["mine.py:Cross", "--set", "n=19998"], "bring more history"),
        (
            ["mine.py:Cross", "--set", "fewest=30000"],
            "decisions(bars) raised RuntimeError: too short for me in line 18",
        ),
    ],
)
def test_bad_usage_leaves_with_2_in_one_sentence(tmp_path: Path, arguments: list[str], words: str) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert words in result.stderr


def test_a_strategy_that_raises_leaves_as_it_does_in_a_backtest(tmp_path: Path) -> None:
    looked = run("mine.py:Cross", "--bars", "ecb:EUR_USD", "--set", "fewest=30000", folder=tmp_path)
    arguments = ("ecb:EUR_USD", "-s", "mine.py:Cross", "--set", "fewest=30000")
    traded = tradeworthy("backtest", *arguments, folder=tmp_path)
    assert (looked.returncode, looked.stderr) == (traded.returncode, traded.stderr)
    assert traded.returncode == 2
