"""`tradeworthy risk` as people run it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In a folder, by the installed command."""
    command = [str(Path(sys.executable).parent / "tradeworthy"), "risk", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_a_book_is_scored_and_the_report_holds_the_same(tmp_path: Path) -> None:
    made = run(tmp_path, "fx-daily", "--paths", "2000", "--risk", "0.01")
    assert made.returncode in {0, 1}, made.stderr
    report = tmp_path / "reports" / "latest"
    assert sorted(one.name for one in report.iterdir()) == ["index.html", "plotly.min.js", "report.json"]
    told = json.loads((report / "report.json").read_text())["risk"]
    assert told["risk_per_trade"] == 0.01
    assert f"score {told['score']['score']:.0f} of 100" in made.stdout
    assert made.returncode == (1 if told["score"]["score"] >= 20 else 0)
    assert told["book"] == "fx-daily"
    held = told["reliability"]["asked"]
    assert re.search(rf"this\s+record\s+holds\s+{len(held['held'])}\s", made.stdout)
    page = (report / "index.html").read_text()
    for plot in ("fan", "falls", "series", "cases", "correlations", "regimes", "reliability"):
        assert f'id="{plot}-plot"' in page


def test_trades_that_are_too_few_leave_with_three(tmp_path: Path) -> None:
    rows = [f"2024-01-{day:02d}T10:00:00Z,long,100,99,{99 + day % 3}" for day in range(1, 20)]
    (tmp_path / "few.csv").write_text("time,side,entry,stop,exit\n" + "\n".join(rows) + "\n")
    made = run(tmp_path, "--trades", "few.csv")
    assert made.returncode == 3, made.stderr
    assert "INSUFFICIENT DATA" in made.stdout
    assert re.search(r"a score\s+takes\s+120", made.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fx-daily", "--limit", "0"), "limit is the fall that must not happen"),
        (("fx-daily", "--limit", "1.5"), "limit is the fall that must not happen"),
        (("fx-daily", "--paths", "0"), "paths must be a whole number"),
        (("fx-daily", "--horizon", "0"), "horizon must be a whole number"),
        (("fx-daily", "--risk", "2"), "risk is the share of the balance"),
        (("fx-daily", "--data", "nowhere"), "nowhere: there is no such folder"),
        (("fx-daily", "--stress", "nowhere.toml"), "nowhere.toml"),
        (("fx-daily", "--trades", "x.csv"), "trades are assessed without a book"),
        ((), "tradeworthy.toml"),
    ],
)
def test_mistakes_get_one_sentence_and_nothing_is_written(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    made = run(tmp_path, *words)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr.startswith("Error: ")
    assert said in made.stderr
    assert "Traceback" not in made.stderr
    assert list(tmp_path.iterdir()) == []
