"""The file beside a SQLite journal that holds its lock, and remembers how far it went.

SQLite drops a torn end of its log without a word, which is right for a transaction that nobody was told about, and wrong for
one that was acknowledged. So the last acknowledged place is noted here after every commit. It is not flushed each time: it may
fall behind the journal when the machine loses power, and never runs ahead of it.
"""

import fcntl
import os
import struct
import zlib
from pathlib import Path
from typing import Final

from tradeworthy.adapters.journals.chain import BEGINNING, Link
from tradeworthy.core.errors import JournalError

_SLOT: Final = struct.Struct(">8sQ32s")
_MAGIC: Final = b"twjrnl1\n"
_APART: Final = 4096
"""Bytes between the two slots, which are written in turn: one torn write leaves the other."""


class Witness:
    """`<journal>.witness`, held with an exclusive lock until it is closed."""

    def __init__(self, journal: Path) -> None:
        """Make the file if need be, and take the lock. Raises JournalError where another process has it, and OSError."""
        self.path = journal.with_name(journal.name + ".witness")
        self._slot = 0
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise JournalError(
                f"{journal}: another process has this journal open; stop that desk first, as two on one journal would "
                "both trade"
            ) from None
        if os.fstat(self._file).st_size == 0:
            self.rewrite(Link())

    def read(self) -> Link | None:
        """The last place noted; None where both notes are damaged."""
        return _newest(self._file)

    def note(self, link: Link) -> None:
        """Remember this place, for every reader at once and for a loss of power a little later."""
        os.pwrite(self._file, _packed(link), self._slot * _APART)
        self._slot = 1 - self._slot

    def rewrite(self, link: Link) -> None:
        """Remember this place alone, whatever was noted before, and flush it and its folder."""
        for _ in range(2):
            self.note(link)
        os.fsync(self._file)
        flush_folder(self.path.parent)

    def close(self) -> None:
        """Flush what is noted and let go of the lock."""
        try:
            os.fsync(self._file)
        finally:
            os.close(self._file)


def noted_beside(journal: Path) -> Link | None:
    """What the witness of a journal remembers, read without holding it; None where there is none, or it is damaged."""
    try:
        descriptor = os.open(journal.with_name(journal.name + ".witness"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _newest(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make names that were made or changed in a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _newest(descriptor: int) -> Link | None:
    found = [link for link in (_read(descriptor, slot) for slot in (0, 1)) if link is not None]
    return max(found, key=lambda link: link.sequence, default=None)


def _read(descriptor: int, slot: int) -> Link | None:
    data = os.pread(descriptor, _SLOT.size + 4, slot * _APART)
    if len(data) < _SLOT.size + 4 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        return None
    magic, sequence, chain = _SLOT.unpack(data[:-4])
    return Link(sequence, chain) if magic == _MAGIC and len(chain) == len(BEGINNING) else None


def _packed(link: Link) -> bytes:
    data = _SLOT.pack(_MAGIC, link.sequence, link.chain)
    return data + zlib.crc32(data).to_bytes(4, "big")
