"""A desk in a thread of its own, inside of somebody's program."""

import atexit
import sys
from concurrent.futures import Future
from threading import Thread, current_thread
from typing import Final

from tradeworthy.api.desk_running import RunResult, RunWanted, Within, run_desk
from tradeworthy.api.desk_saying import Screen
from tradeworthy.api.desk_signals import DeskSignals
from tradeworthy.core.errors import TradeworthyError
from tradeworthy.live.desk_events import Wish
from tradeworthy.live.signal_inbox import SignalInbox

LAST_SECONDS: Final = 30.0
"""How long a program that ends waits for its desk to leave in order."""


class DeskThread:
    """One run. The thread is a daemon, so that it never keeps a program alive; when the program ends the desk is asked to leave in
    order, and is waited for. Whatever ends it otherwise, the journal is whole: starting is recovering."""

    def __init__(self, wanted: RunWanted, screen: Screen) -> None:
        self.inbox = SignalInbox()
        self._wanted, self._screen = wanted, screen
        self._wishes = DeskSignals("program")
        self._ended: Future[RunResult] = Future()
        self._thread = Thread(target=self._run, name="tradeworthy desk", daemon=True)

    def start(self) -> None:
        """Begin."""
        atexit.register(self._leave)
        self._thread.start()

    def begun(self) -> None:
        """Wait until the desk trades. Raises what the desk raised where it did not come to that. The desk itself does not wait."""
        if self.is_own:
            return
        self.inbox.begun.wait()
        if self._ended.done():
            self._ended.result()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return not self._ended.done()

    @property
    def failure(self) -> BaseException | None:
        """What ended it as an error; None while it runs, and where it ended in order."""
        return self._ended.exception() if self._ended.done() else None

    def ended(self) -> RunResult:
        """What came of it; waits for the end. Raises what the desk raised."""
        self._thread.join()
        return self._ended.result()

    @property
    def is_own(self) -> bool:
        """Whether it is the desk itself that calls, as it does its screen."""
        return current_thread() is self._thread

    def stop(self, reason: str) -> RunResult | None:
        """Have it leave in order, and wait until its journal is closed. The desk itself cannot wait for that: None."""
        if self.is_running:
            self._wishes.wish(Wish.STOP, reason)
        return None if self.is_own else self.ended()

    def _run(self) -> None:
        try:
            self._ended.set_result(run_desk(self._wanted, self._screen, Within(self.inbox, self._wishes)))
        except TradeworthyError as error:
            self._ended.set_exception(error)
        finally:
            defect = sys.exc_info()[1]  # what nobody foresaw goes on its way, and whoever waits is told too
            if defect is not None and not self._ended.done():
                self._ended.set_exception(defect)
            self.inbox.begun.set()
            atexit.unregister(self._leave)

    def _leave(self) -> None:
        self._wishes.wish(Wish.STOP, "the program ended")
        self._thread.join(LAST_SECONDS)
