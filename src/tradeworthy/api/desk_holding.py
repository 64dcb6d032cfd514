"""The lease of a desk's folder, for whoever is about to change what lies in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradeworthy.adapters.files.desk_lease import FileLease
from tradeworthy.core.errors import OutputError
from tradeworthy.settings.desk_folder import DeskFolder


class HeldLease:
    """A lease that is held, and that can be brought beyond what the journal has seen where its file was lost."""

    def __init__(self, path: Path, who: str) -> None:
        self._path, self._who = path, who
        self.lease = FileLease(path, who)
        self.generation = self.lease.acquire()

    def exceed(self, known: int) -> None:
        """Take it again with a higher generation than one that was held before, if ours is not. Raises InputError where another
        took it in between."""
        if self.generation <= known:
            self.lease.release()
            self.lease = FileLease(self._path, self._who, after=known)
            self.generation = self.lease.acquire()


@contextmanager
def held(folder: DeskFolder, who: str) -> Iterator[HeldLease]:
    """Hold a desk's folder, which is made if it is not there. Raises InputError, naming the holder, while another has it."""
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder.root}: the desk's folder cannot be made ({error.strerror}); name another with --desk"
        ) from error
    lease = HeldLease(folder.lease, who)
    try:
        yield lease
    finally:
        lease.lease.release()
