"""Files that are changed as a whole: whoever reads one sees the old text or the new one, never a part."""

import os
import tempfile
from pathlib import Path

from tradeworthy.adapters.journals.witness import flush_folder


def swap(path: Path, data: bytes, *, durable: bool, mode: int = 0o600) -> None:
    """Put `data` in the place of what stands at `path`, if anything does.

    durable: flush it and its name to the disk before returning. Raises OSError; then the old file is as it was.
    """
    descriptor, fresh = tempfile.mkstemp(prefix=".new.", dir=path.parent)  # of mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if mode != 0o600:
            Path(fresh).chmod(mode)
        Path(fresh).replace(path)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise
    if durable:
        flush_folder(path.parent)
