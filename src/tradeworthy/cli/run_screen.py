"""What stands on stderr while a desk trades: its checklist, and a line for what happens."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console

from tradeworthy.core.clock import rfc3339
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Tell

_STYLE: Final = {NoteLevel.INFO: "", NoteLevel.WARNING: "yellow", NoteLevel.ALERT: "bold red"}


@dataclass
class Refusals:
    """Entries that were refused: how many by check, and the latest reason of each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, tell: Tell) -> None:
        """One more."""
        check = str(tell.data.get("check", "")) or "other"
        self.counts[check] += 1
        self.examples[check] = tell.sentence


class DeskScreen:
    """The checklist and what happens, a line each, on stderr; refusals are counted."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self.refused = Refusals()

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `api.desk_running.Screen`."""
        word = "ok" if passed else "off"
        self._console.print(f"{word:<4}{name:<17}{sentence}", style="" if passed else "dim", markup=False)

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `api.desk_running.Screen`."""
        if tell.kind is NoteKind.REFUSED:
            self.refused.add(tell)
        if self._quiet and tell.level is not NoteLevel.ALERT:
            return
        if tell.kind is NoteKind.ORDER and tell.level is NoteLevel.INFO:
            return  # what is dealt is told; that it was sent stands in the journal
        when = rfc3339(time_ns)[:16].replace("T", " ")
        self._console.print(f"{when}Z  {tell.kind:<9} {tell.sentence}", style=_STYLE[tell.level], markup=False)
