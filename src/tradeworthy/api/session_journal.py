"""A desk's journal, read for what is held against a backtest: stretches under one book, with their bars and trades."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from tradeworthy.adapters.journals.reading import JournalReader, read_journal
from tradeworthy.api.session_bars import Key, RatesHeard, SeriesHeard
from tradeworthy.api.session_trades import TradesHeard
from tradeworthy.api.session_words import (
    Asked,
    BarCame,
    Book,
    Closed,
    Deal,
    Named,
    Note,
    Opened,
    Refused,
    Reported,
    Sent,
    Started,
)
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.core.instrument import instrument_named

_BOOK: Final = ("strategies", "fills", "costs", "account", "sizing", "calibration", "filters")
"""Settings that change what a backtest makes; under others of these a stretch of its own begins."""
_T = TypeVar("_T")


class Stretch:
    """A part of a journal that was traded under one book. begins_ns: the close of the first bar on which something could be
    entered, 0 before one came. ends_ns, last: its last moment, and its last event. balance: of the account at its beginning."""

    def __init__(self, started: Started, sequence: int) -> None:
        self.started, self.first, self.last = started, sequence, sequence
        self.begins_ns = self.ends_ns = 0
        self.balance: float | None = None
        self.trades = TradesHeard()
        strategies: Mapping[str, Any] = started.settings.get("strategies", {})
        self.keys: dict[str, Key] = {
            name: (str(one["instrument"]), str(one["timeframe"])) for name, one in strategies.items()
        }

    def same_book(self, settings: Mapping[str, Any]) -> bool:
        """Whether these settings trade the same."""
        return all(self.started.settings.get(name) == settings.get(name) for name in _BOOK)


class JournalHeard:
    """Takes the events of a journal in their order. Raises InputError for one that this version does not know the inside of."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self.series: dict[Key, SeriesHeard] = {}
        self.first_sequence = 0
        self._about: tuple[int, BarCame | None, str] = (0, None, "")

    def heard(self, event: Envelope) -> None:
        """One event."""
        self.first_sequence = self.first_sequence or event.sequence
        try:
            self._heard(event)
        except (msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"event {event.sequence} ({event.kind}) is not one that this version knows: {error}; use the version that wrote it"
            ) from error

    def _heard(self, event: Envelope) -> None:
        if event.kind == "started":
            self._started(event, _read(event.body, Started))
        if event.kind == "bar":
            self._bar(event, _read(event.body, BarCame))
        if not self.stretches:
            return
        stretch = self.stretches[-1]
        stretch.last, stretch.ends_ns = event.sequence, max(stretch.ends_ns, event.receive_time_ns)
        if event.kind == "note":
            self._noted(stretch, event, _read(event.body, Note))
            return
        if event.kind != "bar":
            wish = _read(event.body, Asked).wish if event.kind == "operator" else ""
            self._about = (event.sequence, None, wish)
        self._answered(stretch, event)

    def _answered(self, stretch: Stretch, event: Envelope) -> None:
        if event.kind == "deal":
            deal = _read(event.body, Deal)
            stretch.trades.dealt(deal.client_id, deal.fill, self._rate(stretch, deal.client_id))
        elif event.kind == "report":
            told = _read(event.body, Reported)
            for fill in told.report.fills:
                stretch.trades.dealt(told.client_id, fill, self._rate(stretch, told.client_id))
        elif event.kind == "replaced":
            stretch.trades.moved(_read(event.body, Named).client_id)
        elif event.kind == "book" and stretch.balance is None:
            stretch.balance = _read(event.body, Book).book.balance

    def _started(self, event: Envelope, started: Started) -> None:
        if not self.stretches or not self.stretches[-1].same_book(started.settings):
            self.stretches.append(Stretch(started, event.sequence))

    def _bar(self, event: Envelope, came: BarCame) -> None:
        key = (came.symbol, came.timeframe)
        self.series.setdefault(key, SeriesHeard()).heard(came.bar, event.sequence, late=came.backfill)
        self._about = (event.sequence, came, "")
        if self.stretches and not came.backfill:
            stretch = self.stretches[-1]
            stretch.begins_ns = stretch.begins_ns or came.bar.close_ns

    def _noted(self, stretch: Stretch, event: Envelope, note: Note) -> None:
        trades, strategy = stretch.trades, event.strategy
        if note.kind == "order":
            trades.sent(strategy, _read(note.data, Sent), note.sentence)
        elif note.kind == "opened":
            trades.opened(strategy, _read(note.data, Opened))
        elif note.kind == "closed":
            trades.closed(strategy, _read(note.data, Closed))
        elif note.kind == "refused" and "limit" in note.data:  # without one it is an exit that was refused
            self._refused(stretch, strategy, note)
        elif note.kind == "data" and "verdict" in note.data:
            came = self._about[1]
            if came is not None:
                self.series[came.symbol, came.timeframe].refused(note.about)
        elif note.kind == "break" and strategy and self._about[2] == "accept":
            trades.lost(strategy, event.receive_time_ns)

    def _refused(self, stretch: Stretch, strategy: str, note: Note) -> None:
        """Which decision a refusal is about: of the bar that has just come, or of the last one where it waited since then."""
        series = self.series.get(stretch.keys.get(strategy, ("", "")))
        if series is None or not series.bars:
            return
        check, last = _read(note.data, Refused).check, series.bars[-1].close_ns
        decided = series.before(last) if check == "reversal" else last
        stretch.trades.refused(strategy, decided, check, note.sentence)
        if check == "data":
            series.late[-1] = True

    def _rate(self, stretch: Stretch, client_id: str) -> float:
        symbol = stretch.trades.symbol_of(client_id, stretch.keys)
        if not symbol:
            return 1.0
        return self.rates(stretch).now(instrument_named(symbol).quote)

    def rates(self, stretch: Stretch) -> RatesHeard:
        """What the pairs of a stretch's book say."""
        mine = set(stretch.keys.values())
        return RatesHeard({key: one for key, one in self.series.items() if key in mine}, stretch.started.currency)


def journal_heard(events: Iterable[Envelope]) -> JournalHeard:
    """All of it."""
    heard = JournalHeard()
    for event in events:
        heard.heard(event)
    return heard


def all_events(journal: JournalReader) -> Iterator[Envelope]:
    """Every event, those that were moved to archives first, as far as the archives are where they were put."""
    floor, place = journal.floor()
    if floor.sequence:
        archive: JournalReader | None = None
        with suppress(InputError):
            archive = read_journal(Path(place))
        if archive is not None:
            yield from all_events(archive)
    yield from journal.read(floor.sequence + 1)


def _read(body: Mapping[str, Any], kind: type[_T]) -> _T:
    return msgspec.convert(body, kind)
