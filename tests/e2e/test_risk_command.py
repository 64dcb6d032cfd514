"""`tradeworthy risk` as people run it."""

import json
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from support.warm import tradeworthy
from tradeworthy.settings.shipped import template

Floats = npt.NDArray[np.float64]

SIZES = np.random.default_rng(0).uniform(0.1, 1.0, 300)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In a folder."""
    return tradeworthy("risk", *words, folder=folder)


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
        (("fx-daily", "--limit", "1"), "limit is the fall that must not happen"),
        (("fx-daily", "--limit", "nan"), "limit must be a finite number"),
        (("fx-daily", "--paths", "0"), "paths must be a whole number"),
        (("fx-daily", "--paths", "50"), "paths must be a whole number from 100 to 1,000,000, not 50"),
        (("fx-daily", "--paths", "99999999999"), "paths must be a whole number from 100 to 1,000,000"),
        (("fx-daily", "--horizon", "30000"), "horizon must be a whole number from 1 to 25,200, not 30000"),
        (("fx-daily", "--seed", "-1"), "seed must be a whole number from 0"),
        (("fx-daily", "--data", ".", "--timezone", "Mars/Base"), "'Mars/Base' is not a time zone"),
        (("fx-daily", "--timezone", "UTC"), "a book's own bars are read as its settings say"),
        (("fx-daily", "--column", "stop=SL"), "a book's own bars are read as its settings say"),
        (("fx-daily", "--limit", "20"), "not 20.0; 20% is 0.2"),
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[scenarios.Mine]\nvolatilty = 2\n",
            "line 2: scenarios.Mine.volatilty: unknown key; did you mean volatility?",
        ),
        ('[scenarios.Mine]\nvolatility = "much"\n', "line 2: scenarios.Mine.volatility: 'much' is not a number"),
        ("[scenarios.Mine]\nvolatility = -1\n", "-1 is out of range; allowed is above 0 and 100 or less"),
        ("[scenarios.Mine]\nvolatility = nan\n", "nan is out of range"),
        ("[scenarios.Mine]\nshock_percent = -100\n", "-100 is out of range; allowed is above -100"),
        ("[scenarios.Mine\n", "not valid TOML"),
        ("scenarios = 3\n", "scenarios: 3 is not a table"),
        ('[scenarios." "]\nvolatility = 2\n', "scenarios: one of them has no name"),
        ("[crises.mine]\nstart = 2020-02-01\nend = 2020-01-01\n", "the window is reversed"),
    ],
)
def test_a_stress_file_that_cannot_be_used_is_told_before_anything_is_done(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "mine.toml").write_text(text)
    made = run(tmp_path, "fx-daily", "--stress", "mine.toml")
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr.startswith("Error: mine.toml")
    assert said in made.stderr
    assert "Traceback" not in made.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]


def daily_trades(exits: Floats) -> str:
    """A file of trades, one a weekday, that risk 1 each."""
    monday = date(2020, 1, 6)
    rows = [f"{monday + timedelta(days=i + 2 * (i // 5))}T10:00:00Z,long,100,99,{x}" for i, x in enumerate(exits)]
    return "time,side,entry,stop,exit\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("exits", "missing"),
    [
        pytest.param(100.0 + SIZES, r"none of the \d+ days lost anything", id="all wins"),
        pytest.param(100.0 + SIZES[:3], r"a score takes 120", id="three trades"),
    ],
)
def test_trades_that_do_not_suffice_are_told_what_is_missing(tmp_path: Path, exits: Floats, missing: str) -> None:
    (tmp_path / "mine.csv").write_text(daily_trades(exits))
    made = run(tmp_path, "--trades", "mine.csv", "--paths", "200")
    assert made.returncode == 3, made.stderr
    assert "INSUFFICIENT DATA" in made.stdout
    assert re.search(missing, " ".join(made.stdout.split())), made.stdout


def test_losses_alone_are_a_score_of_a_hundred(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(daily_trades(100.0 - SIZES))
    made = run(tmp_path, "--trades", "mine.csv", "--paths", "200")
    assert made.returncode == 1, made.stdout
    assert "score 100 of 100" in made.stdout


def test_the_settings_of_a_desk_are_the_defaults_and_its_name_the_title(tmp_path: Path) -> None:
    made = tradeworthy("init", "desk", folder=tmp_path)
    assert "`tradeworthy risk`" in made.stdout
    file = tmp_path / "desk" / "tradeworthy.toml"
    asked = "[risk]\nlimit = 0.1\nhorizon = 60\nrisk_per_trade = 0.005\npaths = 300\nseed = 7\n"
    two = "\n[strategies.".join(file.read_text().split("\n[strategies.")[:3])  # are sooner assessed than eight
    file.write_text(re.sub(r"\[risk\][^\[]*", asked, two, count=1))
    assert run(tmp_path / "desk").returncode in {0, 1}
    assert run(tmp_path / "desk", "--seed", "8", "--out", "other").returncode in {0, 1}
    told, other = (
        json.loads((tmp_path / "desk" / name / "report.json").read_text())["risk"]
        for name in ("reports/latest", "other")
    )
    score = told["score"]
    assert (score["limit"], score["horizon"], score["paths"], told["seed"]) == (0.1, 60, 300, 7)
    assert (told["risk_per_trade"], told["book"]) == (0.005, "desk")
    assert (other["score"]["limit"], other["seed"]) == (0.1, 8)


def test_a_setting_out_of_its_range_is_refused_with_its_line(tmp_path: Path) -> None:
    text = template("fx-daily").replace("# limit = 0.2 ", "limit = 20 ").replace("# horizon = 252 ", "horizon = 0 ")
    (tmp_path / "tradeworthy.toml").write_text(text)
    made = run(tmp_path)
    assert made.returncode == 2
    lines = {name: 1 + text[: text.index(f"\n{name} = ") + 1].count("\n") for name in ("limit", "horizon")}
    limit, horizon = (made.stderr.index(f"line {lines[name]}: risk.{name}") for name in ("limit", "horizon"))
    assert limit < horizon
    assert "20 is out of range; allowed is above 0 and below 1" in made.stderr
