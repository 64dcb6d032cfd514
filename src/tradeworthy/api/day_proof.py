"""Every record of a journal made anew out of the events before it, and held against the one that lies there, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradeworthy.api.desk_past import RecordedStep
from tradeworthy.core.counting import counted
from tradeworthy.core.events import Envelope, decode, encode
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskStarted, envelope_of
from tradeworthy.live.desk_notes import note_of


@dataclass(frozen=True, slots=True)
class RecordDiffers:
    """The first record that is not what the step makes. event: sequence of the event that it is, or is about. fields: what
    differs, by its path in the record, as the journal has it and as the step makes it; empty where one of the two is None."""

    sequence: int
    event: int
    journal: Envelope | None
    made: Envelope | None
    fields: Mapping[str, tuple[Any, Any]]

    @property
    def sentence(self) -> str:
        """Where, and what kind of difference."""
        what = "an event" if self.sequence == self.event else f"a note about event {self.event}"
        if self.made is None:
            return f"record {self.sequence}, {what}, is one that the step does not make"
        if self.journal is None:
            return f"record {self.sequence}, {what}, is missing: the step makes it"
        return f"record {self.sequence}, {what}, differs in {', '.join(self.fields) or 'its bytes'}"


@dataclass(frozen=True, slots=True)
class DayProof:
    """What came of holding all records against what the step makes. cut: events whose notes a cut of the journal took, as a
    start or the journal's end follows them; what is left of them is equal."""

    events: int
    notes: int
    differs: RecordDiffers | None = None
    cut: tuple[int, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether every record is what the step makes of the events before it."""
        return self.differs is None

    @property
    def sentence(self) -> str:
        """The result in words."""
        if self.differs is not None:
            return f"differs: {self.differs.sentence}"
        torn = (
            ""
            if not self.cut
            else f"; the journal was cut after event {', '.join(map(str, self.cut))}, before its notes"
        )
        return f"equal: {counted(self.events, 'event')} and {counted(self.notes, 'note')}{torn}"


class Prover:
    """Sees one step after the other, as `Past.recorded` gives them."""

    def __init__(self) -> None:
        self._events = self._notes = 0
        self._differs: RecordDiffers | None = None
        self._short: RecordDiffers | None = None
        self._cut: list[int] = []

    def see(self, one: RecordedStep) -> None:
        """The next step."""
        if self._short is not None:
            if isinstance(one.step.happened.event, DeskStarted):
                self._cut.append(self._short.event)
            else:
                self._differs = self._differs or self._short
            self._short = None
        made, found = made_records(one), one.records
        self._events += 1
        self._notes += len(found) - 1
        if self._differs is not None or found == made:
            return
        place = next(
            (i for i, pair in enumerate(zip(found, made, strict=False)) if pair[0] != pair[1]),
            min(len(found), len(made)),
        )
        first = _difference(one.step.happened.sequence, place, found, made)
        if first.journal is None:  # notes may have been cut off
            self._short = first
        else:
            self._differs = first

    def proof(self) -> DayProof:
        """Of all that was seen; nothing more comes."""
        torn = () if self._short is None or self._differs is not None else (self._short.event,)
        return DayProof(self._events, self._notes, self._differs, (*self._cut, *torn))


def made_records(one: RecordedStep) -> tuple[bytes, ...]:
    """The event in its envelope and behind it the notes, as a desk journals them."""
    happened, account = one.step.happened, one.step.after.origin.broker
    made = [encode(envelope_of(happened, account, type(happened.event).__name__))]
    for command in one.step.commands:
        if isinstance(command, Tell):
            made.append(encode(note_of(command, happened.sequence + len(made), happened, account)))
    return tuple(made)


def _difference(event: int, place: int, found: tuple[bytes, ...], made: tuple[bytes, ...]) -> RecordDiffers:
    journal = decode(found[place]) if place < len(found) else None
    ours = decode(made[place]) if place < len(made) else None
    fields = {} if journal is None or ours is None else dict(_fields(_plain(journal), _plain(ours), ""))
    return RecordDiffers(event + place, event, journal, ours, fields)


def _plain(one: Envelope) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _fields(journal: Mapping[str, Any], made: Mapping[str, Any], path: str) -> list[tuple[str, tuple[Any, Any]]]:
    found: list[tuple[str, tuple[Any, Any]]] = []
    for key in [*journal, *(key for key in made if key not in journal)]:
        before, after = journal.get(key), made.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            found += _fields(before, after, f"{path}{key}.")
        elif before != after or (key in journal) != (key in made):
            found.append((f"{path}{key}", (before, after)))
    return found
