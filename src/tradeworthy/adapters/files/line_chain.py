"""Lines of JSON that hang on one another: each names the SHA-256 of all before it and of itself.

    {"chain":"<64 hexadecimal digits>","n":7,"time":"2026-10-30T14:15:00Z","entry":{...}}

The digest of line n is SHA-256 over the digest of line n - 1 (32 zero bytes before the first) and the line's bytes without
its own digest. It covers the bytes and not their meaning, so that no edit goes unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from tradeworthy.adapters.journals.chain import Link

_BEFORE, _AFTER = b'{"chain":"', b'",'
_DIGITS: Final = 64
_START: Final = len(_BEFORE) + _DIGITS + len(_AFTER)


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line without its digest. n: from 1, dense."""

    n: int
    time: str
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: at which line of the file, from 1, and what, in a sentence."""

    line: int
    sentence: str


def line_after(link: Link, time: str, entry: dict[str, Any]) -> tuple[bytes, Link]:
    """The next line, its end included, and the place that it makes."""
    body = msgspec.json.encode(Body(link.sequence + 1, time, entry))
    made = link.after(body)
    return _BEFORE + made.chain.hex().encode() + _AFTER + body[1:] + b"\n", made


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it stands, without its end. stated: the place that it claims to be."""

    data: bytes
    body: Body
    stated: Link

    def follows(self, link: Link) -> bool:
        """Whether it is the whole and next line after that place."""
        return self.body.n == link.sequence + 1 and link.after(self.data) == self.stated


def read_line(line: bytes) -> ReadLine | None:
    """None for what is no such line."""
    if not line.startswith(_BEFORE) or line[_START - len(_AFTER) : _START] != _AFTER:
        return None
    data = b"{" + line[_START:]
    digits = line[len(_BEFORE) : len(_BEFORE) + _DIGITS]
    try:
        chain, body = bytes.fromhex(digits.decode("ascii")), msgspec.json.decode(data, type=Body)
    except (ValueError, msgspec.DecodeError, msgspec.ValidationError):
        return None
    canonical = len(chain) * 2 == _DIGITS and chain.hex().encode() == digits
    return ReadLine(data, body, Link(body.n, chain)) if canonical else None


def findings(lines: Iterable[bytes]) -> tuple[list[Finding], Link]:
    """What is wrong with the lines, in order, and the place after the last one. After something wrong the lines go on
    being held against one another, so that one edit is one finding."""
    found: list[Finding] = []
    places: tuple[Link, ...] = (Link(),)
    unread = 0
    for number, line in enumerate(lines, 1):
        read = read_line(line)
        if read is None:
            found.append(Finding(number, f"line {number} is damaged: it is no line of this log"))
            unread += 1
            continue
        behind_damage = unread > 0 and read.body.n == places[0].sequence + unread + 1  # what it hangs on is not known
        if not behind_damage and not any(read.follows(place) for place in places):
            found.append(Finding(number, _wrong(number, read, places[0])))
            places = (read.stated, places[0], places[0].after(read.data))
        else:
            places = (read.stated,)
        unread = 0
    return found, places[0]


def _wrong(number: int, read: ReadLine, before: Link) -> str:
    place = before.sequence + 1
    if read.body.n > place:
        return (
            f"line {number} is entry {read.body.n} where {place} has to stand: entries are missing, or in another order"
        )
    if read.body.n < place:
        return f"line {number} is entry {read.body.n} where {place} has to stand: it was put in, or is in another order"
    return f"line {number} (entry {read.body.n}) is not what was written, or what stood before it is not"
