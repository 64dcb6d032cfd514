"""When nothing can be recorded any more the desk halts; a kill still closes everything, and the broker confirms it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from support.desk_day import STRATEGIES, bars_of_day, plan_of_day
from support.kept_in_memory import MemoryJournal
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.core.deals import OrderReport, OrderStatus
from tradeworthy.core.errors import JournalError
from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_commands import NoteLevel, Tell
from tradeworthy.live.desk_events import BookCame, DeskEvent, DeskStarted, Happened, OperatorAsked, ReportCame, Wish
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.mode import Mode
from tradeworthy.live.stepping import step


class FullDisk(MemoryJournal):
    """A journal whose disk is full once so many events are in it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        if self.last_sequence() >= self._most:
            self.full = True
        return super().append(batch)


class Finger:
    """On the kill switch from the moment on at which the desk is halted, or never."""

    def __init__(self, *, kills: bool) -> None:
        self._kills = kills

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """See `Watch`."""
        if self._kills and state.mode.mode is Mode.HALTED and state.unwinding is None:
            return [OperatorAsked(state.time_ns, Wish.KILL, "tester", "the disk is full")]
        return ()

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""


def run(*, kills: bool, most: int = 150) -> tuple[DeskRuntime, PaperVenue, list[Tell]]:
    series = bars_of_day(200)
    plan = plan_of_day(series)
    assert len(STRATEGIES) == len(plan.members)
    venue = PaperVenue(
        series, watched={one.name: place for place, one in enumerate(plan.members)}, terms=PaperTerms(currency="USD")
    )
    told: list[Tell] = []
    runtime = DeskRuntime(
        first_state(plan),
        venue,
        FullDisk(most),
        feed=venue,
        told=lambda note, _: told.append(note),
        watch=Finger(kills=kills),
    )
    with pytest.raises(JournalError, match="the disk is full"):
        asyncio.run(runtime.run(DeskStarted(0, 1, "test", venue.name, True, "USD", "none", {})))
    return runtime, venue, told


def test_a_full_disk_halts_says_why_and_leaves_no_entry_at_the_broker() -> None:
    runtime, venue, told = run(kills=False)
    assert runtime.state.mode.mode is Mode.HALTED
    assert any("nothing can be recorded" in note.sentence for note in told if note.level is NoteLevel.ALERT)
    book = asyncio.run(venue.book())
    assert not [name for name in book.open_orders if not name.endswith(("-stop", "-target"))]
    held = [one.holding for one in runtime.state.members if one.holding is not None]
    assert sum(abs(units) for units in book.positions.values()) == sum(abs(one.units) for one in held)
    stops = {f"{one.entry_id}-stop" for one in held if one.stop is not None}
    assert stops <= set(book.open_orders)  # what protects the positions rests


def test_a_kill_without_a_journal_still_leaves_nothing_open_and_has_it_confirmed() -> None:
    held = run(kills=False)[0].state.members
    assert any(one.holding is not None for one in held)  # there was something to close
    runtime, venue, told = run(kills=True)
    book = asyncio.run(venue.book())
    assert dict(book.positions) == {}
    assert book.open_orders == ()
    assert all(one.holding is None for one in runtime.state.members)
    assert any(note.sentence.startswith("flat, and the broker confirms it") for note in told)


def test_the_ids_of_these_orders_are_none_that_the_journal_gives_later() -> None:
    runtime, _, _ = run(kills=True)
    late = [name for name in {**runtime.state.done, **runtime.state.orders} if int(name.split("-")[2]) > 4_999_999_999]
    assert late
    assert all(name.startswith("tw-day-5") for name in late)


def test_positions_that_an_unrecorded_kill_closed_are_a_difference_until_somebody_accepts_it() -> None:
    series = bars_of_day(200)
    plan = plan_of_day(series)
    venue = PaperVenue(
        series, watched={one.name: place for place, one in enumerate(plan.members)}, terms=PaperTerms(currency="USD")
    )
    runtime = DeskRuntime(first_state(plan), venue, None, feed=venue)
    asyncio.run(runtime.run(DeskStarted(0, 1, "test", venue.name, True, "USD", "none", {})))
    state = runtime.state
    symbol = next(
        member.instrument.symbol for member, one in zip(plan.members, state.members, strict=True) if one.holding
    )
    now = state.time_ns + 1
    ticket = state.breaker.ticket
    book = asyncio.run(venue.book())
    flat = replace(
        book, positions={name: units for name, units in book.positions.items() if name != symbol}, open_orders=()
    )
    for number in (1, 2):  # the orders that the broker no longer names are asked for first, then the book is believed
        state, commands = step(state, Happened(state.sequence + 1, now + number, BookCame(now, ticket, now, flat)))
        for name in [one.client_id for one in commands if hasattr(one, "client_id")]:
            gone = ReportCame(now, ticket, name, OrderReport(OrderStatus.CANCELLED))
            state, _ = step(state, Happened(state.sequence + 1, now + number, gone))
    assert state.mode.mode_of(symbol) is Mode.REDUCING
    accept = OperatorAsked(now, Wish.ACCEPT, "anna", "closed by hand", symbol)
    state, _ = step(state, Happened(state.sequence + 1, now + 3, accept))
    units = sum((one.holding.units for one in state.members if one.holding is not None), Decimal(0))
    assert all(
        one.holding is None
        for member, one in zip(plan.members, state.members, strict=True)
        if member.instrument.symbol == symbol
    )
    assert units == sum(flat.positions.values(), Decimal(0))
