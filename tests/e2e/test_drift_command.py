"""`tradeworthy drift` as a user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))
HEADER = "time,side,entry,exit,stop,strategy\n"


def rows(strategy: str, count: int, share: float, year: int, seed: int) -> str:
    """Trades that win 1.5 R with that share, one a day."""
    won = np.random.default_rng(seed).random(count) < share
    days = np.datetime64(f"{year}-01-01T12:00:00") + np.arange(count) * np.timedelta64(1, "D")
    return "".join(
        f"{day}Z,long,100,{101.5 if good else 99},99,{strategy}\n" for day, good in zip(days, won, strict=True)
    )


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run([COMMAND, "drift", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "before.csv").write_text(HEADER + rows("a", 300, 0.5, 2020, 1) + rows("b", 300, 0.5, 2020, 2))
    return tmp_path


def test_each_strategy_is_held_against_its_own_past(folder: Path) -> None:
    (folder / "now.csv").write_text(HEADER + rows("a", 200, 0.5, 2022, 3) + rows("b", 200, 0.25, 2022, 4))
    found = run("now.csv", "--baseline", "before.csv", folder=folder)
    assert found.returncode == 1, found.stderr
    lines = found.stdout.splitlines()
    assert lines[0] == "STOPPED  b"
    assert "HOLDS  a" in lines
    told = json.loads(run("now.csv", "--baseline", "before.csv", "--json", folder=folder).stdout)
    assert [(one["strategy"], one["reading"]["state"]) for one in told] == [("a", "HOLDS"), ("b", "STOPPED")]


def test_one_history_is_cut_where_it_is_asked_to_be(folder: Path) -> None:
    whole = (folder / "before.csv").read_text() + rows("a", 100, 0.5, 2022, 3)
    (folder / "all.csv").write_text(whole)
    found = run("all.csv", "--until", "2021-12-31", folder=folder)
    assert found.returncode == 0, found.stderr
    assert "over 100 trades" in found.stdout
    assert run("before.csv", "--until", "2021-12-31", folder=folder).stdout.count("No trade has closed since") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "either a baseline, or until when"),
        (("--baseline", "before.csv", "--until", "2021-12-31"), "either a baseline, or until when"),
        (("--baseline", "none.csv"), "no such baseline"),
        (("--until", "2021-12-31", "--error", "0.9"), "error must lie between 0 and 0.5"),
        (("--until", "2021-12-31", "--follow", "--every", "0"), "--every is a number of seconds above zero"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    found = run("before.csv", *arguments, folder=folder)
    text = found.stderr + found.stdout
    assert said in " ".join(text.split())
    assert "Traceback" not in text
    assert found.returncode in {2, 3}


def test_a_short_baseline_and_an_unknown_strategy_are_not_judged(folder: Path) -> None:
    (folder / "now.csv").write_text(HEADER + rows("c", 30, 0.5, 2022, 3))
    found = run("now.csv", "--baseline", "before.csv", folder=folder)
    assert found.returncode == 3
    assert "no strategy of this name; it has a, b" in " ".join(found.stdout.split())
    (folder / "few.csv").write_text(HEADER + rows("c", 10, 0.5, 2020, 3))
    few = run("now.csv", "--baseline", "few.csv", folder=folder)
    assert few.returncode == 3
    assert "at least 20 closed trades, not 10" in " ".join(few.stdout.split())


def test_a_growing_file_is_followed_and_half_a_line_waits(folder: Path) -> None:
    now = folder / "now.csv"
    now.write_text(HEADER + rows("a", 5, 0.5, 2022, 3) + "2022-01-06T12:00:00Z,long,100,9")
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    command = [COMMAND, "drift", "now.csv", "--baseline", "before.csv", "--follow", "--every", "0.05", "--json"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert json.loads(watch.stdout.readline())[0]["reading"]["trades"] == 5
        with now.open("a") as file:
            file.write("9,99,a\n" + rows("a", 200, 0.2, 2023, 4))
        assert json.loads(watch.stdout.readline())[0]["reading"]["trades"] == 206
        now.write_text(HEADER + rows("a", 7, 0.5, 2022, 9))
        assert json.loads(watch.stdout.readline())[0]["reading"]["trades"] == 7
        time.sleep(0.1)
        watch.send_signal(signal.SIGINT)
        assert watch.wait(20) == 0
        assert "what was read before has changed" in watch.stderr.read()
