"""The state of a risk calibration, as one small JSON file that is there whole or as it was before."""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.version import CALIBRATION_SCHEMA, PACKAGE_VERSION

KIND: Final = "risk_calibration"
_TRIES, _PAUSE_SECONDS = 100, 0.02


class StoredCalibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a calibration has to remember. Days are numbers that rise by one a day, moments nanoseconds UTC, money the account's.

    open_entries: trades that were told when they were entered and not yet closed. results: by trade id, the latest ones.
    """

    initial_capital: float
    losses_in_a_row: int
    balance: float
    peak: float
    cooldown_until_ns: int
    entry_day: int
    entries: int
    pause_day: int
    stopped: bool
    open_entries: int
    volatility: tuple[float, ...]
    results: dict[str, float]


class _Envelope(msgspec.Struct, frozen=True):
    schema: int
    kind: str
    version: str
    digest: str
    body: msgspec.Raw


class CalibrationFile:
    """For one calibration at a time: one that finds the file written by another in between says so and writes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: bytes | None = None
        self._tried: bytes | None = None  # may be there although writing it failed, when only its name was not flushed

    def read(self) -> StoredCalibration | None:
        """What was kept; None where there is no file. Raises InputError for one that is damaged, of another kind or version."""
        try:
            self._seen = self._standing()
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror}); name a file for the state") from error
        return None if self._seen is None else self._decoded(self._seen)

    def write(self, stored: StoredCalibration) -> None:
        """On the disk on return. Raises OutputError where it cannot be written, InputError where another has written it
        since; then the file is as it was."""
        body = msgspec.json.encode(stored)
        envelope = _Envelope(
            schema=CALIBRATION_SCHEMA, kind=KIND, version=PACKAGE_VERSION, digest=_digest(body), body=msgspec.Raw(body)
        )
        data = msgspec.json.encode(envelope) + b"\n"
        try:
            with _locked(self.path.parent):
                standing = self._standing()
                if standing not in {None, self._seen, self._tried}:
                    raise InputError(
                        f"{self.path}: another calibration has written this file since; let only one use it, and make this "
                        "one anew"
                    )
                self._tried = data
                swap(self.path, data, durable=True)
        except OSError as error:
            raise OutputError(
                f"{self.path}: the state of the calibration cannot be written ({error.strerror}); mend that, or name "
                "another file"
            ) from error
        self._seen = data

    def _standing(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _decoded(self, data: bytes) -> StoredCalibration:
        try:
            envelope = msgspec.json.decode(data, type=_Envelope)
            if (envelope.kind, envelope.schema) == (KIND, CALIBRATION_SCHEMA):
                if _digest(bytes(envelope.body)) != envelope.digest:
                    raise InputError(self._damaged("it is not as it was written"))
                return msgspec.json.decode(envelope.body, type=StoredCalibration)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(self._damaged(str(error))) from error
        raise InputError(
            f"{self.path}: {envelope.kind} of schema {envelope.schema}, and this version reads {KIND} of schema "
            f"{CALIBRATION_SCHEMA}; update tradeworthy, or name another file"
        )

    def _damaged(self, why: str) -> str:
        return (
            f"{self.path}: the state of the calibration is damaged ({why}); restore it from a copy, or move it away to begin "
            "anew"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """For the moment between looking at a file and replacing it. Raises OSError, also where somebody keeps the lock."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for last in range(1, _TRIES + 1):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if last == _TRIES:
                    raise
                time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
