"""What a desk says goes to whoever watches and into its log, the same words in both."""

from typing import Final, Protocol

from tradeworthy.adapters.files.desk_log import DeskLog
from tradeworthy.core.clock import rfc3339
from tradeworthy.live.desk_commands import NoteLevel, Tell


class Screen(Protocol):
    """Who is told what a run does."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """One line of the checklist before the start."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """Something happened."""


class LoggedScreen:
    """A screen, and a log beside it that has everything with the numbers behind it."""

    def __init__(self, screen: Screen, log: DeskLog, desk: str) -> None:
        self._screen = screen
        self._log = log.logger.bind(desk=desk)

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""
        self._screen.check(name, sentence, passed=passed)
        self._log.info(sentence, kind="check", check=name, passed=passed)

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`. desk_time is that of the bars, in a replay; the log's own time is the host's."""
        self._screen.note(tell, time_ns)
        more = {"strategy": tell.strategy, "symbol": tell.symbol, "data": dict(tell.data)}
        said = {key: value for key, value in more.items() if value}
        _SAID[tell.level](self._log)(tell.sentence, kind=str(tell.kind), desk_time=rfc3339(time_ns), **said)

    def ended(self, reason: str, *, well: bool) -> None:
        """Why the run is over, into the log alone."""
        (self._log.info if well else self._log.error)(reason, kind="end")


_SAID: Final = {
    NoteLevel.INFO: lambda log: log.info,
    NoteLevel.WARNING: lambda log: log.warning,
    NoteLevel.ALERT: lambda log: log.error,
}
