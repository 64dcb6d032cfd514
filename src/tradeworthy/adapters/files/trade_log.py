"""A log of trades that only grows, and shows whatever was done to it afterwards."""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Final

import msgspec

from tradeworthy.adapters.files.line_chain import Finding, findings, line_after, read_line
from tradeworthy.adapters.files.plain_entries import plain_entry
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.witness import flush_folder
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.errors import InputError, JournalError, OutputError

_HEAD_BYTES: Final = 160
_ITSELF: Final = "the log itself"
"""The one key of a line that no trade led to."""
_TORN: Final = "a line that was half written when a process was killed has been cut off"


class _Head(msgspec.Struct, frozen=True):
    """How far the log went: lines, digest of the last, bytes of the file."""

    n: int
    chain: str
    size: int

    @property
    def link(self) -> Link:
        return Link(self.n, bytes.fromhex(self.chain))


class TradeLogger:
    """`log_trade({...})` adds a line of JSON, chained by SHA-256 to all before it, durable on return.

    path: the file; beside it stands `<path>.head`, which says how far it went, so that lines which are taken off its end
    are missed too. None keeps the lines in memory. A line half written by a process that was killed is cut off at the next
    call, and a line that says so stands in its place. Threads and processes may write to one file at the same time.

    Whoever may change both files can write the whole log anew; give the `head` of `verify` to somebody else now and then, and
    to `verify(head=...)` later. Raises InputError for a path that is no file.
    """

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._lines: list[bytes] = []
        self._link = Link()
        self._lock = threading.Lock()
        if self.path is not None and self.path.is_dir():
            raise InputError(f"{self.path}: is a folder; name a file in it, such as {self.path / 'trades.jsonl'}")

    def log_trade(self, trade: Any) -> dict[str, Any]:
        """Add it: {n, chain, time}, the number of its line and its digest.

        trade: a dict of plain values. Raises InputError, before anything is written, for NaN, naive times and what JSON
        cannot hold; OutputError where the disk does not take it; JournalError where the file was changed by somebody.
        """
        entry = plain_entry(trade, "the trade")
        if self.path is None:
            with self._lock:
                return self._in_memory(entry)
        try:
            with self._held(self.path) as head:
                return self._in_file(self.path, head, entry)
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written ({error.strerror}), so this trade is not in it; make room, "
                              "and log it again") from error  # fmt: skip

    def entries(self, after: int = 0) -> list[dict[str, Any]]:
        """What was logged, oldest first, without the notes of the log itself. after: only what stands behind that line.

        Raises JournalError where `verify` finds something wrong: what cannot be trusted is not counted.
        """
        told = self.verify()
        if not told["ok"]:
            raise JournalError(
                f"{self.path or 'the log in memory'}: {told['reason']}; compare it with your broker's statement"
            )
        read = [read_line(line) for line in self._whole()[0]]
        return [
            one.body.entry
            for one in read
            if one is not None and one.body.n > after and set(one.body.entry) != {_ITSELF}
        ]

    def verify(self, head: str | None = None) -> dict[str, Any]:
        """{ok, reason, lines, head, problems}: problems as {line, reason}, the line of the file from 1.

        head: a digest that `verify` or `log_trade` gave earlier; it has to be of a line that is there. A half-written last
        line is no problem and said in `reason`. Raises InputError where the file cannot be read.
        """
        before = _Head(len(self._lines), self._link.chain.hex(), 0) if self.path is None else self._head_of(self.path)
        lines, torn = self._whole()
        found, link = findings(lines)
        if not found:
            found = _against(lines, before, head)
        reason = found[0].sentence if found else f"all {len(lines)} lines are as they were written"
        if torn:
            reason += f"; a last line of {torn} bytes is only half there, and is cut off at the next trade"
        problems = [{"line": one.line, "reason": one.sentence} for one in found]
        return {"ok": not found, "reason": reason, "lines": len(lines), "head": link.chain.hex(), "problems": problems}

    def _in_memory(self, entry: dict[str, Any]) -> dict[str, Any]:
        time = rfc3339(now_ns())
        line, self._link = line_after(self._link, time, entry)
        self._lines.append(line[:-1])
        return {"n": self._link.sequence, "chain": self._link.chain.hex(), "time": time}

    @contextmanager
    def _held(self, path: Path) -> Iterator[int]:
        """The file of the head, with nobody else writing."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(_head_path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _in_file(self, path: Path, head: int, entry: dict[str, Any]) -> dict[str, Any]:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            link, torn = self._end(path, file, head)
            time, data = rfc3339(now_ns()), b""
            if torn:
                data, link = line_after(link, time, {_ITSELF: f"{_TORN} ({torn} bytes)"})
            line, made = line_after(link, time, entry)
            size = os.fstat(file).st_size
            try:
                self._add(file, data + line)
                if made.sequence == 1:
                    flush_folder(path.parent)
                _write_head(head, _Head(made.sequence, made.chain.hex(), os.fstat(file).st_size))
            except OSError:
                os.ftruncate(file, size)  # all of it or nothing: who is told that it failed logs it again
                raise
            return {"n": made.sequence, "chain": made.chain.hex(), "time": time}
        finally:
            os.close(file)

    def _end(self, path: Path, file: int, head: int) -> tuple[Link, int]:
        """The place after the last whole line, and how many bytes of a torn one were cut off."""
        size, known = os.fstat(file).st_size, _read_head(head)
        if known is not None and known.size == size:
            return known.link, 0
        if (
            known is None and not size
        ):  # before the first line, so that a process killed behind it leaves no log without one
            known = _Head(0, bytes(32).hex(), 0)
            _write_head(head, known)
        lines, torn = _split(path.read_bytes())
        found, link = findings(lines)
        found = found or _against(lines, known, None)
        if found:
            raise JournalError(f"{path}: {found[0].sentence}; nothing is added to a log that was changed: keep it as it is, "
                               "and name another file")  # fmt: skip
        if torn:
            os.ftruncate(file, size - torn)
        return link, torn

    @staticmethod
    def _add(file: int, data: bytes) -> None:
        written = os.write(file, data)
        os.fsync(file)
        if written < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _whole(self) -> tuple[list[bytes], int]:
        if self.path is None:
            with self._lock:
                return list(self._lines), 0
        try:
            return _split(self.path.read_bytes())
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror})") from error

    @staticmethod
    def _head_of(path: Path) -> _Head | None:
        """Read before the file is, so that a line added meanwhile is not missed by it."""
        try:
            return _decoded(_head_path(path).read_bytes())
        except OSError:
            return None


def _against(lines: list[bytes], known: _Head | None, head: str | None) -> list[Finding]:
    """Lines that are whole, held against how far the log is known to have gone."""
    chains = [read.stated.chain.hex() for read in map(read_line, lines) if read is not None]
    count = len(chains)
    if known is not None and known.n > count:
        missing = known.n - count
        return [Finding(count + 1, f"the last {missing} of {known.n} lines are missing" if missing > 1
                        else f"the last of {known.n} lines is missing")]  # fmt: skip
    if known is not None and known.n and chains[known.n - 1] != known.chain:
        return [Finding(known.n, f"line {known.n} is not what was written: the log was written anew")]
    if known is None and count:
        return [Finding(count, "the file beside it that says how far it went is missing or damaged, so lines may be missing "
                               "from its end")]  # fmt: skip
    if head is not None and head not in chains:
        return [Finding(count, f"no line has the digest {head:.16}..., so the log was written anew, or is another one")]
    return []


def _split(data: bytes) -> tuple[list[bytes], int]:
    whole, _, torn = data.rpartition(b"\n")
    return (whole.split(b"\n") if b"\n" in data else []), len(torn)


def _head_path(path: Path) -> Path:
    return path.with_name(path.name + ".head")


def _read_head(descriptor: int) -> _Head | None:
    return _decoded(os.pread(descriptor, _HEAD_BYTES, 0))


def _decoded(data: bytes) -> _Head | None:
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    return head if len(head.chain) == 64 and set(head.chain) <= set("0123456789abcdef") else None


def _write_head(descriptor: int, head: _Head) -> None:
    """In one write of one block. Not flushed: after a loss of power it may be behind the log, and is never ahead of it."""
    os.pwrite(descriptor, msgspec.json.encode(head).ljust(_HEAD_BYTES), 0)
