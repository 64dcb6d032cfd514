"""Signed validation records on disk: one file each, named by its moment, never changed."""

import itertools
from pathlib import Path

import msgspec

from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.appraisal.validation_record import ValidationRecord
from tradeworthy.core.clock import folder_stamp, from_rfc3339
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.verdict import BookVerdict
from tradeworthy.core.version import RECORD_SCHEMA

_GRAVITY = (BookVerdict.FIT, BookVerdict.COULD_NOT_TELL, BookVerdict.NOT_FIT)


class RecordFolder:
    """The records of a desk: `20261121T063000Z.json`; those of one second are numbered on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, record: ValidationRecord) -> Path:
        """Write it whole, under a name of its own. Raises OutputError where that is not possible."""
        data = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
        stamp = folder_stamp(from_rfc3339(record.validated_at))
        names = (f"{stamp}.json" if number == 1 else f"{stamp}-{number}.json" for number in itertools.count(1))
        try:
            return write_new(self.folder, data, names)
        except OSError as error:
            raise OutputError(f"{self.folder}: the record cannot be written there ({error.strerror})") from error

    def all(self) -> dict[Path, ValidationRecord]:
        """Every record, by its file. Raises InputError for a damaged one."""
        return {one: read_record(one) for one in sorted(self.folder.glob("[0-9]*.json"))}

    def newest(self, book: str) -> ValidationRecord | None:
        """The latest record of a book by the moment it says; None without any. Raises InputError for a damaged one.

        Of several of one second the gravest counts: whatever order they came in, it was said.
        """
        mine = [one for one in self.all().values() if one.book == book]
        return max(mine, key=lambda one: (from_rfc3339(one.validated_at), _GRAVITY.index(one.verdict)), default=None)


def read_record(path: Path) -> ValidationRecord:
    """Raises InputError for what is no record, is damaged, or was written by a newer version."""
    try:
        record = msgspec.json.decode(path.read_bytes(), type=ValidationRecord)
        for moment in (record.validated_at, record.window_start, record.window_end):
            from_rfc3339(moment)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{path}: not a validation record ({error}); validate again, or move it away") from error
    if not 1 <= record.schema <= RECORD_SCHEMA:
        raise InputError(
            f"{path}: schema {record.schema}, and this version reads up to {RECORD_SCHEMA}; update tradeworthy"
        )
    return record
