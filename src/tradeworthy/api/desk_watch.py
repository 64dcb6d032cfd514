"""The desk's own house, looked at a few times a second: kill file, signals, requests, lease, settings, and how it stands."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from tradeworthy.adapters.files.desk_lease import FileLease
from tradeworthy.adapters.files.desk_requests import DAMAGED, RequestBox
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.core.errors import OutputError, TradeworthyError
from tradeworthy.live.desk_events import DeskEvent, OperatorAsked, Trouble, Wish
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.desk_status import status_of
from tradeworthy.live.pressing import KILL_SWITCH

_LOOK_SECONDS: Final = 0.2
_STATUS_SECONDS: Final = 1.0
LEASE: Final = "lease"


class DeskWatch:
    """Fulfils `live.desk_runtime.Watch`.

    changed: gives what is different in the settings on the disk, as sentences. details: stands in every status.
    """

    def __init__(
        self,
        kill: KillFile,
        box: RequestBox,
        lease: FileLease,
        status: StatusFile,
        changed: Callable[[], Sequence[str]],
        details: dict[str, Any],
    ) -> None:
        self._kill, self._box, self._lease, self._status = kill, box, lease, status
        self._changed, self._details = changed, details
        self._looked = self._wrote = float("-inf")
        self._signals: list[tuple[Wish, str]] = []
        self._open: list[str] = []
        self._answers: dict[str, str] = {}
        self._told_changed: tuple[str, ...] = ()
        self._is_lost = False

    def signalled(self, wish: Wish, why: str) -> None:
        """A signal came; it is told at the next look, whatever else waits."""
        self._signals.append((wish, why))
        self._looked = float("-inf")

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """See `Watch`."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return ()
        self._looked = now
        found: list[DeskEvent] = [OperatorAsked(state.time_ns, wish, "signal", why) for wish, why in self._signals]
        self._signals.clear()
        reason = self._kill.present()
        if reason is not None and not _is_killed(state):
            found.append(OperatorAsked(state.time_ns, Wish.KILL, "kill file", reason))
        if not self._is_lost and not self._lease.is_held():
            self._is_lost = True
            found.append(
                Trouble(state.time_ns, LEASE, "the lease of this desk is gone: another may trade it", halts=True)
            )
        found += self._asked(state)
        return found

    def seen(self, state: DeskState) -> None:
        """See `Watch`: answer requests, and write how the desk stands."""
        for name in self._open:
            self._box.answer(name, {"mode": str(state.mode.mode), "status": status_of(state)})
        self._open.clear()
        for name, problem in self._answers.items():
            self._box.answer(name, {"error": problem})
        self._answers.clear()
        now = time.monotonic()
        if now - self._wrote >= _STATUS_SECONDS:
            self._wrote = now
            self.write(state)

    def write(self, state: DeskState, **more: Any) -> None:
        """How the desk stands, now."""
        different = tuple(self._changed())
        self._told_changed = different
        self._status.write({**status_of(state), **self._details, "settings_changed": list(different), **more})

    def _asked(self, state: DeskState) -> list[DeskEvent]:
        try:
            waiting = self._box.waiting()
        except OutputError as error:
            return [Trouble(state.time_ns, "requests", str(error))]
        found: list[DeskEvent] = []
        for name, request in waiting:
            if name in self._open:
                continue
            try:
                found.append(asked_by(request, state.time_ns))
                self._open.append(name)
            except (TradeworthyError, ValueError, KeyError) as error:
                self._answers[name] = str(request.get(DAMAGED) or error)
        return found


def asked_by(request: dict[str, Any], time_ns: int) -> OperatorAsked:
    """The wish in a request. Raises ValueError or KeyError for what is none."""
    reason = str(request.get("reason") or "no reason was given")
    return OperatorAsked(time_ns, Wish(request["wish"]), str(request["user"]), reason, str(request.get("scope", "")))


def _is_killed(state: DeskState) -> bool:
    unwinding = state.unwinding
    return unwinding is not None and unwinding.why == KILL_SWITCH
