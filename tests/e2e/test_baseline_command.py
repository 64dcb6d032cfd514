"""Baselines and records as a user meets them."""

import json
import subprocess
from pathlib import Path

import pytest

from support.warm import tradeworthy


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return tradeworthy(*arguments, folder=folder)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    assert run("init", folder=folder).returncode == 0
    settings = folder / "tradeworthy.toml"
    settings.write_text(settings.read_text().replace(f'name = "{folder.name}"', 'name = "mine"'))
    saved = run("baseline", "save", "--as-of", "2024-06-28", folder=folder)
    assert saved.returncode == 0, saved.stderr
    assert saved.stdout.splitlines()[-1] == "Wrote baselines/0001-mine.json"
    return folder


def test_a_baseline_is_saved_shown_and_held_against(desk: Path) -> None:
    shown = run("baseline", "show", folder=desk)
    assert shown.returncode == 0
    assert "mine: baseline 0001-mine.json" in shown.stdout
    assert "the validation it comes from said NOT FIT" in shown.stdout
    assert json.loads(run("baseline", "show", "1", "--json", folder=desk).stdout)["kind"] == "baseline"
    held = run("validate", "--baseline", "latest", "--as-of", "2025-06-30", folder=desk)
    assert held.returncode == 1, held.stderr
    assert "0001-mine.json, which goes up to 2024-06-29 00:00 UTC" in " ".join(held.stdout.split())
    page = (desk / "reports" / "latest" / "index.html").read_text()
    assert "The window is held against the baseline 0001-mine.json" in page


def test_changed_parameters_are_named_and_nothing_is_written(desk: Path, tmp_path: Path) -> None:
    text = (desk / "tradeworthy.toml").read_text()
    (tmp_path / "tradeworthy.toml").write_text(text.replace("fast = 40", "fast = 45", 1))
    baseline = str(desk / "baselines" / "0001-mine.json")
    refused = run("validate", "--baseline", baseline, "--as-of", "2025-06-30", folder=tmp_path)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "AUD_USD_D: fast was 40 and is 45" in refused.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["tradeworthy.toml"]
    forced = run("validate", "--baseline", baseline, "--force", "--as-of", "2025-06-30", folder=tmp_path)
    assert forced.returncode == 1, forced.stderr
    assert "AUD_USD_D: fast was 40 and is 45" in forced.stdout


def test_two_baselines_are_compared(desk: Path, tmp_path: Path) -> None:
    text = (desk / "tradeworthy.toml").read_text()
    (tmp_path / "tradeworthy.toml").write_text(text.replace("fast = 40", "fast = 45", 1))
    assert run("baseline", "save", "--as-of", "2024-06-28", folder=tmp_path).returncode == 0
    old = str(desk / "baselines" / "0001-mine.json")
    changed = run("baseline", "diff", old, "latest", folder=tmp_path)
    assert changed.returncode == 1
    assert "AUD_USD_D: fast was 40 and is 45" in changed.stdout
    same = run("baseline", "diff", old, old, folder=tmp_path)
    assert same.returncode == 0
    assert "Same strategies, parameters, fill rules and spreads." in same.stdout


def test_a_validation_leaves_a_record_that_says_whether_the_book_may_trade(tmp_path: Path) -> None:
    assert run("init", "d", folder=tmp_path).returncode == 0
    desk = tmp_path / "d"
    missing = run("record", folder=desk)
    assert (missing.returncode, missing.stdout.split(":")[0]) == (1, "MISSING")
    validated = run("validate", folder=desk)
    assert "Signed record: records/" in validated.stdout
    refused = run("record", "--max-age", "10000", folder=desk)
    assert (refused.returncode, refused.stdout) == (1, "NOT TRADEABLE: its verdict is NOT FIT, and FIT is asked for\n")
    record = next((desk / "records").iterdir())
    record.write_text(record.read_text().replace("NOT FIT", "FIT"))
    forged = run("record", "--max-age", "10000", folder=desk)
    assert (forged.returncode, forged.stdout.split(":")[0]) == (1, "FORGED")


def test_a_search_in_the_desk_is_taken_off_what_it_found(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).returncode == 0
    before = run("validate", folder=tmp_path)
    assert "is not known (none in the ledger" in " ".join(before.stdout.split())
    grid = ("--grid", "fast=10,40,160", "--grid", "slow=20,60,200", "--set", "stop_atr=1.5", "--set", "target_atr=2.25")
    assert run("sweep", "ecb:GBP_JPY", "--strategy", "ma_crossover", *grid, folder=tmp_path).returncode == 0
    after = run("validate", folder=tmp_path)
    assert "GBP_JPY_D: one of 9 sets tried (9 in the ledger)" in " ".join(after.stdout.split())
    found = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text())["validation"]["strategies"][3]
    assert found["trials"]["count"] == 9
    assert found["selection"]["luck_r"] > 0
    assert found["selection"]["deflated_mean_r"] < found["baseline_mean_r"]


def test_a_desk_that_cannot_be_written_gets_its_answer_without_a_record(tmp_path: Path) -> None:
    assert run("init", "d", folder=tmp_path).returncode == 0
    (tmp_path / "d" / "records").write_text("a file")
    result = run("validate", "d", "--out", "there", folder=tmp_path)
    assert result.returncode == 1
    assert "No signed record was written" in result.stderr
    assert (tmp_path / "there" / "index.html").is_file()
