"""The day of a bot: start, log, look at the kill switch, stop; in that order, and each of it said."""

import os
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from os import PathLike
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.trade_log import TradeLogger
from tradeworthy.api.config_freezer import ConfigFreezer
from tradeworthy.api.health_reporter import HealthReporter
from tradeworthy.api.kill_switch import KillSwitch
from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError, JournalError, OutputError
from tradeworthy.core.moments import Clock
from tradeworthy.live.attempting import Attempt


class _Stage(StrEnum):
    NEW = "not started"
    STARTED = "started"
    STOPPING = "stopping"
    STOPPED = "stopped"


class ProductionToolkit:
    """`startup_sequence(config)`, `log_trade(d)` and `check_kill_switch()` while it trades, `shutdown_sequence(summary)`.

    shutdown_callback: stops the bot; called once a run, when the kill switch is first seen active or at the shutdown,
    with a reason where it takes one. folder: where `KILL`, `trades.jsonl`, `health.jsonl` and `config.json` lie and
    outlive the process; made if need be. None keeps all of it in memory. report: takes the text of both reports. Any
    thread may call. Parts: `kill_switch`, `reporter`, `freezer`, `trades`.
    """

    def __init__(
        self, shutdown_callback: Callable[..., Any] | None = None, *, folder: str | PathLike[str] | None = None,
        report: Callable[..., Any] | None = None, clock: Clock = now_ns,
    ) -> None:  # fmt: skip
        place = None if folder is None else _made(Path(folder))
        self.kill_switch = KillSwitch(place, shutdown_callback)
        self.freezer = ConfigFreezer(None if place is None else place / "config.json")
        self.trades = TradeLogger(None if place is None else place / "trades.jsonl")
        kept = TradeLogger(None if place is None else place / "health.jsonl")
        self.reporter = HealthReporter(report, log=kept, clock=clock)
        self._folder = place
        self._stage = _Stage.NEW
        self._first = 0
        self._lock = threading.Lock()
        self._last: dict[str, Any] = {}

    def startup_sequence(self, config: Any) -> dict[str, Any]:
        """{started, reason, fingerprint, changed, report}: freeze the configuration, look at the kill switch, verify the log
        of trades, report.

        It starts only where all of that is well; changed names what is other than at the last start. Raises InputError
        where it has started already, and for a configuration that cannot be frozen.
        """
        with self._lock:
            if self._stage in {_Stage.STARTED, _Stage.STOPPING}:
                raise InputError("it has started already; call shutdown_sequence first")
            frozen = self.freezer.freeze(config)
            checks = self._checks()
            well = all(value is True or value is None for value in checks.values())
            if well:
                self._stage, self._first = _Stage.STARTED, self.trades.verify()["lines"]
                self.kill_switch.arm()
            else:
                self.freezer.thaw()
        report = self.reporter.startup(checks, **frozen)
        wrong = "; ".join(str(value) for value in checks.values() if value is not True and value is not None)
        return {"started": well, "reason": wrong or "all checks passed", **frozen, "report": report}

    def log_trade(self, trade: Any) -> dict[str, Any]:
        """{n, chain, time}: the trade is in the log, durable on return, see `TradeLogger`. Exits after a kill are logged too.

        Raises InputError before a start and after the shutdown, and for NaN, naive times and what JSON cannot hold.
        """
        if self._stage not in {_Stage.STARTED, _Stage.STOPPING}:
            raise InputError(f"a trade came while the bot is {self._stage}; call startup_sequence(config) first")
        return self.trades.log_trade(trade)

    def check_kill_switch(self) -> bool:
        """Whether it is pulled, so that nothing may be entered. The first time that it is, the callback is called."""
        return self.kill_switch.is_active()

    def shutdown_sequence(self, summary: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """{stopped, reason, report}: the callback, unless it was called before; then the trades of this run are counted, held
        against the summary, and reported.

        Called twice, from the callback or by another thread too, it is done once. What fails on the way (a callback that
        raises, a summary with NaN, a log that was changed) is said, and it stops all the same. Raises InputError before a
        start.
        """
        with self._lock:
            if self._stage is _Stage.NEW:
                raise InputError("it has not started, so there is nothing to stop; call startup_sequence(config) first")
            if self._stage is _Stage.STOPPED:
                return self._last
            if self._stage is _Stage.STOPPING:
                return {"stopped": False, "reason": "it is being stopped already", "report": None}
            self._stage = _Stage.STOPPING
        self.kill_switch.call_once("shutdown")
        report = self._reported(summary)
        error = self.kill_switch.callback_error
        said = (
            ""
            if error is None
            else f"the shutdown callback raised {type(error).__name__}: {error}; see what is still open"
        )
        with self._lock:
            self._last = {"stopped": True, "reason": said or "stopped", "report": report}
            self._stage = _Stage.STOPPED
            self.freezer.thaw()
        return self._last

    def _checks(self) -> dict[str, Any]:
        kill, log = self.kill_switch.reason(), self._verified()
        writable = self._folder is None or os.access(self._folder, os.W_OK | os.X_OK)
        return {
            "configuration": True,
            "kill switch": True if kill is None else f"the kill switch is pulled: {kill}",
            "log of trades": True if log["ok"] else log["reason"],
            "folder": None if self._folder is None else writable or f"{self._folder}: cannot be written",
        }

    def _verified(self) -> dict[str, Any]:
        try:
            return self.trades.verify()
        except InputError as error:
            return {"ok": False, "reason": str(error)}

    def _reported(self, summary: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            trades = self.trades.entries(after=self._first)
        except (JournalError, InputError) as error:
            return self.reporter.failed_end(str(error))
        report: dict[str, Any] = {}
        with Attempt() as tried:
            report = self.reporter.end_of_day(trades, summary)
        return report if tried.error is None else self.reporter.failed_end(str(tried.error))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); name another folder") from error
    return folder
