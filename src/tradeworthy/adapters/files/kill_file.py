"""The latch that stops a desk, as a file: whoever can make a file called KILL in the desk's folder stops it, by any means."""

import os
from pathlib import Path
from typing import Final

from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.adapters.journals.witness import flush_folder
from tradeworthy.core.errors import OutputError

_MOST: Final = 4096
"""Bytes of reasons that are kept and read."""


class KillFile:
    """`KILL` in a folder. That it is there counts; what stands in it says why."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "KILL"

    def present(self) -> str | None:
        """The reason; None where there is no such file. One that is empty or cannot be read is there all the same."""
        try:
            with self.path.open("rb") as file:
                text = " ".join(file.read(_MOST).decode("utf-8", "replace").split())
        except FileNotFoundError:
            return "KILL is a link to nowhere" if os.path.lexists(self.path) else None
        except OSError as error:
            return f"KILL is there and cannot be read ({error.strerror})"
        return text or "KILL is there, without a reason"

    def write(self, reason: str) -> bool:
        """Make it, durable on return; whether the reason could be written too.

        Reasons that stand in it already are kept before this one. On a full disk the file is made empty. Raises
        OutputError only where no file can be made at all, so that nothing latches the stop.
        """
        before = self._before()
        line = " ".join(reason.split()) or "no reason was given"
        data = f"{before}{line}\n".encode("utf-8", "replace")[:_MOST]
        try:
            swap(self.path, data, durable=True)
        except OSError:
            self._make_empty()
            return False
        return True

    def remove(self) -> None:
        """Let the desk be started again. Raises OutputError where it cannot be removed: then it still stops the desk."""
        try:
            self.path.unlink(missing_ok=True)
            flush_folder(self.path.parent)
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be removed ({error.strerror}); remove it by hand") from error

    def _before(self) -> str:
        try:
            text = self.path.read_bytes()[: _MOST // 2].decode("utf-8", "replace").strip()
        except OSError:
            return ""
        return text + "\n" if text else ""

    def _make_empty(self) -> None:
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.close(descriptor)
            flush_folder(self.path.parent)
        except OSError as error:
            if self.present() is None:
                raise OutputError(
                    f"{self.path}: cannot be made ({error.strerror}), so the stop would not outlive this process; make "
                    "that file by hand"
                ) from error
