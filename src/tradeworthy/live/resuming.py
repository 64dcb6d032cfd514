"""How a latched restriction ends: by a person's command that says which, who and why, and in no other way."""

from dataclasses import dataclass
from enum import StrEnum

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.mode import ModeState, Restriction


class ScopeKind(StrEnum):
    """What a resume is about."""

    ALL = "all"
    INSTRUMENT = "instrument"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, one instrument's own restrictions, or those of one source. Raises InputError where the name is missing."""

    kind: ScopeKind
    name: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ScopeKind.ALL) == bool(self.name.strip()):
            wanted = "takes no name" if self.name else "needs the name of one"
            raise InputError(f"a resume with scope {self.kind} {wanted}")

    def covers(self, restriction: Restriction) -> bool:
        """Whether a restriction is in it. A desk-wide one is not an instrument's own."""
        if self.kind is ScopeKind.ALL:
            return True
        return self.name == (restriction.source if self.kind is ScopeKind.SOURCE else restriction.instrument)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Resume:
    """An operator's command. Raises InputError without an operator or a reason."""

    scope: Scope
    operator: str
    reason: str
    time_ns: int

    def __post_init__(self) -> None:
        for name in ("operator", "reason"):
            if not getattr(self, name).strip():
                raise InputError(f"a resume must say its {name}: it is kept in the journal")


@dataclass(frozen=True, slots=True)
class Resumed:
    """The state after a resume, what it ended, and what to tell the operator."""

    state: ModeState
    ended: tuple[Restriction, ...]
    sentence: str


def resumed(state: ModeState, command: Resume) -> Resumed:
    """Ends the latched restrictions in the command's scope that were there when it was given.

    One latched later, or once more, stays: nobody had seen it. One that is not latched stays: it ends when its reason does.
    """
    ended = tuple(one for one in state.restrictions if _ends(one, command))
    left = ModeState(tuple(one for one in state.restrictions if one not in ended))
    return Resumed(left, ended, _sentence(left, ended, command))


def _ends(one: Restriction, command: Resume) -> bool:
    return one.latched and command.scope.covers(one) and one.latest_ns <= command.time_ns


def _sentence(left: ModeState, ended: tuple[Restriction, ...], command: Resume) -> str:
    did = f"{command.operator} ended {counted(len(ended), 'latched restriction')} (scope {command.scope}: {command.reason})"
    after = [
        one
        for one in left.restrictions
        if one.latched and command.scope.covers(one) and one.latest_ns > command.time_ns
    ]
    late = (
        f"; said after the command of {rfc3339(command.time_ns)}, so still there: {after[0].sentence}" if after else ""
    )
    rest = left.about()
    why = f", because it is {rest[0].sentence}" if rest and not late else ""
    return f"{did}; the desk is {left.mode}{why}{late}"
