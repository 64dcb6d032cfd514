"""A journal in memory, for a day that is lived on a simulated broker and looked into right afterwards."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from tradeworthy.api.desk_past import PastStep
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import happened_in
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.stepping import step


class DayJournal:
    """Fulfils `ports.Journal` as long as the process lives. after: the sequence of the record before its first."""

    def __init__(self, after: int = 0) -> None:
        self._after = after
        self._records: list[Envelope] = []

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        self._records += batch
        return self.last_sequence()

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """See `ports.Journal`."""
        return iter(self._records[max(start - self._after - 1, 0) :])

    def last_sequence(self) -> int:
        """See `ports.Journal`."""
        return self._after + len(self._records)

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Nobody goes on from one."""

    def load_snapshot(self) -> Snapshot | None:
        """There is none."""
        return None

    def close(self) -> None:
        """There is nothing to let go of."""

    def steps(self, state: DeskState) -> Iterator[PastStep]:
        """What the desk made of every event in it, from the state before the first on."""
        for envelope in self._records:
            happened = happened_in(envelope)
            if happened is None:
                continue
            after, commands = step(state, happened)
            last = happened.sequence + sum(isinstance(one, Tell) for one in commands)
            numbered: DeskState = replace(after, sequence=last)
            yield PastStep(state, happened, numbered, commands)
            state = numbered
