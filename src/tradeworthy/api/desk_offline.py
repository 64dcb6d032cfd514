"""What an operator asks of a desk that does not run: entered into its journal, so that the next start finds it."""

import os
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_holding import held
from tradeworthy.api.desk_recovery import settings_in, written_with
from tradeworthy.api.desk_wishes import ends_kill, wish_in
from tradeworthy.core.errors import InputError
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_commands import Command, Leave, Tell
from tradeworthy.live.desk_events import Happened, envelope_of
from tradeworthy.live.desk_notes import note_of
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.desk_status import status_of
from tradeworthy.live.folding import folded, snapshot_of
from tradeworthy.live.stepping import step
from tradeworthy.ports import Journal
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.loading import settings_named
from tradeworthy.settings.tree import Settings
from tradeworthy.wiring.desk_plans import bars_of, plan_of
from tradeworthy.wiring.sources import bar_store


@dataclass(frozen=True, slots=True)
class EnteredOffline:
    """The mode now, what the desk says of it, and how many calls to the broker have to wait for its next start."""

    mode: str
    said: tuple[str, ...]
    not_sent: int
    kill_removed: bool


def entered_offline(folder: DeskFolder, request: Mapping[str, Any]) -> EnteredOffline:
    """Hold the desk, fold its journal, and enter the wish. Nothing is sent to a broker.

    Raises InputError while another process has the desk, where no desk has ever run, and for wishes that are none.
    """
    book, data = _started_with(folder)
    where: str | Path = folder.journal
    beside = folder.root
    if book is not None:
        settings, beside = settings_named(book, os.environ)
        where = settings.journal.url or folder.journal
    if isinstance(where, Path) and not where.exists():
        raise InputError(
            f"{where}: no desk has ever traded in this folder; `tradeworthy halt --kill` keeps one from trading"
        )
    with held(folder, f"tradeworthy {request['wish']}") as lease, closing(open_journal(where)) as journal:
        if not journal.last_sequence():
            raise InputError(f"{where}: the journal is empty; `tradeworthy halt --kill` keeps a desk from trading here")
        plan = _plan(journal, beside, data)
        state = folded(plan, journal)
        lease.exceed(state.origin.generation)
        asked = wish_in(dict(request), state)
        happened = Happened(state.sequence + 1, state.time_ns, asked)
        after, commands = step(state, happened)
        after = _kept(journal, after, happened, commands)
        kill = KillFile(folder.root)
        removed = ends_kill(asked) and kill.present() is not None
        if removed:
            kill.remove()
        _show(StatusFile(folder.status), after)
    said = tuple(one.sentence for one in commands if isinstance(one, Tell))
    outside = [one for one in commands if not isinstance(one, Tell | Leave)]
    return EnteredOffline(str(after.mode.mode), said, len(outside), removed)


def _started_with(folder: DeskFolder) -> tuple[str | None, Path | None]:
    """The book and the bars of the last run; those of the folder where nothing tells. None for settings that a program made and
    that stand in the journal alone."""
    with suppress(InputError):
        status, _ = StatusFile(folder.status).read()
        given = status.get("data")
        data = Path(given) if isinstance(given, str) else None
        if isinstance(status.get("book"), str):
            return status["book"], data
        if "book" in status and not folder.settings.is_file():
            return None, data
    return str(folder.root), None


def _plan(journal: Journal, beside: Path, data: Path | None) -> DeskPlan:
    """Of the settings that the journal was written with."""
    version, frozen = written_with(journal)
    if version != PACKAGE_VERSION:
        raise InputError(
            f"the journal was written by version {version}; ask with that version, or start this one first"
        )
    settings: Settings = settings_in(frozen)
    book = book_from(settings)
    return plan_of(settings, book, bars_of(book, bar_store(settings.data, beside, data)), replayed=True)


def _kept(journal: Journal, state: DeskState, happened: Happened, commands: list[Command]) -> DeskState:
    """Event and notes in one commit, and a snapshot, so that the journal ends in order as it did."""
    broker = state.origin.broker
    batch = [envelope_of(happened, broker, type(happened.event).__name__)]
    for one in commands:
        if isinstance(one, Tell):
            batch.append(note_of(one, happened.sequence + len(batch), happened, broker))
    last = journal.append(batch)
    numbered: DeskState = replace(state, sequence=last)
    snapshot = snapshot_of(numbered)
    if snapshot is not None:
        journal.save_snapshot(snapshot)
    return numbered


def _show(file: StatusFile, state: DeskState) -> None:
    before: dict[str, Any] = {}
    with suppress(InputError):
        before, _ = file.read()
    file.write({**before, **status_of(state), "running": False})
