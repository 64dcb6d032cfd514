"""A stretch of a desk's journal that was traded under one book, made ready for its backtest."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.api.desk_recovery import settings_in
from tradeworthy.api.session_bars import Key
from tradeworthy.api.session_journal import JournalHeard, Stretch
from tradeworthy.appraisal.book import Book
from tradeworthy.appraisal.compared_bars import ended
from tradeworthy.appraisal.desk_record import WatchedStrategy
from tradeworthy.appraisal.strategy_comparing import StrategyComparison
from tradeworthy.backtest.account import Account
from tradeworthy.core.errors import InputError
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_plan import DeskPlan, Member
from tradeworthy.market.bars import Bars
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.shipped import TEMPLATES
from tradeworthy.settings.tree import Settings
from tradeworthy.wiring.desk_plans import bars_of, paper_rates, plan_of
from tradeworthy.wiring.sources import bar_store


@dataclass(frozen=True, eq=False)
class TradedBook:
    """What a stretch was traded with. bars: as they are in the store now, by instrument and timeframe."""

    stretch: Stretch
    heard: JournalHeard
    plan: DeskPlan
    book: Book
    bars: Mapping[Key, Bars]
    session_zone: str | None
    latency: bool

    @cached_property
    def comparisons(self) -> tuple[StrategyComparison, ...]:
        """Of every strategy of which the desk got bars, in the order of the book."""
        return tuple(
            StrategyComparison(self._watched(one))
            for one in self.plan.members
            if self.heard.series.get((one.instrument.symbol, str(one.timeframe))) is not None
        )

    def _watched(self, member: Member) -> WatchedStrategy:
        key = (member.instrument.symbol, str(member.timeframe))
        stretch, got = self.stretch, self.heard.series[key].columns(self.stretch.last)
        stored = ended(self.bars[key], got, stretch.ends_ns)
        trades = stretch.trades
        return WatchedStrategy(
            member.name, member.strategy, stored, got, self.book.fills, self.book.costs, self._account(member),
            stretch.begins_ns, trades.trades(member.name), trades.hindered.get(member.name, {}),
            trades.held_before(member.name), self.heard.rates(stretch).column(member.instrument.quote), self.latency,
        )  # fmt: skip

    def _account(self, member: Member) -> Account:
        """The whole account for this strategy alone."""
        balance, plan = self.stretch.balance, self.plan
        rates = paper_rates(plan.currency, list(self.bars.values()))
        return Account(
            balance=plan.balance if balance is None else balance, currency=plan.currency, sizing=member.sizing,
            leverage=member.leverage, rates=rates.get(member.instrument.quote), calibration=plan.calibration,
            filters=plan.filters, day=plan.day, session_zone=self.session_zone,
        )  # fmt: skip


def traded_book(stretch: Stretch, heard: JournalHeard, folder: DeskFolder, data: Path | None) -> TradedBook:
    """By the settings in the journal, over the bars that they name, or those of `data`.

    Raises InputError for a stretch that another version wrote, and where bars are missing.
    """
    version = stretch.started.version
    if version != PACKAGE_VERSION:
        raise InputError(
            f"{folder.root}: the desk was run by version {version}, which may trade otherwise than {PACKAGE_VERSION}; attribute "
            "with that version"
        )
    settings: Settings = settings_in(stretch.started.settings)
    book = book_from(settings)
    beside, last_data = _run_with(folder)
    found = bars_of(book, bar_store(settings.data, beside, data or last_data))
    plan = plan_of(settings, book, found, replayed=True)
    bars = {(symbol, str(timeframe)): one for (symbol, timeframe), one in found.items()}
    latency = stretch.started.simulated and settings.paper.latency_ms > 0
    return TradedBook(stretch, heard, plan, book, bars, settings.live.session_zone, latency)


def _run_with(folder: DeskFolder) -> tuple[Path, Path | None]:
    """The folder that paths in the settings start from, and the bars that the last run was given."""
    status: dict[str, Any] = {}
    with suppress(InputError):
        status, _ = StatusFile(folder.status).read()
    book, data = status.get("book"), status.get("data")
    beside = folder.root
    if isinstance(book, str):
        beside = Path() if book in TEMPLATES else settings_file(Path(book)).parent
    return beside, Path(data) if isinstance(data, str) else None
