"""A desk's past out of its journal: its state at any moment, and every step between two. Nothing is held and nothing written,
so that the desk may be running meanwhile; what it journals after the past was opened is not in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.api.desk_recovery import taken_over
from tradeworthy.api.journals import journal_of
from tradeworthy.api.past_index import Begun, PastDay, PastIndex, Records
from tradeworthy.api.past_plans import PastPlans, PlanFor, plans_of
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope, decode
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_commands import Command
from tradeworthy.live.desk_events import NOTE_KIND, DeskStarted, Happened, happened_in
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.folding import restored, stored_origin
from tradeworthy.live.stepping import step
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.freezing import differences


class PastNotKnown(InputError):  # noqa: N818 - reads as what it is at the place where it is caught
    """The journal is sound, and this part of the past cannot be had out of it here: it lies in an archive, or another version
    wrote it."""


class PastStep(NamedTuple):
    """One event and what the desk made of it. before: under the settings of the process that heard it. after: the notes that
    people were told are numbered."""

    before: DeskState
    happened: Happened
    after: DeskState
    commands: Sequence[Command]


class RecordedStep(NamedTuple):
    """A step, and its records as they lie in the journal: the event and right behind it its notes."""

    step: PastStep
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fold stands. state: None before the first event. settings: of the process that wrote last."""

    sequence: int
    state: DeskState | None
    settings: Mapping[str, Any]
    version: str


_BEGINNING = _Place(0, None, {}, "")


class Past:
    """What a journal tells of a desk. Made by `open_past`; for one thread.

    records: the journal. plan_for: makes the plan of settings in their frozen form. version: whose events are stepped through
    again; those of another are not, as that version may have made something else of them. plans: where the settings' bars lie,
    None where there are no settings.
    """

    def __init__(
        self, records: Records, plan_for: PlanFor, version: str = PACKAGE_VERSION, plans: PastPlans | None = None
    ) -> None:
        self._records, self._plan_for, self._version = records, plan_for, version
        self.plans = plans
        self.name = records.name
        self._last = records.last_sequence()
        self._plan: tuple[Mapping[str, Any], DeskPlan] | None = None
        self._reached: _Place | None = None

    @cached_property
    def index(self) -> PastIndex:
        """Where everything stands. Raises JournalError for damage, InputError for an empty or a foreign journal."""
        return PastIndex.of(self._records, self._last)

    @property
    def first(self) -> int:
        """Sequence of the first record that the journal holds."""
        return self.index.first

    @property
    def last(self) -> int:
        """Sequence of the last record, as of when this past was opened."""
        return self.index.last

    def begun(self) -> tuple[Begun, ...]:
        """The processes that ran the desk, oldest first, as far as their starts are in the journal."""
        return self.index.begun

    def days(self) -> tuple[PastDay, ...]:
        """The trading days that the journal holds, oldest first, by the day cut of the settings that it was written with last."""
        return self._days

    @cached_property
    def _days(self) -> tuple[PastDay, ...]:
        return self.index.days(self._plan_of(self._latest()).day)

    def day(self, named: str) -> PastDay:
        """The trading day of that date, such as 2026-08-03. Raises InputError for what is no date, and for a day that the journal
        does not hold: with the nearest that it does."""
        try:
            wanted = date.fromisoformat(named)
        except ValueError:
            raise InputError(f"{named!r} is no date; write it as 2026-08-03") from None
        days = self.days()
        found = next((one for one in days if one.day == wanted), None)
        if found is None:
            near = sorted(sorted(days, key=lambda one: abs(one.day - wanted))[:3], key=lambda one: one.day)
            raise InputError(
                f"{self.name}: it holds nothing of {wanted}; it holds {counted(len(days), 'trading day')} from {days[0].day} to "
                f"{days[-1].day}, nearest {', '.join(str(one.day) for one in near)}"
            )
        return found

    def at(self, *, sequence: int | None = None, time_ns: int | None = None) -> DeskState:
        """The state after the last event at or before the record with that sequence, or before that moment, UTC.

        Raises InputError for what lies outside of the journal, in an archive, or in a part that another version wrote.
        """
        if (sequence is None) == (time_ns is None):
            raise InputError("a moment is either a sequence or a time; give one of them")
        asked = sequence if sequence is not None else self._sequence_at(time_ns or 0)
        place = self._before(self._known(asked))
        state = place.state
        for one in self._folded(place, asked):
            state = one.step.after
        if state is None:  # only before the first event, which `_known` refuses
            raise InputError(f"{self.name}: there is no event before {asked + 1}")
        self._reach(state, asked)
        return state

    def events(self, start: int = 1, end: int | None = None) -> Iterator[Happened]:
        """The events with these sequences, both included, without notes. end: None for the last one."""
        return (happened for one in self.records(start, end) if (happened := happened_in(one)) is not None)

    def records(self, start: int = 1, end: int | None = None) -> Iterator[Envelope]:
        """Every record with these sequences, notes too."""
        last = self.last if end is None else min(end, self.last)
        for data in self._records.whole_from(max(start, 1)) if start <= last else ():
            envelope = decode(data)
            if envelope.sequence > last:
                return
            yield envelope

    def steps(self, start_sequence: int = 1, end_sequence: int | None = None) -> Iterator[PastStep]:
        """What the desk made of every event with these sequences, both included. Raises as `at`."""
        return (one.step for one in self.recorded(start_sequence, end_sequence))

    def recorded(self, start_sequence: int = 1, end_sequence: int | None = None) -> Iterator[RecordedStep]:
        """The same, with the records as they lie in the journal."""
        last = self.last if end_sequence is None else min(end_sequence, self.last)
        first = max(start_sequence, 1)
        if first > last:
            return
        place = self._before(first - 1)
        after = place.state
        for one in self._folded(place, last):
            after = one.step.after
            if one.step.happened.sequence >= first:
                yield one
        if after is not None:
            self._reach(after, last)

    def _known(self, sequence: int) -> int:
        if self.first <= sequence <= self.last or (sequence == self.first - 1 and sequence):
            return sequence
        if 0 < sequence < self.first:
            raise self._archived(sequence)
        raise InputError(
            f"{self.name}: it holds the events {self.first} to {self.last}, and {sequence} is none of them"
        )

    def _sequence_at(self, time_ns: int) -> int:
        found = self.index.at_or_before(time_ns)
        if found < self.first:
            begins = rfc3339(self.index.heard_ns[0])
            raise InputError(f"{self.name}: its first event is of {begins}, and {rfc3339(time_ns)} lies before that")
        return found

    def _before(self, sequence: int) -> _Place:
        """The nearest place from which the state after that record can be had."""
        reached = self._reached
        if reached is not None and reached.sequence <= sequence:
            return reached
        foreign = [one for one in self.index.begun if one.version != self._version and one.sequence <= sequence]
        if self.first == 1 and not foreign:
            return _BEGINNING
        for snapshot in reversed(self._records.snapshots()):
            if snapshot.sequence > sequence or any(one.sequence > snapshot.sequence for one in foreign):
                continue
            version, settings = stored_origin(snapshot)
            following = next(
                (one.sequence for one in self.index.begun if one.sequence > snapshot.sequence), self.last + 1
            )
            if version == self._version or following == snapshot.sequence + 1 or sequence == snapshot.sequence:
                return _Place(snapshot.sequence, restored(self._plan_of(settings), snapshot), settings, version)
        if foreign:
            raise PastNotKnown(
                f"{self.name}: from event {foreign[-1].sequence} on it was written by version {foreign[-1].version}, and this is "
                f"{self._version}; look at that part with the version that wrote it"
            )
        raise self._archived(sequence)

    def _archived(self, sequence: int) -> PastNotKnown:
        floor, archive = self._records.floor()
        kept = self._records.snapshots()
        later = f", or ask for what came after event {kept[0].sequence}" if kept else ""
        return PastNotKnown(
            f"{self.name}: what led up to event {sequence} cannot be rebuilt from it, as `tradeworthy journal archive` moved "
            f"the events up to {floor.sequence} to {archive}; look at that file instead{later}"
        )

    def _folded(self, place: _Place, last: int) -> Iterator[RecordedStep]:
        """Steps from a place on, up to the last event that is not after `last`."""
        state, settings, version = place.state, place.settings, place.version
        for happened, records in self._groups(place.sequence + 1, last):
            event = happened.event
            if isinstance(event, DeskStarted):
                version = event.version
                state = self._under(state, settings, event.settings)
                settings = event.settings
            if version != self._version:
                raise PastNotKnown(
                    f"{self.name}: event {happened.sequence} was written by version {version}, and this is {self._version}; look "
                    "at it with the version that wrote it"
                )
            if state is None:
                raise InputError(f"{self.name}: event {happened.sequence} comes before any start of the desk")
            after, commands = step(state, happened)
            numbered: DeskState = replace(after, sequence=happened.sequence + len(records) - 1)
            yield RecordedStep(PastStep(state, happened, numbered, commands), records)
            state = numbered

    def _under(self, state: DeskState | None, before: Mapping[str, Any], settings: Mapping[str, Any]) -> DeskState:
        """The state as a process with these settings took it over."""
        if state is None:
            return first_state(self._plan_of(settings))
        return taken_over(state, self._plan_of(settings)) if differences({**before}, {**settings}) else state

    def _groups(self, start: int, last: int) -> Iterator[tuple[Happened, tuple[bytes, ...]]]:
        """Every event and its records: itself, and the notes behind it."""
        happened: Happened | None = None
        records: list[bytes] = []
        for data in self._records.whole_from(start) if start <= self.last else ():
            envelope = decode(data)
            if envelope.sequence > self.last:
                break
            if envelope.kind == NOTE_KIND:
                records.append(data)
                continue
            if happened is not None:
                yield happened, tuple(records)
            if envelope.sequence > last:
                return
            happened, records = happened_in(envelope), [data]
        if happened is not None:
            yield happened, tuple(records)

    def _plan_of(self, settings: Mapping[str, Any]) -> DeskPlan:
        if self._plan is None or differences({**self._plan[0]}, {**settings}):
            self._plan = settings, self._plan_for(settings)
        return self._plan[1]

    def _latest(self) -> Mapping[str, Any]:
        if self.index.begun:
            return self.index.begun[-1].settings
        return stored_origin(self._records.snapshots()[-1])[1]

    def _reach(self, state: DeskState, sequence: int) -> None:
        """Go on from here the next time, unless a strategy remembers what it saw by itself."""
        if all(hasattr(one, "copy") for one in state.streams):
            version, settings = state.origin.version, state.origin.settings
            self._reached = _Place(max(state.sequence, sequence), state, settings, version)


def open_past(desk: str | Path = ".", data: str | Path | None = None) -> Past:
    """The past of a desk, by its folder or by a journal (a file, an archive or backup of one, a `postgresql://` URL).

    data: a folder of bars, where the desk's own settings or its last run do not name it: they say what the instruments are.
    Raises InputError where there is no journal, or one of another schema; JournalError for one that cannot be read.
    """
    bars = None if data is None else Path(data)
    if isinstance(desk, str) and "://" in desk:
        return _past(read_journal(desk), plans_of(DeskFolder(Path()), bars))
    path = Path(desk)
    if path.is_file():
        return _past(read_journal(path), plans_of(_around(path), bars))
    if not path.is_dir():
        raise InputError(f"{path}: there is no such desk; name the folder of one, or its journal")
    return _past(read_journal(journal_of(path)), plans_of(DeskFolder(path), bars))


def _past(records: Records, plans: PastPlans) -> Past:
    return Past(records, plans.of, plans=plans)


def _around(journal: Path) -> DeskFolder:
    """The desk's folder: the one that the journal lies in, or the one above it for archives and backups."""
    beside = DeskFolder(journal.resolve().parent)
    return beside if beside.status.exists() or beside.settings.exists() else DeskFolder(beside.root.parent)
