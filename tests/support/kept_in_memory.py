"""A journal in memory, for tests that open and leave one thousands of times."""

from collections.abc import Iterator, Sequence

from tradeworthy.core.errors import JournalError
from tradeworthy.core.events import Envelope, decode, encode
from tradeworthy.core.snapshot import Snapshot


class MemoryJournal:
    """Fulfils `ports.Journal`; what is in it goes through the bytes of events. full: writes fail from now on."""

    def __init__(self) -> None:
        self.events: list[bytes] = []
        self.full = False

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        if self.full:
            raise JournalError("memory: cannot append an event: the disk is full")
        assert [one.sequence for one in batch] == [len(self.events) + 1 + place for place in range(len(batch))]
        self.events += [encode(one) for one in batch]
        return len(self.events)

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """See `ports.Journal`."""
        return (decode(data) for data in self.events[start - 1 :])

    def last_sequence(self) -> int:
        """See `ports.Journal`."""
        return len(self.events)

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """None is kept: every event is at hand."""

    def load_snapshot(self) -> Snapshot | None:
        """There is none."""
        return None

    def close(self) -> None:
        """Nothing to close."""
