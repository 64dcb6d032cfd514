"""Where everything stands in a journal: when each record was heard, which are events, and where processes began."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol, Self

import msgspec

from tradeworthy.adapters.journals.chain import Link
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import HOUR_NS, to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import decode
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_events import NOTE_KIND
from tradeworthy.live.trading_days import trading_day
from tradeworthy.market.zones import known_zone

_STARTED: Final = "started"
_LONGEST_DAY_NS: Final = 30 * HOUR_NS
"""More than any day lasts, and less than any two: 23 to 25 hours where clocks are changed."""


class Records(Protocol):
    """What a past is read from: `adapters.journals.reading.JournalReader` fulfils it."""

    name: str

    def last_sequence(self) -> int:
        """Of the last durable record."""

    def whole_from(self, start: int) -> Iterator[bytes]:
        """Records from there on, oldest first."""

    def floor(self) -> tuple[Link, str]:
        """After what the journal begins, and the archive that holds what was before."""

    def snapshots(self) -> Sequence[Snapshot]:
        """Oldest first."""


class _Line(msgspec.Struct, frozen=True, gc=False):
    """What is needed of every record; the rest is passed over."""

    sequence: int
    kind: str
    receive_time_ns: int


@dataclass(frozen=True, slots=True)
class Begun:
    """A process took the desk over with this event. settings: in their frozen form."""

    sequence: int
    version: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PastDay:
    """A trading day that the journal holds something of. day: the date on which it ends, in the zone of its cut: the FX day
    that begins on Sunday at 17:00 in New York is Monday's. first, last: sequences of its records, notes too. events: without
    notes. begins_ns, ends_ns: UTC; the end does not belong to it. through: the last one where several are taken as one."""

    day: date
    begins_ns: int
    ends_ns: int
    first: int
    last: int
    events: int
    through: date | None = None

    @property
    def name(self) -> str:
        """`2026-10-30`, or `2026-10-26 to 2026-10-30`."""
        return str(self.day) if self.through is None or self.through == self.day else f"{self.day} to {self.through}"


@dataclass(frozen=True, slots=True)
class PastIndex:
    """first: sequence of the first record. heard_ns: by record, the desk's time then. notes: 1 where a record is a note.
    begun: processes, oldest first."""

    first: int
    heard_ns: "array[int]"
    notes: bytearray
    begun: tuple[Begun, ...]

    @classmethod
    def of(cls, records: Records, last: int) -> Self:
        """Read once from end to end, up to `last`. Raises JournalError for damage, InputError for what is no desk's journal."""
        floor = records.floor()[0].sequence
        heard, notes, begun, now = array("q"), bytearray(), [], 0
        lines = msgspec.msgpack.Decoder(_Line)
        for data in records.whole_from(floor + 1):
            line = lines.decode(data)
            if line.sequence > last:
                break
            if line.kind == _STARTED:
                begun.append(_begun(data, records.name))
            elif not floor and not begun:
                raise InputError(
                    f"{records.name}: this is no journal of a desk: its first event is of kind {line.kind!r}; name the desk's "
                    "folder, or the journal in it"
                )
            now = max(now, line.receive_time_ns)
            heard.append(now)
            notes.append(line.kind == NOTE_KIND)
        if not heard and not floor:
            raise InputError(f"{records.name}: the journal holds no event; a desk that trades writes them")
        return cls(floor + 1, heard, notes, tuple(begun))

    @property
    def last(self) -> int:
        """Sequence of the last record; one less than `first` where an archive has them all."""
        return self.first + len(self.heard_ns) - 1

    def at_or_before(self, time_ns: int) -> int:
        """Sequence of the last record that was heard by then; one less than `first` where there is none."""
        return self.first + bisect_right(self.heard_ns, time_ns) - 1

    def days(self, cut: DayCut) -> tuple[PastDay, ...]:
        """The trading days, oldest first, each with at least one record."""
        found, place = list[PastDay](), 0
        while place < len(self.heard_ns):
            ends = trading_day(self.heard_ns[place], cut).ends_ns
            after = bisect_left(self.heard_ns, ends, place)
            events = after - place - sum(self.notes[place:after])
            begins = trading_day(ends - _LONGEST_DAY_NS, cut).ends_ns
            first, last = self.first + place, self.first + after - 1
            found.append(PastDay(_named(ends, cut), begins, ends, first, last, events))
            place = after
        return tuple(found)


def _named(ends_ns: int, cut: DayCut) -> date:
    return to_datetime(ends_ns - 1).astimezone(known_zone(cut.zone or "UTC")).date()


def _begun(data: bytes, name: str) -> Begun:
    envelope = decode(data)
    version, settings = envelope.body.get("version"), envelope.body.get("settings")
    if not isinstance(version, str) or not isinstance(settings, dict):
        raise InputError(f"{name}: event {envelope.sequence} does not say with which settings the desk was started")
    return Begun(envelope.sequence, version, settings)
