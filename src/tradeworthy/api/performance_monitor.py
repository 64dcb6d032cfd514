"""The performance of a trading system, in one object."""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.monitoring.journal_following import ReadableJournal
from tradeworthy.monitoring.performance_config import PerformanceConfig
from tradeworthy.monitoring.performance_summary import Standing
from tradeworthy.monitoring.performance_watch import PerformanceWatch

if TYPE_CHECKING:
    from tradeworthy.adapters.serving.metrics_server import MetricsServer


class PerformanceMonitor(PerformanceWatch):
    """How a trading system performs: trades, signals and latencies, told call by call, or read out of a desk's journal.

    journal: None for calls; or a desk's folder, the path or `postgresql://` URL of its journal, or what `read_journal` gives.
    It is followed as it grows, each event counts once, and nothing is written; a monitor made again reads it again. config: a
    `PerformanceConfig` or a dict of its fields. clock: says what time it is, as `time.time` does.

    May be called from any number of threads. What it remembers is bounded (docs/performance-monitor.md). Raises InputError
    for a config that makes no sense and a journal that is not there, or is of another version; JournalError for one that
    cannot be read.
    """

    def __init__(
        self,
        journal: str | Path | ReadableJournal | None = None,
        config: PerformanceConfig | Mapping[str, Any] | None = None,
        clock: Callable[[], Any] = now_ns,
    ) -> None:
        super().__init__(_opened(journal), config, clock)
        self._serving = Lock()
        self._server: MetricsServer | None = None
        self._failure = ""

    def start_monitoring(self) -> str:
        """Serve the figures to Prometheus on `config.host` and `config.port`, and give the address.

        Every scrape asks anew, and reads what a journal holds by then; one that cannot be read is `tradeworthy_performance_up 0`
        and a line in the log, and no figure of before. Started already, it gives the address again. Raises InputError for a
        port that is taken and a host that is none of this machine.
        """
        from tradeworthy.adapters.serving.metrics_server import MetricsServer
        from tradeworthy.monitoring.performance_metrics import PerformanceCollector

        with self._serving:
            if self._server is None:
                collector = PerformanceCollector(self._scraped, self._unreadable)
                self._server = MetricsServer(collector, self.config.host, self.config.port)
            return self._server.address

    def stop_monitoring(self) -> None:
        """Serve no more: the port is free on return. Nothing happens where nothing is served."""
        with self._serving:
            server, self._server = self._server, None
            if server is not None:
                server.close()

    def _scraped(self) -> Standing:
        found = self.standing()
        self._failure = ""
        return found

    def _unreadable(self, why: str) -> None:
        """Said once, and again where it is another reason: scrapes come every few seconds."""
        if why != self._failure:
            self._failure = why
            logging.getLogger("tradeworthy.performance").error(why)


def _opened(journal: object) -> ReadableJournal | None:
    if journal is None or (hasattr(journal, "read") and hasattr(journal, "last_sequence")):
        return journal
    if not isinstance(journal, str | os.PathLike) or not str(journal):
        raise InputError(f"journal must be a desk's folder, or the path or URL of its journal, not {shown(journal)}")
    from tradeworthy.adapters.journals.reading import read_journal

    where = journal if isinstance(journal, str) and "://" in journal else Path(journal)
    if isinstance(where, Path) and where.is_dir():
        from tradeworthy.api.journals import read_desk_journal

        return read_desk_journal(where)
    return read_journal(where)
