"""How a running desk stands, as a file that it writes again and again and others look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.core.clock import SECOND_NS, now_ns
from tradeworthy.core.errors import InputError

_WRITTEN = "written_ns"


class StatusFile:
    """One JSON object; whoever reads it sees the old or the new one. It is not flushed: after a crash nobody needs it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, status: Mapping[str, Any]) -> bool:
        """Put it in the place of the one before, with the moment under `written_ns`; False where the disk does not take it.

        Raises InputError for what is no JSON.
        """
        try:
            data = msgspec.json.encode({**status, _WRITTEN: now_ns()})
        except TypeError as error:
            raise InputError(f"a status holds plain values only: {error}") from error
        try:
            swap(self._path, data, durable=False)
        except OSError:
            return False
        return True

    def read(self) -> tuple[dict[str, Any], float]:
        """The last status, and its age in seconds. Raises InputError where there is none, or it is damaged."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
            return found, max(0.0, (now_ns() - int(found[_WRITTEN])) / SECOND_NS)
        except FileNotFoundError:
            raise InputError(f"{self._path}: no desk has written how it stands; start one in this folder") from None
        except OSError as error:
            raise InputError(f"{self._path}: cannot be read ({error.strerror})") from error
        except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{self._path}: not the status of a desk; the running desk writes it again") from error
