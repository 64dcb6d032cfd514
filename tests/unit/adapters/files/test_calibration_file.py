"""The state of a calibration on the disk, and everything that may have happened to it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tradeworthy.adapters.files import calibration_file
from tradeworthy.adapters.files.calibration_file import CalibrationFile, StoredCalibration
from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.core.errors import InputError, OutputError

STATE = StoredCalibration(
    initial_capital=100_000.0, losses_in_a_row=2, balance=95_000.1, peak=100_000.3, cooldown_until_ns=-(2**62), entry_day=739000,
    entries=3, pause_day=738999, stopped=False, open_entries=1, volatility=(15.25, 0.1), results={"a": -0.1, "b": 1e-9},
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that holds STATE."""
    CalibrationFile(tmp_path / "state.json").write(STATE)
    return tmp_path / "state.json"


def test_what_was_written_is_read(path: Path, tmp_path: Path) -> None:
    assert CalibrationFile(path).read() == STATE
    assert CalibrationFile(tmp_path / "other.json").read() is None
    assert json.loads(path.read_text())["schema"] == 1
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_file_that_is_cut_anywhere_is_damaged_and_said_to_be(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(
            InputError, match=r"the state of the calibration is damaged \([^\n]*move it away to begin anew$"
        ):
            CalibrationFile(path).read()


def test_a_file_with_a_changed_letter_is_never_read_as_something_else(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        for letter in b"9x":
            path.write_bytes(whole[:place] + bytes([letter]) + whole[place + 1 :])
            try:
                found = CalibrationFile(path).read()
            except InputError as error:
                assert "\n" not in str(error)  # noqa: PT017 - either is right, but for other values
            else:
                assert found == STATE


@pytest.mark.parametrize(("key", "value"), [("schema", 2), ("schema", 0), ("kind", "baseline")])
def test_another_version_or_kind_is_refused(path: Path, key: str, value: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(
        InputError, match=r"of schema [012], and this version reads risk_calibration of schema 1; update"
    ):
        CalibrationFile(path).read()


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"schema":1}', "\x00" * 400, "[" * 100_000])
def test_what_is_no_state_is_refused(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(InputError, match="the state of the calibration is damaged"):
        CalibrationFile(path).read()


def test_a_file_written_by_another_is_left_alone(path: Path) -> None:
    first, second = CalibrationFile(path), CalibrationFile(path)
    assert first.read() == second.read()
    second.write(STATE)
    second.write(STATE)  # the same bytes as before: nobody's work would be lost
    first.write(STATE)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(InputError, match="another calibration has written this file since; let only one use it"):
        first.write(STATE)


def test_a_file_that_somebody_took_away_is_written_again(path: Path) -> None:
    file = CalibrationFile(path)
    file.read()
    path.unlink()
    file.write(STATE)
    assert CalibrationFile(path).read() == STATE


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the state of the calibration cannot be written"):
        CalibrationFile(tmp_path / "none" / "state.json").write(STATE)


@pytest.mark.parametrize("replaced", [True, False])
def test_a_write_that_failed_is_not_taken_for_anothers(
    replaced: bool,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(to: Path, data: bytes, **how: Any) -> None:
        if replaced:
            swap(to, data, **how)
        raise OSError(28, "No space left on device")

    file, other = CalibrationFile(path), msgspec.structs.replace(STATE, entries=4)
    file.read()
    file.write(msgspec.structs.replace(STATE, entries=5))
    with monkeypatch.context() as patch:
        patch.setattr(calibration_file, "swap", failing)
        with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
            file.write(other)
    file.write(other)
    assert CalibrationFile(path).read() == other
