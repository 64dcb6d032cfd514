"""The desk's own house, looked at a few times a second: kill file, signals, requests, lease, settings, and how it stands."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from tradeworthy.adapters.files.desk_lease import FileLease
from tradeworthy.adapters.files.desk_requests import DAMAGED, RequestBox
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.api.desk_settings import SettingsOnDisk
from tradeworthy.api.desk_signals import DeskSignals
from tradeworthy.api.desk_wishes import ends_kill, wish_in
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.live.desk_events import DeskEvent, OperatorAsked, SettingsDiffer, Trouble, Wish
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.desk_status import status_of
from tradeworthy.live.pressing import KILL_SWITCH

_LOOK_SECONDS: Final = 0.2
_STATUS_SECONDS: Final = 1.0
LEASE: Final = "lease"
REQUESTS: Final = "requests"
_ANSWERED: Final = frozenset({NoteKind.OPERATOR, NoteKind.MODE})


@dataclass(frozen=True, slots=True)
class House:
    """What a watch looks at. settings: the file, None for a book that ships. details: stands in every status."""

    kill: KillFile
    box: RequestBox
    lease: FileLease
    status: StatusFile
    signals: DeskSignals
    settings: SettingsOnDisk | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class DeskWatch:
    """Fulfils `live.desk_runtime.Watch`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._looked = self._wrote = float("-inf")
        self._open: dict[str, OperatorAsked] = {}
        self._refused: dict[str, str] = {}
        self._said: list[str] = []
        self._killed_by: str | None = None
        self._done: set[str] = set()
        self._changed: tuple[str, ...] = ()
        self._is_lost = self._is_deaf = False

    def heard(self, tell: Tell) -> None:
        """A note; those of the operator's doing go into the answers of the requests that wait."""
        if self._open and tell.kind in _ANSWERED:
            self._said.append(tell.sentence)

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """See `Watch`."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return ()
        self._looked = now
        return [
            *self._kills_and_stops(state),
            *self._lease_gone(state),
            *self._asked(state),
            *self._settings_changed(state),
        ]

    def seen(self, state: DeskState) -> None:
        """See `Watch`: answer requests, and write how the desk stands; before an answer, so that whoever reads it next sees
        what was done."""
        now = time.monotonic()
        if self._open or now - self._wrote >= _STATUS_SECONDS:
            self._wrote = now
            self.write(state)
        self._answer(state)

    def write(self, state: DeskState, *, running: bool = True) -> None:
        """How the desk stands, now."""
        house = self._house
        more = {"settings_changed": list(self._different()), "running": running}
        house.status.write({**status_of(state), **house.details, **more})

    def _kills_and_stops(self, state: DeskState) -> list[DeskEvent]:
        """A kill by a signal is latched as a file first, like every other."""
        signalled = self._house.signals.taken()
        for wish, why in signalled:
            if wish is Wish.KILL:
                with suppress(OutputError):  # then the journal alone latches it
                    self._house.kill.write(why)
        found: list[DeskEvent] = [
            OperatorAsked(state.time_ns, wish, self._house.signals.operator, why) for wish, why in signalled
        ]
        self._killed_by = self._house.kill.present()
        known = _is_killed(state) or any(wish is Wish.KILL for wish, _ in signalled)
        if self._killed_by is not None and not known:
            found.append(OperatorAsked(state.time_ns, Wish.KILL, "kill file", self._killed_by))
        return found

    def _lease_gone(self, state: DeskState) -> list[DeskEvent]:
        if self._is_lost or self._house.lease.is_held():
            return []
        self._is_lost = True
        return [Trouble(state.time_ns, LEASE, "the lease of this desk is gone: another may trade it", halts=True)]

    def _settings_changed(self, state: DeskState) -> list[DeskEvent]:
        """Once for each change, and once when it is undone."""
        changed, settings = self._different(), self._house.settings
        if settings is None or changed == self._changed:
            return []
        self._changed = changed
        return [SettingsDiffer(state.time_ns, settings.path.name, changed)]

    def _different(self) -> tuple[str, ...]:
        return () if self._house.settings is None else self._house.settings.changed()

    def _asked(self, state: DeskState) -> list[DeskEvent]:
        try:
            waiting = self._house.box.waiting()
        except OutputError as error:
            found: list[DeskEvent] = [] if self._is_deaf else [Trouble(state.time_ns, REQUESTS, str(error))]
            self._is_deaf = True
            return found
        back = [Trouble(state.time_ns, REQUESTS, "requests can be read again", over=True)] if self._is_deaf else []
        self._is_deaf = False
        for name, request in waiting:
            if name in self._done:
                continue
            try:
                self._open[name] = wish_in(request, state)
            except InputError as error:
                self._refused[name] = str(request.get(DAMAGED) or error)
        latched = self._killed_by is not None  # then the file is the wish already, and a second one says nothing new
        return [*back, *(one for one in self._open.values() if not (latched and one.wish is Wish.KILL))]

    def _answer(self, state: DeskState) -> None:
        """What was asked is durable by now. An answer that cannot be written takes nothing down."""
        done, refused = self._open, self._refused
        self._open, self._refused = {}, {}
        said, self._said = self._said, []
        for name, asked in done.items():
            if ends_kill(asked) and not _is_killed(state) and self._house.kill.present() == self._killed_by:
                with suppress(OutputError):  # it goes on stopping the desk, which says so
                    self._house.kill.remove()
            self._reply(name, {"mode": str(state.mode.mode), "sequence": state.sequence, "said": said})
        for name, problem in refused.items():
            self._reply(name, {"error": problem})

    def _reply(self, name: str, answer: Mapping[str, Any]) -> None:
        try:
            self._house.box.answer(name, answer)
        except (OutputError, InputError):
            self._done.add(name)  # it may still lie there, and is not done twice


def _is_killed(state: DeskState) -> bool:
    unwinding = state.unwinding
    return unwinding is not None and unwinding.why == KILL_SWITCH
