"""Store baselines in a desk, and find them again."""

import hashlib
from pathlib import Path

from tradeworthy.adapters.files.baseline_files import NEWEST, BaselineFile, BaselineFolder, read_baseline
from tradeworthy.appraisal.against import Against
from tradeworthy.appraisal.baseline import baseline_of
from tradeworthy.appraisal.record import Validation
from tradeworthy.core.clock import SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.settings.desk_folder import DeskFolder


def save_baseline(validation: Validation, desk: str | Path = ".") -> Path:
    """Keep what a validation judged as the baseline of later ones; gives the file, `baselines/0001-my-desk.json`.

    Raises InputError for a validation that was itself held against a baseline (it lacks the trades in between), and
    OutputError where the file cannot be written.
    """
    if validation.baseline is not None:
        raise InputError(
            "a validation against a baseline holds that baseline's trades, not all of its own; validate without a baseline first"
        )
    folder = BaselineFolder(DeskFolder(Path(desk)).baselines)
    return folder.save(baseline_of(validation), rfc3339(now_ns() // SECOND_NS * SECOND_NS))


def load_baseline(which: str | Path = NEWEST, desk: str | Path = ".") -> tuple[Path, BaselineFile]:
    """A baseline by its path, its number or name in the desk, or `latest`. Raises InputError where there is none such."""
    path = BaselineFolder(DeskFolder(Path(desk)).baselines).find(which)
    return path, read_baseline(path)


def against(which: str | Path, desk: str | Path, *, forced: bool) -> Against:
    """The baseline as a validation takes it."""
    path, found = load_baseline(which, desk)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Against(found.baseline, path.name, digest, forced)
