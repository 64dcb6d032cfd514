"""The right to be the only desk in a folder: a lock on a file, and in it who holds it and for the how-manieth time.

The lock is the kernel's and goes with the process that held it, so that a crashed desk keeps nobody out; the file stays, and
with it the count. A process forked by the holder shares the lock: whoever forks without exec keeps the lease alive.
"""

import fcntl
import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from tradeworthy.adapters.journals.witness import flush_folder
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.errors import InputError, OutputError

_BLOCK: Final = 512
"""Bytes of the file: one sector, written in one go, so that no crash leaves half of it."""

_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.02
"""Somebody who looks who holds a lease locks it for a moment."""


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has it, or had it last. since: RFC 3339."""

    generation: int
    pid: int
    host: str
    since: str
    who: str

    def __str__(self) -> str:
        return f"{self.who} (process {self.pid} on {self.host}, since {self.since})"


class FileLease:
    """Fulfils `ports.Lease` on one machine.

    who: what this desk is called. after: a generation known from elsewhere, such as the journal, that the next one has to
    exceed even where the file was lost.
    """

    def __init__(self, path: Path, who: str, after: int = 0) -> None:
        self._path = path
        printable = "".join(letter for letter in who if letter.isprintable())
        self._who = printable.encode()[:120].decode(errors="ignore")  # the block holds it, whatever its letters
        self._after = after
        self._file: int | None = None
        self._generation = 0

    def acquire(self) -> int:
        """See `ports.Lease`. The generation is on the disk before it is returned.

        Raises InputError, naming the holder, while another has it, or where the file is damaged; OutputError where it
        cannot be written.
        """
        try:
            with ExitStack() as undoing:
                file = _locked(self._path)
                undoing.callback(os.close, file)
                self._generation = self._next(file)
                undoing.pop_all()
        except OSError as error:
            raise OutputError(f"{self._path}: the desk cannot be held there ({error.strerror}); mend that") from error
        self._file = file
        return self._generation

    def is_held(self) -> bool:
        """See `ports.Lease`. No, once the file was replaced or deleted, or holds another generation than ours."""
        if self._file is None:
            return False
        try:
            found = _read(self._file)
            return _is_at(self._file, self._path) and found is not None and found.generation == self._generation
        except (OSError, InputError):
            return False

    def release(self) -> None:
        """See `ports.Lease`."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _next(self, file: int) -> int:
        before = _read(file)
        last = max(self._after, before.generation if before else 0)
        holder = Holder(last + 1, os.getpid(), socket.gethostname()[:100], rfc3339(now_ns()), self._who)
        os.pwrite(file, msgspec.json.encode(holder).ljust(_BLOCK - 1) + b"\n", 0)
        os.fsync(file)
        flush_folder(self._path.parent)
        return holder.generation


def holder_of(path: Path) -> Holder | None:
    """Who holds the lease now; None where nobody does. Raises InputError for a damaged file."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(file)
    else:
        return None
    finally:
        os.close(file)


def _locked(path: Path) -> int:
    """The file, open and locked. Raises InputError while another has it, and OSError."""
    for last in range(1, _TRIES + 1):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _held_by(file)
            os.close(file)
            if last == _TRIES:
                raise InputError(f"{path}: {holder} has this desk; stop it first, as two would both trade") from None
        else:
            if _is_at(file, path):
                return file
            os.close(file)  # replaced while we were waiting for it
        time.sleep(_PAUSE_SECONDS)
    raise InputError(f"{path}: it is replaced again and again; find out by whom, and start the desk then")


def _held_by(file: int) -> str:
    try:
        return str(_read(file) or "another process that is just starting")
    except InputError:
        return "another process"


def _read(file: int) -> Holder | None:
    """What stands in the file; None in a new one. Raises InputError for what no lease ever was."""
    data = os.pread(file, _BLOCK, 0)
    if not data:
        return None
    try:
        return msgspec.json.decode(data, type=Holder)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"the lease of the desk is damaged ({error}), so nobody knows how often it was held; move it away if no desk runs"
        ) from error


def _is_at(file: int, path: Path) -> bool:
    """Whether the open file is the one that has this name."""
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(file)
    return (mine.st_dev, mine.st_ino) == (named.st_dev, named.st_ino)
