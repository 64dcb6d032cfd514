"""Validate a book or a trade history, in Python as on the command line."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.past_searches import past_search
from tradeworthy.adapters.files.trade_files import read_trades
from tradeworthy.adapters.files.trial_ledger import TrialLedger
from tradeworthy.api.baselines import against
from tradeworthy.api.progress import Silent
from tradeworthy.appraisal.book import Book, Study
from tradeworthy.appraisal.book_scoring import ScoreTerms
from tradeworthy.appraisal.judging import end_of, window_until
from tradeworthy.appraisal.record import Validation
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE
from tradeworthy.appraisal.trade_history import validate_trades
from tradeworthy.appraisal.validating import validate_book
from tradeworthy.core.errors import InputError
from tradeworthy.market.zones import known_zone
from tradeworthy.ports import Progress
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.loading import settings_named
from tradeworthy.settings.tree import DataSettings, RiskSettings, Settings
from tradeworthy.validation.selection import Trials
from tradeworthy.wiring.sources import bar_store

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""What 64 bits of nanoseconds can say, with room for windows."""


def validate(
    book: str | Path | Book | None = None,
    *,
    data: str | Path | None = None,
    trades: Any = None,
    months: int | None = None,
    as_of: str | date | None = None,
    seed: int | None = None,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    repair: bool = False,
    baseline: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Validation:
    """Is the present still drawn from the past, and does the book earn anything after costs?

    book: a settings file or the folder it stands in, the name of a template (`fx-daily`, `fx-16`), or a `Book`;
    tradeworthy.toml in the current folder by default. data: a folder of bars, instead of the settings' source.
    trades: a trade history (path or dataframe) to judge instead of a book. columns, timezone, repair: how bars or
    trades are read, over the settings. months, seed: instead of the settings'. as_of: the day (its end, UTC) or moment
    at which the window ends; the newest bar by default. baseline: a stored baseline to hold the window against, by path,
    by number or name in the desk's `baselines`, or `latest`; it has to be of the same parameters, terms and data unless
    force is True. What the desk's ledger knows of searches for these strategies is taken off their baselines.
    Raises SettingsError with every problem of the settings, InputError for data that cannot be used.
    """
    if force and baseline is None:
        raise InputError("force says to use a baseline that no longer fits; name one with baseline= or --baseline")
    watcher = progress or Silent()
    until = moment(as_of)
    if trades is not None:
        if book is not None or data is not None:
            raise InputError("trades are judged without a book and its bars: leave out the one or the other")
        study = _changed(Study(), months, seed)
        held = None if baseline is None else against(baseline, ".", forced=force)
        history = read_trades(trades, columns=columns, timezone=timezone)
        newest = max(sample.ends_ns for sample in history.samples)
        window = window_until(end_of(until, newest), study.months)
        sizes = None if held is None else held.baseline.sizes
        history = history.measured_before((window if held is None else held.window(window)).start_ns, sizes)
        name = Path(history.source).stem if history.source != "dataframe" else "trade history"
        return validate_trades(
            name, history.samples, study, until, watcher,
            source=Path(history.source).name, assumptions=history.assumptions, findings=history.findings,
            units=history.sizes, against=held, score=ScoreTerms(),
        )  # fmt: skip
    plan, settings, beside = _plan("tradeworthy.toml" if book is None else book)
    sources = settings.data
    plan = replace(plan, study=_changed(plan.study, months, seed))
    if timezone is not None:
        sources = sources.model_copy(update={"timezone": known_zone(timezone).key})
    if columns:
        sources = sources.model_copy(update={"columns": {**sources.columns, **columns}})
    if repair:
        sources = sources.model_copy(update={"repair": True})
    store = bar_store(sources, beside, None if data is None else Path(data))
    held = None if baseline is None else against(baseline, beside, forced=force)
    return validate_book(
        plan, store, until, watcher, trials=_trials(plan, beside), against=held, score=_score_terms(settings.risk)
    )


def _trials(book: Book, desk: Path) -> dict[str, Trials | None]:
    """What the desk's ledger and the settings know of the searches behind each strategy."""
    records = list(TrialLedger(DeskFolder(desk).ledger))
    return {
        one.name: past_search(records, one.rules.name, one.instrument, str(one.timeframe), one.trials)
        for one in book.strategies
    }


def _plan(book: str | Path | Book) -> tuple[Book, Settings, Path]:
    if isinstance(book, Book):
        return book, Settings.model_construct(data=DataSettings(), risk=RiskSettings()), Path()
    settings, beside = settings_named(book, os.environ)
    return book_from(settings), settings, beside


def _score_terms(asked: RiskSettings) -> ScoreTerms:
    usual = RISK_PER_TRADE if asked.risk_per_trade is None else asked.risk_per_trade
    return ScoreTerms(asked.limit, asked.horizon, usual, asked.paths, asked.seed)


def _changed(study: Study, months: int | None, seed: int | None) -> Study:
    given = {name: value for name, value in (("months", months), ("seed", seed)) if value is not None}
    return replace(study, **given)


def moment(as_of: str | date | None) -> datetime | None:
    """A day as its end in UTC, a moment as itself. Raises InputError for what is neither, or has no time zone."""
    if as_of is None:
        return None
    when = as_of if isinstance(as_of, date) else _parsed(as_of)
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise InputError(f"{as_of} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day, tzinfo=UTC) + timedelta(days=1)
    if when.tzinfo is None:
        raise InputError(f"{when.isoformat()} names no time zone; write for instance {when.isoformat()}Z for UTC")
    return when


def _parsed(text: object) -> date:
    try:
        written = str(text)
        return date.fromisoformat(written) if len(written) == len("2024-06-30") else datetime.fromisoformat(written)
    except ValueError:
        raise InputError(f"{text!r} is not a day or moment; write 2024-06-30 or 2024-06-30T17:00:00Z") from None
