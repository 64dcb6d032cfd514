"""The installed command as a user meets it: what it says, and with which exit code it leaves."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.warm import tradeworthy

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return tradeworthy(*arguments, folder=folder, **environment)


def installed(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Start the installed command in a folder."""
    return subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """One clear message on stderr, exit 2, no traceback, and nothing written."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the settings of the example book."""
    assert run("init", folder=tmp_path).returncode == 0
    return tmp_path


def test_init_then_validate_writes_a_report_and_answers(desk: Path) -> None:
    result = installed("validate", "--as-of", "2024-06-28", folder=desk)
    assert result.returncode == 1, result.stderr
    assert result.stderr == ""
    assert result.stdout.splitlines()[1].startswith("NOT FIT")
    report = json.loads((desk / "reports" / "latest" / "report.json").read_text())
    assert report["validation"]["judgement"]["verdict"] == "NOT FIT"
    assert "\x1b[" not in result.stdout


def test_the_same_inputs_give_the_same_bytes_but_for_the_clock(desk: Path) -> None:
    for name in ("one", "two"):
        installed("validate", "--as-of", "2024-06-28", "--out", name, folder=desk)
    for file in ("report.json", "index.html"):
        one, two = ((desk / name / file).read_text() for name in ("one", "two"))
        generated = json.loads((desk / "one" / "report.json").read_text())["generated_at"]
        later = json.loads((desk / "two" / "report.json").read_text())["generated_at"]
        assert one.replace(generated, "") == two.replace(later, "")


def test_init_does_not_overwrite(desk: Path) -> None:
    refused(run("init", folder=desk), "there are settings already")


@pytest.mark.parametrize("book", ["fx-daily", "fx-16"])
def test_both_books_that_ship_are_valid_settings(tmp_path: Path, book: str) -> None:
    assert run("init", "desk", "--book", book, folder=tmp_path).returncode == 0
    result = run("validate", "desk/tradeworthy.toml", "--data", "nowhere", folder=tmp_path)
    refused(result, "there is no such folder of bars")


def test_help_names_the_exit_codes_and_both_commands(tmp_path: Path) -> None:
    result = installed("--help", folder=tmp_path)
    assert result.returncode == 0
    for word in ("init", "validate", "0 fit, 1 not fit, 2 bad", "3 could not tell, 70 a defect"):
        assert word in " ".join(result.stdout.split())


def test_no_settings_says_how_to_get_some(tmp_path: Path) -> None:
    refused(run("validate", folder=tmp_path), "tradeworthy.toml: there is no such file", "tradeworthy init")


def test_an_unknown_option_is_bad_usage(tmp_path: Path) -> None:
    refused(run("validate", "--nonsense", folder=tmp_path), "No such option")


def test_every_problem_of_the_settings_is_said_at_once(desk: Path) -> None:
    settings = desk / "tradeworthy.toml"
    text = settings.read_text().replace("fast = 40\nstop_atr = 1.5", "fast = 60\nstop_atr = -1", 1)
    settings.write_text(text.replace("[desk]", "[desk]\ncolour = 1", 1))
    line = next(
        number for number, row in enumerate(settings.read_text().splitlines(), 1) if row.startswith("stop_atr = -1")
    )
    result = run("validate", folder=desk, TRADEWORTHY_VALIDATION__MONTHS="0")
    refused(
        result, "desk.colour: unknown key", f"line {line}: strategies.AUD_USD_D.stop_atr", "above 0",
        "environment variable TRADEWORTHY_VALIDATION__MONTHS: validation.months: 0 is out of range; allowed is 1 or more",
    )  # fmt: skip


ONE_STRATEGY = (
    'schema = 1\n[costs.spread_pips]\nEUR_USD = 1.0\n[strategies.E]\ninstrument = "EUR_USD"\ntimeframe = "D"\n'
    "slow = 20\nfast = 10\nstop_atr = 1.5\ntarget_atr = 3.0\n"
)
BARS = "time,open,high,low,close\n" + "".join(
    f"2020-{1 + i // 28:02d}-{1 + i % 28:02d}T00:00:00Z,1.1,1.2,1.0,1.1\n" for i in range(300)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        ("time,open,high,low,close\n", "no row under it"),
        (BARS.replace("1.1,1.2,1.0,1.1", "1.1,1.2,1.0,abc", 1), "'abc' in data row 1, which is not a number"),
        ("\n".join([BARS.splitlines()[0], *reversed(BARS.splitlines()[1:])]), "bars out of order"),
        (BARS + BARS.splitlines()[-1] + "\n", "a time that is there already"),
        (BARS.replace("T00:00:00Z", "T00:00:00"), "no time zone"),
        ("".join(BARS.splitlines(keepends=True)[:50]), "too few"),
        (BARS.replace("1.2,1.0", "1.0,1.2"), "high is below the low"),
        (BARS.replace("1.1,1.2,1.0,1.1", "1.1,1.2,-1.0,1.1", 1), "zero or below"),
    ],
    ids=["empty", "header", "text", "unsorted", "duplicate", "zone", "few", "high-low", "negative"],
)
def test_bars_that_cannot_be_used_are_refused_in_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "bars").mkdir()
    (tmp_path / "bars" / "EUR_USD_D.csv").write_text(content)
    (tmp_path / "one.toml").write_text(ONE_STRATEGY)
    refused(run("validate", "one.toml", "--data", "bars", folder=tmp_path), "EUR_USD", words)
    assert not (tmp_path / "reports").exists()


def test_a_corrupt_parquet_file_is_refused(desk: Path) -> None:
    (desk / "bars").mkdir()
    (desk / "bars" / "EUR_USD_D.parquet").write_bytes(b"PAR1 and then nothing")
    refused(run("validate", "--data", "bars", folder=desk), "EUR_USD_D.parquet: not a readable Parquet file")


def test_an_output_folder_that_cannot_be_made_is_refused(desk: Path) -> None:
    (desk / "file").write_text("x")
    refused(
        run("validate", "--as-of", "2024-06-28", "--out", "file/report", folder=desk),
        "cannot be written there",
        "--out",
    )


def test_a_trade_history_is_judged_by_mapped_columns(tmp_path: Path) -> None:
    rows = ["when,dir,in,out,SL"]
    rows += [f"2021-{1 + i // 28:02d}-{1 + i % 28:02d} 10:00,buy,100,{115 if i % 2 else 90},90" for i in range(250)]
    (tmp_path / "trades.csv").write_text("\n".join(rows))
    columns = [
        part for pair in ("time=when", "side=dir", "entry=in", "exit=out", "stop=SL") for part in ("--column", pair)
    ]
    refused(run("validate", "--trades", "trades.csv", *columns, folder=tmp_path), "say which it is")
    result = run("validate", "--trades", "trades.csv", "--timezone", "UTC", *columns, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "FIT" in result.stdout
    assert (tmp_path / "reports" / "latest" / "index.html").exists()


def test_columns_that_are_missing_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "trades.csv").write_text("a,b\n1,2\n")
    refused(
        run("validate", "--trades", "trades.csv", folder=tmp_path), "no column for time and side", "--column time=NAME"
    )


INTERRUPTED_IN_THE_MIDDLE = """
import os, sys
from tradeworthy.cli import main
class Interrupting:  # at the moment at which this module is asked for, and so never inside a destructor of a library
    def find_spec(name, *_):
        if name == "tradeworthy.validation.bootstrap_loops":
            os.kill(os.getpid(), NUMBER)
sys.argv = ["tradeworthy", "validate"]
sys.meta_path.insert(0, Interrupting)
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_half_written_report(desk: Path, number: int) -> None:
    code = INTERRUPTED_IN_THE_MIDDLE.replace("NUMBER", str(int(number)))
    result = subprocess.run([sys.executable, "-c", code], cwd=desk, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.strip().endswith("Interrupted: no half-written report was left; run the command again.")
    assert "Traceback" not in result.stderr
    assert not list(desk.glob("reports/*"))


def trades_of(names: list[str]) -> str:
    """A history whose strategies have these names."""
    rows = ["time,side,entry,exit,stop,strategy"]
    rows += [
        f"2021-{1 + i // 28:02d}-{1 + i % 28:02d}T10:00:00Z,buy,100,{115 if i % 2 else 90},90,{names[i % len(names)]}"
        for i in range(250)
    ]
    return "\n".join(rows)


def test_names_out_of_a_file_steer_neither_the_terminal_nor_the_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(trades_of(["[/a]", "[bold]x", "red\x1b[31mname"]))
    result = run("validate", "--trades", "t.csv", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "[/a]" in result.stdout
    assert "[bold]x" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_defect_of_ours_is_no_answer(tmp_path: Path) -> None:
    code = (
        "import sys, tradeworthy.cli as cli, tradeworthy.cli.commands as commands; sys.argv = ['tradeworthy', 'validate'];"
        "commands.run = lambda arguments: 1 / 0; cli.main()"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 70
    assert "ZeroDivisionError" in result.stderr
    assert "a defect of tradeworthy" in result.stderr


def test_columns_of_bars_can_be_named_and_bars_mended_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "bars").mkdir()
    rows = BARS.replace("time,open,high,low,close", "Datum,Eroeffnung,Hoch,Tief,Schluss").splitlines()
    (tmp_path / "bars" / "EUR_USD_D.csv").write_text("\n".join([*rows, rows[-1]]))
    (tmp_path / "tradeworthy.toml").write_text(ONE_STRATEGY)
    names = {"time": "Datum", "open": "Eroeffnung", "high": "Hoch", "low": "Tief", "close": "Schluss"}
    columns = [part for role, name in names.items() for part in ("--column", f"{role}={name}")]
    refused(run("validate", "--data", "bars", folder=tmp_path), "no column of times", "--column time=NAME")
    refused(run("validate", "--data", "bars", *columns, folder=tmp_path), "a time that is there already")
    result = run("validate", "--data", "bars", "--repair", *columns, folder=tmp_path)
    assert result.returncode == 3, result.stderr
    assert "dropped 1 bar whose time was there before" in " ".join(result.stdout.split())


def test_the_folder_of_a_desk_can_be_named_instead_of_its_settings(desk: Path) -> None:
    result = run("validate", str(desk), "--as-of", "2024-06-28", folder=desk.parent)
    assert result.returncode == 1, result.stderr
    assert (desk / "reports" / "latest" / "report.json").exists()


def test_a_key_that_is_nearly_right_is_guessed(desk: Path) -> None:
    settings = desk / "tradeworthy.toml"
    settings.write_text(settings.read_text().replace("fast = 40", "fsat = 40", 1))
    refused(run("validate", folder=desk), "fsat: unknown key; did you mean fast?", "fast: is missing")
