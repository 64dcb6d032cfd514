"""`tradeworthy drift` as a user meets it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from support.foreign_trades import Made, freqtrade_backtest, freqtrade_trade
from support.warm import tradeworthy
from tradeworthy.cli.growing_file import whole_lines, whole_part

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
    return tradeworthy("drift", *arguments, folder=folder)


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


def test_copies_of_a_trade_count_once_and_are_told(folder: Path) -> None:
    bad = rows("a", 60, 0.25, 2022, 3)
    (folder / "once.csv").write_text(HEADER + bad)
    (folder / "thrice.csv").write_text(HEADER + bad * 3)
    once, thrice = (
        json.loads(run(f"{name}.csv", "--baseline", "before.csv", "--json", folder=folder).stdout)[0]
        for name in ("once", "thrice")
    )
    assert thrice["reading"] == once["reading"]
    assert once["notes"] == []
    assert thrice["notes"] == ["120 exact copies of other trades left out: evidence counts once"]
    shown = run("thrice.csv", "--baseline", "before.csv", folder=folder).stdout
    assert "Noticed (a): 120 exact copies" in shown


def test_a_strategy_that_no_longer_trades_is_told_and_does_not_pass(folder: Path) -> None:
    (folder / "now.csv").write_text(HEADER + rows("a", 50, 0.5, 2022, 3))
    found = run("now.csv", "--baseline", "before.csv", folder=folder)
    assert found.returncode == 3
    assert "NOT JUDGED  b" in found.stdout
    assert "has no trade of it" in found.stdout


def test_stops_and_stand_ins_for_stops_are_not_compared(folder: Path) -> None:
    made = [Made(1, 100.0, 101.5 if place % 3 else 99.0, 99.0) for place in range(120)]
    rows = [freqtrade_trade(place, one) for place, one in enumerate(made)]
    (folder / "before.json").write_bytes(freqtrade_backtest({"a": rows[:80], "b": rows[:80]}))
    bare = [rows[80] | {"initial_stop_loss_abs": None}, *rows[81:]]
    (folder / "now.json").write_bytes(freqtrade_backtest({"a": bare, "b": rows[80:]}))
    found = run("now.json", "--baseline", "before.json", folder=folder)
    assert found.returncode == 3, found.stdout + found.stderr
    told = json.loads(run("now.json", "--baseline", "before.json", "--json", folder=folder).stdout)
    judged = {one["strategy"]: one["reading"] for one in told}
    assert judged["a"] is None
    assert judged["b"]["trades"] == 40
    assert "R is measured by stops on one side" in " ".join(found.stdout.split())


def test_a_last_line_without_an_end_is_left_out_and_said(folder: Path) -> None:
    whole = HEADER + rows("a", 20, 0.5, 2022, 3)
    (folder / "cut.csv").write_text(whole + "2022-02-01T12:00:00Z,long,100,9")
    found = run("cut.csv", "--baseline", "before.csv", "--json", folder=folder)
    assert json.loads(found.stdout)[0]["reading"]["trades"] == 20
    assert "cut.csv: its last line has no end" in found.stderr
    (folder / "whole.csv").write_text(whole)
    assert run("whole.csv", "--baseline", "before.csv", folder=folder).stderr == ""


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
        now.write_text(HEADER)
        said = watch.stderr.readline()
        assert said.startswith("now.csv: ")
        assert "looking again" in said
        now.unlink()
        assert "there is no such file" in watch.stderr.readline()
        now.write_text(HEADER + rows("a", 7, 0.5, 2022, 9))
        assert json.loads(watch.stdout.readline())[0]["reading"]["trades"] == 7
        time.sleep(0.1)
        watch.send_signal(signal.SIGINT)
        assert watch.wait(20) == 3  # nothing was looked at of strategy b
        assert "what was read before has changed" in watch.stderr.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("rest", ["", "2022-01-06T12"])
def test_whole_lines_end_with_a_line_in_every_encoding(encoding: str, rest: str) -> None:
    text = "time,side\u0a0a\u010a\n1,\u0a00\n"
    assert whole_lines((text + rest).encode(encoding)).decode(encoding) == text


def test_a_database_is_read_with_what_its_log_still_holds(tmp_path: Path) -> None:
    path = tmp_path / "trades.sqlite"
    writer = sqlite3.connect(path)
    writer.execute("pragma journal_mode=wal")
    writer.execute("create table trades (id integer)")
    writer.execute("insert into trades values (1), (2)")
    writer.commit()
    assert (tmp_path / "trades.sqlite-wal").stat().st_size > 0
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(whole_part(path))
    with sqlite3.connect(copy) as reader:
        assert reader.execute("select count(*) from trades").fetchone() == (2,)
    writer.close()
