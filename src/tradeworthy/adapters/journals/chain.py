"""The chain that ties every event to all before it, so that a damaged, missing or foreign row is found where it lies."""

import hashlib
from dataclasses import dataclass
from typing import Final

from tradeworthy.core.snapshot import Snapshot

BEGINNING: Final = bytes(32)
"""What stands before the first event."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the journal: a sequence, and the chain after its event."""

    sequence: int = 0
    chain: bytes = BEGINNING

    def after(self, data: bytes) -> "Link":
        """The next place, once an event with these bytes is written."""
        return Link(self.sequence + 1, hashlib.sha256(self.chain + data).digest())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of events as it lies in the table; after damage its fields may hold anything."""

    sequence: object
    data: object
    chain: object

    def follows(self, link: Link) -> "Link | None":
        """The link that this row makes after `link`, or None where it is not the whole and next event."""
        if not isinstance(self.data, bytes) or self.sequence != link.sequence + 1:
            return None
        found = link.after(self.data)
        return found if found.chain == self.chain else None


def digest(snapshot: Snapshot) -> bytes:
    """SHA-256 over a snapshot's sequence, schema and bytes."""
    return hashlib.sha256(b"%d:%d:" % (snapshot.sequence, snapshot.schema) + snapshot.data).digest()
