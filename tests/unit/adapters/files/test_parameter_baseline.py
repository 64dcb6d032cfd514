"""parameter_baseline.json: read, written, never lost."""

import json
from pathlib import Path

import pytest

from tradeworthy.adapters.files.parameter_baseline import (
    ParameterBaseline,
    StoredStrategy,
    read_parameter_file,
    save_parameter_baseline,
)
from tradeworthy.core.errors import InputError, OutputError

BOOK = {"A": {"fast": 3, "slow": 9.5, "on": True, "none": None, "words": ["x", 1]}}


def baseline(day: int, fast: int = 3) -> ParameterBaseline:
    """Of one strategy."""
    parameters = {**BOOK["A"], "fast": fast}
    strategies = {"A": StoredStrategy(parameters=parameters, risk_level="LOW")}
    return ParameterBaseline(created_at=f"2026-11-{day:02d}T00:00:00Z", strategies=strategies)


def test_what_is_written_is_read_again_to_the_last_digit(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "b.json"
    assert save_parameter_baseline(path, baseline(1)) is None
    assert read_parameter_file(path) == BOOK
    assert json.loads(path.read_text())["schema"] == 1


def test_the_one_before_is_kept_under_its_own_date(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    for fast, day in ((1, 1), (2, 1), (3, 2)):
        save_parameter_baseline(path, baseline(day, fast))
    kept = save_parameter_baseline(path, baseline(3, 4))
    assert kept == tmp_path / "b.20261102T000000Z.json"
    values = {one.name: read_parameter_file(one)["A"]["fast"] for one in tmp_path.iterdir()}
    assert values == {
        "b.json": 4, "b.20261102T000000Z.json": 3, "b.20261101T000000Z-2.json": 2, "b.20261101T000000Z.json": 1
    }  # fmt: skip


def test_another_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"A": {"fast": 1}}')
    with pytest.raises(InputError, match="something else stands there"):
        save_parameter_baseline(path, baseline(1))
    assert path.read_text() == '{"A": {"fast": 1}}'
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        save_parameter_baseline(tmp_path / "file" / "b.json", baseline(1))


def test_plain_json_and_whole_baselines_are_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "plain.json"
    path.write_text('{"A": {"fast": 1, "risk": {"sl": 2}}}')
    assert read_parameter_file(path) == {"A": {"fast": 1, "risk.sl": 2}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"), ('{"A": {"x": NaN}}', "not JSON"), ("[1]", "are a dict of strategies"),
        ('{"A": 3}', "give each strategy a dict"), ('{"schema": 1, "kind": "parameter_baseline"}', "not a parameter baseline"),
        ('{"schema": 2, "kind": "parameter_baseline", "created_at": "2026-11-01T00:00:00Z", "strategies": {}}', "schema 2"),
        ('{"schema": 1, "kind": "other", "created_at": "2026-11-01T00:00:00Z", "strategies": {}}', "other of schema 1"),
        ('{"schema": 1, "kind": "parameter_baseline", "created_at": "soon", "strategies": {}}', "not a parameter baseline"),
        ('{"schema": 1, "kind": "baseline"}', "not a baseline"),
    ],
)  # fmt: skip
def test_damage_is_one_clear_sentence(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_parameter_file(path)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="save-baseline` makes one"):
        read_parameter_file(tmp_path / "none.json")
