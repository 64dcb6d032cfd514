"""Where a paper account is kept: its changes in a journal, one envelope for each moment in which something changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tradeworthy.adapters.brokers.paper_changes import Change
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.ports import Journal

_KIND = "paper"


class Moment(msgspec.Struct, frozen=True):
    """A moment of a replay by what it is, so that it is found again among longer bars. what: as in `replay_order`."""

    time_ns: int
    what: int
    series: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was changed while the replay stood at `moment` (None: before its first)."""

    moment: Moment | None
    changes: tuple[Change, ...]


class _Body(msgspec.Struct, frozen=True):
    moment: Moment | None
    changes: tuple[Change, ...]


class PaperStore:
    """Changes go into the journal before anybody is told of them; without a journal they are kept nowhere."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal

    def read(self) -> list[Kept]:
        """Everything, oldest first. Raises InputError for a journal of something else."""
        found = []
        for envelope in self._journal.read() if self._journal else ():
            if envelope.kind != _KIND:
                raise InputError(
                    f"event {envelope.sequence} of the paper account's store is of kind {envelope.kind!r}: that is the "
                    "journal of a desk; give the paper account a file of its own"
                )
            try:
                body = msgspec.convert(envelope.body, _Body)
            except msgspec.ValidationError as error:
                raise InputError(f"event {envelope.sequence} of the paper account's store: {error}") from error
            found.append(Kept(body.moment, body.changes))
        return found

    def keep(self, moment: Moment | None, changes: Sequence[Change], time_ns: int) -> None:
        """Durable on return. Raises JournalError where it cannot be kept."""
        if self._journal is None or not changes:
            return
        body: dict[str, Any] = msgspec.to_builtins(_Body(moment, tuple(changes)))
        sequence = self._journal.last_sequence() + 1
        self._journal.append([
            Envelope(
                sequence=sequence, account=_KIND, strategy="", kind=_KIND, event_time_ns=time_ns, receive_time_ns=time_ns,
                source=_KIND, body=body,
            )
        ])  # fmt: skip

    def close(self) -> None:
        """Let the next process in."""
        if self._journal is not None:
            self._journal.close()
