"""Lines that are added to a file which never grows beyond a size: full ones are kept beside it, numbered, up to some."""

import errno
import os
import threading
from contextlib import suppress
from pathlib import Path


class RotatingLines:
    """`desk.jsonl`, `desk.jsonl.1` (the one before) up to `desk.jsonl.N`. May be used from several threads.

    most_bytes: of one file; a line that is longer by itself is written whole. kept: how many full ones.
    """

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        self.path = path
        self._most_bytes = most_bytes
        self._kept = kept
        self._file: int | None = None
        self._torn = False
        self._lock = threading.Lock()

    def add(self, line: bytes) -> None:
        """Write the line, not flushed to the disk. Raises OSError; the next call then tries anew."""
        with self._lock:
            file = self._opened()
            data = (b"\n" if self._torn else b"") + line + b"\n"
            size = os.fstat(file).st_size
            if size and size + len(data) > self._most_bytes:
                self._turn()
                file = self._opened()
            written = os.write(file, data)
            self._torn = 0 < written < len(data)
            if written < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    def close(self) -> None:
        """Closing twice is closing once."""
        with self._lock:
            self._close()

    def _opened(self) -> int:
        """The file; made anew where somebody took it away."""
        if self._file is not None and not self._is_there(self._file):
            self._close()
        if self._file is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            size = os.fstat(self._file).st_size
            self._torn = size > 0 and os.pread(self._file, 1, size - 1) != b"\n"  # a desk was killed in a line
        return self._file

    def _is_there(self, file: int) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        return named.st_ino == os.fstat(file).st_ino

    def _turn(self) -> None:
        self._close()
        for number in range(self._kept, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            with suppress(FileNotFoundError):  # not as many yet
                newer.replace(older)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
