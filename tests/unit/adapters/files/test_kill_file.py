"""The stop that outlives everything, and what is noted when nothing else can be."""

import os
import signal
from pathlib import Path

import pytest

from support.small_disks import full_disk
from tradeworthy.adapters.files.emergency_log import EmergencyLog
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.core.errors import OutputError


def test_a_kill_is_there_with_its_reason_until_it_is_removed(tmp_path: Path) -> None:
    kill = KillFile(tmp_path)
    assert kill.present() is None
    assert kill.write("daily loss\nof 5% reached")
    assert kill.present() == "daily loss of 5% reached"
    assert kill.path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["KILL"]
    kill.remove()
    kill.remove()
    assert kill.present() is None


def test_a_second_reason_stands_behind_the_first(tmp_path: Path) -> None:
    kill = KillFile(tmp_path)
    kill.write("first")
    for number in range(500):
        assert kill.write(f"another {number} " + "x" * 100)
    reason = kill.present()
    assert reason is not None
    assert reason.startswith("first another 0")
    assert kill.path.stat().st_size <= 4096


@pytest.mark.parametrize("made", ["touch", "folder", "link", "bytes", "blank"])
def test_whatever_is_called_kill_counts(tmp_path: Path, made: str) -> None:
    path = tmp_path / "KILL"
    if made == "touch":
        path.touch()
    elif made == "folder":
        path.mkdir()
    elif made == "link":
        path.symlink_to("nowhere")
    else:
        path.write_bytes(b"\xff\xfe" if made == "bytes" else b" \n ")
    assert KillFile(tmp_path).present()


def test_on_a_full_disk_the_file_is_there_and_says_that_the_reason_is_not(tmp_path: Path) -> None:
    kill = KillFile(tmp_path)
    with full_disk():
        assert not kill.write("the disk is full")
    assert kill.path.read_bytes() == b""
    assert kill.present()


def test_a_full_disk_takes_no_earlier_reason_away(tmp_path: Path) -> None:
    kill = KillFile(tmp_path)
    kill.write("first")
    with full_disk():
        assert not kill.write("second")
    assert kill.present() == "first"


def test_where_nothing_can_be_made_it_is_said_loudly(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="make that file by hand"):
        KillFile(tmp_path / "none").write("reason")


def test_emergencies_are_noted_in_order_and_set_aside_when_they_are_taken_over(tmp_path: Path) -> None:
    log = EmergencyLog(tmp_path / "emergency.jsonl")
    assert log.lines() == ([], 0)
    assert log.set_aside() is None
    for number in range(3):
        assert log.note({"did": "closed", "number": number, "path": tmp_path})
    found, damaged = log.lines()
    assert damaged == 0
    assert [one["number"] for one in found] == [0, 1, 2]
    assert all(one["time"].endswith("Z") for one in found)
    assert log.path.stat().st_mode & 0o777 == 0o600
    aside = log.set_aside()
    assert aside is not None
    assert len(aside.read_text().splitlines()) == 3
    assert log.lines() == ([], 0)


@pytest.mark.parametrize("strange", [{(1, 2): 3}, 2**200, "\ud800", {1}, object()])
def test_whatever_is_noted_becomes_a_line(tmp_path: Path, strange: object) -> None:
    log = EmergencyLog(tmp_path / "emergency.jsonl")
    assert log.note({"did": "closed", "strange": strange})
    [found] = log.lines()[0]
    assert "closed" in str(found)


def test_a_torn_line_harms_no_other(tmp_path: Path) -> None:
    log = EmergencyLog(tmp_path / "emergency.jsonl")
    log.note({"number": 1})
    with log.path.open("ab") as file:
        file.write(b'{"number": 2, "to')
    log.note({"number": 3})
    found, damaged = log.lines()
    assert [one["number"] for one in found] == [1, 3]
    assert damaged == 1


def test_a_full_disk_is_said_and_not_raised(tmp_path: Path) -> None:
    log = EmergencyLog(tmp_path / "emergency.jsonl")
    with full_disk():
        assert not log.note({"number": 1})
    assert not EmergencyLog(tmp_path / "none" / "emergency.jsonl").note({"number": 1})
    assert log.note({"number": 2})
    assert [one["number"] for one in log.lines()[0]] == [2]


def test_what_was_noted_outlives_a_killed_process(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        try:
            KillFile(tmp_path).write("killed")
            EmergencyLog(tmp_path / "emergency.jsonl").note({"number": 1})
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert KillFile(tmp_path).present() == "killed"
    assert EmergencyLog(tmp_path / "emergency.jsonl").lines()[0][0]["number"] == 1
