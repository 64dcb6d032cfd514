"""Backups of a journal in a file, and bringing one back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.opening import file_of
from tradeworthy.adapters.journals.rows import floor_of, last_of, whole_until
from tradeworthy.adapters.journals.schema import migrate
from tradeworthy.adapters.journals.sqlite_place import engine_of, sqlite_sentence
from tradeworthy.adapters.journals.witness import Witness, flush_folder
from tradeworthy.core.errors import InputError, JournalError, OutputError


def backup_journal(where: str | Path, to: Path) -> int:
    """Copy a journal, which may be in use, to one file as it is at this moment; return its last sequence.

    The copy is checked from its first event to its last before it gets its name, and is durable on return. Raises
    InputError where there is no journal, or one on a server (use `pg_dump`); OutputError where `to` exists or cannot be
    written; JournalError when the journal is damaged.
    """
    path = file_of(where)
    if not path.is_file():
        raise InputError(f"{path}: there is no journal to back up")
    with _new_file(to, "a backup") as fresh:
        _copy(path, fresh)
        link = _whole(fresh, path)
    return link.sequence


def restore_journal(backup: Path, to: Path) -> int:
    """Make a journal out of a backup and return its last sequence. What happened after the backup is not in it.

    Raises InputError where there is no backup, OutputError where a journal or anything of one is there already (nothing
    is overwritten) or it cannot be written, JournalError when the backup is damaged.
    """
    source, target = backup.resolve(), file_of(to)
    if not source.is_file():
        raise InputError(f"{source}: there is no backup to restore")
    for left in (f"{target.name}-wal", f"{target.name}-shm", f"{target.name}-journal", f"{target.name}.witness"):
        if target.with_name(left).exists():
            raise OutputError(f"{target.with_name(left)}: something of a journal is there already; move it away first")
    with _new_file(target, "a journal") as fresh:
        _copy(source, fresh)
        link = _whole(fresh, source)
        with closing(Witness(target)) as witness:
            witness.rewrite(link)
    return link.sequence


@contextmanager
def _new_file(to: Path, what: str) -> Iterator[Path]:
    """A file of mode 600 to fill, which gets the name `to` when all went well, and never takes it from another."""
    fresh = to.with_name(to.name + ".partial")
    try:
        if to.exists():
            raise OutputError(f"{to}: there is a file already, and {what} overwrites nothing; name another")
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        try:
            yield fresh
            os.link(fresh, to)  # unlike renaming, this fails where another file came to be meanwhile
        finally:
            fresh.unlink(missing_ok=True)
        flush_folder(to.parent)
    except FileExistsError as error:
        raise OutputError(f"{to}: there is a file already, and {what} overwrites nothing; name another") from error
    except OSError as error:
        raise OutputError(f"{to}: {what} cannot be written there ({error.strerror}); name another place") from error


def _copy(source: Path, target: Path) -> None:
    """SQLite's own online copy: one moment of the journal, whoever writes meanwhile; flushed to the disk."""
    with closing(sqlite3.connect(target)) as new:
        try:
            with closing(sqlite3.connect(source, timeout=5)) as old:
                old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        except sqlite3.Error as error:
            raise JournalError(f"{source}: cannot be copied to {target}: {sqlite_sentence(error)}") from error
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _whole(copy: Path, source: Path) -> Link:
    """The last place of a copy of `source`, read from the first event on."""
    engine = engine_of(copy)
    try:
        with engine.connect() as connection:
            migrate(connection, str(source))
            floor, _ = floor_of(connection)
            last = last_of(connection, floor)
            whole = whole_until(connection, floor)
    except SQLAlchemyError as error:
        raise JournalError(f"{source}: cannot be copied: {sqlite_sentence(error)}") from error
    finally:
        engine.dispose()
    if last != whole:
        raise JournalError(
            f"{source}: event {whole.sequence + 1} is damaged or missing, so no copy was made; restore an earlier backup "
            f"with restore_journal, or give up what came later with cut_journal({str(source)!r}, after={whole.sequence})"
        )
    return whole
