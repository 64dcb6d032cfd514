"""The rows of snapshots: the newest two, each with a digest."""

from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from tradeworthy.adapters.journals.chain import digest
from tradeworthy.adapters.journals.tables import SNAPSHOTS
from tradeworthy.core.snapshot import Snapshot

KEPT: Final = 2
"""So that one damaged snapshot leaves another to begin from."""


def newest_sequence(connection: Connection) -> int:
    """The sequence of the newest snapshot, whole or not; 0 where there is none."""
    return connection.execute(select(func.max(SNAPSHOTS.c.sequence))).scalar() or 0


def keep(connection: Connection, snapshot: Snapshot) -> None:
    """Write a snapshot, in place of one at the same sequence, and drop all but the newest; without a commit."""
    connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.sequence == snapshot.sequence))
    row = {"sequence": snapshot.sequence, "schema": snapshot.schema, "data": snapshot.data, "digest": digest(snapshot)}
    connection.execute(insert(SNAPSHOTS), row)
    found = connection.execute(select(SNAPSHOTS.c.sequence).order_by(SNAPSHOTS.c.sequence.desc()).limit(KEPT))
    connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.sequence < min(found.scalars())))


def newest_whole(connection: Connection, floor: int, last: int | None = None) -> Snapshot | None:
    """The newest snapshot that agrees with its digest and lies neither before `floor` nor after `last`."""
    for snapshot, whole in _all(connection):
        if whole and snapshot.sequence >= floor and (last is None or snapshot.sequence <= last):
            return snapshot
    return None


def all_whole(connection: Connection) -> list[Snapshot]:
    """Those that agree with their digests, oldest first."""
    return [snapshot for snapshot, whole in reversed(_all(connection)) if whole]


def damaged_sequence(connection: Connection) -> int:
    """The sequence of a snapshot that does not agree with its digest; 0 where all do."""
    return next((snapshot.sequence for snapshot, whole in _all(connection) if not whole), 0)


def _all(connection: Connection) -> list[tuple[Snapshot, bool]]:
    found = []
    for row in connection.execute(select(SNAPSHOTS).order_by(SNAPSHOTS.c.sequence.desc())):
        readable = isinstance(row.data, bytes) and isinstance(row.schema, int)
        snapshot = Snapshot(row.sequence, row.schema, row.data)
        found.append((snapshot, readable and digest(snapshot) == row.digest))
    return found
