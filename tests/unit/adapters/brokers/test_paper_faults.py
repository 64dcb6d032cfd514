"""Each fault does what docs/paper.md says of it, once, and leaves the account true."""

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from support.markets import random_walk
from support.paper_desk import approved, order
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.errors import AskError, BrokerError, InputError, RefuseError, RetryError
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, LineDown, LineUp, Message, OrderNews

PLACE, DEAL, NEWS, ANY = FaultCall.PLACE, FaultCall.DEAL, FaultCall.NEWS, FaultCall.ANY

CALLS: dict[FaultCall, Callable[[PaperVenue], Any]] = {
    FaultCall.PLACE: lambda venue: venue.place(approved(order("b"))),
    FaultCall.CANCEL: lambda venue: venue.cancel("a"),
    FaultCall.REPORT: lambda venue: venue.report("a"),
    FaultCall.BOOK: lambda venue: venue.book(),
    FaultCall.HISTORY: lambda venue: venue.history("EUR_USD", Timeframe.H1, 0, 5),
}


def made(*faults: PaperFault) -> PaperVenue:
    """Over twenty hours."""
    return PaperVenue([random_walk(20, 6)], watched={"one": 0}, faults=faults)


async def with_order(venue: PaperVenue) -> PaperVenue:
    """With one order that waits."""
    await venue.place(approved(order("a")))
    return venue


def said(venue: PaperVenue, names: Sequence[str], cancels: str = "") -> list[Message]:
    """All that comes when an order is placed with each of the first bars, and one cancelled with the first."""

    async def work() -> list[Message]:
        found, left = [], list(names)
        if cancels:
            await venue.place(approved(order(cancels, price=Decimal("0.5"))))
        async for message in venue.messages():
            found.append(message)
            if isinstance(message, BarCame) and left:
                await venue.place(approved(order(left.pop(0))))
                if cancels and len(left) == len(names) - 1:
                    await venue.cancel(cancels)
        return found

    return asyncio.run(work())


def dealt(messages: Sequence[Message]) -> list[str]:
    """Orders by the deals that came."""
    return [one.client_id for one in messages if isinstance(one, DealCame)]


@pytest.mark.parametrize(("kind", "calls", "error"), [
    (FaultKind.TIMEOUT_BEFORE, ("place", "cancel"), AskError),
    (FaultKind.TIMEOUT_AFTER, ("place", "cancel"), AskError),
    (FaultKind.TIMEOUT_BEFORE, ("report", "book", "history"), RetryError),
    (FaultKind.TIMEOUT_AFTER, ("report", "book", "history"), RetryError),
    (FaultKind.NO_CONNECTION, tuple(CALLS), RetryError),
    (FaultKind.REJECT, ("place", "cancel"), RefuseError),
])  # fmt: skip
def test_a_call_fails_once_as_its_fault_says(kind: FaultKind, calls: tuple[str, ...], error: type[BrokerError]) -> None:
    async def work(call: FaultCall) -> None:
        nth = 2 if call is PLACE else 1  # the first order was placed before
        venue = await with_order(made(PaperFault(call, kind, nth)))
        with pytest.raises(error, match="as its script says"):
            await CALLS[call](venue)
        book = venue._replay.book
        arrived = kind is FaultKind.TIMEOUT_AFTER
        assert book.is_working("b") == (arrived and call is PLACE)
        assert book.is_working("a") == (not (arrived and call is FaultCall.CANCEL))
        if not (arrived and call is FaultCall.CANCEL):
            await CALLS[call](venue)

    for name in calls:
        asyncio.run(work(FaultCall(name)))


def test_an_order_whose_answer_was_lost_is_found_by_its_id_and_dealt_once() -> None:
    async def work() -> None:
        venue = made(PaperFault(PLACE, FaultKind.TIMEOUT_AFTER, client_id="a"))
        await venue.place(approved(order("other")))
        with pytest.raises(AskError):
            await venue.place(approved(order("a")))
        assert (await venue.report("a")).status is OrderStatus.WORKING
        await venue.place(approved(order("a")))
        assert dealt([message async for message in venue.messages()]) == ["other", "a"]

    asyncio.run(work())


def test_a_broker_that_is_down_answers_nothing_until_it_is_up() -> None:
    async def work() -> None:
        venue = made(PaperFault(ANY, FaultKind.DOWN, from_ns=3 * HOUR_NS, until_ns=6 * HOUR_NS))
        answered = []
        async for message in venue.messages():
            if isinstance(message, BarCame):
                try:
                    await venue.book()
                    answered.append(message.time_ns // HOUR_NS)
                except RetryError:
                    for call in CALLS.values():
                        with pytest.raises(RetryError, match="is down"):
                            await call(venue)
        assert answered == [1, 2, *range(6, 21)]

    asyncio.run(work())


@pytest.mark.parametrize(("fault", "expected"), [
    (PaperFault(DEAL, FaultKind.DEAL_LOST, 2), ["a", "c"]),
    (PaperFault(DEAL, FaultKind.DEAL_LOST, client_id="c"), ["a", "b"]),
    (PaperFault(DEAL, FaultKind.DEAL_TWICE), ["a", "a", "b", "c"]),
    (PaperFault(DEAL, FaultKind.DEALS_SWAPPED), ["b", "a", "c"]),
    (PaperFault(DEAL, FaultKind.DEALS_SWAPPED, 3), ["a", "b", "c"]),
    (PaperFault(DEAL, FaultKind.DEAL_LATE, client_id="a", messages=4), ["b", "c", "a"]),
    (PaperFault(DEAL, FaultKind.DEAL_LATE, client_id="c", messages=99), ["a", "b", "c"]),
])  # fmt: skip
def test_deals_are_told_as_the_script_says_and_the_book_stays_true(fault: PaperFault, expected: list[str]) -> None:
    venue = made(fault)
    messages = said(venue, ["a", "b", "c"])
    assert dealt(messages) == expected
    assert isinstance(messages[-1], FeedEnded)
    assert asyncio.run(venue.book()).positions == {"EUR_USD": Decimal(3)}
    assert asyncio.run(venue.report("a")).filled == 1


def test_a_late_deal_comes_after_as_many_messages_as_it_is_late() -> None:
    messages = said(made(PaperFault(DEAL, FaultKind.DEAL_LATE, messages=3)), ["a"])
    assert [type(one) for one in messages[:7]] == [LineUp, BarCame, BarCame, BarCame, BarCame, DealCame, BarCame]


@pytest.mark.parametrize("lost", [True, False])
def test_the_news_of_an_order_may_be_lost(lost: bool) -> None:
    faults = [PaperFault(NEWS, FaultKind.NEWS_LOST, client_id="far")] if lost else []
    venue = made(*faults)
    messages = said(venue, ["a"], cancels="far")
    assert sum(isinstance(one, OrderNews) for one in messages) == (0 if lost else 1)
    assert asyncio.run(venue.report("far")).status is OrderStatus.CANCELLED


def test_nothing_arrives_while_the_line_is_down_and_it_can_be_asked_for_afterwards() -> None:
    venue = made(PaperFault(ANY, FaultKind.LINE_DOWN, from_ns=2 * HOUR_NS, until_ns=5 * HOUR_NS))
    messages = said(venue, ["a", "b"])
    shown = [(type(one).__name__, one.time_ns // HOUR_NS) for one in messages[:7]]
    assert shown == [
        ("LineUp", 0), ("BarCame", 1), ("DealCame", 1), ("LineDown", 2), ("LineUp", 5), ("BarCame", 5), ("DealCame", 5),
    ]  # fmt: skip
    assert len(asyncio.run(venue.history("EUR_USD", Timeframe.H1, 0, 99))) == 19  # all before the one told last


def test_a_line_that_is_down_at_the_end_comes_back_for_it() -> None:
    venue = made(PaperFault(ANY, FaultKind.LINE_DOWN, from_ns=19 * HOUR_NS, until_ns=99 * HOUR_NS))
    assert [type(one) for one in said(venue, [])[-3:]] == [LineDown, LineUp, FeedEnded]


def test_a_position_is_told_wrong_once() -> None:
    async def work() -> None:
        venue = made(PaperFault(FaultCall.BOOK, FaultKind.WRONG_POSITION, 2, symbol="EUR_USD", units=Decimal(7)))
        told = [dict((await venue.book()).positions) for _ in range(3)]
        assert told == [{}, {"EUR_USD": Decimal(7)}, {}]

    asyncio.run(work())


def test_a_deal_of_an_order_that_nobody_sent_is_told_and_is_in_no_book() -> None:
    venue = made(PaperFault(ANY, FaultKind.GHOST_DEAL, from_ns=4 * HOUR_NS, units=Decimal(9)))
    ghosts = [one for one in said(venue, []) if isinstance(one, DealCame)]
    assert [(one.client_id, one.fill.units, one.time_ns) for one in ghosts] == [
        ("paper-ghost", Decimal(9), 4 * HOUR_NS)
    ]
    assert asyncio.run(venue.report("paper-ghost")).status is None
    assert asyncio.run(venue.book()).positions == {}


@pytest.mark.parametrize(("given", "sentence"), [
    ((PLACE, FaultKind.DEAL_LOST), "'deal lost' strikes deal, not 'place'"),
    ((DEAL, FaultKind.REJECT), "'reject' strikes cancel or place or replace, not 'deal'"),
    ((PLACE, FaultKind.REJECT, 0), "nth of a fault counts from 1"),
    ((ANY, FaultKind.DOWN), "needs from_ns and a later until_ns"),
    ((FaultCall.BOOK, FaultKind.WRONG_POSITION), "needs the symbol"),
])  # fmt: skip
def test_a_script_that_makes_no_sense_is_said(given: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        PaperFault(*given)
