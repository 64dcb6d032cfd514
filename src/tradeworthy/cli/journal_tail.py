"""`tradeworthy journal tail`: events as lines, for people and for machines."""

import os
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from tradeworthy.api.journals import read_desk_journal
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.events import Envelope

_PAUSE_SECONDS: Final = 0.3
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_.:/@")


def run_tail(desk: Path, count: int, kinds: Sequence[str], *, follow: bool, json: bool) -> None:
    """Print the last events, and with `follow` those that come, until Ctrl-C or until nobody reads any more."""
    reader = read_desk_journal(desk)
    try:
        last = reader.last_sequence()
        shown = reader.tail(count, kinds)
        _print(shown, json=json)
        if not shown:
            wanted = f" of kind {' or '.join(kinds)}" if kinds else ""
            sys.stderr.write(f"{reader.name}: no event{wanted} yet; the journal goes up to {last}.\n")
        last = max(last, shown[-1].sequence if shown else 0)
        while follow:
            time.sleep(_PAUSE_SECONDS)
            for event in reader.read(last + 1):
                last = event.sequence
                if not kinds or event.kind in kinds:
                    _print([event], json=json)
    except KeyboardInterrupt:
        if not follow:
            raise
    except BrokenPipeError:  # `| head` has seen enough; nothing may be flushed into that pipe at the end either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(events: Iterable[Envelope], *, json: bool) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for event in events:
        line = msgspec.json.encode(event).decode() if json else _line(event, width)
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(event: Envelope, width: int | None) -> str:
    """Sequence, time, kind, whose, and what; on a terminal never wider than it is."""
    whose = event.strategy or event.account
    text = f"{event.sequence:>8}  {rfc3339(event.event_time_ns)}  {event.kind:<12} {whose:<14} {_told(event.body)}".rstrip()
    return text if width is None or len(text) <= width else text[: width - 1] + "…"


def _told(body: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={_value(value)}" for key, value in body.items())


def _value(value: Any) -> str:
    """Short words as they are, everything else as JSON, so that no control character reaches the terminal."""
    if isinstance(value, str) and value and set(value) <= _PLAIN:
        return value
    return msgspec.json.encode(value).decode()
