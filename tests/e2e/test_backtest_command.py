"""`tradeworthy backtest` as a user meets it: what it says, what it writes, and with which exit code it leaves."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.warm import tradeworthy

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))
CROSS = ("--strategy", "ma_crossover", "--set", "fast=10", "--set", "slow=50")
STOPS = (*CROSS, "--set", "stop_atr=2", "--set", "target_atr=4")
ROWS = [
    f"2020-{1 + i // 28:02d}-{1 + i % 28:02d}T00:00:00Z,1.1,1.2,1.0,{1.1 + 0.01 * (i // 15 % 2)}" for i in range(300)
]
BARS = "\n".join(["time,open,high,low,close", *ROWS]) + "\n"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return tradeworthy("backtest", *arguments, folder=folder)


def refused(result: subprocess.CompletedProcess[str], folder: Path, *words: str) -> None:
    """One clear message on stderr, exit 2, no traceback, and nothing written."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not (folder / "reports").exists()
    for word in words:
        assert word in " ".join(result.stderr.split())


def told(folder: Path) -> dict[str, Any]:
    """The record of the newest report."""
    record: dict[str, Any] = json.loads((folder / "reports" / "latest" / "report.json").read_text())["backtest"]
    return record


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """A folder with one file of daily bars."""
    (tmp_path / "EUR_USD_D.csv").write_text(BARS)
    return tmp_path


def test_a_backtest_answers_and_writes_a_report(tmp_path: Path) -> None:
    result = run("ecb:EUR_USD", *STOPS, "--spread", "0.8", "--to", "2024-06-28", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert "ma_crossover on EUR_USD D" in result.stdout.splitlines()[1]
    assert "\x1b[" not in result.stdout
    assert sorted(path.name for path in (tmp_path / "reports" / "latest").iterdir()) == [
        "index.html", "plotly.min.js", "report.json", "trades.csv",
    ]  # fmt: skip
    record = told(tmp_path)
    assert record["ran"]["last"] == "2024-06-28T14:00:00Z"
    assert record["account"]["balance"] == 10_000
    assert "no account was named" in record["assumptions"][0]
    assert "no account was named" in result.stdout.lower().replace("\n    ", " ")


def test_the_same_inputs_give_the_same_bytes_but_for_the_clock(tmp_path: Path) -> None:
    for name in ("one", "two"):
        arguments = ("--to", "2024-06-28", "--bounds", "--calibration", "--out", name)
        command = [COMMAND, "backtest", "ecb:EUR_USD", *STOPS, *arguments]  # processes with hashes of their own
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    for file in ("report.json", "index.html"):
        texts = [(tmp_path / name / file).read_text() for name in ("one", "two")]
        clocks = [json.loads((tmp_path / name / "report.json").read_text())["generated_at"] for name in ("one", "two")]
        assert texts[0].replace(clocks[0], "") == texts[1].replace(clocks[1], "")


def test_a_strategy_without_stops_trades_one_unit_and_that_is_said(tmp_path: Path) -> None:
    result = run("ecb:EUR_USD", *CROSS, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "with one unit" in result.stdout
    assert told(tmp_path)["account"] is None
    assert "names no stops" in told(tmp_path)["assumptions"][0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--balance", "5000"),
            (
                "assumed: a risk of 1% of the balance a trade and positions of at most 30 times the balance (--risk, --units, "
                "--leverage)"
            ),
        ),
        (
            ("--units", "1000"),
            "assumed: a balance of 10,000 USD and positions of at most 30 times the balance (--balance, --currency, --leverage)",
        ),
        (
            ("--leverage", "5", "--currency", "EUR"),
            "assumed: a balance of 10,000 EUR and a risk of 1% of the balance a trade (--balance, --risk, --units)",
        ),
        (("--balance", "5000", "--risk", "0.02", "--leverage", "5"), None),
    ],
)
def test_what_was_not_named_of_an_account_is_still_told(
    bars: Path, options: tuple[str, ...], words: str | None
) -> None:
    result = run("EUR_USD_D.csv", *STOPS, *options, folder=bars)
    assert result.returncode == 0, result.stderr
    assumed = [line for line in told(bars)["assumptions"] if "assumed" in line]
    assert assumed == ([] if words is None else [f"not named of the account, and so {words}"])


def test_entries_that_cannot_be_sized_are_refused_by_reason(tmp_path: Path) -> None:
    result = run("ecb:EUR_USD", *CROSS, "--balance", "5000", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[1].startswith("NO TRADE")
    assert "the sizing needs a stop" in result.stdout


def test_every_option_reaches_the_backtest(bars: Path) -> None:
    result = run(
        "EUR_USD_D.csv", *STOPS, "--set", "min_atr=0.001", "--spread", "1", "--commission-per-lot", "3.5",
        "--commission-per-unit", "0.001", "--commission-percent", "0.01", "--commission-least", "1", "--slippage", "0.2",
        "--slippage-atr", "0.05", "--swap-long=-0.5", "--swap-short", "0.1", "--balance", "50000", "--currency", "chf",
        "--rates", "0.9", "--units", "20000", "--leverage", "20", "--calibration", "--session-zone", "Europe/London",
        "--entry", "close", "--stops-from", "signal_close", "--gap", "trigger", "--both", "target", "--skip-entry-bar",
        "--reentry", "never", "--level-first", "--bounds", "--from", "2020-01-05", "--to", "2020-10-20", "--price-side", "bid",
        folder=bars,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    record = told(bars)
    assert record["ran"]["parameters"]["min_atr"] == 0.001
    assert (record["ran"]["first"], record["ran"]["price_side"]) == ("2020-01-05T00:00:00Z", "bid")
    assert record["costs"]["numbers"]["commission"] == {
        "per_unit": 0.001, "per_lot": 3.5, "lot_units": 100_000.0, "percent": 0.01, "minimum": 1.0,
    }  # fmt: skip
    assert record["costs"]["numbers"]["slippage"]["atr_share"] == 0.05
    assert record["costs"]["numbers"]["swap"]["long_pips"] == -0.5
    account = record["account"]
    assert (account["balance"], account["currency"], account["leverage"]) == (50_000, "CHF", 20)
    assert account["sizing"] == "20,000 units a trade"
    assert account["calibration"]["session"] == "on"
    assert [rule["value"] for rule in record["fills"]] == [
        "close",
        "signal_close",
        False,
        "trigger",
        "target",
        False,
        False,
    ]
    assert len(record["bounds"]) == 2


def test_rates_of_another_currency_are_looked_up_and_that_is_said(tmp_path: Path) -> None:
    result = run("ecb:EUR_USD", *STOPS, "--currency", "JPY", "--balance", "1000000", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "European Central Bank" in result.stdout
    assert "JPY_USD D of ECB reference rates" in told(tmp_path)["account"]["rates"]


def test_finer_bars_are_used(tmp_path: Path) -> None:
    (tmp_path / "EUR_USD_D.csv").write_text(BARS)
    rows = [row.replace("T00:00:00Z", f"T{hour:02d}:00:00Z") for row in ROWS for hour in (0, 12)]
    (tmp_path / "EUR_USD_H12.csv").write_text("\n".join(["time,open,high,low,close", *rows]) + "\n")
    result = run("EUR_USD_D.csv", *STOPS, "--finer", "EUR_USD_H12.csv", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert told(tmp_path)["ran"]["finer"] == "EUR_USD H12 from EUR_USD_H12.csv"


def test_columns_can_be_named_and_bars_mended(tmp_path: Path) -> None:
    rows = BARS.replace("time,open,high,low,close", "Datum,Eroeffnung,Hoch,Tief,Schluss").splitlines()
    (tmp_path / "EUR_USD_D.csv").write_text("\n".join([*rows, rows[-1]]))
    names = {"time": "Datum", "open": "Eroeffnung", "high": "Hoch", "low": "Tief", "close": "Schluss"}
    columns = [part for role, name in names.items() for part in ("--column", f"{role}={name}")]
    refused(run("EUR_USD_D.csv", *STOPS, folder=tmp_path), tmp_path, "no column of times")
    refused(run("EUR_USD_D.csv", *STOPS, *columns, folder=tmp_path), tmp_path, "a time that is there already")
    result = run("EUR_USD_D.csv", *STOPS, *columns, "--repair", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "dropped 1 bar whose time was there before" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        (BARS.replace("1.1,1.2,1.0,1.1", "1.1,1.2,1.0,", 1), "price missing"),
        (BARS.replace("1.1,1.2,1.0,1.1", "1.1,1.2,1.0,nan", 1), "price missing"),
        (BARS.replace("1.1,1.2,1.0,1.1", "1.1,1.2,1.0,abc", 1), "'abc' in data row 1"),
        ("".join(BARS.splitlines(keepends=True)[:30]), "needs 51 bars to warm up"),
        (BARS.replace("T00:00:00Z", "T00:00:00"), "no time zone"),
    ],
    ids=["empty", "missing", "nan", "text", "few", "zone"],
)
def test_bars_that_cannot_be_used_are_refused_in_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "EUR_USD_D.csv").write_text(content)
    refused(run("EUR_USD_D.csv", *STOPS, folder=tmp_path), tmp_path, words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.csv", *STOPS), "nowhere.csv: there is no such file"),
        (("ecb:EUR_XXX", *STOPS), "the ECB quotes no XXX"),
        (("EUR_USD_D.csv", *STOPS, "--instrument", "???"), "is not the name of an instrument"),
        (("EUR_USD_D.csv", "--strategy", "nonsense"), "nonsense"),
        (("EUR_USD_D.csv", *CROSS, "--set", "fats=3"), "fats"),
        (("EUR_USD_D.csv", *CROSS[:2], *CROSS[4:], "--set", "fast=0"), "fast must be a whole number of bars"),
        (("EUR_USD_D.csv", *CROSS, "--set", "fast"), "write a name and a value"),
        (("EUR_USD_D.csv", *CROSS[:2], *CROSS[4:], "--set", "fast=quick"), "fast is 'quick'"),
        (
            ("EUR_USD_D.csv", *CROSS, "--set", "fast=20"),
            "--set names fast twice, as 10 and as 20; leave one of them out",
        ),
        (("EUR_USD_D.csv", "--strategy", "ma_crossover"), "fast"),
        (("EUR_USD_D.csv", *STOPS, "--spread=-1"), "a spread must be zero pips or more"),
        (("EUR_USD_D.csv", *STOPS, "--spread", "wide"), "--spread"),
        (("EUR_USD_D.csv", *STOPS, "--risk", "2"), "risk"),
        (("EUR_USD_D.csv", *STOPS, "--risk", "0.01", "--units", "5"), "--risk and --units"),
        (("EUR_USD_D.csv", *STOPS, "--one-unit", "--balance", "5"), "--one-unit"),
        (("EUR_USD_D.csv", *STOPS, "--balance", "0"), "balance must be above zero"),
        (("EUR_USD_D.csv", *STOPS, "--currency", "XYZ"), "there is no rate between them"),
        (("EUR_USD_D.csv", *STOPS, "--currency", "CHF", "--rates", "nowhere.csv"), "there is no such file"),
        (("EUR_USD_D.csv", *STOPS, "--both", "neither"), "both must be 'stop' or 'target'"),
        (("EUR_USD_D.csv", *STOPS, "--from", "yesterday"), "'yesterday' is not a day or moment"),
        (("EUR_USD_D.csv", *STOPS, "--from", "2030-01-01"), "no bar lies between"),
        (("EUR_USD_D.csv", *STOPS, "--finer", "EUR_USD_D.csv"), "are no finer than D bars"),
        (("EUR_USD_D.csv", *STOPS, "--column", "open"), "write a name and a value"),
        (("EUR_USD_D.csv", *STOPS, "--nonsense"), "No such option"),
        (("EUR_USD_D.csv",), "--strategy"),
    ],
    ids=lambda one: " ".join(one[1:]) if isinstance(one, tuple) else "",
)
def test_bad_input_is_refused_in_one_sentence(bars: Path, arguments: tuple[str, ...], words: str) -> None:
    refused(run(*arguments, folder=bars), bars, words)


def test_an_existing_folder_is_not_overwritten(bars: Path) -> None:
    (bars / "mine").mkdir()
    (bars / "mine" / "notes").write_text("x")
    refused(run("EUR_USD_D.csv", *STOPS, "--out", "mine", folder=bars), bars, "nothing is overwritten")
    refused(run("EUR_USD_D.csv", *STOPS, "--out", "EUR_USD_D.csv/x", folder=bars), bars, "cannot be written there")
    assert [path.name for path in (bars / "mine").iterdir()] == ["notes"]


INTERRUPTED_IN_THE_MIDDLE = """
import os, sys
from tradeworthy.cli import main
class Interrupting:  # at the moment at which this module is asked for, and so never inside a destructor of a library
    def find_spec(name, *_):
        if name == "tradeworthy.backtest.unit_kernel":
            os.kill(os.getpid(), NUMBER)
sys.argv = ["tradeworthy", "backtest", "ecb:EUR_USD", *ARGUMENTS]
sys.meta_path.insert(0, Interrupting)
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_half_written_report(tmp_path: Path, number: int) -> None:
    code = INTERRUPTED_IN_THE_MIDDLE.replace("NUMBER", str(int(number))).replace("ARGUMENTS", repr(STOPS))
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert result.returncode == 2
    assert result.stderr.strip().endswith("Interrupted: no half-written report was left; run the command again.")
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.glob("reports/*"))


MINE = """
def breakout(history, symbol):
    closes = [bar["close"] for bar in history[-2:]]
    if len(closes) < 2 or closes[1] <= closes[0]:
        return None
    return {"symbol": symbol, "action": "BUY", "stop_loss": 1.05, "take_profit": 1.5}


def upside_down(history, symbol):
    close = history[-1]["close"]
    return {"symbol": symbol, "action": "BUY", "stop_loss": close * 1.01} if len(history) == 30 else None


def breaks(history, symbol):
    return history[-1]["price"]


class Leaves:
    name, warm_up, parameters = "leaves", 5, {}

    def decisions(self, bars):
        raise SystemExit


class LeavesAtOnce(Leaves):
    def __init__(self):
        quit()


class Raising(Leaves):
    def decisions(self, bars):
        return {}["gone"]


def exits(history, symbol):
    raise SystemExit(0)
"""


def test_a_strategy_of_ones_own_in_a_file_is_traded_at_the_prices_it_named(bars: Path) -> None:
    (bars / "mine.py").write_text(MINE)
    result = run("EUR_USD_D.csv", "--strategy", "mine.py:breakout", folder=bars)
    assert result.returncode == 0, result.stderr
    record = told(bars)
    assert record["ran"]["strategy"] == "breakout"
    rules = {rule["name"]: rule["value"] for rule in record["fills"]}
    assert rules["stops_from"] == "signal_close"
    assert record["trades"]["stop"][0] == pytest.approx(1.05)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("breakot", ["mine.py has no 'breakot'; did you mean breakout or breaks?"]),
        ("upside_down", ["upside_down", "bar 29", "2020-02-02", "stop"]),
        ("breaks", ["breaks", "bar 0", "KeyError", "price"]),
        ("exits", ["exits at bar 0", "called exit() in line 36"]),
        ("Leaves", ["leaves: decisions(bars) called exit() in line 22"]),
        ("LeavesAtOnce", ["LeavesAtOnce called exit() in line 27"]),
        ("Raising", ["leaves: decisions(bars) raised KeyError: 'gone' in line 32"]),
    ],
)
def test_what_is_wrong_with_a_strategy_of_ones_own_is_named_with_its_bar(
    bars: Path, name: str, words: list[str]
) -> None:
    (bars / "mine.py").write_text(MINE)
    refused(run("EUR_USD_D.csv", "--strategy", f"mine.py:{name}", folder=bars), bars, *words)


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nsys.exit(0)",
        "import sys\nsys.exit('bye')",
        "import argparse\nargparse.ArgumentParser().parse_args()",
    ],
)
@pytest.mark.parametrize("spec", ["leaves.py:strategy", "leaves:strategy", "package.inner:strategy"])
def test_a_file_that_ends_the_program_is_no_answer(bars: Path, code: str, spec: str) -> None:
    (bars / "leaves.py").write_text(f"{code}\n")
    (bars / "package").mkdir()
    (bars / "package" / "__init__.py").write_text(f"{code}\n")
    (bars / "package" / "inner.py").write_text("")
    where = " in line 2" if "package" not in spec else ""
    refused(run("EUR_USD_D.csv", "--strategy", spec, folder=bars), bars, "cannot be imported", f"called exit(){where};")
