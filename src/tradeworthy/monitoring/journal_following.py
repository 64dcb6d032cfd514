"""Following a journal as it grows: each event once, and all of what is new or nothing."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Protocol

from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.monitoring.journal_listening import JournalListener
from tradeworthy.monitoring.performance_config import PerformanceConfig
from tradeworthy.monitoring.performance_record import PerformanceRecord


class ReadableJournal(Protocol):
    """What can be followed: what `read_journal` gives, and every `ports.Journal`."""

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """Events from `start` on, oldest first."""

    def last_sequence(self) -> int:
        """The sequence of the last event."""


class JournalFollower:
    """Reads what has come since the last look."""

    def __init__(self, journal: ReadableJournal, config: PerformanceConfig) -> None:
        self.name = str(getattr(journal, "name", "journal"))
        self.listener = JournalListener(PerformanceRecord(config))
        self.sequence, self.events = config.first_event - 1, 0
        self._journal = journal
        self._newest: Envelope | None = None

    def catch_up(self) -> int:
        """Enter what is new, and say how many events that was.

        Raises InputError for a journal that is not the one that was followed, and for events of another version, JournalError
        for damage; nothing has changed then.
        """
        last = self._journal.last_sequence()
        if last < self.sequence and self._newest is not None:
            raise InputError(
                f"{self.name}: it ends with event {last}, and those up to {self.sequence} were counted: it was cut or replaced; "
                "make another PerformanceMonitor"
            )
        if last <= self.sequence:
            return 0
        self._check_newest()
        listener = deepcopy(self.listener)
        sequence, events, newest = self.sequence, 0, self._newest
        for event in self._journal.read(sequence + 1):
            listener.heard(event)
            sequence, events, newest = event.sequence, events + 1, event
        self.listener, self._newest = listener, newest
        self.sequence, self.events = sequence, self.events + events
        return events

    def _check_newest(self) -> None:
        """The last event that was counted is still the one at its place, unless it was moved to an archive."""
        if self._newest is None:
            return
        try:
            found = next(self._journal.read(self.sequence), None)
        except InputError:  # it was archived; whether the next one is here is told when it is read
            return
        if found != self._newest:
            raise InputError(
                f"{self.name}: event {self.sequence} is another than the one that was counted: the journal was replaced; "
                "make another PerformanceMonitor"
            )
