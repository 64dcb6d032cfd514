"""What signals mean to a running desk: Ctrl-C and SIGTERM end it in good order, a second Ctrl-C at once, SIGUSR1 kills it."""

import signal
import threading
from collections import deque
from types import FrameType, TracebackType
from typing import Any, Final, Self

from tradeworthy.live.desk_events import Wish

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)


class DeskSignals:
    """Hears signals while it is entered, and keeps them until they are `taken`. Only the main thread hears any.

    SIGUSR1 is heard from the beginning, so that a kill that comes during the start is not lost. `stopping` lets the others be
    wishes too; until then Ctrl-C ends the process, as nothing has begun yet. operator: who they are said to be of.
    """

    def __init__(self, operator: str = "signal") -> None:
        self.operator = operator
        self._waiting: deque[tuple[Wish, str]] = deque()
        self._before: dict[signal.Signals, Any] = {}
        self._stops = 0

    def __enter__(self) -> Self:
        self._hear(signal.SIGUSR1)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def stopping(self) -> None:
        """From now on Ctrl-C and SIGTERM are wishes to stop."""
        for number in _STOPS:
            self._hear(number)

    def taken(self) -> list[tuple[Wish, str]]:
        """What was signalled since it was asked last, a kill first."""
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        return sorted(waiting, key=lambda one: one[0] is not Wish.KILL)

    def wish(self, wish: Wish, why: str) -> None:
        """The same from within the process, by any thread."""
        self._waiting.append((wish, why))

    def _hear(self, number: signal.Signals) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before[number] = signal.signal(number, self._came)

    def _came(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGUSR1:
            self._waiting.append((Wish.KILL, "SIGUSR1"))
            return
        if number == signal.SIGINT and self._stops:
            raise KeyboardInterrupt
        self._stops += 1
        name = "Ctrl-C" if number == signal.SIGINT else "SIGTERM"
        self._waiting.append((Wish.STOP, f"{name}, an orderly stop"))
