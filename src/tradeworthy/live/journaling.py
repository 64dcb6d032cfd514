"""Events and notes on their way into the journal: numbered, written together, and said only when they are durable."""

from collections.abc import Callable, Sequence
from typing import Final

from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_commands import Command, Tell
from tradeworthy.live.desk_events import Happened, envelope_of
from tradeworthy.live.desk_notes import note_of
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.folding import snapshot_of
from tradeworthy.ports import Journal

BUFFERED: Final = 256
"""Events without commands that may wait for their commit together; a crash has them asked for again."""
SNAPSHOT_EVERY: Final = 20_000

Told = Callable[[Tell, int], None]
"""(what, when): hears every note once its event is durable."""


class Journaling:
    """journal: None keeps nothing. account: whose events they are. told: hears every note."""

    def __init__(self, journal: Journal | None, account: str, told: Told | None) -> None:
        self._journal, self._account, self._told = journal, account, told
        self._buffer: list[Envelope] = []
        self._notes: list[tuple[Tell, int]] = []
        self._since_snapshot = 0

    @property
    def keeps(self) -> bool:
        """Whether there is a journal."""
        return self._journal is not None

    @property
    def is_full(self) -> bool:
        """Whether enough waits to be written."""
        return len(self._buffer) >= BUFFERED

    def take(self, happened: Happened, commands: Sequence[Command]) -> int:
        """Number an event and the notes about it, which are written together; the sequence of the last of them."""
        sequence = happened.sequence
        if self._journal is not None:
            self._buffer.append(envelope_of(happened, self._account, type(happened.event).__name__))
        for one in commands:
            if isinstance(one, Tell):
                sequence += 1
                self._notes.append((one, happened.received_ns))
                if self._journal is not None:
                    self._buffer.append(note_of(one, sequence, happened, self._account))
        return sequence

    def flush(self, state: DeskState) -> None:
        """Make everything durable that was taken, and only then say it. state: after all of it. Raises JournalError."""
        if self._buffer and self._journal is not None:
            batch, self._buffer = self._buffer, []
            self._journal.append(batch)
            self._since_snapshot += len(batch)
            if self._since_snapshot >= SNAPSHOT_EVERY:
                self.snapshot(state)
        notes, self._notes = self._notes, []
        if self._told is not None:
            for note, when in notes:
                self._told(note, when)

    def snapshot(self, state: DeskState) -> None:
        """Keep the state, where anything came since the last one. Raises JournalError."""
        if self._journal is None or not self._since_snapshot:
            return
        kept = snapshot_of(state)
        self._since_snapshot = 0
        if kept is not None and not self._buffer:
            self._journal.save_snapshot(kept)

    def give_up(self) -> None:
        """Nothing can be kept any more, and what waits is neither written nor said."""
        self._journal, self._buffer, self._notes = None, [], []
