"""Bytes of reports and exports as text, in the encodings that terminals write."""

import codecs
import re
from dataclasses import dataclass

_NAMED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
_TRUSTED = re.compile(
    r"(utf-?8|windows-?125\d|cp125\d|iso-?8859-?\d+|koi8-?[ru]|gb2312|gbk|gb18030|big5|shift[_-]?jis|euc-?(jp|kr))",
    re.IGNORECASE,
)
"""Of what a page may ask for; Python knows further codecs, and some of those are not about text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding that it was read in, for sentences about what could not be found in it."""

    text: str
    encoding: str


def decoded_text(data: bytes) -> Decoded:
    """UTF-16 and UTF-8 by their marks or by what fits, then what the page names, then Windows-1252.

    Never fails: digits, times and the words of MetaTrader's types are the same bytes in every encoding that is left, so a
    wrong guess spoils names at most.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(data.decode("utf-16", errors="replace"), "UTF-16")
    start = data[:2000]
    if start[1::2].count(0) > len(start) // 3:
        return Decoded(data.decode("utf-16-le", errors="replace"), "UTF-16")
    if start[::2].count(0) > len(start) // 3:
        return Decoded(data.decode("utf-16-be", errors="replace"), "UTF-16")
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        named = _NAMED.search(data[:4000])
        name = named[1].decode("ascii") if named else ""
        encoding = name if _TRUSTED.fullmatch(name) and "utf" not in name.lower() and _known(name) else "windows-1252"
        return Decoded(data.decode(encoding, errors="replace"), encoding)


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
