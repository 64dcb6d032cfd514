"""What a desk's journal holds, in plain values: before, while and after the desk runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.redacting import redacted_text
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.live.desk_commands import NoteKind
from tradeworthy.live.desk_events import NOTE_KIND
from tradeworthy.settings.desk_folder import DeskFolder

_LAST: Final = 2**62
"""Beyond the last event of any journal."""
_TRADE_MOMENTS: Final = {"entry_ns": "entry_time", "exit_ns": "exit_time", "decided_ns": "decided"}


class JournalView:
    """Reads and never writes. A desk that has not traded yet has nothing in it."""

    def __init__(self, where: str | Path, folder: Path) -> None:
        self._where, self._folder = where, folder

    @property
    def path(self) -> str | Path:
        """Of the journal's file; of one on a server its URL, without the password."""
        return self._where if isinstance(self._where, Path) else redacted_text(self._where)

    def events(self, kind: str | None = None, start: int = 1) -> Iterator[dict[str, Any]]:
        """{sequence, time, kind, strategy, body} of every event from `start` on, the oldest first; what people were told has the
        kind `note`. Raises InputError for a start that is none or was archived, JournalError for damage."""
        first = _number(start)
        if kind is not None and not isinstance(kind, str):
            raise InputError(f"kind is the kind of an event, such as bar, not {shown(kind)}")
        return (_plain(one) for one in self._read(first) if kind is None or one.kind == kind)

    def trades(self, start: int = 1) -> list[dict[str, Any]]:
        """Every trade closed from event `start` on, the oldest first: {sequence, time, strategy, symbol, side, units, entry_time,
        entry_price, exit_time, exit_price, pnl, r, fees, reason, ...}. Raises as `events`."""
        return [_told(one) for one in self._notes(NoteKind.CLOSED, start)]

    def signals(self, start: int = 1) -> list[dict[str, Any]]:
        """Every signal from outside from event `start` on, the oldest first: {sequence, time, strategy, signal_id, action,
        accepted, answer, client_id, check, why, again, ...}; again: an id that had come before. Raises as `events`."""
        return [_told(one) for one in self._notes(NoteKind.SIGNAL, start)]

    def status(self) -> dict[str, Any]:
        """How the desk stands, as `tradeworthy status --json` has it, with `running` and `age_seconds`; without a desk yet,
        {running: False}."""
        try:
            found, age = StatusFile(DeskFolder(self._folder).status).read()
        except InputError:
            return {"running": False}
        return {**found, "age_seconds": age}

    def _notes(self, kind: NoteKind, start: int) -> Iterator[Envelope]:
        return (one for one in self._read(_number(start)) if one.kind == NOTE_KIND and one.body["kind"] == str(kind))

    def _read(self, start: int) -> Iterator[Envelope]:
        if isinstance(self._where, Path) and not self._where.exists():
            return iter(())
        return read_journal(self._where).read(start)


def _number(start: object) -> int:
    first = whole_number(start)
    if first is None or not 1 <= first <= _LAST:
        raise InputError(f"start is the number of an event, 1 or more, not {shown(start)}")
    return first


def _plain(one: Envelope) -> dict[str, Any]:
    return {
        "sequence": one.sequence, "time": rfc3339(one.event_time_ns), "kind": one.kind, "strategy": one.strategy,
        "body": dict(one.body),
    }  # fmt: skip


def _told(one: Envelope) -> dict[str, Any]:
    """A note's numbers, its moments in words."""
    data: Any = one.body["data"]
    plain = {
        _TRADE_MOMENTS.get(key, key): rfc3339(value) if key in _TRADE_MOMENTS else value for key, value in data.items()
    }
    return {
        "sequence": one.sequence, "time": rfc3339(one.event_time_ns), "strategy": one.strategy, "symbol": one.body["symbol"],
        "sentence": one.body["sentence"], **plain,
    }  # fmt: skip
