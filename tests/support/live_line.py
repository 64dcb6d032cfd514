"""A broker and feed in one that does not wait for the desk, with a clock of its own: what it answers, and when, says the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from decimal import Decimal

from support.desk_steps import BEGIN_NS, EUR
from tradeworthy.core.approved import Approved
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, SECOND_NS
from tradeworthy.core.deals import BrokerBook, Fill, OrderReport, OrderStatus, SessionGrant
from tradeworthy.core.messages import ArrivingBar, BarCame, DealCame, Message
from tradeworthy.core.order import Order

Answer = Callable[[], Awaitable[None]]


class LiveLine:
    """Fulfils `ports.Broker` and `ports.Feed`. calls: what it was asked for, in order. before: by a call's name, what it does
    before it answers. past: what it tells of history."""

    name = "live"
    waits = False
    simulated = True
    currency = "USD"

    def __init__(self) -> None:
        self.time_ns = BEGIN_NS
        self.calls: list[str] = []
        self.before: dict[str, Answer] = {}
        self.past: list[ArrivingBar] = []
        self.orders: dict[str, Order] = {}
        self.positions: dict[str, Decimal] = {}
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue()

    def now_ns(self) -> int:
        """Its own clock, which the test moves."""
        return self.time_ns

    def passes(self, seconds: float) -> None:
        """So much time passes."""
        self.time_ns += round(seconds * SECOND_NS)

    def says(self, *messages: Message) -> None:
        """Messages come in."""
        for one in messages:
            self._queue.put_nowait(one)

    def falls_silent(self) -> None:
        """Its messages end, and it does not say that they do."""
        self._queue.put_nowait(None)

    def bar(self, price: float = 1.1) -> BarCame:
        """An hour passes; its bar."""
        self.passes(3600)
        bar = ArrivingBar(self.time_ns - HOUR_NS, self.time_ns, price, price, price, price)
        return BarCame(self.time_ns, EUR, Timeframe.H1, bar)

    def deal(self, client_id: str, units: int) -> DealCame:
        """A deal of an order; the account holds it from now on."""
        self.positions[EUR] = self.positions.get(EUR, Decimal(0)) + units
        self.orders.pop(client_id, None)
        fill = Fill(f"deal-{client_id}", Decimal(units), Decimal("1.1"), Decimal(0), self.time_ns)
        return DealCame(self.time_ns, client_id, fill)

    async def messages(self) -> AsyncIterator[Message]:
        """See `ports.Line`."""
        while (message := await self._queue.get()) is not None:
            yield message

    async def history(self, symbol: str, timeframe: Timeframe, after_ns: int, count: int) -> Sequence[ArrivingBar]:
        """See `ports.Feed`."""
        await self._called(f"history {symbol} {timeframe}")
        return [one for one in self.past if one.open_ns >= after_ns][-count:]

    async def place(self, order: Approved[Order]) -> str:
        """See `ports.Broker`."""
        await self._called("place")
        self.orders[order.value.client_id] = order.value
        return f"live-{order.value.client_id}"

    async def cancel(self, client_id: str) -> None:
        """See `ports.Broker`."""
        await self._called("cancel")
        self.orders.pop(client_id, None)

    async def replace(self, client_id: str, price: Decimal) -> None:
        """See `ports.Broker`."""
        await self._called(f"replace {client_id} {price}")

    async def report(self, client_id: str) -> OrderReport:
        """See `ports.Broker`."""
        await self._called("report")
        return OrderReport(OrderStatus.WORKING if client_id in self.orders else None)

    async def book(self) -> BrokerBook:
        """See `ports.Broker`."""
        await self._called("book")
        held = {symbol: units for symbol, units in self.positions.items() if units}
        return BrokerBook(self.time_ns, "USD", 10_000.0, held, tuple(self.orders))

    async def sign_in(self) -> SessionGrant | None:
        """It has no sessions."""
        await self._called("sign in")
        return None

    async def _called(self, call: str) -> None:
        self.calls.append(call)
        doing = self.before.get(call.split(maxsplit=1)[0])
        if doing is not None:
            await doing()


async def until(holds: Callable[[], bool]) -> None:
    """Wait, a few seconds at most, for what has to come about."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nobody tells when it holds
            await asyncio.sleep(0.001)
