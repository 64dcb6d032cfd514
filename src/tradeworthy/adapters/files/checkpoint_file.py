"""The desk's checkpoints: a line each, only ever added to, and beside them the hash of every event they vouch for."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from tradeworthy.core.checkpoint import Checkpoint, NewerCheckpoint, checkpoint_from
from tradeworthy.core.errors import InputError, OutputError

_WIDTH: Final = 32
"""Bytes of a hash."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line as it stands there; `checkpoint` is None where it is none, and `problem` says why.

    is_torn: the last one, and not ended; the next checkpoint takes its place.
    """

    number: int
    sha256: str
    checkpoint: Checkpoint | None
    problem: str = ""
    is_torn: bool = False


class CheckpointFile:
    """`checkpoints.jsonl`, and `checkpoints.hashes` with 32 bytes for each event: they tell which one was changed.

    The hashes are not signed: they count as far as their root is that of a checkpoint.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hashes = path.with_suffix(".hashes")

    def lines(self) -> list[KeptLine]:
        """Every line, oldest first. Raises InputError for a file that cannot be read, and for lines of a newer version."""
        return list(_lines(self.path, self.path.name)) if self.path.exists() else []

    def leaves(self, size: int) -> list[bytes] | None:
        """The hashes of the first `size` events; None where fewer are kept."""
        try:
            with self.hashes.open("rb") as file:
                data = file.read(size * _WIDTH)
        except OSError:
            return None
        if len(data) < size * _WIDTH:
            return None
        return [data[at : at + _WIDTH] for at in range(0, len(data), _WIDTH)]

    def leaf_count(self) -> int:
        """How many events have their hash here."""
        return self.hashes.stat().st_size // _WIDTH if self.hashes.exists() else 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from adding meanwhile. Raises OutputError."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise self._cannot(error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def append(self, checkpoint: Checkpoint, after: int, leaves: bytes) -> None:
        """Add a line, and before it the hashes of the events from `after` (from 0) on. What a crash left is cut off first.

        Call it inside of `held`. Both are durable on return. Raises OutputError.
        """
        try:
            _write(self.hashes, after * _WIDTH, leaves)
            data = self.path.read_bytes()
            _write(self.path, data.rfind(b"\n") + 1, checkpoint.line() + b"\n")
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> OutputError:
        return OutputError(f"{self.path}: no checkpoint can be added there ({error.strerror}); mend that and try again")


def outside_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints in a file that somebody kept elsewhere: one or more lines.

    Raises InputError for a file without any, and for a line that is none.
    """
    found = []
    for line in _lines(path, str(path)):
        if line.checkpoint is None:
            raise InputError(f"{line.problem}; bring the copy as it was kept")
        found.append(line.checkpoint)
    if not found:
        raise InputError(f"{path}: there is no checkpoint in it; name a file with lines of checkpoints.jsonl")
    return found


def _lines(path: Path, name: str) -> Iterator[KeptLine]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file of checkpoints") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    for number, text in enumerate(BytesIO(data), start=1):
        yield _kept(text, number, f"{name}, line {number}")


def _kept(text: bytes, number: int, where: str) -> KeptLine:
    is_torn = not text.endswith(b"\n")
    digest = sha256(text.removesuffix(b"\n")).hexdigest()
    try:
        return KeptLine(number, digest, checkpoint_from(text.removesuffix(b"\n"), where), is_torn=is_torn)
    except NewerCheckpoint:
        raise
    except InputError as error:
        return KeptLine(number, digest, None, str(error), is_torn)


def _write(path: Path, offset: int, data: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.ftruncate(descriptor, offset)
        done = 0
        while done < len(data):
            done += os.pwrite(descriptor, data[done:], offset + done)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
