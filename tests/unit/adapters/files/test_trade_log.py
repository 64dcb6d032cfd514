"""A log of trades in which nothing can be changed unseen."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.small_disks import full_disk
from tradeworthy import TradeLogger
from tradeworthy.core.errors import InputError, JournalError, OutputError


def written(folder: Path, count: int = 6) -> TradeLogger:
    log = TradeLogger(folder / "trades.jsonl")
    for number in range(count):
        log.log_trade({"symbol": "EUR_USD", "pnl": 1.5 * number})
    return log


def place(log: TradeLogger) -> Path:
    assert log.path is not None
    return log.path


def test_what_was_logged_is_there_in_order_and_verified(tmp_path: Path) -> None:
    log = written(tmp_path)
    told = log.verify()
    assert told["ok"], told
    assert (told["lines"], told["problems"]) == (6, [])
    assert [one["pnl"] for one in log.entries()] == [0, 1.5, 3.0, 4.5, 6.0, 7.5]
    assert place(log).stat().st_mode & 0o777 == 0o600
    assert TradeLogger(str(place(log))).log_trade({"pnl": 1})["n"] == 7


def test_each_line_is_json_whose_digest_anybody_can_work_out(tmp_path: Path) -> None:
    from hashlib import sha256

    before = bytes(32)
    for line in place(written(tmp_path)).read_bytes().splitlines():
        read = json.loads(line)
        body = b"{" + line.split(b",", 1)[1]
        before = sha256(before + body).digest()
        assert read["chain"] == before.hex()


def lines_of(log: TradeLogger) -> list[bytes]:
    return place(log).read_bytes().splitlines(keepends=True)


def edited(lines: list[bytes], at: int) -> int:
    lines[at] = lines[at].replace(b"EUR", b"GBP")
    return at


def with_other_digest(lines: list[bytes], at: int) -> int:
    digits = lines[at][10:74]
    lines[at] = lines[at].replace(digits, digits[::-1])
    return at


def removed(lines: list[bytes], at: int) -> int:
    del lines[at]
    return at


def inserted(lines: list[bytes], at: int) -> int:
    """The third line once more; beside itself the second of the two is the one too many."""
    lines.insert(at, lines[2])
    return 3 if at in {2, 3} else at


def swapped(lines: list[bytes], at: int) -> int:
    first = min(at, 4)
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    return first


def garbled(lines: list[bytes], at: int) -> int:
    lines[at] = b"\x00\xff nothing\n"
    return at


def with_blank(lines: list[bytes], at: int) -> int:
    lines.insert(at, b"\n")
    return at


def renumbered(lines: list[bytes], at: int) -> int:
    lines[at] = lines[at].replace(b'"n":%d' % (at + 1), b'"n":%d' % (at + 2))
    return at


def spelled_otherwise(lines: list[bytes], at: int) -> int:
    lines[at] = lines[at].replace(b'"symbol":"', b'"symbol": "')
    return at


WAYS = (
    edited, with_other_digest, removed, inserted, swapped, garbled, with_blank, renumbered, spelled_otherwise,
)  # fmt: skip


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("way", WAYS)
def test_every_change_is_found_where_it_was_made(
    tmp_path: Path, at: int, way: Callable[[list[bytes], int], int]
) -> None:
    log = written(tmp_path)
    whole, lines = place(log).read_bytes(), lines_of(log)
    where = way(lines, at) + 1
    changed = b"".join(lines)
    place(log).write_bytes(changed)
    told = log.verify()
    assert not told["ok"]
    assert told["problems"][0]["line"] == where, told
    with pytest.raises(JournalError, match="compare it with your broker"):
        log.entries()
    if len(changed) != len(whole):
        with pytest.raises(JournalError, match="nothing is added to a log that was changed"):
            log.log_trade({"pnl": 1})


def test_one_edit_is_one_finding(tmp_path: Path) -> None:
    for way in (b"EUR", b'"chain":"'):
        log = written(tmp_path / way.hex())
        lines = lines_of(log)
        lines[2] = lines[2].replace(b"EUR", b"GBP") if way == b"EUR" else b"garbage\n"
        place(log).write_bytes(b"".join(lines))
        assert [one["line"] for one in log.verify()["problems"]] == [3]


def test_lines_taken_off_the_end_are_missed(tmp_path: Path) -> None:
    log = written(tmp_path)
    whole = place(log).read_bytes()
    place(log).write_bytes(b"".join(lines_of(log)[:4]))
    assert log.verify()["reason"] == "the last 2 of 6 lines are missing"
    place(log).write_bytes(whole)
    place(log).with_name("trades.jsonl.head").unlink()
    assert "says how far it went is missing" in log.verify()["reason"]
    assert TradeLogger(tmp_path / "none.jsonl").verify()["ok"]
    place(log).unlink()
    assert log.verify()["ok"]  # nothing of it is left to say that it was there


def test_a_log_that_was_written_anew_lacks_the_digest_that_somebody_else_holds(tmp_path: Path) -> None:
    log = written(tmp_path)
    head = log.verify()["head"]
    log.log_trade({"pnl": 1})
    assert log.verify(head=head)["ok"]
    for path in tmp_path.iterdir():
        path.unlink()
    anew = written(tmp_path, 8)
    assert anew.verify()["ok"]
    assert "written anew" in anew.verify(head=head)["reason"]


@pytest.fixture(scope="module")
def three_lines(tmp_path_factory: pytest.TempPathFactory) -> TradeLogger:
    """One log for every example: the time in its lines, and so its length, is of the clock."""
    return written(tmp_path_factory.mktemp("log"), 3)


@given(st.data())
def test_no_change_of_bytes_goes_unseen(three_lines: TradeLogger, data: st.DataObject) -> None:
    from shutil import copytree
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        copytree(place(three_lines).parent, folder, dirs_exist_ok=True)
        log = TradeLogger(Path(folder) / "trades.jsonl")
        whole = place(log).read_bytes()
        start = data.draw(st.integers(0, len(whole) - 1))
        end = data.draw(st.integers(start, min(len(whole), start + 40)))
        changed = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
        place(log).write_bytes(changed)
        told = log.verify()
        if changed == whole or (changed.startswith(whole) and b"\n" not in changed[len(whole) :]):
            assert told["ok"]
        else:
            assert not told["ok"]
            assert told["problems"][0]["line"] <= whole[:start].count(b"\n") + 2


def test_a_line_half_written_is_cut_off_and_said(tmp_path: Path) -> None:
    log = written(tmp_path)
    with place(log).open("ab") as file:
        file.write(b'{"chain":"12')
    assert "a last line of 12 bytes is only half there" in log.verify()["reason"]
    assert log.verify()["ok"]
    assert log.log_trade({"pnl": 9})["n"] == 8
    assert "cut off (12 bytes)" in place(log).read_text()
    assert [one["pnl"] for one in log.entries()][-1] == 9
    assert log.verify()["ok"]


def test_a_first_line_half_written_is_cut_off_too(tmp_path: Path) -> None:
    log = TradeLogger(tmp_path / "trades.jsonl")
    place(log).write_bytes(b'{"chain')
    log.log_trade({"pnl": 9})
    assert log.verify()["ok"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pnl": float("nan")}, "the trade.pnl is nan"), ({"a": [{"b": float("inf")}]}, r"the trade.a\[0\].b is inf"),
        ({"pnl": Decimal("NaN")}, "pnl is NaN"), ({"pnl": np.float64("nan")}, "pnl is nan"),
        ({"time": datetime(2026, 1, 1)}, "no time zone"), ({"x": object()}, "no log can hold"),  # noqa: DTZ001 - naive on purpose
        ({"x": 2**70}, "no log can hold"), ({"x": {1, 2}}, "no log can hold"), ({None: 1}, "keys are texts"),
        ([1], "must be a dict"), (None, "must be a dict"), ("pnl", "must be a dict"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused_before_anything_is_written(tmp_path: Path, wrong: Any, says: str) -> None:
    log = written(tmp_path)
    before = place(log).read_bytes()
    with pytest.raises(InputError, match=says):
        log.log_trade(wrong)
    assert place(log).read_bytes() == before


def test_what_has_a_plain_form_is_kept_in_it() -> None:
    log = TradeLogger()
    log.log_trade({
        "units": Decimal("0.10"), "at": datetime(2026, 1, 1, tzinfo=UTC), "n": np.int64(3), "x": np.float32(0.5), "t": (1, None),
        "text": "\ud800", 5: True,
    })  # fmt: skip
    assert log.entries() == [{
        "units": "0.10", "at": "2026-01-01T00:00:00+00:00", "n": 3, "x": 0.5, "t": [1, None], "text": "\\ud800", "5": True,
    }]  # fmt: skip
    assert log.verify()["ok"]


def test_a_nested_trade_that_holds_itself_is_refused() -> None:
    trade: dict[str, Any] = {}
    trade["itself"] = trade
    with pytest.raises(InputError, match="nested more than 20 deep"):
        TradeLogger().log_trade(trade)


def test_a_full_disk_is_said_and_leaves_the_log_whole(tmp_path: Path) -> None:
    log = written(tmp_path)
    size = place(log).stat().st_size
    for room in (0, 50):
        with full_disk(size + room), pytest.raises(OutputError, match="this trade is not in it"):
            log.log_trade({"pnl": 1, "note": "x" * 100})
        assert place(log).stat().st_size == size
    assert log.log_trade({"pnl": 1})["n"] == 7
    assert log.verify()["ok"]
    with pytest.raises(InputError, match="is a folder"):
        TradeLogger(tmp_path)


def test_threads_and_processes_write_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "trades.jsonl"
    script = (
        "import sys; from tradeworthy import TradeLogger\nlog = TradeLogger(sys.argv[1])\n"
        "for n in range(30): log.log_trade({'who': sys.argv[2], 'n': n})"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(path), str(who)]) for who in range(3)]
    log = TradeLogger(path)

    def write(who: int) -> None:
        for number in range(30):
            log.log_trade({"who": f"thread {who}", "n": number})

    threads = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.wait() for one in others] == [0, 0, 0]
    told = log.verify()
    assert (told["ok"], told["lines"]) == (True, 180)
    by_who: dict[str, list[int]] = {}
    for entry in log.entries():
        by_who.setdefault(entry["who"], []).append(entry["n"])
    assert all(numbers == list(range(30)) for numbers in by_who.values())


def test_whatever_was_acknowledged_outlives_a_kill_at_any_moment(tmp_path: Path) -> None:
    path, script = tmp_path / "trades.jsonl", (
        "import sys; from tradeworthy import TradeLogger\nlog = TradeLogger(sys.argv[1])\n"
        "while True: print(log.log_trade({'x': 'y' * 500})['n'], flush=True)"
    )  # fmt: skip
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        last = [int(child.stdout.readline()) for _ in range(20)][-1]
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        child.stdout.close()
        last = int(rest[-1]) if rest else last
        told = TradeLogger(path).verify()
        assert told["ok"], told
        assert told["lines"] >= last
