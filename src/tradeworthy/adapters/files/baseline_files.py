"""Baselines on disk: one file each, numbered, never changed."""

import itertools
import re
from pathlib import Path

import msgspec

from tradeworthy.adapters.files.baseline_checks import baseline_problems
from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.appraisal.baseline import Baseline
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.version import BASELINE_SCHEMA

NEWEST = "latest"
_NUMBERED = re.compile(r"(\d{4,})-.*\.json")
_LONGEST_NAME = 60


class BaselineFile(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the file. `created_at` is the only field that holds a clock."""

    schema: int = BASELINE_SCHEMA
    kind: str = "baseline"
    created_at: str
    baseline: Baseline


class BaselineFolder:
    """The baselines of a desk: `0001-my-desk.json`, `0002-my-desk.json` and so on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """Oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted((one for one in self.folder.iterdir() if _NUMBERED.fullmatch(one.name)), key=_number)

    def save(self, baseline: Baseline, created_at: str) -> Path:
        """Write it under the next number. Raises OutputError where that is not possible; nothing is left half written.

        Raises InputError for what no later reader would take, such as a baseline that goes up to a day to come.
        """
        problem = next(baseline_problems(baseline, created_at), None)
        if problem is not None:
            raise InputError(f"no baseline can be made of this: {problem}")
        content = BaselineFile(created_at=created_at, baseline=baseline)
        data = msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
        name = re.sub(r"[^a-z0-9]+", "-", baseline.book.lower()).strip("-")[:_LONGEST_NAME] or "book"
        files = self.files()
        numbers = itertools.count(_number(files[-1]) + 1 if files else 1)
        try:
            return write_new(self.folder, data, (f"{number:04d}-{name}.json" for number in numbers))
        except OSError as error:
            raise OutputError(
                f"{self.folder}: the baseline cannot be written there ({error.strerror}); choose a desk that can be written"
            ) from error

    def find(self, which: str | Path = NEWEST) -> Path:
        """The file that is meant: a path, a number, the name of a file in the folder, or `latest`.

        Raises InputError, naming what there is, where there is none such.
        """
        files = self.files()
        if str(which) == NEWEST:
            if not files:
                raise InputError(f"{self.folder}: there is no baseline yet; make one with `tradeworthy baseline save`")
            return files[-1]
        path = Path(which)
        for one in files:
            if str(which) in {one.name, one.stem} or (str(which).isdecimal() and int(str(which)) == _number(one)):
                return one
        if not path.is_file():
            have = ", ".join(one.name for one in files[-5:]) or "none"
            raise InputError(f"{which}: no such baseline; in {self.folder} there are: {have}")
        return path


def read_baseline(path: Path) -> BaselineFile:
    """Raises InputError for what is no baseline, is damaged, or was written by a newer version."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=BaselineFile)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"{path}: not a baseline ({error}); make one with `tradeworthy baseline save`, or restore it from a copy"
        ) from error
    if not 1 <= found.schema <= BASELINE_SCHEMA or found.kind != "baseline":
        raise InputError(
            f"{path}: {found.kind} of schema {found.schema}, and this version reads baselines up to {BASELINE_SCHEMA}; "
            "update tradeworthy"
        )
    problem = next(baseline_problems(found.baseline, found.created_at), None)
    if problem is not None:
        raise InputError(f"{path}: {problem}; restore it from a copy")
    return found


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])
