"""Desks whose journals are vouched for, and the hands of somebody who changes them."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from support.journaling import events
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.checkpoints import checkpoint_journal
from tradeworthy.core.checkpoint import Checkpoint

Rows = list[tuple[int, bytes, bytes]]


def desk_of(folder: Path, *sizes: int, unsigned: int = 0) -> Path:
    """A desk whose journal was vouched for at each of these sizes, with some events after the last."""
    folder.mkdir(parents=True, exist_ok=True)
    last = 0
    for size in sizes:
        added(folder, last + 1, size)
        signed(folder)
        last = size
    if unsigned:
        added(folder, last + 1, last + unsigned)
    return folder


def added(folder: Path, first: int, last: int, note: str = "") -> None:
    """More events, written by a desk that then ended."""
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        journal.append(events(first, last, note))


def signed(folder: Path) -> Checkpoint:
    """The checkpoint that was made now."""
    made = checkpoint_journal(folder)
    assert made.is_new, made.sentence
    assert made.checkpoint is not None
    return made.checkpoint


def rows_of(folder: Path) -> Rows:
    """Events as they are stored."""
    with closing(sqlite3.connect(folder / "journal.sqlite")) as connection:
        return connection.execute("SELECT sequence, data, chain FROM events ORDER BY sequence").fetchall()


def put(folder: Path, rows: Iterable[tuple[object, object, object]]) -> None:
    """These rows in place of all that were there, as somebody with an editor would; the witness is left as it is."""
    with closing(sqlite3.connect(folder / "journal.sqlite")) as connection, connection:
        connection.execute("DELETE FROM events")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)


def rechained(data: Iterable[bytes]) -> Rows:
    """Rows with a chain that fits: what anybody can make who can write the journal."""
    rows, chain = [], bytes(32)
    for sequence, one in enumerate(data, start=1):
        chain = sha256(chain + one).digest()
        rows.append((sequence, one, chain))
    return rows


def without_witness(folder: Path) -> None:
    """As somebody would who knows about it."""
    (folder / "journal.sqlite.witness").unlink()
