"""Baselines on disk."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from support.validations import example
from tradeworthy.adapters.files.baseline_files import BaselineFolder, read_baseline
from tradeworthy.appraisal.baseline import Baseline, baseline_of
from tradeworthy.core.errors import InputError, OutputError

MADE = "2024-06-29T08:00:00Z"


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_of(example())


def test_what_is_read_is_what_was_saved(baseline: Baseline, tmp_path: Path) -> None:
    path = BaselineFolder(tmp_path / "baselines").save(baseline, MADE)
    assert path.name == "0001-fx-daily.json"
    found = read_baseline(path)
    assert found.baseline == baseline
    assert (found.schema, found.created_at) == (1, MADE)
    assert [one.name for one in path.parent.iterdir()] == ["0001-fx-daily.json"]


def test_a_baseline_holds_parameters_data_hash_measures_and_every_r(baseline: Baseline) -> None:
    validation = example()
    one, report = baseline.strategies[0], validation.strategies[0]
    assert one.parameters == report.parameters
    assert one.data.sha256 == report.data.sha256
    assert one.r == report.trades.r
    assert one.measures["mean_r"] == pytest.approx(sum(one.r) / len(one.r))
    assert baseline.until == validation.window_end
    assert baseline.verdict == validation.judgement.verdict


def test_many_that_save_at_once_get_a_number_each(baseline: Baseline, tmp_path: Path) -> None:
    folder = BaselineFolder(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: folder.save(baseline, MADE), range(12)))
    assert sorted(int(path.name[:4]) for path in paths) == list(range(1, 13))
    assert folder.find() == max(paths)


def test_one_is_found_by_number_name_path_and_as_the_latest(baseline: Baseline, tmp_path: Path) -> None:
    folder = BaselineFolder(tmp_path)
    first, second = (folder.save(baseline, MADE) for _ in range(2))
    assert folder.find() == second
    assert folder.find("1") == folder.find("0001-fx-daily") == folder.find("0001-fx-daily.json") == first
    moved = first.rename(tmp_path / "kept.json")
    assert folder.find(str(moved)) == moved
    with pytest.raises(InputError, match=r"no such baseline; .* there are: 0002-fx-daily\.json"):
        folder.find("1")
    with pytest.raises(InputError, match="tradeworthy baseline save"):
        BaselineFolder(tmp_path / "none").find()


def test_damage_and_newer_versions_are_told_apart(baseline: Baseline, tmp_path: Path) -> None:
    path = BaselineFolder(tmp_path).save(baseline, MADE)
    whole = json.loads(path.read_text())
    for change, said in (
        ({"schema": 2}, "schema 2, and this version reads baselines up to 1; update tradeworthy"),
        ({"kind": "report"}, "report of schema 1"),
    ):
        path.write_text(json.dumps(whole | change))
        with pytest.raises(InputError, match=said):
            read_baseline(path)
    path.write_text(json.dumps(whole)[:-100])
    with pytest.raises(InputError, match="not a baseline"):
        read_baseline(path)
    whole["baseline"]["strategies"][2]["r"].pop()
    path.write_text(json.dumps(whole))
    with pytest.raises(InputError, match=r"EUR_USD_D has 363 R's and 364 times"):
        read_baseline(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"until": "garbage"}, "garbage is no moment"),
        ({"until": "9999-12-31T00:00:00Z"}, "it goes up to 9999-12-31T00:00:00Z, which had not come when it was made"),
        ({"unit_r": 0.0}, "AUD_USD_D has 0 as its R"),
        ({"unit_r": -1.0}, "AUD_USD_D has -1 as its R"),
        ({"since": "then"}, "AUD_USD_D: then is no moment"),
        ({"r": 1e308}, "AUD_USD_D has a trade of 1e[+]308 R"),
        ({"name": "EUR_GBP_D"}, "EUR_GBP_D stands in it twice"),
        ({"exit_time": "reversed"}, "the trades of AUD_USD_D are out of order"),
        ({"exit_time": "2199-01-01T00:00:00Z"}, "the trades of AUD_USD_D are out of order"),
    ],
)
def test_what_nobody_can_have_validated_is_refused(
    baseline: Baseline, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = BaselineFolder(tmp_path).save(baseline, MADE)
    whole = json.loads(path.read_text())
    first = whole["baseline"]["strategies"][0]
    ((name, value),) = change.items()
    if name == "until":
        whole["baseline"][name] = value
    elif value == "reversed":
        first[name].reverse()
    elif name in {"r", "exit_time"}:
        first[name][-1] = value
    else:
        first[name] = value
    path.write_text(json.dumps(whole))
    with pytest.raises(InputError, match=f"{said}.*; restore it from a copy"):
        read_baseline(path)


def test_a_baseline_of_days_to_come_is_not_saved(baseline: Baseline, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no baseline can be made of this: it goes up to 2030-01-01"):
        BaselineFolder(tmp_path / "x").save(replace(baseline, until="2030-01-01T00:00:00Z"), MADE)
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_told(baseline: Baseline, tmp_path: Path) -> None:
    (tmp_path / "baselines").write_text("a file")
    with pytest.raises(OutputError, match="the baseline cannot be written there"):
        BaselineFolder(tmp_path / "baselines").save(baseline, MADE)
