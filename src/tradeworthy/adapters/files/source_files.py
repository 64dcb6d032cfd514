"""The Python files of somebody's program, as text: found, opened and decoded, never run."""

import errno
import io
import os
import stat
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.source_modules import SourceText

LARGEST_BYTES = 2_000_000
MOST_FILES = 2_000
PASSED_OVER = frozenset({
    "__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "test", "tests",
})  # fmt: skip
_NAMED = 5


@dataclass(slots=True)
class SourceFiles:
    """What was read, and a sentence for each thing that was not."""

    sources: list[SourceText] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        """The problems, then what was passed over."""
        found = list(self.problems)
        if self.others:
            found.append(
                f"{counted(len(self.others), 'file')} passed over, because only .py files are read: {_named(self.others)}"
            )
        if self.folders:
            found.append(
                f"{counted(len(self.folders), 'folder')} passed over (hidden, tests, environments): {_named(self.folders)}"
            )
        return found


def read_sources(path: Path) -> SourceFiles:
    """A Python file, or all of a folder and the folders in it.

    Links are followed once. What cannot be read is said and the rest is read all the same. Raises InputError for a path
    that is not there, and for one file that cannot be read.
    """
    found = SourceFiles()
    if path.is_dir():
        for file in _walk(path, path, set(), found):
            if len(found.sources) >= MOST_FILES:
                found.problems.append(f"{path}: there are more than {MOST_FILES:,} Python files; the rest was not read")
                break
            try:
                found.sources.append(SourceText(file.relative_to(path).as_posix(), _text(file, file.relative_to(path))))
            except InputError as error:
                found.problems.append(str(error))
        return found
    if not path.exists() and not path.is_symlink():
        raise InputError(f"{path}: there is no such file or folder; check the path")
    if path.suffix.lower() != ".py":
        raise InputError(
            f"{path}: parameters are read from .py, .toml and .json files and from folders, not from this one"
        )
    found.sources.append(SourceText(path.name, _text(path, path)))
    return found


def _walk(folder: Path, root: Path, seen: set[tuple[int, int]], found: SourceFiles) -> Iterator[Path]:
    try:
        known = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError as error:
        found.problems.append(f"{folder.relative_to(root)}: the folder cannot be opened ({error.strerror})")
        return
    if (known.st_dev, known.st_ino) in seen:
        found.problems.append(f"{folder.relative_to(root)}: a link back to a folder that was read already; passed over")
        return
    seen.add((known.st_dev, known.st_ino))
    inner: list[Path] = []
    for one in entries:
        name = one.relative_to(root).as_posix()
        if one.is_dir():
            if one.name.startswith(".") or one.name in PASSED_OVER:
                found.folders.append(name)
            else:
                inner.append(one)
        elif one.name.endswith(".py"):
            yield one
        elif not one.name.startswith("."):
            found.others.append(name)
    for one in inner:
        yield from _walk(one, root, seen, found)


def _text(path: Path, said: Path) -> str:
    try:
        return _decoded(_bytes(path, said), said)
    except OSError as error:
        loop = "it is a link that leads to itself" if error.errno == errno.ELOOP else None
        gone = "it is a link that leads nowhere" if isinstance(error, FileNotFoundError) else None
        raise InputError(f"{said}: the file cannot be opened ({loop or gone or error.strerror})") from error


def _bytes(path: Path, said: Path) -> bytes:
    known = path.stat()
    if not stat.S_ISREG(known.st_mode):
        raise InputError(f"{said}: this is no ordinary file, so it was not read")
    if known.st_size > LARGEST_BYTES:
        size = f"{known.st_size / 1e6:,.1f} MB"
        raise InputError(
            f"{said}: the file has {size}, and more than {LARGEST_BYTES / 1e6:g} MB are no program of a strategy"
        )
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return file.read(LARGEST_BYTES + 1)


def _decoded(data: bytes, said: Path) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise InputError(
            f"{said}: the text is not {'UTF-8' if 'unknown' not in str(error) else 'in an encoding that Python knows'}, "
            "and its first lines name no encoding that fits; save it as UTF-8"
        ) from error


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
