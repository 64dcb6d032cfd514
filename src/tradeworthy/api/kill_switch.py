"""The stop that anybody can pull: a file called KILL, or a call."""

import inspect
import threading
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.core.errors import InputError
from tradeworthy.live.attempting import Attempt


class KillSwitch:
    """Active while a file KILL lies in `folder`, or since `activate` where there is no folder.

    callback: called once when the switch is first seen active, with the reason where it takes one. Whoever can make the
    file stops the bot: `touch KILL` will do. It survives restarts; only `reset` or removing the file ends it. Any thread
    may call. Raises InputError for a folder that is not there: a file in it would never be seen.
    """

    def __init__(self, folder: str | PathLike[str] | None = None, callback: Callable[..., Any] | None = None) -> None:
        if callback is not None and not callable(callback):
            raise InputError(f"the callback of a kill switch must be a function, not {type(callback).__name__}")
        if folder is not None and not Path(folder).is_dir():
            raise InputError(f"{folder}: is no folder, so a file KILL in it would never be seen; make it first")
        self._file = None if folder is None else KillFile(Path(folder))
        self._callback = callback
        self._said = ""
        self._called = False
        self._lock = threading.Lock()
        self.callback_error: Exception | None = None

    def reason(self) -> str | None:
        """Why it is active; None where it is not. Calls nothing."""
        found = None if self._file is None else self._file.present()
        if self._file is not None and found is None and not self._file.path.parent.is_dir():
            return f"{self._file.path.parent}: the folder of the kill switch has gone"
        return found or self._said or None

    def is_active(self) -> bool:
        """Whether nothing may be entered. The first time that it is, the callback is called, by this thread."""
        reason = self.reason()
        if reason is None:
            return False
        self.call_once(reason)
        return True

    def activate(self, reason: str) -> None:
        """Pull it, durable on return where there is a folder. Pulled twice, both reasons are kept; the callback is called
        once. Where no file can be made it holds for this process, and OutputError says so."""
        if not str(reason or "").strip():
            raise InputError("a kill must say its reason: it is what a person reads before trading again")
        self._said = " ".join(str(reason).split())
        try:
            if self._file is not None:
                self._file.write(str(reason))
                self._said = ""
        finally:
            self.call_once(reason)

    def reset(self) -> None:
        """A person lets it be used again: the file is removed. Raises OutputError where it cannot be."""
        if self._file is not None:
            self._file.remove()
        with self._lock:
            self._said, self._called = "", False

    def arm(self) -> None:
        """A new run begins: the callback may be called once more."""
        with self._lock:
            self._called, self.callback_error = False, None

    def call_once(self, reason: str) -> None:
        """The callback, if nobody called it since the last reset; what it raises is kept as `callback_error`."""
        with self._lock:
            first, self._called = not self._called, True
        if not first or self._callback is None:
            return
        with Attempt() as tried:
            self._callback(*([reason] if takes_one(self._callback) else []))
        self.callback_error = tried.error


def takes_one(function: Callable[..., Any]) -> bool:
    """Whether a function can be given one value; where Python does not say, it is given none."""
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return False
    return True
