"""Where refusals are written down: a file, a log, a list, a function, or the journal of a desk."""

from collections.abc import Callable
from os import PathLike
from typing import Any

from tradeworthy.adapters.files.trade_log import TradeLogger
from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_events import NOTE_KIND

Record = Callable[[dict[str, Any]], Any]


def record_into(journal: Any) -> Record | None:
    """What takes one refusal; None for no journal. Raises InputError for what can take none."""
    if journal is None:
        return None
    if isinstance(journal, str | PathLike):
        return TradeLogger(journal).log_trade
    if isinstance(journal, TradeLogger):
        return journal.log_trade
    if hasattr(journal, "last_sequence"):
        return lambda entry: journal.append([_note(entry, journal.last_sequence() + 1)])
    taker = journal if callable(journal) else getattr(journal, "append", None)
    if not callable(taker):
        raise InputError(
            f"a journal is a path, a TradeLogger, a journal of a desk, a list or a function, not {type(journal).__name__}"
        )
    made: Record = taker
    return made


def _note(entry: dict[str, Any], sequence: int) -> Envelope:
    now = now_ns()
    body: dict[str, object] = {
        "kind": "guard", "level": "warning", "sentence": entry["reason"], "symbol": "", "about": sequence - 1, "data": entry,
    }  # fmt: skip
    return Envelope(
        sequence=sequence, account="", strategy="", kind=NOTE_KIND, event_time_ns=now, receive_time_ns=now,
        source="guard", body=body,
    )  # fmt: skip
