"""The paper broker: an account that deals on replayed bars, and the feed of these bars, in one. Rules: docs/paper.md."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from tradeworthy.adapters.brokers.fault_script import FaultScript, after, misreported
from tradeworthy.adapters.brokers.paper_faults import FaultCall, PaperFault
from tradeworthy.adapters.brokers.paper_replay import PaperReplay
from tradeworthy.adapters.brokers.paper_store import PaperStore
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.approved import Approved
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.deals import BrokerBook, OrderReport, SessionGrant
from tradeworthy.core.errors import InputError, ReconfigureError
from tradeworthy.core.finite import positive
from tradeworthy.core.messages import ArrivingBar, BarCame, FeedEnded, LineUp, Message
from tradeworthy.core.order import Order
from tradeworthy.market.bar_stretch import BarStretch
from tradeworthy.market.bars import Bars
from tradeworthy.ports import Journal

NAME: Final = "paper (replayed bars)"
_COLUMNS: Final = ("open_time", "close_time", "open", "high", "low", "close")


class PaperVenue:
    """Fulfils `ports.Feed` and `ports.Broker` over bars that lie before it. For one event loop.

    series: of any instruments and timeframes, each pair once. watched: for each strategy the place of the series on whose
    bars its orders are dealt and its legs watched. store: where the account is kept (a path, or a journal of its own), in
    memory where None; made anew over the same store it goes on from the last moment in which something changed, whose
    messages are told again. speed: how many times as fast as real time bar time passes, None for as quick as it is asked.
    begins_ns: a new account's replay begins then, and the bars before it are history. told: by series, when the last bar
    closed that whoever is served has already; the replay goes on after the newest of them.
    Raises InputError for what does not go together, JournalError for a store that cannot be used.
    """

    def __init__(
        self,
        series: Sequence[Bars],
        *,
        watched: Mapping[str, int],
        costs: Costs | None = None,
        fills: FillRules | None = None,
        terms: PaperTerms | None = None,
        store: Journal | str | Path | None = None,
        faults: Sequence[PaperFault] = (),
        speed: float | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        begins_ns: int = 0,
        told: Mapping[tuple[str, Timeframe], int] = MappingProxyType({}),
    ) -> None:
        self._speed = None if speed is None else positive(speed, "paper: speed")
        self._sleep = sleep
        self._script = FaultScript(faults, NAME)
        self._outbox: deque[Message] = deque()
        self._is_asked = self._is_between = False
        self._store = PaperStore(open_journal(store) if isinstance(store, str | Path) else store)
        with ExitStack() as undoing:
            undoing.callback(self._store.close)
            self._replay = PaperReplay(
                series,
                watched,
                costs or Costs(),
                fills or FillRules(),
                terms or PaperTerms(),
                self._store,
                begins_ns,
                told,
            )
            undoing.pop_all()

    @property
    def name(self) -> str:
        """See `ports.Line`."""
        return NAME

    @property
    def simulated(self) -> bool:
        """No real money is moved."""
        return True

    @property
    def currency(self) -> str:
        """Of the account."""
        return self._replay.currency

    @property
    def waits(self) -> bool:
        """Nothing happens between two messages."""
        return True

    def now_ns(self) -> int:
        """How far the replay has come."""
        return self._replay.now_ns

    async def messages(self) -> AsyncIterator[Message]:
        """Every bar as it closes, every deal and every end of an order when it happens. Raises InputError when asked twice."""
        if self._is_asked:
            raise InputError("paper: messages were asked for already; make another venue to replay again")
        self._is_asked = True
        yield LineUp(self.now_ns(), NAME)
        for message in self._at_once(self._replay.told_again()):
            yield message
        for row in self._replay.rows():
            if self._outbox:
                for message in self._through(self._news()):
                    yield message
            if self._speed is not None:
                await self._sleep(max(row[0] - self.now_ns(), 0) / SECOND_NS / self._speed)
            told = self._replay.at(row)
            self._is_between = len(told) == 1 and isinstance(told[0], BarCame)
            for message in self._at_once(told) if told else ():
                yield message
            self._is_between = False
        for message in self._through([*self._news(), FeedEnded(self.now_ns(), NAME)]):
            yield message

    def ahead(self, most: int) -> BarStretch | None:
        """At most so many of the bars that will be told next, as long as nothing else would be told before them; None where
        that cannot be said now, and always where time passes or faults are scripted."""
        is_open = self._is_between and self._speed is None and not self._outbox
        return self._replay.ahead(most) if is_open and not self._script.touches_messages else None

    def took(self, count: int) -> None:
        """So many of the bars that `ahead` gave are known now and are not told again."""
        self._replay.took(count)

    async def history(self, symbol: str, timeframe: Timeframe, after_ns: int, count: int) -> Sequence[ArrivingBar]:
        """See `ports.Feed`: of the bars that were told before the present moment."""
        fault = self._script.called(FaultCall.HISTORY, "", self.now_ns())
        wanted = (symbol, timeframe)
        series = self._replay.series
        place = next((i for i, one in enumerate(series) if (one.instrument.symbol, one.timeframe) == wanted), None)
        if place is None:
            raise ReconfigureError(
                f"paper: there are no bars of {symbol} {timeframe} here; bring them, or leave it out"
            )
        bars, end = series[place], self._replay.told_until(place)
        first = max(int(np.searchsorted(bars.open_time, after_ns)), end - max(count, 0))
        columns = (getattr(bars, name)[first : max(first, end)].tolist() for name in _COLUMNS)
        after(fault, FaultCall.HISTORY)
        return [ArrivingBar(*numbers) for numbers in zip(*columns, strict=True)]

    async def sign_in(self) -> SessionGrant | None:
        """There is nobody to sign in to."""
        return None

    async def place(self, order: Approved[Order]) -> str:
        """See `ports.Broker`. Durable before it is answered. Raises RefuseError for an order that cannot be taken."""
        wanted = order.value
        fault = self._script.called(FaultCall.PLACE, wanted.client_id, self.now_ns())
        broker_id = self._replay.place(wanted)
        after(fault, FaultCall.PLACE)
        return broker_id

    async def cancel(self, client_id: str) -> None:
        """See `ports.Broker`. A leg may be taken back too. The news comes with the messages."""
        fault = self._script.called(FaultCall.CANCEL, client_id, self.now_ns())
        self._outbox.extend(self._replay.cancel(client_id))
        after(fault, FaultCall.CANCEL)

    async def replace(self, client_id: str, price: Decimal) -> None:
        """See `ports.Broker`. Durable before it is answered; held against bars that open from now on."""
        fault = self._script.called(FaultCall.REPLACE, client_id, self.now_ns())
        self._replay.replace(client_id, float(price))
        after(fault, FaultCall.REPLACE)

    async def report(self, client_id: str) -> OrderReport:
        """See `ports.Broker`."""
        fault = self._script.called(FaultCall.REPORT, client_id, self.now_ns())
        self._replay.usable()
        after(fault, FaultCall.REPORT)
        return self._replay.book.report(client_id)

    async def book(self) -> BrokerBook:
        """See `ports.Broker`."""
        fault = self._script.called(FaultCall.BOOK, "", self.now_ns())
        self._replay.usable()
        after(fault, FaultCall.BOOK)
        return misreported(fault, self._replay.book.told(self.now_ns()))

    def close(self) -> None:
        """Let another venue have the store."""
        self._store.close()

    def _at_once(self, messages: Iterable[Message]) -> Iterator[Message]:
        """The messages of one moment, and those of orders that are sent while they are being told."""
        while messages:
            yield from self._through(messages)
            messages = self._replay.at_again()

    def _news(self) -> Sequence[Message]:
        """Of orders that were cancelled since."""
        if not self._outbox:
            return ()
        news = [*self._outbox]
        self._outbox.clear()
        return news

    def _through(self, messages: Iterable[Message]) -> Iterable[Message]:
        """What arrives of them."""
        if not self._script.touches_messages:
            return messages
        return [arrived for message in messages for arrived in self._script.told(message)]
