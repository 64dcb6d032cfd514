"""Ask a desk for something, whether it runs or not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from tradeworthy.adapters.files.desk_lease import holder_of
from tradeworthy.adapters.files.desk_requests import RequestBox, user_name
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.api.desk_offline import entered_offline
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_events import Wish
from tradeworthy.settings.desk_folder import DeskFolder

ANSWER_SECONDS: Final = 5.0


class Way(StrEnum):
    """How a wish reached the desk."""

    ANSWERED = "the running desk answered"
    ENTERED = "entered into the journal"
    SILENT = "the desk did not answer"
    FILE = "by the file KILL alone"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a wish. mode: "" where nobody knows. said: the desk's own sentences. killed: whether KILL is there now by
    this wish. not_sent: calls to the broker that wait for the next start."""

    way: Way
    mode: str = ""
    said: tuple[str, ...] = ()
    killed: bool = False
    kill_removed: bool = False
    not_sent: int = 0
    sequence: int = 0


def kill_desk(folder: Path, reason: str) -> Asked:
    """Write KILL, whatever runs or does not, and ask a running desk to act on it. Raises OutputError where it cannot be written."""
    desk = _desk(folder)
    kill = KillFile(desk.root)
    kill.write(f"{user_name()}: {reason}")
    if holder_of(desk.lease) is None:
        return Asked(Way.FILE, killed=True)
    answer = RequestBox(desk.requests).ask({"wish": str(Wish.KILL), "reason": reason}, ANSWER_SECONDS)
    return _answered(answer, killed=True)


def ask_desk(folder: Path, wish: Wish, reason: str, scope: str = "", *, price: str = "") -> Asked:
    """Ask a running desk, or enter the wish into the journal of one that does not run. A halt that is not answered writes KILL.

    Raises InputError for what the desk does not take; for flattening, which needs a running desk, where none runs.
    """
    desk = _desk(folder)
    request = {"wish": str(wish), "reason": reason, "scope": scope} | ({"price": price} if price else {})
    if holder_of(desk.lease) is None:
        return _without_desk(desk, wish, request)
    answer = RequestBox(desk.requests).ask(request, ANSWER_SECONDS)
    killed = answer is None and wish is Wish.HALT
    if killed:
        KillFile(desk.root).write(f"{user_name()}: {reason} (halt; the desk did not answer)")
    return _answered(answer, killed=killed)


def _without_desk(desk: DeskFolder, wish: Wish, request: Mapping[str, Any]) -> Asked:
    if wish is Wish.FLATTEN:
        raise InputError(
            f"{desk.root}: no desk runs here, and only a running one can close positions; `tradeworthy halt --kill` and then "
            "`tradeworthy run` cancels and closes everything and leaves"
        )
    kill = KillFile(desk.root)
    if wish is Wish.RESUME and not desk.journal.exists() and not desk.settings.exists() and kill.present() is not None:
        kill.remove()
        return Asked(Way.FILE, kill_removed=True)
    done = entered_offline(desk, {**request, "user": user_name(), "pid": os.getpid()})
    return Asked(Way.ENTERED, done.mode, done.said, kill_removed=done.kill_removed, not_sent=done.not_sent)


def _answered(answer: Mapping[str, Any] | None, *, killed: bool) -> Asked:
    if answer is None:
        return Asked(Way.SILENT, killed=killed)
    if "error" in answer:
        raise InputError(str(answer["error"]))
    return Asked(Way.ANSWERED, answer["mode"], tuple(answer["said"]), killed=killed, sequence=answer["sequence"])


def _desk(folder: Path) -> DeskFolder:
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; name that of the desk with --desk")
    return DeskFolder(folder)
