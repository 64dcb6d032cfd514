"""How every broker behaves, whatever is behind it. A test class inherits this and says how one is made."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import pytest

from support.paper_desk import approved, exit_of, order
from tradeworthy.core.deals import Leg, OrderReport, OrderStatus
from tradeworthy.core.errors import RefuseError
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, Message, OrderNews
from tradeworthy.ports import Broker

NOTHING = Decimal(0)
STOP_FAR, TARGET_FAR = 0.5, 0.5
"""Price distances that no bar of the test reaches."""


class Made(Protocol):
    """A broker of a market in EUR_USD that the strategy `one` may deal in, its messages asked for by nobody."""

    def __call__(self) -> Broker: ...


@dataclass
class Session:
    """A broker, and what it has said so far."""

    broker: Broker
    said: list[Message] = field(default_factory=list)
    _messages: AsyncIterator[Message] | None = None

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted; fails at the end of the replay."""
        if self._messages is None:
            self._messages = self.broker.messages()
        async for message in self._messages:
            self.said.append(message)
            if wanted(message):
                return message
            assert not isinstance(message, FeedEnded)
        raise AssertionError("the messages ended without what was waited for")

    async def bars(self, count: int) -> None:
        """So many bars later."""
        for _ in range(count):
            await self.until(lambda message: isinstance(message, BarCame))

    async def deal_of(self, client_id: str) -> DealCame:
        """The next deal of that order."""
        found = await self.until(lambda message: isinstance(message, DealCame) and message.client_id == client_id)
        assert isinstance(found, DealCame)
        return found

    def news_of(self, client_id: str) -> list[OrderStatus]:
        """How it was told that an order ended."""
        return [one.status for one in self.said if isinstance(one, OrderNews) and one.client_id == client_id]

    def dealt(self) -> dict[str, Decimal]:
        """Sum of the deals told, each once, of EUR_USD."""
        fills = {one.fill.fill_id: one.fill.units for one in self.said if isinstance(one, DealCame)}
        net = sum(fills.values(), NOTHING)
        return {"EUR_USD": net} if net else {}


def run(work: Coroutine[Any, Any, None]) -> None:
    """To its end."""
    asyncio.run(work)


class BrokerContract:
    """Inherit it and define the fixture `made`."""

    @pytest.fixture
    def made(self) -> Made:
        """Makes a broker at every call."""
        raise NotImplementedError

    def test_it_says_what_it_is(self, made: Made) -> None:
        async def work() -> None:
            broker = made()
            assert broker.name
            assert isinstance(broker.simulated, bool)
            assert broker.currency == broker.currency.upper()
            before = broker.now_ns()
            await Session(broker).bars(2)
            assert before < broker.now_ns()

        run(work())

    def test_an_order_at_market_is_dealt_once_and_in_full(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            await it.bars(2)
            await it.broker.place(approved(order("a", 5)))
            deal = await it.deal_of("a")
            assert deal.fill.units == Decimal(5)
            assert deal.fill.price > 0
            assert deal.fill.time_ns <= it.broker.now_ns()
            assert await it.broker.report("a") == OrderReport(OrderStatus.FILLED, Decimal(5), (deal.fill,))
            assert (await it.broker.book()).positions == {"EUR_USD": Decimal(5)}
            await it.bars(3)
            assert it.dealt() == {"EUR_USD": Decimal(5)}

        run(work())

    def test_the_same_client_id_is_the_same_order(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            await it.bars(1)
            first = await it.broker.place(approved(order("a", 5)))
            assert await it.broker.place(approved(order("a", 5))) == first
            await it.deal_of("a")
            assert await it.broker.place(approved(order("a", 5))) == first
            assert await it.broker.place(approved(order("b", 5))) != first
            await it.deal_of("b")
            await it.bars(2)
            assert it.dealt() == (await it.broker.book()).positions == {"EUR_USD": Decimal(10)}

        run(work())

    def test_nothing_is_known_of_an_order_that_was_never_sent(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            await it.bars(1)
            assert await it.broker.report("nobody") == OrderReport(None)
            with pytest.raises(RefuseError, match="nobody"):
                await it.broker.cancel("nobody")

        run(work())

    def test_an_order_that_waits_can_be_taken_back_and_never_deals(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            await it.bars(1)
            await it.broker.place(approved(order("a", 5, price=Decimal("0.01"))))
            await it.bars(2)
            assert (await it.broker.report("a")).status is OrderStatus.WORKING
            assert "a" in (await it.broker.book()).open_orders
            await it.broker.cancel("a")
            await it.until(lambda message: isinstance(message, OrderNews) and message.client_id == "a")
            assert it.news_of("a") == [OrderStatus.CANCELLED]
            assert await it.broker.report("a") == OrderReport(OrderStatus.CANCELLED)
            assert (await it.broker.book()).open_orders == ()
            with pytest.raises(RefuseError, match="is over"):
                await it.broker.cancel("a")
            await it.bars(2)
            assert it.dealt() == {}

        run(work())

    def test_what_is_dealt_cannot_be_cancelled(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            await it.bars(1)
            await it.broker.place(approved(order("a")))
            await it.deal_of("a")
            with pytest.raises(RefuseError, match="is over"):
                await it.broker.cancel("a")

        run(work())

    def test_legs_rest_from_the_first_deal_on_and_go_with_the_trade(self, made: Made) -> None:
        async def work() -> None:
            it, entry = Session(made()), order("a", 5, stop_distance=STOP_FAR, target_distance=TARGET_FAR)
            legs = [leg.of("a") for leg in Leg]
            await it.bars(1)
            await it.broker.place(approved(entry))
            for leg in legs:
                assert await it.broker.report(leg) == OrderReport(None)
            await it.deal_of("a")
            assert sorted((await it.broker.book()).open_orders) == sorted(legs)
            for leg in legs:
                assert await it.broker.report(leg) == OrderReport(OrderStatus.WORKING)
            await it.broker.place(approved(exit_of("out", entry)))
            await it.deal_of("out")
            await it.bars(1)
            for leg in legs:
                assert it.news_of(leg) == [OrderStatus.CANCELLED]
                assert await it.broker.report(leg) == OrderReport(OrderStatus.CANCELLED)
            book = await it.broker.book()
            assert (book.positions, book.open_orders) == ({}, ())

        run(work())

    @pytest.mark.parametrize(("leg", "distances"), [
        (Leg.STOP, {"stop_distance": 1e-9, "target_distance": TARGET_FAR}),
        (Leg.TARGET, {"stop_distance": STOP_FAR, "target_distance": 1e-9}),
    ])  # fmt: skip
    def test_when_one_leg_deals_the_other_is_cancelled(self, made: Made, leg: Leg, distances: dict[str, float]) -> None:
        async def work() -> None:
            it, other = Session(made()), Leg.TARGET if leg is Leg.STOP else Leg.STOP
            await it.bars(1)
            await it.broker.place(approved(order("a", 5, **distances)))
            deal = await it.deal_of(leg.of("a"))
            assert deal.fill.units == Decimal(-5)
            await it.bars(1)
            assert it.news_of(other.of("a")) == [OrderStatus.CANCELLED]
            assert await it.broker.report(leg.of("a")) == OrderReport(OrderStatus.FILLED, Decimal(-5), (deal.fill,))
            assert await it.broker.report(other.of("a")) == OrderReport(OrderStatus.CANCELLED)
            assert it.dealt() == (await it.broker.book()).positions == {}

        run(work())

    def test_a_leg_that_is_moved_deals_where_it_was_moved_to(self, made: Made) -> None:
        async def work() -> None:
            it, stop = Session(made()), Leg.STOP.of("a")
            await it.bars(1)
            await it.broker.place(approved(order("a", 5, stop_distance=STOP_FAR)))
            await it.deal_of("a")
            await it.bars(1)
            last = next(one for one in reversed(it.said) if isinstance(one, BarCame)).bar.close
            level = Decimal(str(round(last - 0.0003, 6)))
            with pytest.raises(RefuseError):
                await it.broker.replace(stop, Decimal(str(round(last + 0.0003, 6))))
            for _ in range(2):  # twice is once
                await it.broker.replace(stop, level)
            assert await it.broker.report(stop) == OrderReport(OrderStatus.WORKING)
            assert (await it.broker.book()).open_orders == (stop,)
            deal = await it.deal_of(stop)
            assert deal.fill.units == Decimal(-5)
            assert deal.fill.price <= level
            assert deal.fill.price > level - Decimal("0.05")
            for name in (stop, "nobody"):
                with pytest.raises(RefuseError):
                    await it.broker.replace(name, level)

        run(work())

    def test_a_reduction_never_deals_more_than_is_left(self, made: Made) -> None:
        async def work() -> None:
            it, entry = Session(made()), order("a", 5)
            await it.bars(1)
            await it.broker.place(approved(entry))
            await it.deal_of("a")
            await it.broker.place(approved(exit_of("part", entry, units=Decimal(-2))))
            await it.broker.place(approved(exit_of("more", entry)))
            assert (await it.deal_of("part")).fill.units == Decimal(-2)
            assert (await it.deal_of("more")).fill.units == Decimal(-3)
            await it.bars(1)
            report = await it.broker.report("more")
            assert (report.status, report.filled) == (OrderStatus.CANCELLED, Decimal(-3))
            with pytest.raises(RefuseError, match="nothing is left"):
                await it.broker.place(approved(exit_of("again", entry)))
            assert it.dealt() == (await it.broker.book()).positions == {}

        run(work())

    def test_the_book_agrees_with_the_deals_told(self, made: Made) -> None:
        async def work() -> None:
            it = Session(made())
            for number in range(8):
                await it.bars(1)
                units = number % 3 - 1 or 4
                legs = {"stop_distance": 0.0005 * (number + 1), "target_distance": 0.002} if number % 2 else {}
                await it.broker.place(approved(order(f"o{number}", units, **legs)))
                book = await it.broker.book()
                assert dict(book.positions) == it.dealt()
                assert book.time_ns == it.broker.now_ns()
                assert book.currency == it.broker.currency

        run(work())
