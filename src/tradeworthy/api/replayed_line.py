"""A day's own bars and wishes, as the journal has them, before a paper broker that deals on these bars."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from decimal import Decimal

from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.api.day_market import DayInput, DayMarket
from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.deals import BrokerBook, OrderReport, SessionGrant
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, LineUp, Message
from tradeworthy.core.order import Order
from tradeworthy.live.desk_events import DeskEvent
from tradeworthy.wiring.desk_plans import Key


class ReplayedLine:
    """Fulfils `ports.Broker` until the day's end. What the desk heard comes in the journal's order and at its moments; what is
    dealt, and news of orders, come from the venue. carried: client and fill ids of deals that the desk knows already, which a
    venue over a store that is not empty tells once more. tell: how the desk hears what comes between two moments."""

    def __init__(self, market: DayMarket, carried: Collection[tuple[str, str]] = ()) -> None:
        self._market, self._carried = market, carried
        self._place = 0
        self._known: set[tuple[Key, int]] = set()
        self._now: int | None = None
        self._stream: AsyncIterator[Message]
        self._venue: PaperVenue
        self.is_over = False
        self.tell: Callable[[DeskEvent], Awaitable[None]]

    name = property(lambda self: self._venue.name)
    simulated = property(lambda _: True)
    currency = property(lambda self: self._venue.currency)
    waits = property(lambda _: True)

    def deal_at(self, venue: PaperVenue) -> None:
        """The venue that deals; it was made to sleep by `between`."""
        self._venue, self._stream = venue, self._told()

    async def between(self, seconds: float) -> None:
        """Before the venue goes on by so much time: what the desk heard after the moment that is over, and before the next."""
        until_ns = self._venue.now_ns() + round(seconds * SECOND_NS) - 1
        for event in self._due(until_ns, 0):
            await self.tell(event)
        self._now = None

    def now_ns(self) -> int:
        """When the desk heard what it hears now."""
        return self._venue.now_ns() if self._now is None else self._now

    def messages(self) -> AsyncIterator[Message]:
        """See `ports.Line`. Asked again, it goes on where it was."""
        return self._stream

    async def _told(self) -> AsyncIterator[Message]:
        for event in self._due(self._market.begins_ns, self._market.begins_ns):
            yield event  # type: ignore[misc]  # whatever a desk can be told
        async for message in self._venue.messages():
            if self._venue.now_ns() >= self._market.ends_ns:
                break
            if isinstance(message, BarCame):
                self._known.add(((message.symbol, message.timeframe), message.bar.open_ns))
                for event in self._due(self._venue.now_ns(), 0):
                    yield event  # type: ignore[misc]
            elif not isinstance(message, LineUp | FeedEnded) and not self._is_carried(message):
                self._now = None
                yield message
        self._known = {one.bar for one in self._market.inputs if one.bar is not None}
        for event in self._due(self._market.ends_ns, 0):
            yield event  # type: ignore[misc]
        self.is_over = True

    def _is_carried(self, message: Message) -> bool:
        """Whether the venue tells what it began with; never again once it has told anything else."""
        again = isinstance(message, DealCame) and (message.client_id, message.fill.fill_id) in self._carried
        if not again:
            self._carried = ()
        return again

    def _due(self, until_ns: int, before_ns: int) -> Iterator[DeskEvent]:
        """What comes next and was heard by then, up to what has to wait for deals or for the market."""
        begun = False
        while self._place < len(self._market.inputs):
            one: DayInput = self._market.inputs[self._place]
            if one.happened.received_ns > until_ns or (one.waits and begun):
                return
            if one.bar is not None and one.bar not in self._known:
                return
            begun = begun or one.bar is not None
            self._place += 1
            self._now = max(one.happened.received_ns, before_ns)
            yield one.happened.event

    async def sign_in(self) -> SessionGrant | None:
        """See `ports.Broker`."""
        return await self._venue.sign_in()

    async def place(self, order: Approved[Order]) -> str:
        """See `ports.Broker`."""
        return await self._venue.place(order)

    async def cancel(self, client_id: str) -> None:
        """See `ports.Broker`."""
        await self._venue.cancel(client_id)

    async def replace(self, client_id: str, price: Decimal) -> None:
        """See `ports.Broker`."""
        await self._venue.replace(client_id, price)

    async def report(self, client_id: str) -> OrderReport:
        """See `ports.Broker`."""
        return await self._venue.report(client_id)

    async def book(self) -> BrokerBook:
        """See `ports.Broker`."""
        return await self._venue.book()
