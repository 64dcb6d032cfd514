"""A small state in a file of its own: whole or not at all, and changed by one process at a time."""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.core.errors import InputError

VERSION: Final = 1
Stamp = tuple[int, int, int]


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    version: int
    sha256: str
    state: dict[str, Any]


class KeptState:
    """JSON at `path`, with a checksum and beside it a `.lock`. kind: what it is of, so that nothing else is taken for it."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self._kind = kind

    def stamp(self) -> Stamp | None:
        """Changes whenever somebody wrote the file; None where there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> dict[str, Any] | None:
        """The state; None where there is no file. Raises InputError for whatever is damaged or of another version."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror})") from error
        return self._decoded(data)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else changes it meanwhile. Makes the folder if need be. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def write(self, state: Mapping[str, Any]) -> None:
        """Durable on return. Raises OSError; the old state is then as it was."""
        kept = _Kept(self._kind, VERSION, _digest(state), dict(state))
        swap(self.path, msgspec.json.format(msgspec.json.encode(kept)) + b"\n", durable=True)

    def _decoded(self, data: bytes) -> dict[str, Any]:
        try:
            found = msgspec.json.decode(data, type=_Kept)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path}: damaged, so nothing of it is used ({error}); restore it, or look at what was "
                             "halted and why before you remove it") from error  # fmt: skip
        if found.kind != self._kind:
            raise InputError(f"{self.path}: holds {found.kind!r} and not {self._kind!r}; name another file")
        if found.version != VERSION:
            raise InputError(
                f"{self.path}: is of version {found.version}, and this one reads {VERSION}; use the version that wrote it"
            )
        if found.sha256 != _digest(found.state):
            raise InputError(f"{self.path}: was changed by hand or damaged, so nothing of it is used; restore it, or look "
                             "at what was halted and why before you remove it")  # fmt: skip
        return found.state


def _digest(state: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(state, order="deterministic")).hexdigest()
