"""The performance of a trading system, in one object."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.monitoring.journal_following import ReadableJournal
from tradeworthy.monitoring.performance_config import PerformanceConfig
from tradeworthy.monitoring.performance_watch import PerformanceWatch


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
