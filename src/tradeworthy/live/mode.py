"""What a desk may do, and who said so: restrictions, of which the most restrictive holds.

    ACTIVE < REDUCING < DISABLED < HALTED

No function here loosens anything but `lifted` (by the source itself, where nothing is latched) and `resumed` (by a
person). Times are nanoseconds UTC and come in arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.live.plain_records import from_plain, to_plain


class Mode(StrEnum):
    """What a desk may do. The values are the words people read."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    DISABLED = "DISABLED"
    HALTED = "HALTED"

    @property
    def strictness(self) -> int:
        """0 for ACTIVE to 3 for HALTED."""
        return _STRICTNESS[self]

    @property
    def allows_entries(self) -> bool:
        """Only ACTIVE does. Cancels, and exits that are known to reduce a position, are allowed in every mode."""
        return self is Mode.ACTIVE


_STRICTNESS: Final = {mode: place for place, mode in enumerate(Mode)}

START: Final = "start"
"""The source of the restriction that holds until reconciliation has passed."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Somebody's reason why less is allowed.

    source: who says so, such as `kill switch`. since_ns: UTC. latched: ends only by a resume, not by its source.
    instrument: the only one it is about, "" for the whole desk. again_ns: when a latched one was said again, None for
    never. Raises InputError for ACTIVE, and for no source or reason.
    """

    source: str
    mode: Mode
    reason: str
    since_ns: int
    latched: bool = False
    instrument: str = ""
    again_ns: int | None = None

    def __post_init__(self) -> None:
        if self.mode is Mode.ACTIVE:
            raise InputError(f"a restriction by {self.source!r} restricts nothing: ACTIVE is where there is none")
        for name in ("source", "reason"):
            if not getattr(self, name).strip():
                raise InputError(f"a restriction must name its {name}")

    @property
    def sentence(self) -> str:
        """`HALTED since 2026-10-30T14:15:00Z by kill switch: the file KILL is there`."""
        about = f"{self.instrument} is " if self.instrument else ""
        until = "; it holds until an operator resumes it" if self.latched else ""
        return f"{about}{self.mode} since {rfc3339(self.since_ns)} by {self.source}: {self.reason}{until}"

    @property
    def latest_ns(self) -> int:
        """When it was last said. A resume given before that does not end it."""
        return self.since_ns if self.again_ns is None else max(self.since_ns, self.again_ns)

    @property
    def key(self) -> tuple[str, str, bool]:
        """There is at most one with the same source, instrument and latch."""
        return self.source, self.instrument, self.latched


@dataclass(frozen=True, slots=True)
class ModeState:
    """Every restriction that holds, sorted, so that equal states are equal records."""

    restrictions: tuple[Restriction, ...] = ()

    def __post_init__(self) -> None:
        keys = [one.key for one in self.restrictions]
        if keys != sorted(set(keys)):
            raise InputError("restrictions must be sorted by source, instrument and latch, each there once")

    @property
    def mode(self) -> Mode:
        """Of the whole desk: the most restrictive; restrictions of one instrument do not count."""
        return self.mode_of("")

    def mode_of(self, instrument: str) -> Mode:
        """For one instrument: the most restrictive of its own and the desk's."""
        return max((one.mode for one in self.about(instrument)), key=lambda mode: mode.strictness, default=Mode.ACTIVE)

    def about(self, instrument: str = "") -> tuple[Restriction, ...]:
        """What restricts an instrument ("": the whole desk), the strictest first, then the oldest."""
        found = (one for one in self.restrictions if one.instrument in {"", instrument})
        return tuple(sorted(found, key=lambda one: (-one.mode.strictness, one.since_ns, one.key)))

    def to_dict(self) -> dict[str, Any]:
        """Plain types for the journal."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the mode in the journal")


def started(kept: ModeState, time_ns: int) -> ModeState:
    """A desk that starts: whatever the journal kept still holds, and it is DISABLED until it is reconciled."""
    reason = "positions and orders have not been reconciled with the broker yet"
    return restricted(kept, Restriction(START, Mode.DISABLED, reason, time_ns))


def reconciled(state: ModeState) -> ModeState:
    """Reconciliation has passed: the start's restriction ends, and no other."""
    return lifted(state, START)


def restricted(state: ModeState, restriction: Restriction) -> ModeState:
    """With one more. Never looser: of two by one source the stricter stays, of equals the older.

    A latched one remembers that it was said again: an operator's resume may have been given in between.
    """
    same = next((one for one in state.restrictions if one.key == restriction.key), None)
    if same is not None and same.mode.strictness >= restriction.mode.strictness:
        if not same.latched:
            return state
        restriction = replace(same, again_ns=max(same.latest_ns, restriction.latest_ns))
    others = (one for one in state.restrictions if one is not same)
    return ModeState(tuple(sorted((*others, restriction), key=lambda one: one.key)))


def lifted(state: ModeState, source: str, instrument: str = "") -> ModeState:
    """The source's reason is gone. What it latched stays."""
    gone = (source, instrument, False)
    kept = tuple(one for one in state.restrictions if one.key != gone)
    return state if len(kept) == len(state.restrictions) else ModeState(kept)


def reported(state: ModeState, source: str, now: tuple[Restriction, ...]) -> ModeState:
    """All that one source has to say at this moment in place of all that it said before, but for what is latched.

    What it says as before keeps its first time. Raises InputError for a restriction of somebody else.
    """
    if strangers := sorted({one.source for one in now} - {source}):
        raise InputError(f"{source!r} may only report restrictions of its own, not of {', '.join(strangers)}")
    if not now and all(one.latched or one.source != source for one in state.restrictions):
        return state
    before = {one.key: one for one in state.restrictions}
    kept = ModeState(tuple(one for one in state.restrictions if one.latched or one.source != source))
    for one in now:
        old = before.get(one.key)
        kept = restricted(kept, old if old is not None and old.mode is one.mode else one)
    return kept
