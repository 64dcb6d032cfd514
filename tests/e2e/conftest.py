"""What tests over whole desks share."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where that is a folder: a kill leaves what was written as it is, on a disk or not."""
    memory = Path("/dev/shm")  # noqa: S108 - in a folder of its own
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)
