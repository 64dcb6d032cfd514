"""Files that appear whole, on the disk, and never over another."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_new(folder: Path, data: bytes, names: Iterable[str], mode: int = 0o644) -> Path:
    """Write `data` under the first of `names` that is not taken; gives the path.

    Raises OSError where nothing can be written; FileExistsError when every name is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(prefix=".new.", dir=folder)  # of mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(mode)
        for name in names:
            try:
                (folder / name).hardlink_to(partial)  # fails where a file stands, whoever made it in between
            except FileExistsError:
                continue
            return folder / name
    finally:
        Path(partial).unlink(missing_ok=True)
    raise FileExistsError(f"{folder}: every name is taken")
