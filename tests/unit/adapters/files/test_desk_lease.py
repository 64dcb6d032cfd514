"""One desk at a time, whatever becomes of the one before."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tradeworthy.adapters.files.desk_lease import FileLease, holder_of
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.ports import Lease

HOLDING = Path(__file__).parents[3] / "support" / "lease_holding.py"


@contextmanager
def holder(path: Path, who: str = "the other desk") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that has the lease, and its generation."""
    with subprocess.Popen([sys.executable, str(HOLDING), str(path), who], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def test_every_holder_has_a_higher_generation(tmp_path: Path) -> None:
    lease: Lease = FileLease(tmp_path / "desk.lease", "mine")
    for generation in (1, 2, 3):
        assert lease.acquire() == generation
        assert lease.is_held()
        lease.release()
        lease.release()
        assert not lease.is_held()
    assert (tmp_path / "desk.lease").stat().st_mode & 0o777 == 0o600


def test_a_second_holder_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.lease"
    with holder(path) as (process, _):
        with pytest.raises(InputError) as refused:
            FileLease(path, "mine").acquire()
        found = holder_of(path)
    assert found is not None
    assert (found.pid, found.host, found.who) == (process.pid, socket.gethostname(), "the other desk")
    for word in ("the other desk", f"process {process.pid}", socket.gethostname(), found.since):
        assert word in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_killed_holder_keeps_nobody_out_and_the_count_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "desk.lease"
    for generation in range(1, 6, 2):
        with holder(path) as (process, theirs):
            assert theirs == generation
            process.kill()
            process.wait()
            lease = FileLease(path, "mine")
            assert holder_of(path) is None
            assert lease.acquire() == generation + 1
            assert lease.is_held()
            lease.release()


def test_the_same_process_does_not_get_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "desk.lease"
    first = FileLease(path, "mine")
    first.acquire()
    for second in (first, FileLease(path, "mine too")):
        with pytest.raises(InputError, match=f"process {os.getpid()}"):
            second.acquire()
    assert first.is_held()


def test_it_is_lost_when_the_file_is_deleted_replaced_or_holds_a_higher_generation(tmp_path: Path) -> None:
    path = tmp_path / "desk.lease"
    lease = FileLease(path, "mine")
    lease.acquire()
    text = path.read_text()
    path.write_text(text.replace('"generation":1', '"generation":2'))
    assert not lease.is_held()
    path.write_text(text)
    assert lease.is_held()
    path.write_text("nonsense")
    assert not lease.is_held()
    path.write_text(text)
    path.unlink()
    assert not lease.is_held()
    other = FileLease(path, "other", after=1)
    assert other.acquire() == 2
    assert other.is_held()
    assert not lease.is_held()


def test_a_damaged_lease_is_refused_as_its_count_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "desk.lease"
    path.write_text("{")
    with pytest.raises(InputError, match="damaged"):
        FileLease(path, "mine").acquire()
    path.unlink()


@pytest.mark.parametrize("who", ["ü" * 1000, '"' * 1000, "\0\n" * 500, "", "\U0001f600" * 400])
def test_whatever_a_desk_is_called_its_lease_can_be_read_again(tmp_path: Path, who: str) -> None:
    path = tmp_path / "desk.lease"
    lease = FileLease(path, who)
    assert lease.acquire() == 1
    assert lease.is_held()
    assert path.stat().st_size == 512
    lease.release()
    assert lease.acquire() == 2


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be held there"):
        FileLease(tmp_path / "none" / "desk.lease", "mine").acquire()
