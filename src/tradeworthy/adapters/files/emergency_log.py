"""What a desk did while its journal could not be written: a line of JSON each, to be taken over when the journal is back."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tradeworthy.adapters.files.log_lines import plain
from tradeworthy.core.clock import folder_stamp, now_ns, rfc3339
from tradeworthy.core.errors import InputError, OutputError


class EmergencyLog:
    """`emergency.jsonl`, append-only. Every line says when it was written, under `time`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, what: Mapping[str, Any]) -> bool:
        """Add a line, durable on return; False where that is not possible. Never raises for a disk: the desk goes on."""
        line = _encoded(what)
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                return _whole(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError:
            return False

    def lines(self) -> tuple[list[dict[str, Any]], int]:
        """Every whole line, oldest first, and how many are damaged. Raises InputError where the file cannot be read."""
        try:
            found = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror})") from error
        read = [_decoded(line) for line in found if line.strip()]
        whole = [line for line in read if line is not None]
        return whole, len(read) - len(whole)

    def set_aside(self) -> Path | None:
        """Give the file a name of its own, once the journal has taken it over; None where there is none.

        Raises OutputError where it cannot be renamed.
        """
        to = self.path.with_name(f"{self.path.stem}-{folder_stamp(now_ns())}-{now_ns() % 10**9:09d}{self.path.suffix}")
        try:
            self.path.rename(to)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be renamed ({error.strerror}); move it away by hand") from error
        return to


def _encoded(what: Mapping[str, Any]) -> bytes:
    """As JSON; as text what has no such form, since in an emergency anything is better than nothing."""
    moment = rfc3339(now_ns())
    try:
        return msgspec.json.encode({"time": moment, **what}, enc_hook=plain)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return msgspec.json.encode({"time": moment, "text": plain(what)})


def _whole(descriptor: int, line: bytes) -> bool:
    """Write it in one go, behind a new line where an earlier one was torn."""
    size = os.fstat(descriptor).st_size
    torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
    data = (b"\n" if torn else b"") + line + b"\n"
    written = os.write(descriptor, data)
    os.fsync(descriptor)
    return written == len(data)


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
