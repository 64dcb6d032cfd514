"""A desk's log: whole lines of JSON, readable ones beside them, no secrets, and no way to stop the desk."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.small_disks import full_disk
from tradeworthy.adapters.files.desk_log import DeskLog
from tradeworthy.core.errors import InputError

SAYING = """
import sys
from pathlib import Path
from tradeworthy.adapters.files.desk_log import DeskLog
log = DeskLog(Path(sys.argv[1]))
log.logger.info("the desk began", desk="mine")
log.logger.error("the broker is down", wait_seconds=5)
"""


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_is_json_in_the_file_and_a_sentence_for_people(tmp_path: Path) -> None:
    stream = io.StringIO()
    path = tmp_path / "logs" / "desk.jsonl"
    log = DeskLog(path, stream=stream)
    bound = log.logger.bind(strategy="EUR_USD_D")
    bound.info("an order was sent", client_id="c-1", units=1000, note="two\nlines \x1b[31m")
    log.logger.debug("nobody asked for this")
    [said] = lines(path)
    assert list(said) == ["time", "level", "event", "strategy", "client_id", "units", "note"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", said["time"])
    assert (said["level"], said["event"], said["units"]) == ("info", "an order was sent", 1000)
    shown = stream.getvalue()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO     an order was sent  strategy=.*\n", shown)
    assert shown.count("\n") == 1
    assert "\x1b" not in shown
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_many_keys_are_all_in_the_file_and_few_on_the_line(tmp_path: Path) -> None:
    stream = io.StringIO()
    log = DeskLog(tmp_path / "desk.jsonl", stream=stream)
    log.logger.info("much", **{f"key_number_{number}": "x" * 500 for number in range(10)})
    assert len(lines(tmp_path / "desk.jsonl")[0]) == 13
    assert stream.getvalue().endswith("and 4 more in the log\n")
    assert len(stream.getvalue()) < 800


def test_an_exception_is_whole_in_the_file_and_one_line_for_people(tmp_path: Path) -> None:
    stream = io.StringIO()
    log = DeskLog(tmp_path / "desk.jsonl", stream=stream)
    try:
        DeskLog(tmp_path / "desk.jsonl", "https://api.x.com/?token=hush")
    except InputError:
        log.logger.exception("the feed failed")
    [said] = lines(tmp_path / "desk.jsonl")
    assert said["level"] == "error"
    assert "Traceback" in said["exception"]
    assert "is not a level of the log" in stream.getvalue()
    assert stream.getvalue().count("\n") == 1
    assert "hush" not in stream.getvalue() + str(said)


@dataclass
class Login:
    """Something whose text holds a secret."""

    name: str
    token: str


def test_no_secret_is_written_anywhere(tmp_path: Path) -> None:
    stream = io.StringIO()
    log = DeskLog(tmp_path / "desk.jsonl", stream=stream)
    log.logger.info(
        "connecting to postgresql://me:hush@host/db with token=hush",
        api_key="hush", url="redis://:hush@host", nested={"headers": [{"Authorization": "Bearer hush"}]},
        login=Login("me", "hush"), deep=[{"more": {"client_secret": {"a": ["hush"]}}}],
    )  # fmt: skip
    log.logger.bind(webhook_url="https://hush.example").warning("told")
    assert "hush" not in (tmp_path / "desk.jsonl").read_text() + stream.getvalue()
    assert lines(tmp_path / "desk.jsonl")[0]["nested"] == {"headers": [{"Authorization": "***"}]}


def test_whatever_is_logged_becomes_a_line(tmp_path: Path) -> None:
    circle: list[Any] = []
    circle.append(circle)
    stream = io.StringIO()
    log = DeskLog(tmp_path / "desk.jsonl", stream=stream)
    strange = {
        "circle": circle, "huge": 2**200, "bytes": b"\xff", "path": Path("x"), "nothing": None, "half": "\ud800",
        "tuple_keys": {(1, 2): 3}, "none": float("nan"), "time": "now", "set": {1},
    }  # fmt: skip
    for key, value in strange.items():
        log.logger.info("strange", **{key: value})
    log.logger.info("")
    assert len(lines(tmp_path / "desk.jsonl")) == len(strange) + 1
    assert len(stream.getvalue().splitlines()) == len(strange) + 1
    assert lines(tmp_path / "desk.jsonl")[8]["time_"] == "now"


def test_full_files_are_kept_up_to_a_number_and_no_line_is_lost_among_them(tmp_path: Path) -> None:
    log = DeskLog(tmp_path / "desk.jsonl", stream=io.StringIO(), most_bytes=2_000, kept=3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.logger.info("line", number=number, text="x" * 50), range(400)))
    log.logger.info("a long one", text="x" * 5_000)
    log.logger.info("the last one")
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == ["desk.jsonl", "desk.jsonl.1", "desk.jsonl.2", "desk.jsonl.3"]
    assert lines(tmp_path / "desk.jsonl")[-1]["event"] == "the last one"
    assert lines(tmp_path / "desk.jsonl.1")[-1]["event"] == "a long one"
    for name in ("desk.jsonl.2", "desk.jsonl.3"):
        assert (tmp_path / name).stat().st_size <= 2_000
        assert len(lines(tmp_path / name)) > 5


def test_a_log_that_was_taken_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    log = DeskLog(path, stream=io.StringIO())
    log.logger.info("one")
    path.rename(tmp_path / "taken")
    log.logger.info("two")
    log.close()
    log.logger.info("three")
    assert [one["event"] for one in lines(path)] == ["two", "three"]


def test_a_full_disk_is_said_once_and_the_desk_goes_on(tmp_path: Path) -> None:
    stream = io.StringIO()
    log = DeskLog(tmp_path / "desk.jsonl", stream=stream)
    log.logger.info("before")
    with full_disk((tmp_path / "desk.jsonl").stat().st_size):
        for number in range(3):
            log.logger.info("meanwhile", number=number)
    log.logger.info("after")
    said = stream.getvalue()
    assert said.count("cannot be written") == 1
    assert said.count("meanwhile") == 3
    assert said.count("is written again") == 1
    assert [one["event"] for one in lines(tmp_path / "desk.jsonl")] == ["before", "after"]


def test_half_a_line_harms_no_other(tmp_path: Path) -> None:
    log = DeskLog(tmp_path / "desk.jsonl", stream=io.StringIO())
    log.logger.info("before")
    with full_disk((tmp_path / "desk.jsonl").stat().st_size + 20):
        log.logger.info("cut short")
    log.logger.info("after")
    found = (tmp_path / "desk.jsonl").read_text().splitlines()
    assert len(found) == 3
    assert json.loads(found[2])["event"] == "after"


def test_a_folder_that_cannot_be_made_and_a_closed_stream_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    stream = io.StringIO()
    DeskLog(tmp_path / "file" / "desk.jsonl", stream=stream).logger.info("said")
    assert "cannot be written" in stream.getvalue()
    stream.close()
    DeskLog(tmp_path / "desk.jsonl", stream=stream).logger.info("said")
    assert lines(tmp_path / "desk.jsonl")[0]["event"] == "said"
    with pytest.raises(InputError, match="is not a level of the log"):
        DeskLog(tmp_path / "desk.jsonl", "loud")


def test_it_is_plain_when_piped_and_coloured_on_a_terminal(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", SAYING, str(tmp_path / "desk.jsonl")]
    piped = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert piped.stdout == ""
    assert "\x1b" not in piped.stderr
    assert piped.stderr.splitlines()[1].endswith("ERROR    the broker is down  wait_seconds=5")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", 0) as terminal:
        subprocess.run(arguments, stderr=theirs, check=True)
        os.close(theirs)
        shown = terminal.read(4096).decode()
    assert "\x1b[1;31mERROR   \x1b[0m the broker is down" in shown
    assert "INFO     the desk began" in shown
    assert len(lines(tmp_path / "desk.jsonl")) == 4
