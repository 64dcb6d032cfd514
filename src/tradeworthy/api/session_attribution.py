"""After a session the same bars go through the backtest, and every difference to what the desk made gets its name."""

from contextlib import suppress
from datetime import date as Date  # noqa: N812 - an argument is called `date`
from pathlib import Path
from typing import Final

import numpy as np

from tradeworthy.adapters.files.baseline_files import BaselineFolder, read_baseline
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.api.journals import read_desk_journal
from tradeworthy.api.session_days import chosen_dates, days_of, remarks_of
from tradeworthy.api.session_journal import JournalHeard, all_events, journal_heard
from tradeworthy.api.session_stretches import TradedBook, traded_book
from tradeworthy.appraisal.attributed import SessionAttribution
from tradeworthy.appraisal.drift_of_sessions import SessionDrift, session_drift
from tradeworthy.appraisal.sessions import AttributionRun, session_of
from tradeworthy.appraisal.strategy_comparing import Day
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.settings.desk_folder import DeskFolder

_FRESH_SECONDS: Final = 5.0
"""A status that is older is not that of a running desk."""


def attribute_session(
    desk: str | Path = ".", date: str | Date | None = None, data: str | Path | None = None
) -> SessionAttribution:
    """One trading day of a desk, the last one where none is named, held against the backtest of the same day.

    desk: its folder; the journal is only read, and the desk may run. date: `2026-08-04`, the date on which the trading day ends (at
    17:00 New York for FX). data: a folder of bars, where they are not those of the desk's settings. Raises InputError for a
    day that the journal does not hold, a journal of another version, and bars or settings that cannot be used; JournalError for
    a damaged journal.
    """
    return _attributed(Path(desk), date, date, data, last_only=date is None).sessions[-1]


def attribute_sessions(
    desk: str | Path = ".",
    start: str | Date | None = None,
    until: str | Date | None = None,
    data: str | Path | None = None,
) -> AttributionRun:
    """The trading days from `start` until `until`, both included, from the first and to the last in the journal where they are left
    out; with running totals, totals by strategy, and the drift of every strategy up to the last of these days.

    Raises as `attribute_session` does.
    """
    return _attributed(Path(desk), start, until, data, last_only=False)


def last_session(desk: str | Path = ".", data: str | Path | None = None) -> AttributionRun:
    """The last trading day alone, with the drift up to it. Raises as `attribute_session` does."""
    return _attributed(Path(desk), None, None, data, last_only=True)


def _attributed(
    desk: Path, start: str | Date | None, until: str | Date | None, data: str | Path | None, *, last_only: bool
) -> AttributionRun:
    folder, journal = DeskFolder(desk), read_desk_journal(desk)
    heard = journal_heard(all_events(journal))
    if not heard.stretches:
        raise InputError(f"{journal.name}: {_why_nothing(heard, journal.floor()[1])}")
    place = None if data is None else Path(data)
    held = [(book, days_of(book)) for book in (traded_book(one, heard, folder, place) for one in heard.stretches)]
    dates = [day.date for _, days in held for day in days]
    wanted = chosen_dates(dates, start, until, last_only=last_only, name=journal.name)
    sessions: list[SessionAttribution] = []
    drift: tuple[SessionDrift, ...] = ()
    for book, days in held:
        chosen = [day for day in days if day.date in wanted]
        if chosen:
            sessions += [_session(book, day, is_running=day is held[-1][1][-1] and _runs(folder)) for day in chosen]
            drift = _drift(folder, book, chosen[-1].ends_ns)
    return AttributionRun(str(folder.root), tuple(sessions), drift)


def _session(book: TradedBook, day: Day, *, is_running: bool) -> SessionAttribution:
    said = remarks_of(book, day, book.comparisons, is_running=is_running)
    return session_of(day, book.comparisons, book.plan.currency, said)


def _why_nothing(heard: JournalHeard, archive: str) -> str:
    if archive:
        before = f"the events before {heard.first_sequence:,} were moved to {archive}, which is not there"
        return f"{before}, and no desk was started since; bring the archive back"
    return "no desk has traded here yet"


def _runs(folder: DeskFolder) -> bool:
    with suppress(InputError):
        status, age = StatusFile(folder.status).read()
        return bool(status.get("running")) and age < _FRESH_SECONDS
    return False


def _drift(folder: DeskFolder, book: TradedBook, until_ns: int) -> tuple[SessionDrift, ...]:
    """Against the newest stored baseline, by the trades that closed after it."""
    baselines, after = None, 0
    files = BaselineFolder(folder.baselines)
    if files.files():
        stored = read_baseline(files.find()).baseline
        baselines = {one.name: np.array(one.r) for one in stored.strategies}
        after = from_rfc3339(stored.until)
    return session_drift(book.comparisons, baselines, after, until_ns)
