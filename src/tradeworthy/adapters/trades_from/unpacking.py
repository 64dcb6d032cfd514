"""What a file holds, told by its bytes and never by its name: unpacked within bounds, and nothing in it is ever run."""

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tradeworthy.adapters.files.tables import file_bytes
from tradeworthy.core.errors import InputError

LARGEST_BYTES = 1_000_000_000
"""Unpacked. A million trades of freqtrade, orders and all, are about 900 MB; an archive that promises more is refused."""
_PIECE = 1 << 20
_NAMED = 5

EXPORT_AS_CSV = "Excel workbooks are not read; save the sheet as CSV, or export CSV or HTML in the first place"


class Kind(StrEnum):
    """Families of files that are told apart by their first bytes."""

    DATABASE = "an SQLite database"
    JSON = "JSON"
    MARKUP = "HTML"
    PARQUET = "Parquet"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Contents:
    """Unpacked bytes of a file and what they are. For a database the path counts, since it is opened where it lies."""

    path: Path
    kind: Kind
    data: bytes


def contents(path: Path) -> Contents:
    """Read and unpack a file: plain, gzip, or the zip of a freqtrade backtest.

    Raises InputError for workbooks, other archives, pickles, and for archives that unpack to more than `LARGEST_BYTES`.
    """
    data = file_bytes(path)
    if data.startswith(b"\x1f\x8b"):
        data = _gunzipped(data, path)
    if data.startswith(b"PK\x03\x04"):
        data = _backtest_of(data, path)
    return Contents(path, _kind(data, path), data)


def _kind(data: bytes, path: Path) -> Kind:
    if data.startswith(b"SQLite format 3\x00"):
        return Kind.DATABASE
    if data.startswith(b"PAR1"):
        return Kind.PARQUET
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path}: {EXPORT_AS_CSV}")
    if data.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        raise InputError(
            f"{path}: this is a Python pickle, which is not opened because it could run code; export the trades as JSON or CSV"
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")):
        raise InputError(f"{path}: an archive within an archive is not unpacked; unpack it and give the file itself")
    start = _start(data)
    if start.startswith(("{", "[")):
        return Kind.JSON
    marked = any(word in start for word in ("<html", "<!doctype html", "<table", "<tr"))
    if "schemas-microsoft-com:office:spreadsheet" in start and not marked:
        raise InputError(f"{path}: {EXPORT_AS_CSV}")
    return Kind.MARKUP if start.startswith("<") and marked else Kind.TEXT


def _start(data: bytes) -> str:
    """Roughly the first words, whatever the encoding: what Latin letters say is the same in all of them."""
    return data[:8000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").decode("latin-1").lower()


def _gunzipped(data: bytes, path: Path) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, LARGEST_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"{path}: not a readable gzip file ({error}); write or download it again") from error
    if len(out) > LARGEST_BYTES:
        raise _too_large(path)
    if not unpacker.eof:
        raise InputError(f"{path}: the gzip file is cut off; write or download it again")
    return out


def _backtest_of(data: bytes, path: Path) -> bytes:
    """The JSON with the trades out of the zip that freqtrade writes, which also holds settings, strategy and market data."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if "[Content_Types].xml" in names:
                raise InputError(f"{path}: {EXPORT_AS_CSV}")
            result = _result(names)
            if result is None:
                raise InputError(
                    f"{path}: this zip holds {_listed(names)}, and not the one result of a freqtrade backtest; unpack it and give "
                    "the file with the trades"
                )
            return _member(archive, members[names.index(result)], path)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path}: not a readable zip file ({error}); write or download it again") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    """Its bytes, counted while they are unpacked: what the archive says of its own size is not believed."""
    pieces, total = [], 0
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            total += len(piece)
            if total > LARGEST_BYTES:
                raise _too_large(path)
            pieces.append(piece)
    return b"".join(pieces)


def _result(names: list[str]) -> str | None:
    """The result of the backtest: settings and parameters stand beside it under its own name and an ending."""
    found = sorted((name for name in names if name.endswith(".json")), key=len)
    if not found or "/" in found[0]:
        return None
    stem = found[0].removesuffix(".json")
    return found[0] if all(name.startswith(stem) for name in found) else None


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) or "nothing") + more


def _too_large(path: Path) -> InputError:
    return InputError(
        f"{path}: unpacks to more than {LARGEST_BYTES // 1_000_000:,} MB, as no history of trades does; check where it is from"
    )
