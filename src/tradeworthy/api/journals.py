"""The journal of a desk, by the desk's folder: look into it, copy it, bring it back, shorten it."""

import os
from contextlib import closing
from pathlib import Path

from tradeworthy.adapters.journals.copies import backup_journal, restore_journal
from tradeworthy.adapters.journals.moving import archive_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import JournalReader, read_journal
from tradeworthy.core.clock import folder_stamp, now_ns
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.desk_terms import journal_from
from tradeworthy.settings.loading import load


def journal_of(desk: str | Path) -> str | Path:
    """Where a desk's journal lies: as its settings say, or `journal.sqlite` where there are none.

    Raises SettingsError for settings that cannot be used.
    """
    folder = DeskFolder(Path(desk))
    return journal_from(load(folder.settings, os.environ), folder.root) if folder.settings.is_file() else folder.journal


def read_desk_journal(desk: str | Path = ".") -> JournalReader:
    """A look into the journal, while the desk runs or not. Raises InputError and JournalError in one sentence."""
    return read_journal(journal_of(desk))


def backup_desk_journal(desk: str | Path = ".", to: str | Path | None = None) -> tuple[Path, int]:
    """Copy the journal, in use or not, to one file; gives its path and the last event in it.

    to: default `backups/<UTC>.sqlite` in the desk's folder. Raises as `backup_journal` does.
    """
    where = _existing(desk)
    path = _place(desk, "backups", to)
    return path, backup_journal(where, path)


def restore_desk_journal(backup: str | Path, desk: str | Path = ".") -> tuple[Path, int]:
    """Make the desk's journal out of a backup; gives its path and its last event. Raises as `restore_journal` does."""
    where = journal_of(desk)
    if isinstance(where, str):
        raise InputError("the desk's journal lies on a server; restore it with the server's own tools")
    if not Path(backup).is_file():
        raise InputError(f"{backup}: there is no such backup; name a file that `tradeworthy journal backup` wrote")
    return where, restore_journal(Path(backup), where)


def archive_desk_journal(desk: str | Path = ".", to: str | Path | None = None) -> tuple[Path, int]:
    """Move the events before the newest snapshot to a journal of their own; gives its path and the last one moved.

    The desk must not be running. to: default `archives/<UTC>.sqlite` in the desk's folder. Raises as `archive_journal`
    does, and InputError where there is no journal.
    """
    with closing(open_journal(_existing(desk))) as journal:
        path = _place(desk, "archives", to)
        return path, archive_journal(journal, path)


def _existing(desk: str | Path) -> str | Path:
    where = journal_of(desk)
    if isinstance(where, Path) and not where.exists():
        raise InputError(f"{where}: there is no such journal; a desk that trades makes one")
    return where


def _place(desk: str | Path, folder: str, to: str | Path | None) -> Path:
    if to is not None:
        return Path(to)
    path = Path(desk) / folder
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be made ({error.strerror}); name another place") from error
    return path / f"{folder_stamp(now_ns())}.sqlite"
