"""The settings file of a running desk, held against what the desk started with: read again only when it was written again."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tradeworthy.core.errors import TradeworthyError
from tradeworthy.settings.desk_folder import settings_file
from tradeworthy.settings.freezing import differences, frozen_form
from tradeworthy.settings.loading import load


class SettingsOnDisk:
    """frozen: the frozen form that the desk runs with. environment: that of the desk, whose values lie over the file's."""

    def __init__(self, book: str | Path, frozen: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.path = settings_file(Path(book))
        self._frozen, self._environment = frozen, environment
        self._seen: tuple[int, int, int] | None = None
        self._hash = b""
        self._changed: tuple[str, ...] = ()

    def changed(self) -> tuple[str, ...]:
        """What is different on the disk now, a line each; a file that cannot be read says so.

        Costs a look at size and times as long as nobody writes, and a hash where the same is written again.
        """
        seen = self._stat()
        if seen is not None and seen == self._seen:
            return self._changed
        content = self._content()
        if content is None or content != self._hash:
            self._changed = self._different()
        self._seen, self._hash = seen, content or b""
        return self._changed

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _content(self) -> bytes | None:
        try:
            return sha256(self.path.read_bytes()).digest()
        except OSError:
            return None

    def _different(self) -> tuple[str, ...]:
        try:
            return tuple(differences(self._frozen, frozen_form(load(self.path, self._environment))))
        except TradeworthyError as error:  # somebody is editing it, and the desk goes on with what it has
            return (f"it cannot be read: {' '.join(str(error).split())}",)
