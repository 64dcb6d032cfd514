"""A history of trades while a bot writes it: what of it is whole now."""

import sqlite3
from pathlib import Path

from tradeworthy.core.errors import InputError

_TEXT = frozenset({".csv", ".tsv", ".txt"})
_SQLITE = b"SQLite format 3\x00"
_LINE_ENDS = {b"\xff\xfe": b"\n\x00", b"\xfe\xff": b"\x00\n"}
"""By the byte order mark of UTF-16; one byte otherwise."""


def whole_part(path: Path) -> bytes:
    """All whole lines of a text, a database with what its log still holds, anything else as it stands.

    Raises InputError where there is no such file, or it cannot be read.
    """
    try:
        content = path.expanduser().read_bytes()
        if content.startswith(_SQLITE):
            return _database(path)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: there is no such file of trades, or it cannot be read ({reason})") from error
    return whole_lines(content) if path.suffix.lower() in _TEXT else content


def has_half_a_line(path: Path, content: bytes) -> bool:
    """Whether a text holds more than its whole lines."""
    return path.suffix.lower() in _TEXT and path.expanduser().stat().st_size > len(content)


def whole_lines(content: bytes) -> bytes:
    """Up to the last line end, in UTF-8 and UTF-16 alike."""
    end = _LINE_ENDS.get(content[:2], b"\n")
    place = content.rfind(end)
    while place > 0 and place % len(end):  # half of one letter and half of the next
        place = content.rfind(end, 0, place)
    return content[: place + len(end)] if place >= 0 else b""


def _database(path: Path) -> bytes:
    """A copy that SQLite itself makes: what is committed may stand in the log beside the file (write-ahead logging)."""
    source = sqlite3.connect(f"{path.expanduser().resolve().as_uri()}?mode=ro", uri=True)
    try:
        return source.serialize()
    finally:
        source.close()
