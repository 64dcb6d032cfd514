"""A desk started by a user who may not do everything: nothing is read-only for root, under whom tests may run.

`python as_nobody.py FOLDER` runs the desk in FOLDER, which belongs to that user from then on, and of which everything stays
as unwritable as it was.
"""

import os
import sys
import tempfile
from pathlib import Path
from shutil import copy

NOBODY = 65_534


def main(folder: Path) -> int:
    """The exit code of `tradeworthy run`, as nobody."""
    from tradeworthy.cli.commands import run

    with tempfile.TemporaryDirectory() as scratch:  # what is imported late is imported while all files can be read
        copy(folder / "tradeworthy.toml", scratch)
        if run(["run", scratch, "--quiet"]) != 0:
            return 99
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            if path.stat().st_mode & 0o200:
                os.chown(path, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return run(["run", str(folder), "--quiet"])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
