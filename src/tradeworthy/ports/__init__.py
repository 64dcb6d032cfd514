"""Every seam of the house as a Protocol, on one page. An adapter fulfils one; nothing inside knows which."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot

T_co = TypeVar("T_co", covariant=True)


class BarStore(Protocol[T_co]):
    """Somewhere that bars come from. `T_co` is `market.bars.Bars`, which this floor may not name."""

    @property
    def name(self) -> str:
        """What people call it: a folder, or `ecb`."""

    def read(self, symbol: str, timeframe: Timeframe) -> T_co:
        """All bars of one instrument. Raises InputError, saying what to do, when there are none."""


class Progress(Protocol):
    """Somebody who wants to know how far a long piece of work is."""

    def update(self, work: str, done: int, total: int) -> None:
        """`done` of `total` equal parts of `work` are finished."""


class Journal(Protocol):
    """Every event of one desk, in order, for one writer at a time.

    Durable means: still there after the process is killed and after the machine loses power, as far as its disk keeps
    what it was told to flush. Whatever returns from `append` or `save_snapshot` is durable; whatever raised may be there
    or not, and after a JournalError from a write nothing more is written until the journal is opened again.
    """

    def append(self, batch: Sequence[Envelope]) -> int:
        """Write the envelopes in one commit, all or none, and return the last sequence. Durable on return.

        Sequences are dense from 1 on. Raises InputError, before anything is written, unless the batch begins with the
        next sequence and goes on without a gap, and for an event that cannot be encoded; JournalError when it cannot be
        written: another writer, a full or failing disk, a lost connection.
        """

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """Events from `start` on, oldest first, a bounded number of them in memory at a time.

        Only durable events are seen. Each is held against its checksum. Raises InputError where `start` lies
        before the events that are still in the journal; JournalError at the first damaged one.
        """

    def last_sequence(self) -> int:
        """The sequence of the last durable event; 0 for a new journal."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep what the events up to `snapshot.sequence` fold to. Durable on return; events stay where they are.

        Raises InputError for a sequence past the last event or before the newest snapshot; JournalError as `append`.
        """

    def load_snapshot(self) -> Snapshot | None:
        """The newest snapshot that is whole; None where there is none and every event since the first is at hand.

        Raises JournalError when there is no whole snapshot and the events it stood for were moved to an archive.
        """

    def close(self) -> None:
        """Let the next writer in. Nothing is lost by not calling it. Closing twice is closing once."""
