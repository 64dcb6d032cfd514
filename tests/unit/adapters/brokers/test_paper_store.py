"""A paper account survives whatever stops it, and goes on where it stood."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path

import pytest

from support.kept_in_memory import MemoryJournal
from support.markets import random_walk
from support.paper_desk import approved, order
from support.paper_killing import BARS, LEGS, orders_of, paper
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.core.deals import BrokerBook, Fill
from tradeworthy.core.errors import InputError, JournalError, RefuseError
from tradeworthy.core.events import Envelope
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, Message

PROGRAM = Path(__file__).parents[3] / "support" / "paper_killing.py"


class Memory:
    """A desk's journal: what it has dealt with is never lost, and nothing counts twice."""

    def __init__(self) -> None:
        self.fills: dict[str, tuple[str, Fill]] = {}
        self.bars = 0
        self.backwards: list[int] = []

    async def hear(self, message: Message, venue: PaperVenue) -> None:
        """Take one message in, and trade on a new bar."""
        if isinstance(message, DealCame):
            told, is_new = (message.client_id, message.fill), message.fill.fill_id not in self.fills
            assert self.fills.setdefault(message.fill.fill_id, told) == told
            if is_new and message.client_id.endswith("-stop"):  # dealt at the same open, if the stop was
                with suppress(RefuseError):
                    await venue.place(approved(order(f"after-{message.fill.fill_id}", 2, **LEGS)))
        if isinstance(message, BarCame):
            bar = message.bar.open_ns // (message.time_ns - message.bar.open_ns)
            if bar < self.bars:
                self.backwards.append(bar)
                return
            assert bar == self.bars  # none is missed
            for one in orders_of(bar):
                with suppress(RefuseError):
                    await venue.place(approved(one))
            self.bars += 1


async def until(venue: PaperVenue, memory: Memory, most: int) -> bool:
    """Trade for so many messages and drop everything at the next, unheard. Whether the replay ended before."""
    heard = 0
    async for message in venue.messages():
        if heard == most:
            return False
        await memory.hear(message, venue)
        heard += 1
    return True


def uninterrupted() -> tuple[Memory, BrokerBook]:
    memory, venue = Memory(), paper(None)
    assert asyncio.run(until(venue, memory, 10**9))
    return memory, asyncio.run(venue.book())


@pytest.mark.parametrize("seed", range(12))
def test_an_account_that_is_dropped_anywhere_ends_as_if_it_never_had_been(seed: int) -> None:
    expected, book = uninterrupted()
    draw, journal, memory = random.Random(seed), MemoryJournal(), Memory()  # noqa: S311 - no secret
    rounds = 1
    while not asyncio.run(until(venue := _over(journal), memory, draw.choice([2, 3, 8, 40, 90]) + rounds // 20)):
        rounds += 1
    assert rounds > 4
    assert memory.bars == BARS
    assert len(memory.fills) > 80
    assert memory.fills == expected.fills
    assert any(name.startswith("after-") for name, _ in memory.fills.values())
    assert asyncio.run(venue.book()) == book


def _over(journal: MemoryJournal) -> PaperVenue:
    return PaperVenue(
        [random_walk(BARS, 12)],
        watched={"one": 0},
        terms=PaperTerms(partial_share=0.5, reject_share=0.1, seed=3),
        store=journal,
    )


def test_an_account_that_is_killed_ends_as_if_it_never_had_been(tmp_path: Path) -> None:
    store, whole = tmp_path / "paper.sqlite", tmp_path / "whole.sqlite"
    lines: list[str] = []
    draw = random.Random(4)  # noqa: S311 - no secret
    for _ in range(4):
        with subprocess.Popen([sys.executable, PROGRAM, store], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            heard = [process.stdout.readline() for _ in range(draw.randrange(5, 60))]
            time.sleep(draw.random() * 0.05)
            process.kill()
            lines += [*heard, *process.stdout.readlines()]
    ended, expected = (
        subprocess.run([sys.executable, PROGRAM, where], capture_output=True, text=True, check=True).stdout.splitlines(
            keepends=True
        )
        for where in (store, whole)
    )
    lines += ended
    deals = [line for line in expected if line.startswith("paper-deal")]
    assert len(deals) > 80
    assert list(dict.fromkeys(line for line in lines if line.startswith("paper-deal"))) == deals
    assert lines[-1] == expected[-1]
    assert lines[-1].startswith("ended ")


def test_the_bar_on_which_something_was_asked_last_is_told_again() -> None:
    async def work() -> None:
        journal = MemoryJournal()
        first = _over(journal)
        bars = [message async for message in _limited(first, 6) if isinstance(message, BarCame)]
        await first.place(approved(order("a")))
        again = [message async for message in _limited(_over(journal), 4)]
        assert [type(message).__name__ for message in again] == ["LineUp", "BarCame", "DealCame", "BarCame"]
        assert again[1] == bars[-1]
        once_more = [message async for message in _limited(_over(journal), 3)]
        assert once_more[1:] == again[2:]  # the deal at an open, and then its bar

    asyncio.run(work())


async def _limited(venue: PaperVenue, count: int) -> AsyncIterator[Message]:
    async for message in venue.messages():
        yield message
        count -= 1
        if not count:
            return


def test_longer_bars_go_on_where_shorter_ones_ended() -> None:
    whole, journal = random_walk(90, 2), MemoryJournal()

    def over(bars: int) -> PaperVenue:
        return PaperVenue([whole.slice(0, bars)], watched={"one": 0}, store=journal)

    async def work() -> None:
        first = over(40)
        async for message in first.messages():
            if isinstance(message, BarCame) and message.bar.open_ns == int(whole.open_time[39]):
                await first.place(approved(order("a", 3)))
        second = over(90)
        assert second.now_ns() == int(whole.close_time[39])
        told = [message async for message in second.messages()]
        deals = [one.fill for one in told if isinstance(one, DealCame)]
        assert [(one.units, one.time_ns) for one in deals] == [(Decimal(3), int(whole.open_time[40]))]
        assert float(deals[0].price) == whole.open[40]

    asyncio.run(work())


def test_an_order_that_could_not_be_kept_was_never_taken() -> None:
    async def work() -> None:
        journal = MemoryJournal()
        venue = _over(journal)
        journal.full = True
        with pytest.raises(JournalError, match="the disk is full"):
            await venue.place(approved(order("a")))
        assert (await venue.report("a")).status is None

    asyncio.run(work())


def test_after_a_deal_that_could_not_be_kept_nothing_is_answered() -> None:
    async def work() -> None:
        journal = MemoryJournal()
        venue = _over(journal)
        await venue.place(approved(order("a")))
        journal.full = True
        with pytest.raises(JournalError, match="the disk is full"):
            _ = [message async for message in venue.messages()]
        for asked in (venue.book(), venue.report("a"), venue.cancel("a"), venue.place(approved(order("b")))):
            with pytest.raises(JournalError, match="make the venue again"):
                await asked
        journal.full = False
        assert (await _over(journal).book()).open_orders == ("a",)

    asyncio.run(work())


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"terms": PaperTerms(balance=5.0)}, r"began with 10,000.00 USD, and the settings say 5.00 USD"),
    ({"watched": {"two": 0}}, r"holds orders of 'one', and that strategy is watched on no series"),
    ({"series": [random_walk(30, 1, symbol="GBP_USD")]}, r"stands at a moment of EUR_USD H1 that these bars do not have"),
])  # fmt: skip
def test_a_store_of_another_account_is_refused(changes: dict[str, object], sentence: str) -> None:
    async def begin(venue: PaperVenue) -> None:
        async for message in venue.messages():
            if isinstance(message, BarCame):
                await venue.place(approved(order("a")))
            if isinstance(message, FeedEnded):
                return

    journal = MemoryJournal()
    asyncio.run(begin(PaperVenue([random_walk(30, 1)], watched={"one": 0}, store=journal)))
    given: dict[str, object] = {"series": [random_walk(30, 1)], "watched": {"one": 0}, **changes}
    with pytest.raises(InputError, match=sentence):
        PaperVenue(given.pop("series"), **given, store=journal)  # type: ignore[arg-type]  # as a caller without types


def test_a_desks_journal_is_no_store() -> None:
    journal = MemoryJournal()
    journal.append([
        Envelope(
            sequence=1, account="a", strategy="", kind="bar", event_time_ns=1, receive_time_ns=1, source="feed", body={}
        )
    ])  # fmt: skip
    with pytest.raises(InputError, match="a file of its own"):
        PaperVenue([random_walk(30, 1)], watched={"one": 0}, store=journal)


def test_a_venue_that_cannot_be_made_leaves_its_store_to_others(tmp_path: Path) -> None:
    store = tmp_path / "paper.sqlite"
    with closing(PaperVenue([random_walk(30, 1)], watched={}, store=store)):
        pass
    with pytest.raises(InputError, match="began with"):
        PaperVenue([random_walk(30, 1)], watched={}, store=store, terms=PaperTerms(balance=7.0))
    with closing(PaperVenue([random_walk(30, 1)], watched={}, store=store)) as venue:
        assert venue.currency == "USD"
