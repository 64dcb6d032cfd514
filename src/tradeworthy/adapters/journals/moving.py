"""Making a journal shorter: at its beginning by an archive, at its end by giving up what is damaged."""

import os
import shutil
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError

from tradeworthy.adapters.journals import snapshots, sqlite_place
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.opening import file_of, open_sqlite
from tradeworthy.adapters.journals.rows import PAGE, floor_of, whole_rows, whole_until
from tradeworthy.adapters.journals.schema import migrate
from tradeworthy.adapters.journals.sql_journal import SqlJournal
from tradeworthy.adapters.journals.sqlite_place import sqlite_sentence
from tradeworthy.adapters.journals.tables import ARCHIVES, EVENTS
from tradeworthy.adapters.journals.witness import Witness, flush_folder
from tradeworthy.core.errors import InputError, JournalError, OutputError
from tradeworthy.core.snapshot import Snapshot


def archive_journal(journal: SqlJournal, to: Path) -> int:
    """Move the events up to the newest whole snapshot into a journal of their own at `to`; return the last one moved.

    Works for a journal in any database; the archive is a SQLite file, opened with `open_journal`. The journal keeps the last
    moved sequence and its chain, so that both still fit together. The archive is durable and checked before anything is
    deleted. Raises InputError where there is no newer snapshot, OutputError where `to` exists, JournalError as `append`.
    """
    snapshot, floor = journal.load_snapshot(), journal.floor()
    if snapshot is None or snapshot.sequence <= floor.sequence:
        raise InputError(
            f"{journal.place.name}: there is no snapshot after event {floor.sequence}, and only events before a snapshot "
            "can be moved; save a snapshot first"
        )
    _refuse_existing(to)
    journal.check()  # damage of the journal itself is told as such
    events = islice(journal.whole_from(floor.sequence + 1), snapshot.sequence - floor.sequence)
    try:
        end = _fill(to, floor, events, snapshot, journal.archive())
    except JournalError as error:
        _remove(to)
        raise OutputError(f"no archive was made, and nothing was moved: {error}") from error
    with journal.writing("move events to an archive") as connection:
        connection.execute(insert(ARCHIVES), {"last": end.sequence, "chain": end.chain, "place": str(to)})
        connection.execute(delete(EVENTS).where(EVENTS.c.sequence <= end.sequence))
        connection.commit()
    journal.begin_after(end, str(to))
    return end.sequence


def cut_journal(where: str | Path, after: int) -> list[Path]:
    """Give up every event after `after` of a damaged journal in a file, and accept what is left as all there is.

    The events up to there have to be whole. Nothing is deleted: the old files stay under the names returned. What the
    events said that are given up is known to the broker alone: reconcile before trading. Raises InputError where the
    events up to `after` are not whole, JournalError where another process has the journal open.
    """
    path = file_of(where)
    if not path.is_file():
        raise InputError(f"{path}: there is no journal to cut")
    fresh = path.with_name(path.name + ".cut")
    _refuse_existing(fresh)
    try:
        with closing(Witness(path)) as witness:
            kept = _copy_aside(path)
            end = _copy_up_to(path, after, fresh)
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            fresh.rename(path)  # closed, so that its log is in it
            fresh.with_name(fresh.name + ".witness").unlink()
            witness.rewrite(end)
    except OSError as error:
        raise OutputError(f"{path}: cannot be cut there ({error.strerror}); mend that and try again") from error
    return kept


def _fill(to: Path, floor: Link, events: Iterable[bytes], snapshot: Snapshot | None, before: str) -> Link:
    """A new journal at `to` with these events and snapshot, read again in full before its last place is returned."""
    with closing(open_sqlite(to)) as copy:
        if floor.sequence:
            with copy.writing("begin after an archive") as connection:
                connection.execute(insert(ARCHIVES), {"last": floor.sequence, "chain": floor.chain, "place": before})
                connection.commit()
            copy.begin_after(floor, before)
        rest = iter(events)
        while page := list(islice(rest, PAGE)):
            copy.append_bytes(page)
        if snapshot:
            copy.save_snapshot(snapshot)
        copy.check()
        return copy.end()


def _copy_up_to(path: Path, after: int, fresh: Path) -> Link:
    try:
        connection = sqlite_place.connect(path)
        try:
            migrate(connection, str(path))
            floor, before = floor_of(connection)
            newest = snapshots.newest_whole(connection, floor.sequence, after)
            whole = whole_until(connection, floor).sequence
            if not floor.sequence <= after <= whole:
                raise InputError(
                    f"{path}: it holds whole events from {floor.sequence + 1} to {whole}; cut it after {whole}, or earlier"
                )
            events = (data for link, data in whole_rows(connection, floor) if link.sequence <= after)
            return _fill(fresh, floor, events, newest, before)
        finally:
            connection.close()
            connection.engine.dispose()
    except SQLAlchemyError as error:
        raise JournalError(f"{path}: cannot be read: {sqlite_sentence(error)}") from error


def _copy_aside(path: Path) -> list[Path]:
    """Copies of what is there, before SQLite tidies up a torn log."""
    number = 1
    while path.with_name(f"{path.name}.damaged-{number}").exists():
        number += 1
    kept = []
    for ending in ("", "-wal"):
        found = path.with_name(path.name + ending)
        if found.exists():
            kept.append(path.with_name(f"{path.name}.damaged-{number}{ending}"))
            shutil.copy2(found, kept[-1])
            descriptor = os.open(kept[-1], os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    flush_folder(path.parent)
    return kept


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", ".witness"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _refuse_existing(to: Path) -> None:
    for path in (to, to.with_name(to.name + ".witness")):
        if path.exists():
            raise OutputError(
                f"{path}: there is a file already, and nothing is overwritten; name another or move it away"
            )
