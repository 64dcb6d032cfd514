"""Operators ask, the desk answers, and nothing is lost, done late or left lying about."""

import os
import pwd
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.small_disks import full_disk
from tradeworthy.adapters.files.desk_requests import DAMAGED, RequestBox
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.core.clock import DAY_NS, now_ns
from tradeworthy.core.errors import InputError, OutputError

ASKING = "import sys; from pathlib import Path; from tradeworthy.adapters.files.desk_requests import RequestBox;"


def serve(box: RequestBox, count: int) -> list[dict[str, object]]:
    """Answer that many requests with their own text, and give them in the order in which they came."""
    served: list[dict[str, object]] = []
    while len(served) < count:
        for name, request in box.waiting():
            served.append(request)
            box.answer(name, {"done": request.get("text")})
        time.sleep(0.005)
    return served


def test_a_request_of_another_process_is_answered_and_says_who_asked(tmp_path: Path) -> None:
    folder = tmp_path / "requests"
    code = f"{ASKING} print(RequestBox(Path(sys.argv[1])).ask({{'text': 'halt', 'user': 'root'}}, 30))"
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        [request] = serve(RequestBox(folder), 1)
        said, _ = process.communicate()
    assert said.strip() == "{'done': 'halt'}"
    assert (request["user"], request["pid"]) == (pwd.getpwuid(os.getuid()).pw_name, process.pid)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700


def test_many_at_once_each_get_their_own_answer_oldest_first(tmp_path: Path) -> None:
    box = RequestBox(tmp_path / "requests")
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(box.ask, {"text": f"number {number}"}, 30) for number in range(20)]
        while len(box.waiting()) < 20:
            time.sleep(0.005)
        moments = [request["asked_ns"] for _, request in box.waiting()]
        serve(box, 20)
        assert [one.result() for one in asked] == [{"done": f"number {number}"} for number in range(20)]
    assert moments == sorted(moments)


def test_a_request_without_an_answer_is_withdrawn(tmp_path: Path) -> None:
    box = RequestBox(tmp_path / "requests")
    assert box.ask({"text": "resume"}, 0.05) is None
    assert box.waiting() == []
    assert list((tmp_path / "requests").iterdir()) == []


def test_a_request_of_a_killed_asker_is_not_done_late(tmp_path: Path) -> None:
    folder = tmp_path / "requests"
    code = f"{ASKING} RequestBox(Path(sys.argv[1])).ask({{'text': 'resume'}}, 1.0)"
    with subprocess.Popen([sys.executable, "-c", code, str(folder)]) as process:
        while not (folder.exists() and list(folder.glob("[0-9]*.json"))):
            time.sleep(0.005)
        process.kill()
    [(_, request)] = RequestBox(folder).waiting() or [("", {"until_ns": 0})]
    while now_ns() <= int(request["until_ns"]):
        time.sleep(0.02)
    assert RequestBox(folder).waiting() == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff", b'{"a": "' + b"x" * 70_000 + b'"}'])
def test_a_damaged_request_is_told_and_can_be_answered_away(tmp_path: Path, data: bytes) -> None:
    folder = tmp_path / "requests"
    box = RequestBox(folder)
    assert box.waiting() == []
    (folder / "by hand.json").write_bytes(data)
    [(name, request)] = box.waiting()
    assert name == "by hand"
    assert list(request) == [DAMAGED]
    assert "by hand.json" in request[DAMAGED]
    box.answer(name, {"refused": "damaged"})
    assert box.waiting() == []


def test_links_and_folders_are_no_requests(tmp_path: Path) -> None:
    folder = tmp_path / "requests"
    box = RequestBox(folder)
    box.waiting()
    (tmp_path / "secret").write_text('{"text": "secret"}')
    (folder / "link.json").symlink_to(tmp_path / "secret")
    (folder / "folder.json").mkdir()
    assert [list(request) for _, request in box.waiting()] == [[DAMAGED], [DAMAGED]]
    box.answer("link", {"refused": "damaged"})
    assert (tmp_path / "secret").exists()
    with pytest.raises(OutputError, match="remove it by hand"):
        box.answer("folder", {"refused": "damaged"})


@pytest.mark.parametrize("name", ["", "../KILL", ".hidden", "a/b"])
def test_an_answer_goes_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is not the name of a request"):
        RequestBox(tmp_path).answer(name, {})


def test_answers_that_nobody_fetched_go_after_a_day(tmp_path: Path) -> None:
    box = RequestBox(tmp_path / "requests")
    box.waiting()
    for name, age_ns in (("old", DAY_NS + 10**9), ("new", 0)):
        box.answer(name, {"done": True})
        then = now_ns() - age_ns
        os.utime(tmp_path / "requests" / f"{name}.answer.json", ns=(then, then))
    box.waiting()
    assert [one.name for one in (tmp_path / "requests").iterdir()] == ["new.answer.json"]


def test_a_full_box_a_full_disk_and_what_is_no_json_are_said(tmp_path: Path) -> None:
    box = RequestBox(tmp_path / "requests")
    with pytest.raises(InputError, match="plain values only"):
        box.ask({"text": object()}, 0.01)
    with pytest.raises(InputError, match="at most 65536 bytes"):
        box.ask({"text": "x" * 70_000}, 0.01)
    with full_disk(), pytest.raises(OutputError, match="nothing can be asked there"):
        box.ask({"text": "halt"}, 0.01)
    assert box.waiting() == []
    for number in range(100):
        (tmp_path / "requests" / f"{number}.json").write_text("{}")
    with pytest.raises(OutputError, match="100 requests wait already"):
        box.ask({"text": "halt"}, 0.01)


def test_a_status_is_read_whole_with_its_age_while_it_is_written(tmp_path: Path) -> None:
    status = StatusFile(tmp_path / "status.json")
    assert status.write({"number": 0, "text": ""})
    done = threading.Event()

    def write() -> None:
        for number in range(300):
            status.write({"number": number, "text": "x" * number * 10})
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        found, age = status.read()
        assert len(found["text"]) == found["number"] * 10
        assert age >= 0
        seen.append(found["number"])
    writer.join()
    assert seen == sorted(seen)
    assert status.read()[0]["number"] == 299


def test_a_status_that_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    status = StatusFile(tmp_path / "status.json")
    with pytest.raises(InputError, match="no desk has written"):
        status.read()
    assert status.write({"number": 1})
    with full_disk():
        assert not status.write({"number": 2})
    assert status.read()[0]["number"] == 1
    (tmp_path / "status.json").write_text("{}")
    with pytest.raises(InputError, match="not the status of a desk"):
        status.read()
    with pytest.raises(InputError, match="plain values only"):
        status.write({"number": object()})
