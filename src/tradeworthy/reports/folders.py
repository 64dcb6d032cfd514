"""Dated folders of reports: written whole or not at all, never over another, `latest` pointing at the newest."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tradeworthy.core.clock import folder_stamp
from tradeworthy.core.errors import OutputError


def write_folder(
    parent: Path, command: str, time_ns: int, files: Mapping[str, bytes | Path], out: Path | None = None
) -> Path:
    """Write `files` (bytes, or a file to copy) into `<parent>/<UTC>-<command>`, or into `out`; gives the folder.

    Everything is written beside its place and moved there at the end, so whoever is interrupted leaves no half report.
    Raises OutputError when the folder cannot be made, or `out` has something in it.
    """
    target = out or parent / f"{folder_stamp(time_ns)}-{command}"
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out}: there is something there already, and nothing is overwritten; name a new folder")
    place = target.parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=place))
    except OSError as error:
        raise OutputError(
            f"{place}: the report cannot be written there ({error.strerror}); choose another (--out, or out= in Python)"
        ) from error
    try:
        for name, content in files.items():
            if isinstance(content, Path):
                shutil.copyfile(content, partial / name)
            else:
                (partial / name).write_bytes(content)
        partial.chmod(0o755)
        final = _moved(partial, target, fixed=out is not None)
        if out is None:
            _point(parent / "latest", final)
    except OSError as error:
        raise OutputError(
            f"{target}: the report cannot be written ({error.strerror}); choose another folder (--out, or out= in Python)"
        ) from error
    finally:
        if partial.exists():
            shutil.rmtree(partial, ignore_errors=True)
    return final


def _moved(partial: Path, target: Path, *, fixed: bool) -> Path:
    """Two reports of the same second get -2, -3 and so on; a folder that was asked for is taken as it is."""
    if fixed:
        if target.exists():
            target.rmdir()
        partial.rename(target)
        return target
    number, final = 1, target
    while final.exists():
        number += 1
        final = target.with_name(f"{target.name}-{number}")
    partial.rename(final)
    return final


def _point(link: Path, folder: Path) -> None:
    fresh = link.with_name(f".latest.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.name, target_is_directory=True)
    fresh.replace(link)
