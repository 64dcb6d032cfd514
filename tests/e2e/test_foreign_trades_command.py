"""`tradeworthy validate --trades` over files of other platforms, as a user meets it."""

import json
import subprocess
from pathlib import Path

import pytest

from support.foreign_trades import Made, freqtrade_backtest, freqtrade_trade, mt4_statement, mt5_history, tradingview
from support.samples import r_of
from support.warm import tradeworthy

R = r_of(260, 0.25, 3)
TRADES = [Made(1, 1.1, round(1.1 + 0.01 * one, 5), 1.09) for one in R]
PLACES = {
    "ReportHistory.html": mt5_history(TRADES).encode("utf-16"),
    "statement.htm": mt4_statement(TRADES).encode("cp1252"),
    "Turtle.csv": tradingview(TRADES).encode("utf-8-sig"),
    "backtest-result.json": freqtrade_backtest({"Alpha": [freqtrade_trade(at, one) for at, one in enumerate(TRADES)]}),
}


def validate(folder: Path, *arguments: str, columns: int = 100) -> subprocess.CompletedProcess[str]:
    return tradeworthy("validate", *arguments, folder=folder, COLUMNS=str(columns))


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("columns", [40, 140])
def test_a_history_of_any_platform_is_judged_and_says_what_r_is(tmp_path: Path, name: str, columns: int) -> None:
    (tmp_path / name).write_bytes(PLACES[name])
    result = validate(tmp_path, "--trades", name, "--timezone", "UTC", columns=columns)
    assert result.returncode in {0, 1, 3}, result.stderr
    assert result.stderr == ""
    assert all(len(line) <= columns for line in result.stdout.splitlines() if not line.startswith("Report:"))
    words = " ".join(result.stdout.split())
    stood_in = name == "Turtle.csv"
    assert ("R: stands for a usual loss, because these trades have no stops" in words) == stood_in
    assert ("R: profit after costs over the money that the stop would have lost at entry" in words) == (not stood_in)
    assert "Costs: " in words
    record = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())["validation"]
    assert record["kind"] == "trades"
    assert len(record["strategies"][0]["trades"]["r"]) == len(TRADES)
    page = (tmp_path / "reports" / "latest" / "index.html").read_text()
    assert record["assumptions"]["R"][1:40] in page
    if not stood_in:
        assert record["strategies"][0]["trades"]["r"] == pytest.approx([one.r for one in TRADES], rel=1e-6)


def test_the_window_has_no_part_in_the_unit_that_stands_for_stops(tmp_path: Path) -> None:
    """The last 90 trades ten times as large: before the window nothing changes by it."""
    wilder = [*TRADES[:170], *(Made(1, 1.1, round(1.1 + 0.1 * one, 5), 1.09) for one in R[170:])]
    found = []
    for name, trades in (("calm", TRADES), ("wild", wilder)):
        (tmp_path / "Turtle.csv").write_text(tradingview(trades))
        validate(tmp_path, "--trades", "Turtle.csv", "--timezone", "UTC", "--out", name)
        found.append(
            json.loads((tmp_path / name / "report.json").read_text())["validation"]["strategies"][0]["trades"]["r"]
        )
    assert found[0][:160] == found[1][:160]
    assert found[1][-1] == pytest.approx(10 * found[0][-1], rel=1e-3)


def test_what_concerns_every_strategy_is_said_once(tmp_path: Path) -> None:
    moved = [Made(1, 1.1, 1.12, 1.11, symbol=symbol) for symbol in ("EURUSD", "GBPUSD") for _ in range(30)]
    (tmp_path / "statement.htm").write_text(mt4_statement(moved))
    result = validate(tmp_path, "--trades", "statement.htm", "--timezone", "UTC", columns=200)
    assert result.stdout.count("had a stop at or beyond the entry") == 1
    assert "All strategies: 60 trades had a stop at or beyond the entry" in result.stdout


@pytest.mark.parametrize(
    ("name", "sentence"), [("statement.htm", "the times name no time zone"), ("none.htm", "there is no such file")]
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "statement.htm").write_bytes(PLACES["statement.htm"])
    result = validate(tmp_path, "--trades", name)
    assert result.returncode == 2
    assert result.stdout == ""
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
