"""How a desk stands, seen from outside: whether it runs, whether it answers, and what it wrote last."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from tradeworthy.adapters.files.desk_lease import Holder, holder_of
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.core.clock import SECOND_NS, from_rfc3339, now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.settings.desk_folder import DeskFolder

STALE_SECONDS: Final = 5.0
"""A running desk writes every second; one that has not for so long does not answer."""
_STARTING_SECONDS: Final = 60.0
_BAD: Final = frozenset({"PAUSED", "CRITICAL"})


class Presence(StrEnum):
    """Whether somebody is there."""

    RUNS = "runs"
    STARTS = "is starting"
    SILENT = "does not answer"
    ENDED = "does not run"
    CRASHED = "was stopped at once or crashed"
    NEVER = "has never run"


@dataclass(frozen=True, slots=True)
class DeskStanding:
    """status: what the desk wrote last, empty where it never did. age_seconds: of it. held_by: who has the lease. killed: what
    the file KILL says, None where there is none."""

    folder: Path
    presence: Presence
    status: Mapping[str, Any] = field(default_factory=dict)
    age_seconds: float | None = None
    held_by: Holder | None = None
    killed: str | None = None

    @property
    def exit_code(self) -> int:
        """0 runs and is well; 1 halted, critical, not in agreement with the broker, or not running; 3 nobody knows."""
        if self.presence in {Presence.STARTS, Presence.SILENT}:
            return 3
        if self.presence is not Presence.RUNS or self.killed is not None:
            return 1
        wrong = self.status["mode"] == "HALTED" or self.status["health"] in _BAD or self.status["differences"]
        return 1 if wrong else 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values: what the desk wrote, and around it what is seen from outside."""
        held = (
            None
            if self.held_by is None
            else {"who": self.held_by.who, "pid": self.held_by.pid, "host": self.held_by.host}
        )
        return {
            **self.status, "presence": str(self.presence), "age_seconds": self.age_seconds, "held_by": held,
            "killed": self.killed, "exit_code": self.exit_code,
        }  # fmt: skip


def desk_standing(folder: str | Path = ".") -> DeskStanding:
    """Look at a desk's folder. Raises InputError where there is no desk, and for files that are damaged."""
    desk = DeskFolder(Path(folder))
    if not (desk.lease.exists() or desk.settings.exists() or desk.status.exists()):
        raise InputError(
            f"{desk.root}: there is no desk in this folder; name one with --desk, or begin one with `tradeworthy run`"
        )
    held, killed = holder_of(desk.lease), KillFile(desk.root).present()
    if not desk.status.exists():
        presence = Presence.NEVER if held is None else _without_status(held)
        return DeskStanding(desk.root, presence, held_by=held, killed=killed)
    status, age = StatusFile(desk.status).read()
    return DeskStanding(desk.root, _presence(held, status, age), status, age, held, killed)


def waited_for(folder: Path, seconds: float, is_done: Callable[[DeskStanding], bool]) -> DeskStanding:
    """Look again and again until `is_done(standing)` or so many seconds have passed; how it stands then."""
    deadline = time.monotonic() + seconds
    while True:
        standing = desk_standing(folder)
        if is_done(standing) or time.monotonic() >= deadline:
            return standing
        time.sleep(0.2)


def _presence(held: Holder | None, status: Mapping[str, Any], age: float) -> Presence:
    if held is None:
        return Presence.CRASHED if status.get("running") else Presence.ENDED
    if status.get("generation") != held.generation:
        return _without_status(held)
    return Presence.RUNS if age <= STALE_SECONDS else Presence.SILENT


def _without_status(held: Holder) -> Presence:
    """Somebody has the lease and has written nothing so far."""
    since = (now_ns() - from_rfc3339(held.since)) / SECOND_NS
    return Presence.STARTS if since <= _STARTING_SECONDS else Presence.SILENT
